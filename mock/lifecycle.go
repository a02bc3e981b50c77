package mock

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/callback"
)

// Timeouts of the server that Start runs.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 60 * time.Second
	idleTimeout       = 120 * time.Second
)

// Start binds Options.Listen, and Options.AdminListen where it is set, and serves. The
// addresses are bound when it returns. A mock is started once: starting a started one is
// an error, and so is starting one that was stopped after it was started. After any error
// the mock is as it was before: nothing more listens, runs or is locked, and what New took,
// such as the folder of Options.Data, is given back by Stop.
//
// Until Stop the descriptions are looked at closely beside the requests, and the Logger is
// told of schemas that no value fits, and of examples and defaults that do not fit their
// own schema.
func (m *Mock) Start() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.main != nil && m.silent:
		return errors.New("the mock was stopped and cannot be started again: make another one with New")
	case m.main != nil:
		return errors.New("the mock is started already")
	}
	secure, err := m.settings.tlsConfig()
	if err != nil {
		return err
	}
	main, control, err := m.bind(secure)
	if err != nil {
		return err
	}
	if m.silent { // it was stopped before it was started
		if err := m.lockData(); err != nil {
			return errors.Join(err, main.close(), control.close())
		}
		m.resumeServing()
	}
	m.main, m.aside, m.secure = main, control, secure
	failed := func(err error) { m.settings.Logger.Error("the server ended", "error", err) }
	main.serve(failed)
	if control != nil {
		control.serve(failed)
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.watched, m.unwatch = make(chan struct{}), cancel
	go func(watched chan struct{}) {
		defer close(watched)
		m.watch(ctx)
	}(m.watched)
	m.inspection.start(m.engine.Snapshot(), m.settings.Logger)
	return nil
}

// bind binds all addresses, or none and gives an error. control is nil where the control
// plane does not listen by itself.
func (m *Mock) bind(secure *tls.Config) (main, control *endpoint, err error) {
	s := m.settings
	if main, err = s.listen(s.Listen, m, secure); err != nil || s.AdminListen == "" {
		return main, nil, err
	}
	if control, err = s.listen(s.AdminListen, http.HandlerFunc(m.serveControlAlone), secure); err != nil {
		return nil, nil, errors.Join(err, main.close())
	}
	return main, control, nil
}

// resumeServing takes back what Stop has done to a mock that was not started. Nothing of it
// can fail: Start has bound and locked all that it needs before. m.mu is held.
func (m *Mock) resumeServing() {
	m.silent = false
	m.draining.Store(false)
	m.hurry.begin()
	m.activations.begin()
	if m.shared != nil {
		m.left.Store(nil) // what all have covered is counted on
		m.shared.Reopen()
		m.journal.Share()
	}
	m.sender.Store(callback.New(m.settings.hosts, m.settings.Logger))
}

// Addr is the address that Start bound, nil before.
func (m *Mock) Addr() net.Addr {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.main == nil {
		return nil
	}
	return m.main.listener.Addr()
}

// URL is the base URL of a started mock, "" before.
func (m *Mock) URL() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.main == nil {
		return ""
	}
	return m.main.url()
}

// AdminURL is the base URL of a started mock's control plane, "" before: paths below
// /__admin/ are asked for there.
func (m *Mock) AdminURL() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.aside != nil:
		return m.aside.url()
	case m.main != nil:
		return m.main.url()
	}
	return ""
}

// Stop lets requests under way finish until ctx ends, then closes what is left. Where ctx
// has a deadline, answers that wait are sent when three quarters of the time are over. The
// control plane ends last where it listens by itself.
// Callbacks and webhooks whose time has not come are dropped, and none is sent later.
// With shared state the other replicas are told what this one has kept, for five seconds at
// most also where ctx is over, and asked what they have covered, no longer than ctx lasts:
// Coverage tells it from then on. What cannot be told in that time is lost to them.
// Stopping a mock that is not started does nothing else, except that the folder of
// Options.Data is free for another mock.
func (m *Mock) Stop(ctx context.Context) (failed error) {
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.unlockData()
	}()
	if m.shared != nil { // it is asked until the last request is over
		defer func() { failed = errors.Join(failed, m.closeShared(ctx)) }()
	}
	defer m.sender.Load().Stop(ctx) // when no more requests come
	defer m.leaveUpstream()
	m.draining.Store(true)
	defer m.hurry.before(ctx)()
	m.activations.end()
	m.events.End()
	m.mu.Lock()
	m.silent = true
	main, control, watched, unwatch := m.main, m.aside, m.watched, m.unwatch
	m.mu.Unlock()
	if main == nil {
		return nil
	}
	unwatch()
	<-watched
	inspected := m.inspection.stop()
	err := main.stop(ctx)
	if control != nil {
		err = errors.Join(err, control.stop(ctx))
	}
	select {
	case <-inspected:
	case <-ctx.Done():
	}
	return err
}
