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
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
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
	ids      *requestIDs

	reload     sync.Mutex // one Reload at a time
	inspection inspection

	mu       sync.Mutex // guards the fields below
	server   *http.Server
	listener net.Listener
	served   chan struct{} // closed when Serve has returned
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
	snapshot, _, err := load(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &Mock{settings: s, store: new(state.Memory), ids: newRequestIDs()}
	m.engine = engine.New(m.store, engine.Options{Validation: s.validation, Seed: s.Seed, Dynamic: s.Dynamic, Delay: s.Delay})
	m.engine.Swap(snapshot)
	for _, name := range s.Active {
		if err := m.Activate(ctx, name); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// load reads everything that a snapshot consists of. The findings hold warnings
// too, also when there is no error.
func load(ctx context.Context, s *settings) (*engine.Snapshot, source.Diagnostics, error) {
	apis, found, err := loadAPIs(ctx, s)
	if err != nil {
		return nil, found, err
	}
	scenarios, err := loadScenarios(s, apis)
	if err != nil {
		return nil, found, err
	}
	found = append(found, scenarios.Warnings...)
	return engine.NewSnapshot(apis, scenarios), found, nil
}

func loadScenarios(s *settings, apis []*contract.Contract) (*scenario.Set, error) {
	return scenario.Load(s.Scenarios, apis, scenario.Options{Seed: s.Seed})
}

// loadAPIs reads the descriptions: all of them, or none and an error.
func loadAPIs(ctx context.Context, s *settings) ([]*contract.Contract, source.Diagnostics, error) {
	var apis []*contract.Contract
	var found source.Diagnostics
	var failed error
	for _, spec := range s.Specs {
		c, err := contract.Load(ctx, spec.Location, s.contractOptions(spec))
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		found = append(found, c.Warnings...)
		apis = append(apis, c)
	}
	if failed != nil {
		return nil, found, failed
	}
	if err := checkBases(apis); err != nil {
		return nil, found, err
	}
	return apis, found, nil
}

// CodeSameBase is the code of the finding that two descriptions are served under
// the same base path.
const CodeSameBase source.Code = "same-base-path"

// checkBases refuses two descriptions that claim the same base path.
func checkBases(apis []*contract.Contract) error {
	owner := map[string]*contract.Contract{}
	for _, c := range apis {
		for _, base := range c.Bases {
			if other := owner[base]; other != nil {
				return source.Diagnostics{{
					Code: CodeSameBase, Message: fmt.Sprintf("%s and %s are both served under %q", other.Location, c.Location, base+"/"),
					Hint: fmt.Sprintf("give them base paths, as in %s=/one %s=/two", other.Location, c.Location),
				}}
			}
			owner[base] = c
		}
	}
	return nil
}

// Activate makes a scenario active for everybody, above those activated before,
// and restarts it. It fails for a name that there is not.
func (m *Mock) Activate(ctx context.Context, name string) error {
	if err := m.known(name); err != nil {
		return err
	}
	return m.store.ActivateGlobal(ctx, name)
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
	return fmt.Errorf("there is no scenario %q; there are %s", name, strings.Join(scenarios.Names(), ", "))
}

// Reload loads descriptions and scenarios anew and swaps them in at once when all
// of it is right; scenarios whose files changed start anew. On an error the mock
// goes on with what it has.
func (m *Mock) Reload(ctx context.Context) error {
	m.reload.Lock()
	defer m.reload.Unlock()
	snapshot, _, err := load(ctx, m.settings)
	if err != nil {
		return err
	}
	before := m.engine.Snapshot().Scenarios
	m.engine.Swap(snapshot)
	m.inspection.renew(snapshot)
	return m.store.Forget(ctx, func(c state.Cell) bool {
		old, now := before.Scenario(c.Scenario), snapshot.Scenarios.Scenario(c.Scenario)
		return old != nil && now != nil && bytes.Equal(old.File.Data, now.File.Data)
	})
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
	listener, err := net.Listen("tcp", m.settings.Listen)
	if err != nil {
		return err
	}
	m.listener, m.served = listener, make(chan struct{})
	m.server = &http.Server{
		Handler:           m,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          errorLog(m.settings.Logger),
	}
	go func(server *http.Server, served chan struct{}) {
		defer close(served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			m.settings.Logger.Error("the server ended", "error", err)
		}
	}(m.server, m.served)
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
	return "http://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

// Stop lets requests under way finish until ctx ends, then closes what is left.
// Stopping a mock that is not started does nothing.
func (m *Mock) Stop(ctx context.Context) error {
	m.mu.Lock()
	server, served := m.server, m.served
	m.mu.Unlock()
	if server == nil {
		return nil
	}
	m.inspection.stop(ctx)
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	<-served
	return err
}
