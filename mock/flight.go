package mock

import (
	"io"
	"net/http"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// MaxInFlight bounds the request bodies that are held at one time, of all requests
// together, in bytes; a larger Options.MaxBody takes its place.
const MaxInFlight = 256 << 20

// flight counts the bytes of request bodies that are held.
type flight struct {
	limit int64
	held  atomic.Int64
}

// cargo is what one request holds of them. It is for one goroutine.
type cargo struct {
	flight *flight
	bytes  int64
}

// take holds n more bytes, or none where there is no room.
func (c *cargo) take(n int64) bool {
	if c.flight.held.Add(n) > c.flight.limit {
		c.flight.held.Add(-n)
		return false
	}
	c.bytes += n
	return true
}

// release gives back all that is held; nil holds nothing.
func (c *cargo) release() {
	if c != nil && c.bytes > 0 {
		c.flight.held.Add(-c.bytes)
		c.bytes = 0
	}
}

// counted is a body whose bytes are held as they arrive: what is announced and does not
// come takes no room.
type counted struct {
	io.ReadCloser
	cargo *cargo
}

func (b *counted) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 && !b.cargo.take(int64(n)) {
		return 0, inFlight()
	}
	return n, err
}

// inFlight is the problem of a body for which there is no room.
func inFlight() *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemInFlight, Status: http.StatusServiceUnavailable, Detail: "The bodies of all requests under way take as much memory as they may. Send the request again in a moment."}
}

// serveControl is the control plane with its bodies counted.
func (m *Mock) serveControl(w http.ResponseWriter, r *http.Request) {
	c := cargo{flight: &m.flight}
	defer c.release()
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &counted{r.Body, &c}
	}
	m.control.ServeHTTP(w, r)
}
