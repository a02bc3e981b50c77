// Package mock is Understudy as a library: a mock server that stands in for an
// HTTP API and never departs from its OpenAPI description.
//
// A Mock is an http.Handler, so a test needs nothing but
//
//	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "openapi.yaml"}}})
//	server := httptest.NewServer(m)
//
// Start serves it on a socket of its own instead.
package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/callback"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// Timeouts of the server that Start runs.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	idleTimeout       = 120 * time.Second
)

// Mock answers requests by contracts and scenarios. It is safe for concurrent use.
type Mock struct {
	settings *settings
	engine   *engine.Engine
	store    state.Store
	journal  *journal.Journal
	ids      *requestIDs
	sender   atomic.Pointer[callback.Sender]

	inspection inspection

	reload sync.Mutex  // one Reload at a time; guards seen and failure
	seen   *watch.Seen // how the files looked before they were read
	// failure is what the last reload failed with, "" when it did not.
	failure string

	mu       sync.Mutex // guards the fields below
	silent   bool       // the sender was stopped
	server   *http.Server
	listener net.Listener
	served   chan struct{} // closed when Serve has returned
	secure   *tls.Config   // nil for plain HTTP
	watched  chan struct{} // closed when nothing is watched any more
	unwatch  context.CancelFunc
}

var _ http.Handler = (*Mock)(nil)

// New loads the descriptions and scenarios and proves the scenarios against the
// descriptions. The error lists every mistake that was found, each with its place.
// ctx bounds the loading alone.
func New(ctx context.Context, opts Options) (*Mock, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	loaded, err := load(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &Mock{settings: s, store: new(state.Memory), ids: newRequestIDs()}
	m.journal = journal.New(journal.Options{Entries: s.JournalEntries, Bytes: s.JournalBytes, Redact: s.Redact})
	m.hideKeys(loaded.snapshot.APIs)
	m.sender.Store(callback.New(s.hosts, s.Logger))
	m.engine = engine.New(m.store, engine.Options{Validation: s.validation, Seed: s.Seed, Dynamic: s.Dynamic, Delay: s.Delay})
	m.engine.Swap(loaded.snapshot)
	m.seen = loaded.seen
	for _, name := range s.Active {
		if err := m.known(name); err != nil {
			return nil, err
		}
	}
	if err := m.store.Begin(ctx, s.Active); err != nil {
		return nil, err
	}
	m.journal.Activated("", s.Active...)
	return m, nil
}

// Activate makes a scenario active for everybody, above those activated before,
// and restarts it. It fails for a name that there is not.
func (m *Mock) Activate(ctx context.Context, name string) error {
	if err := m.known(name); err != nil {
		return err
	}
	if err := m.store.ActivateGlobal(ctx, name); err != nil {
		return err
	}
	m.journal.Activated("", name)
	return nil
}

// Deactivate takes a scenario back for everybody and forgets its state.
func (m *Mock) Deactivate(ctx context.Context, name string) error {
	if err := m.known(name); err != nil {
		return err
	}
	return m.store.DeactivateGlobal(ctx, name)
}

func (m *Mock) known(name string) error {
	scenarios := m.engine.Snapshot().Scenarios
	if scenarios.Scenario(name) != nil {
		return nil
	}
	if best := source.Closest(name, scenarios.Names()); best != "" {
		return fmt.Errorf("there is no scenario %q: did you mean %q?", name, best)
	}
	if len(scenarios.Scenarios) == 0 {
		return fmt.Errorf("there is no scenario %q: no scenario files are loaded", name)
	}
	return fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(scenarios.Names(), ", "))
}

// Start binds Options.Listen and serves. The address is bound when it returns.
// Starting a started mock is an error. Until Stop the descriptions are looked at closely
// beside the requests, and the Logger is told of schemas that no value fits, and of
// examples and defaults that do not fit their own schema.
func (m *Mock) Start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.server != nil {
		return errors.New("the mock is started already")
	}
	secure, err := m.settings.tlsConfig()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", m.settings.Listen)
	if err != nil {
		return err
	}
	if m.silent {
		m.silent = false
		m.sender.Store(callback.New(m.settings.hosts, m.settings.Logger))
	}
	m.listener, m.served, m.secure = listener, make(chan struct{}), secure
	m.server = &http.Server{
		Handler:           m,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          errorLog(m.settings.Logger),
		TLSConfig:         secure.Clone(), // net/http changes it
		Protocols:         m.settings.protocols(secure != nil),
	}
	go func(server *http.Server, served chan struct{}) {
		defer close(served)
		serve := server.Serve
		if secure != nil {
			serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
		}
		if err := serve(listener); !errors.Is(err, http.ErrServerClosed) {
			m.settings.Logger.Error("the server ended", "error", err)
		}
	}(m.server, m.served)
	ctx, cancel := context.WithCancel(context.Background())
	m.watched, m.unwatch = make(chan struct{}), cancel
	go func(watched chan struct{}) {
		defer close(watched)
		m.watch(ctx)
	}(m.watched)
	m.inspection.start(m.engine.Snapshot(), m.settings.Logger)
	return nil
}

// Addr is the address that Start bound, nil before.
func (m *Mock) Addr() net.Addr {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listener == nil {
		return nil
	}
	return m.listener.Addr()
}

// URL is the base URL of a started mock, "" before.
func (m *Mock) URL() string {
	addr, ok := m.Addr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1" // every address, of which this is the one that works from here
	}
	scheme := "http://"
	if m.Certificate() != nil {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

// Stop lets requests under way finish until ctx ends, then closes what is left.
// Callbacks and webhooks whose time has not come are dropped, and none is sent later.
// Stopping a mock that is not started does nothing else.
func (m *Mock) Stop(ctx context.Context) error {
	defer m.sender.Load().Stop(ctx) // when no more requests come
	m.mu.Lock()
	m.silent = true
	server, served, watched, unwatch := m.server, m.served, m.watched, m.unwatch
	m.mu.Unlock()
	if server == nil {
		return nil
	}
	unwatch()
	<-watched
	inspected := m.inspection.stop()
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	<-served
	select {
	case <-inspected:
	case <-ctx.Done():
	}
	return err
}
