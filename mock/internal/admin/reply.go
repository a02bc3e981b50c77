package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// reply is an answer other than 200 with JSON.
type reply struct {
	status int
	header http.Header
	// value is sent as JSON, nil for no body; text takes its place with the
	// Content-Type of header.
	value any
	text  []byte
	// stream writes the answer itself, in place of all else.
	stream func(http.ResponseWriter)
}

// done answers with nothing but success.
var done = &reply{status: http.StatusNoContent}

// send writes what a handler has given.
func (h *Handler) send(w http.ResponseWriter, c *call, value any) {
	r, ok := value.(*reply)
	if !ok {
		r = &reply{status: http.StatusOK, value: value}
	}
	if r.stream != nil {
		r.stream(w)
		return
	}
	header := w.Header()
	for name, lines := range r.header {
		header[name] = lines
	}
	body := r.text
	if r.value != nil {
		header["Content-Type"] = []string{"application/json"}
		body = encode(r.value)
	}
	write(w, c.Request, r.status, body)
}

func encode(value any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		panic(err) // a mistake of ours, see rescue
	}
	return b.Bytes()
}

func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if exchange.AnnouncesLength(status) {
		w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client has gone
	}
}

// refuse writes an error as a problem (RFC 9457).
func (h *Handler) refuse(w http.ResponseWriter, c *call, err error) {
	var problem *exchange.Problem
	if !errors.As(err, &problem) {
		h.opts.Logger.Error("control plane", "request", c.id, "error", err)
		problem = &exchange.Problem{Code: exchange.ProblemInternal, Status: http.StatusInternalServerError, Detail: "The control plane failed: " + err.Error() + "."}
	}
	header := w.Header()
	header["Content-Type"] = []string{"application/problem+json"}
	header["Understudy-Error"] = []string{string(problem.Code)}
	if problem.Code == exchange.ProblemInFlight {
		header["Retry-After"] = []string{"1"}
	}
	if problem.Status == http.StatusUnauthorized {
		header["Www-Authenticate"] = []string{`Bearer realm="understudy"`}
	}
	write(w, c.Request, problem.Status, problem.Encode(c.id))
}

// invalid is the problem of a request that cannot be understood.
func invalid(format string, args ...any) error {
	return &exchange.Problem{Code: exchange.ProblemControlRequest, Status: http.StatusBadRequest, Detail: fmt.Sprintf(format, args...)}
}

func sizeDetail(limit int64) string {
	return fmt.Sprintf("The body is larger than the limit of %d bytes.", limit)
}

// trimJSON takes the package's name off an error of encoding/json.
func trimJSON(text string) string { return strings.TrimPrefix(text, "json: ") }
