package mock

import (
	"io"
	"math"
	"net/http"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Bounds on the bodies of one time, of all requests together, in bytes.
const (
	// MaxInFlight bounds the bodies and large headers of requests, and the answers that were
	// made for one request alone, that are held in memory; a larger Options.MaxBody takes its
	// place.
	MaxInFlight = 256 << 20
	// MaxStored bounds the bodies of requests that are stored in temporary files; a larger
	// Options.MaxUpload takes its place.
	MaxStored = 1 << 30
)

// flight counts the bytes of bodies that are held, and of those in files.
type flight struct {
	limit, storedLimit int64
	held, stored       atomic.Int64
}

// cargo is what one request has of them. It is for one goroutine.
type cargo struct {
	flight *flight
	bytes  int64
	// room bounds what counts as held: what of a longer body is in memory at one time is
	// less. The rest is in a file.
	room   int64
	inFile int64
	// stored is the file, nil for none.
	stored *spool
	// rest is the whole of a body that is too large to be held, and that a real API may
	// get all the same; else nil.
	rest io.Reader
}

// holding is what of a request is held for as long as it is under way. It is for one goroutine.
type holding struct {
	// header is how many bytes its line and header count.
	header int64
	// body is nil for none.
	body *cargo
}

// oversize is the body of a request that is too large to be held; nil for none.
func (c *cargo) oversize() io.Reader {
	if c == nil {
		return nil
	}
	return c.rest
}

// take holds n more bytes, or none where there is no room.
func (c *cargo) take(n int64) bool {
	if held := min(n, c.room-c.bytes); held > 0 {
		if !take(&c.flight.held, held, c.flight.limit) {
			return false
		}
		c.bytes += held
		n -= held
	}
	if n > 0 {
		if !take(&c.flight.stored, n, c.flight.storedLimit) {
			return false
		}
		c.inFile += n
	}
	return true
}

// give gives n bytes of memory back.
func (c *cargo) give(n int64) {
	c.flight.held.Add(-n)
	c.bytes -= n
}

// Bounds on what of a request's header counts.
const (
	// freeHeader is how much of a header counts as nothing, in bytes: most are smaller, and
	// are not refused because others are large.
	freeHeader = 16 << 10
	// lineCost is what a line of a header takes beside its text.
	lineCost = 64
)

// headerCost is what the line and the header of a request take beyond what is free.
func headerCost(r *http.Request) int64 {
	cost := int64(len(r.RequestURI)) - freeHeader
	for name, lines := range r.Header {
		cost += int64(len(name))
		for _, line := range lines {
			cost += int64(lineCost + len(line))
		}
	}
	return max(0, cost)
}

// holdHeader counts a request by its header. It may wait for as long as its answer does, and
// over HTTP/2 a large header is a few bytes that are sent.
func (h *holding) holdHeader(f *flight, r *http.Request) *exchange.Problem {
	cost := headerCost(r)
	if cost > 0 && !f.room(cost) {
		return noRoom("The headers and bodies of all requests under way take as much room as they may. Send the request again in a moment.")
	}
	h.header = cost
	return nil
}

// room takes memory for n bytes of an answer, or gives it back.
func (f *flight) room(n int64) bool {
	if n < 0 {
		f.held.Add(n)
		return true
	}
	return take(&f.held, n, f.limit)
}

func take(of *atomic.Int64, n, limit int64) bool {
	if of.Add(n) > limit {
		of.Add(-n)
		return false
	}
	return true
}

// release gives back all that is held, and the file; nil holds nothing.
func (c *cargo) release() {
	if c == nil {
		return
	}
	c.flight.held.Add(-c.bytes)
	c.flight.stored.Add(-c.inFile)
	c.stored.close()
	c.bytes, c.inFile, c.stored = 0, 0, nil
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
	return noRoom("The bodies of all requests under way take as much room as they may. Send the request again in a moment.")
}

func noRoom(detail string) *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemInFlight, Status: http.StatusServiceUnavailable, Detail: detail}
}

// serveControlAlone is the control plane where it listens by itself.
func (m *Mock) serveControlAlone(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor >= 2 {
		if r = wellFormed(w, r); r == nil {
			return
		}
	}
	m.serveControl(w, r)
}

// serveControl is the control plane with its bodies counted. The request itself stays as it
// is: net/http looks at its body to see whether the client still waits to be asked for it.
func (m *Mock) serveControl(w http.ResponseWriter, r *http.Request) {
	c := cargo{flight: &m.flight, room: math.MaxInt64}
	defer c.release()
	if r.Body != nil && r.Body != http.NoBody {
		held := &counted{r.Body, &c}
		r = r.WithContext(r.Context())
		r.Body = held
	}
	m.control.ServeHTTP(w, r)
}
