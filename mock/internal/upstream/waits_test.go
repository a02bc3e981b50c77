package upstream

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaits holds how long a real API is waited for where nothing else is said, and how long
// a connection is kept that nobody uses, on a clock of its own.
func TestWaits(t *testing.T) {
	t.Parallel()
	silent := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) } // until it is closed
	answer := func(conn net.Conn) {
		in := bufio.NewReader(conn)
		if _, err := http.ReadRequest(in); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
		}
		_, _ = io.Copy(io.Discard, in)
	}
	for name, test := range map[string]struct {
		target string
		serve  func(net.Conn)
		fails  bool
		closed time.Duration // when the connection is
	}{
		"TLS":           {"https://api.test", silent, true, ConnectTimeout},
		"an answer":     {"http://api.test", silent, true, DefaultTimeout},
		"nothing to do": {"http://api.test", answer, false, IdleTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				target, err := ParseTarget(test.target)
				if err != nil {
					t.Fatal(err)
				}
				tr, err := NewTransport(target, Options{})
				if err != nil {
					t.Fatal(err)
				}
				closed := make(chan time.Time, 1)
				tr.http.DialContext = func(context.Context, string, string) (net.Conn, error) {
					client, server := net.Pipe()
					go func() {
						test.serve(server)
						closed <- time.Now()
						_ = server.Close()
					}()
					return client, nil
				}
				began := time.Now()
				req, err := http.NewRequestWithContext(t.Context(), "GET", target.Origin()+"/", nil)
				if err != nil {
					t.Fatal(err)
				}
				res, err := tr.RoundTrip(req)
				if err == nil {
					_ = res.Body.Close()
				}
				var failed *Failure
				if test.fails != (err != nil) || test.fails && (!errors.As(err, &failed) || !failed.Timeout) {
					t.Errorf("%v", err)
				}
				if took := (<-closed).Sub(began); took != test.closed {
					t.Errorf("the connection was closed after %s", took)
				}
			})
		})
	}
}
