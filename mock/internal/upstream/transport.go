package upstream

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Limits of the way to a real API.
const (
	// DefaultTimeout is that of Options.Timeout.
	DefaultTimeout = 30 * time.Second
	// MaxTimeout bounds Options.Timeout.
	MaxTimeout = time.Hour
	// ConnectTimeout bounds the making of a connection, and again its TLS handshake. A
	// shorter Options.Timeout bounds them too.
	ConnectTimeout = 10 * time.Second
	// MaxHeader bounds the header of an answer, in bytes.
	MaxHeader = 1 << 20
	// MaxIdle bounds the connections that are kept for the next request.
	MaxIdle = 64
	// IdleTimeout bounds the time for which they are.
	IdleTimeout = 90 * time.Second
)

// Options says how a real API is reached.
type Options struct {
	// CA is a file of PEM certificates that are trusted beside those of the machine; ""
	// for none.
	CA string
	// Insecure takes any certificate.
	Insecure bool
	// Timeout is how long the API may take until its answer begins; 0 means
	// DefaultTimeout. An answer that has begun may take as long as it likes.
	Timeout time.Duration
}

// Transport sends requests to one target. It is safe for concurrent use.
type Transport struct {
	target *Target
	http   *http.Transport
}

var _ http.RoundTripper = (*Transport)(nil)

// NewTransport makes a transport; nothing is contacted yet. It fails where the
// certificates of Options.CA cannot be read.
func NewTransport(t *Target, opts Options) (*Transport, error) {
	if opts.Timeout < 0 || opts.Timeout > MaxTimeout {
		return nil, fmt.Errorf("%s is no timeout: use a duration up to %s", opts.Timeout, MaxTimeout)
	}
	if opts.Timeout == 0 {
		opts.Timeout = DefaultTimeout
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: opts.Insecure}
	if opts.CA != "" {
		pool, err := ReadCA(opts.CA)
		if err != nil {
			return nil, fmt.Errorf("the certificates of the real API's authority cannot be read: %w", err)
		}
		secure.RootCAs = pool
	}
	connect := min(ConnectTimeout, opts.Timeout)
	return &Transport{t, &http.Transport{
		// The environment of a mock is that of the machine that tests run on. Only what
		// was asked for is contacted, and a proxy was not.
		Proxy:                  nil,
		DialContext:            (&net.Dialer{Timeout: connect}).DialContext,
		TLSClientConfig:        secure,
		TLSHandshakeTimeout:    connect,
		ResponseHeaderTimeout:  opts.Timeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        IdleTimeout,
		MaxIdleConns:           MaxIdle,
		MaxIdleConnsPerHost:    MaxIdle,
		MaxResponseHeaderBytes: MaxHeader,
		// Bodies are for the client to see as the API sends them.
		DisableCompression: true,
		ForceAttemptHTTP2:  true,
	}}, nil
}

// ReadCA reads a file of PEM certificates, of at most source.MaxSmallFile bytes, which are
// trusted beside those of the machine.
func ReadCA(file string) (*x509.CertPool, error) {
	text, err := source.ReadSmall(file)
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any trusts those that are given
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate in it: write PEM, -----BEGIN CERTIFICATE-----", file)
	}
	return pool, nil
}

// Target is the one that the transport contacts.
func (t *Transport) Target() *Target { return t.target }

// errOrigin is returned for a request to another origin: that is a mistake of ours.
var errOrigin = errors.New("the request is for another origin than the real API's")

// RoundTrip sends a request. It fails for one to another origin than the target's; what
// else keeps the answer from coming is a *Failure.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.target.Holds(req.URL) {
		if req.Body != nil {
			_ = req.Body.Close() // as RoundTripper demands
		}
		return nil, errOrigin
	}
	res, err := t.http.RoundTrip(req)
	if err != nil {
		return nil, failure(req.Context(), t.target, err)
	}
	return res, nil
}

// Client is a client that uses the transport, follows no redirects and keeps no cookies.
func (t *Transport) Client() *http.Client {
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// CloseIdle closes the connections that nobody uses at the moment.
func (t *Transport) CloseIdle() { t.http.CloseIdleConnections() }
