package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strconv"
)

// endpoint is a listener that is served.
type endpoint struct {
	listener net.Listener
	server   *http.Server
	served   chan struct{} // closed when Serve has returned
	secure   bool          // it speaks TLS
}

// listen binds an address, for TLS where there is a configuration of it; serve is to follow,
// or close.
func (s *settings) listen(address string, handler http.Handler, config *tls.Config) (*endpoint, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return &endpoint{
		listener: &patient{Listener: listener, logger: s.Logger},
		server:   s.server(handler, config),
		served:   make(chan struct{}),
		secure:   config != nil,
	}, nil
}

// server has the limits on what a client may leave undone.
func (s *settings) server(handler http.Handler, config *tls.Config) *http.Server {
	return &http.Server{
		Handler:           promptly(handler),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          errorLog(s.Logger),
		TLSConfig:         config.Clone(), // net/http changes it
		Protocols:         s.protocols(config != nil),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
	}
}

// maxStreams bounds the requests of one HTTP/2 connection at one time.
const maxStreams = 250

// serve serves until stop; failed is told of any other end.
func (e *endpoint) serve(failed func(error)) {
	go func() {
		defer close(e.served)
		serve := e.server.Serve
		if e.secure {
			serve = func(l net.Listener) error { return e.server.ServeTLS(l, "", "") }
		}
		if err := serve(e.listener); !errors.Is(err, http.ErrServerClosed) {
			failed(err)
		}
	}()
}

// close unbinds an endpoint that was not served; nil is none.
func (e *endpoint) close() error {
	if e == nil {
		return nil
	}
	return e.listener.Close()
}

// stop lets requests under way finish until ctx ends, then closes what is left.
func (e *endpoint) stop(ctx context.Context) error {
	err := e.server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, e.server.Close())
	}
	<-e.served
	return err
}

// url is the base URL by which the endpoint is reached from this machine.
func (e *endpoint) url() string {
	addr, ok := e.listener.Addr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1" // every address, of which this is the one that works from here
	}
	scheme := "http://"
	if e.secure {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}
