package upstream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// Failure says why no answer has come from a real API.
type Failure struct {
	// Target is the one that was asked.
	Target *Target
	// Reason is the cause in a few words, such as "nothing listens there".
	Reason string
	// Timeout tells that the API took too long, and not that it could not be reached.
	Timeout bool
	// Gone tells that whoever asked has given up, so that nothing is wrong with the API.
	Gone bool

	err error
}

// Error names the API and the reason.
func (f *Failure) Error() string {
	return fmt.Sprintf("%s gives no answer: %s", f.Target.Origin(), f.Reason)
}

// Unwrap gives what net/http has said.
func (f *Failure) Unwrap() error { return f.err }

func failure(ctx context.Context, t *Target, err error) *Failure {
	f := &Failure{Target: t, err: err}
	var timeout interface{ Timeout() bool }
	switch {
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		f.Gone, f.Reason = true, "the client has gone"
	case errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		f.Timeout, f.Reason = true, "it took too long"
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			f.Reason = "the connection took too long"
		}
	default:
		f.Reason = reason(err)
	}
	return f
}

// reason says what people can do something about in plain words; the rest as net/http
// says it.
func reason(err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns):
		return "the name " + dns.Name + " cannot be resolved: " + dns.Err
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there (connection refused)"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to that host or network"
	case errors.As(err, &unknown):
		return "its certificate is of an unknown authority: name it with --upstream-ca FILE, or take any with --upstream-insecure"
	case errors.As(err, &hostname):
		return "its certificate is for another name: " + hostname.Error()
	case errors.As(err, &invalid):
		return "its certificate is not valid: " + invalid.Error()
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "it does not speak TLS: write http:// where that is meant"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it closed the connection before an answer"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "it broke the connection off"
	}
	return err.Error()
}
