package mock

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"
)

// acceptTold is how long nothing more is said of connections that cannot be taken:
// net/http tries again up to every second, and each try would be a line.
const acceptTold = time.Minute

// patient is a listener that outlives what keeps it from taking connections, such as a
// process that has too many files open. It tells of that once in acceptTold. Those who
// connect meanwhile wait in the system's queue, and are taken when it is over. What it takes
// are prompt connections.
type patient struct {
	net.Listener
	logger *slog.Logger
	told   time.Time // the zero value for never; only the one who accepts looks at it
}

// Accept implements net.Listener. Its errors are passing ones for net/http, which tries
// again after a while, unless the listener was closed.
func (p *patient) Accept() (net.Conn, error) {
	conn, err := p.Listener.Accept()
	if err == nil {
		return newPrompt(conn), nil
	}
	if errors.Is(err, net.ErrClosed) {
		return nil, err
	}
	if now := time.Now(); p.told.IsZero() || now.Sub(p.told) >= acceptTold {
		p.told = now
		p.logger.Warn("no connection can be taken: clients wait until it is possible again", "error", err, "hint", acceptHint(err))
	}
	return nil, passing{err}
}

// acceptHint says what a person can do about an error of Accept.
func acceptHint(err error) string {
	switch {
	case errors.Is(err, syscall.EMFILE):
		return "the process has as many files and connections open as it may have: raise ulimit -n, or have clients close connections"
	case errors.Is(err, syscall.ENFILE):
		return "the system has as many files open as it can have"
	}
	return "it is tried again every second"
}

// passing is an error after which net/http goes on.
type passing struct{ error }

func (passing) Timeout() bool   { return false }
func (passing) Temporary() bool { return true }
func (p passing) Unwrap() error { return p.error }
