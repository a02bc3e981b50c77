package mock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// trusted bounds the announced length for which memory is taken before the body
// has come, in bytes; longer bodies get it as they arrive.
const trusted = 64 << 10

// maxInMemory bounds what is held in memory of a body that may be stored, in bytes.
const maxInMemory = contract.MaxFile

// receiveBody reads the body of a request: into memory, or where it is a large upload
// into a temporary file.
func (m *Mock) receiveBody(req *exchange.Request, body **cargo, w http.ResponseWriter, r *http.Request) *exchange.Problem {
	if r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		_, req.HasBody = r.Header["Content-Length"]
		return nil
	}
	req.HasBody = true
	upload := isUpload(r.Header.Get("Content-Type"))
	limit, setBy := m.settings.MaxBody, "--max-body"
	if upload && m.settings.MaxUpload > limit {
		limit, setBy = m.settings.MaxUpload, "--max-upload"
	}
	held := &cargo{flight: &m.flight, room: m.settings.MaxBody}
	*body = held
	passes := len(m.proxies) > 0 // what is behind the limit is for the real API
	if r.ContentLength > limit {
		if !passes {
			return tooLarge(limit, setBy)
		}
		req.Oversize, held.rest = true, r.Body
		return nil
	}
	arriving := &counted{r.Body, held}
	var from io.Reader = http.MaxBytesReader(w, arriving, limit)
	if passes {
		from = io.LimitReader(arriving, limit+1)
	}
	var err error
	switch {
	case r.ContentLength > 0 && r.ContentLength <= min(trusted, m.settings.MaxBody):
		if !held.take(r.ContentLength) {
			return inFlight()
		}
		req.Body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, req.Body)
	case upload:
		limit, err = m.receiveUpload(req, held, from, limit)
	default:
		req.Body, err = io.ReadAll(from)
	}
	if err != nil {
		req.Body, req.Stored = nil, nil
		return unreceived(err, limit, setBy)
	}
	if passes {
		passRest(req, held, r.Body, limit)
	}
	return nil
}

// passRest leaves a body whose length nobody has announced, and which is longer than the
// limit, to the real API: what has come of it, and then the rest.
func passRest(req *exchange.Request, held *cargo, rest io.Reader, limit int64) {
	var begun io.Reader = bytes.NewReader(req.Body)
	size := int64(len(req.Body))
	if held.stored != nil {
		size = held.stored.size
		begun = io.NewSectionReader(held.stored, 0, size)
	}
	if size > limit {
		held.rest = io.MultiReader(begun, rest)
		req.Body, req.Stored, req.Oversize = nil, nil, true
	}
}

// isUpload tells whether bodies of a Content-Type may be larger than memory: those that
// are taken apart part by part, and bytes that nobody takes apart.
func isUpload(contentType string) bool {
	t, ok := contract.ParseMediaType(contentType)
	if !ok {
		return false
	}
	s := t.Syntax()
	return s == contract.Multipart || s == contract.Opaque
}

// receiveUpload reads a body that may be stored. What is small stays in memory. It gives
// the limit that held: a smaller one where there is no file to store the body in, and more
// of it than that is in memory where the rest is for the real API.
func (m *Mock) receiveUpload(req *exchange.Request, held *cargo, from io.Reader, limit int64) (int64, error) {
	var start bytes.Buffer
	most := min(maxInMemory, m.settings.MaxBody)
	n, err := start.ReadFrom(io.LimitReader(from, most+1))
	if req.Body = start.Bytes(); err != nil || n <= most {
		return limit, err
	}
	stored, err := m.spools.open()
	if err != nil { // a container may have no folder for such files
		m.settings.Logger.Warn("no temporary file for an upload, which is held in memory", "error", err)
		rest, err := io.ReadAll(io.LimitReader(from, m.settings.MaxBody-n+1))
		if req.Body = append(req.Body, rest...); err == nil && int64(len(req.Body)) > m.settings.MaxBody && len(m.proxies) == 0 {
			err = &exchange.Problem{Code: exchange.ProblemTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The request body is larger than the limit of %d bytes, which --max-body sets, and there is no temporary file that could hold it.", m.settings.MaxBody)}
		}
		return m.settings.MaxBody, err
	}
	held.stored = stored
	if _, err = io.Copy(stored, io.MultiReader(&start, from)); err != nil {
		return limit, err
	}
	head := make([]byte, min(stored.size, journal.MaxBody))
	if _, err = stored.ReadAt(head, 0); err != nil {
		return limit, err
	}
	req.Body, req.Stored = head, stored
	return limit, nil
}

// unreceived tells why a body could not be read.
func unreceived(err error, limit int64, setBy string) *exchange.Problem {
	var large *http.MaxBytesError
	var problem *exchange.Problem
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &large):
		return tooLarge(limit, setBy)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &exchange.Problem{Code: exchange.ProblemBodyUnreadable, Status: http.StatusRequestTimeout, Detail: "The request body did not arrive in time."}
	}
	return &exchange.Problem{Code: exchange.ProblemBodyUnreadable, Status: http.StatusBadRequest, Detail: "The request body could not be read: " + err.Error() + "."}
}

func tooLarge(limit int64, setBy string) *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The request body is larger than the limit of %d bytes, which %s sets.", limit, setBy)}
}
