package mock_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

// pipes is a listener whose connections are net.Pipes: unlike sockets, they let
// virtual time go on while they wait.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.connections:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.connections <- server
	return client
}

// servePipes serves a handler over pipes until the test ends, and gives a client of it.
func servePipes(t *testing.T, handler http.Handler) (*pipes, *http.Client) {
	t.Helper()
	return serveOverPipes(t, &http.Server{Handler: handler})
}

func serveOverPipes(t *testing.T, server *http.Server) (*pipes, *http.Client) {
	t.Helper()
	return serveBehind(t, server, func(l net.Listener) net.Listener { return l })
}

// serveBehind serves what a listener makes of the pipes.
func serveBehind(t *testing.T, server *http.Server, behind func(net.Listener) net.Listener) (*pipes, *http.Client) {
	t.Helper()
	p := &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(behind(p)) // ends with Close
	}()
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return p.dial(), nil },
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-done
	})
	return p, &http.Client{Transport: transport}
}
