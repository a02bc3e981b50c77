package mock

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a listener that cannot take connections until it is told.
type failing struct {
	until  time.Time
	err    error
	conns  chan net.Conn
	closed chan struct{}
}

func (f *failing) Accept() (net.Conn, error) {
	if time.Now().Before(f.until) {
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", f.err)}
	}
	select {
	case conn := <-f.conns:
		return conn, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *failing) Close() error   { close(f.closed); return nil }
func (f *failing) Addr() net.Addr { return &net.TCPAddr{} }

// TestConnectionsThatCannotBeTaken holds that a server goes on behind errors of the
// system, takes connections when they are over, and tells of them once a minute.
func TestConnectionsThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		hint string
	}{
		"of the process":    {syscall.EMFILE, "raise ulimit -n"},
		"of the system":     {syscall.ENFILE, "the system has as many files open"},
		"not for net/http":  {syscall.ENOBUFS, "it is tried again every second"},
		"of the connection": {syscall.EPROTO, "it is tried again every second"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				logger := slog.New(slog.NewTextHandler(&log, nil))
				f := &failing{until: time.Now().Add(150 * time.Second), err: test.err, conns: make(chan net.Conn), closed: make(chan struct{})}
				s := &settings{Options: Options{Logger: logger}}
				e := &endpoint{listener: &patient{Listener: f, logger: logger}, server: s.server(http.NotFoundHandler(), nil), served: make(chan struct{})}
				e.serve(func(err error) { t.Error("the server ended:", err) })
				client, server := net.Pipe()
				f.conns <- server
				go func() { _, _ = io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") }()
				answer, err := io.ReadAll(client)
				if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 404") {
					t.Errorf("%q, %v", answer, err)
				}
				if err := e.stop(t.Context()); err != nil {
					t.Error(err)
				}
				if n := strings.Count(log.String(), "no connection can be taken"); n != 3 || strings.Count(log.String(), "\n") != 3 || !strings.Contains(log.String(), test.hint) {
					t.Errorf("%d lines in two and a half minutes: %s", n, log.String())
				}
			})
		})
	}
}
