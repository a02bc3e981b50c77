package proxy

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// judge finds what is wrong with an answer: with all of it where it is whole, else with
// its status and header. It gives the problem that is to take its place, nil for none.
func (t *trip) judge(res *http.Response, whole bool) *exchange.Problem {
	if t.Operation == nil || !t.opts.Check {
		return nil
	}
	a := &t.Exchange.Answer
	if !whole || t.opaque || t.Exchange.Request.Method == http.MethodHead {
		a.Violations = t.Operation.ValidateHead(res.StatusCode, res.Header)
	} else {
		a.Violations = t.Operation.ValidateResponse(res.StatusCode, res.Header, a.Body)
	}
	if len(a.Violations) == 0 || !t.opts.Strict {
		return nil
	}
	return &exchange.Problem{
		Code: exchange.ProblemUpstreamViolations, Status: http.StatusBadGateway, Violations: a.Violations,
		Detail: fmt.Sprintf("The real API has answered %s with status %d, and that answer breaks the contract.", t.Operation.Name(), res.StatusCode),
	}
}

// judgeStream finds what is wrong with the values of a stream that is over, or of one that
// was cut off, as far as they are complete.
func (t *trip) judgeStream(body []byte, broken bool) []exchange.Violation {
	s := t.stream
	if t.Operation == nil || !t.opts.Check {
		return nil
	}
	if s.cut || broken {
		body = complete(s.syntax, body)
	}
	var found []exchange.Violation
	for _, v := range t.Operation.ValidateResponse(s.status, s.header, body) {
		if v.In == exchange.Body { // the others were told before
			found = append(found, v)
		}
	}
	return found
}

// complete takes off what may be half a value at the end of a stream.
func complete(syntax contract.Syntax, body []byte) []byte {
	var end []byte
	switch syntax {
	case contract.EventStream:
		body, end = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n\n")
	case contract.JSONLines:
		end = []byte("\n")
	case contract.JSONRecords:
		return body[:max(0, bytes.LastIndexByte(body, 0x1e))] // a record begins with it
	default:
		return nil
	}
	i := bytes.LastIndex(body, end)
	if i < 0 {
		return nil
	}
	return body[:i+len(end)]
}

// capture keeps the beginning of a stream that passes.
type capture struct {
	hold   func(n int64) bool
	syntax contract.Syntax
	status int
	header http.Header
	kept   bytes.Buffer
	cut    bool
}

// Write never fails: what does not fit is not kept.
func (c *capture) Write(p []byte) (int, error) {
	n := min(len(p), MaxStream-c.kept.Len())
	if c.cut || n > 0 && !c.hold(int64(n)) {
		n = 0
	}
	c.kept.Write(p[:n])
	c.cut = c.cut || n < len(p)
	return len(p), nil
}

// text is what was kept, without content coding, and why that is not all; "" where it is.
func (c *capture) text() (plain []byte, unknown string) {
	plain, unknown = upstream.Decode(c.header, c.kept.Bytes(), MaxStream, c.hold)
	if c.cut {
		unknown = fmt.Sprintf("of a stream %d bytes are kept", MaxStream)
	}
	return plain, unknown
}
