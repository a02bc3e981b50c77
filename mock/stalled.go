package mock

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Bounds on clients that do not take what is sent to them: within takenWithin a client
// takes takenStep bytes, or loses the connection, over HTTP/2 the stream. An answer as a
// whole may take as long as it likes.
const (
	takenWithin = 60 * time.Second
	takenStep   = 64 << 10
	// renewAfter is how old a deadline gets that is not set anew for each of many short
	// answers.
	renewAfter = 10 * time.Second
)

// prompt is a connection whose client has to take what is sent to it. A deadline that
// somebody sets goes before that.
type prompt struct {
	net.Conn
	given   atomic.Bool  // a deadline was set by somebody else
	renewed atomic.Int64 // when ours was set, in nanoseconds behind born; 0 for never
	born    time.Time
}

func newPrompt(conn net.Conn) *prompt { return &prompt{Conn: conn, born: time.Now()} }

// Write implements net.Conn.
func (c *prompt) Write(p []byte) (n int, err error) {
	for {
		c.renew()
		k, err := c.Conn.Write(p[n:min(len(p), n+takenStep)])
		if n += k; err != nil || n >= len(p) {
			return n, err
		}
	}
}

func (c *prompt) renew() {
	if c.given.Load() {
		return
	}
	now, last := time.Since(c.born), time.Duration(c.renewed.Load())
	if last == 0 || now-last >= renewAfter {
		c.renewed.Store(int64(max(now, 1)))
		_ = c.Conn.SetWriteDeadline(c.born.Add(now + takenWithin)) // fails for a closed one, as Write will
	}
}

// SetWriteDeadline implements net.Conn.
func (c *prompt) SetWriteDeadline(t time.Time) error {
	c.given.Store(!t.IsZero())
	c.renewed.Store(0)
	return c.Conn.SetWriteDeadline(t)
}

// SetDeadline implements net.Conn.
func (c *prompt) SetDeadline(t time.Time) error {
	c.given.Store(!t.IsZero())
	c.renewed.Store(0)
	return c.Conn.SetDeadline(t)
}

// CloseWrite lets a client read an answer that was sent before all of its request has come,
// as net/http wants it.
func (c *prompt) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// NetConn is the connection itself.
func (c *prompt) NetConn() net.Conn { return c.Conn }

// promptly bounds the time in which a client takes a stream of HTTP/2.
func promptly(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			s := newPromptStream(w)
			defer s.end()
			w = s
		}
		handler.ServeHTTP(w, r)
	})
}

// promptStream is an answer over HTTP/2: a client may take all that the connection has, and
// give one stream no window. It is for one goroutine, that of the handler.
type promptStream struct {
	http.ResponseWriter
	control *http.ResponseController
	given   bool // a deadline was set by the handler
}

func newPromptStream(w http.ResponseWriter) *promptStream {
	return &promptStream{ResponseWriter: w, control: http.NewResponseController(w)}
}

// Unwrap is for http.ResponseController.
func (s *promptStream) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Write implements http.ResponseWriter.
func (s *promptStream) Write(p []byte) (n int, err error) {
	defer s.within(time.Time{}) // a handler may wait between two pieces
	for {
		s.within(time.Now().Add(takenWithin))
		k, err := s.ResponseWriter.Write(p[n:min(len(p), n+takenStep)])
		if n += k; err != nil || n >= len(p) {
			return n, err
		}
	}
}

// FlushError is for http.ResponseController.
func (s *promptStream) FlushError() error {
	s.within(time.Now().Add(takenWithin))
	defer s.within(time.Time{})
	return s.control.Flush()
}

// SetWriteDeadline is for http.ResponseController.
func (s *promptStream) SetWriteDeadline(t time.Time) error {
	s.given = !t.IsZero()
	return s.control.SetWriteDeadline(t)
}

// end bounds what net/http sends when the handler has ended.
func (s *promptStream) end() { s.within(time.Now().Add(takenWithin)) }

func (s *promptStream) within(t time.Time) {
	if !s.given {
		_ = s.control.SetWriteDeadline(t) // where there is none, as in tests, nothing stalls
	}
}
