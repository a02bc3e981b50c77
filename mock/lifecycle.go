package mock

import (
	"context"
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
// an error, and so is starting one that was stopped after it was started.
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
	main, err := m.settings.listen(m.settings.Listen, m, secure)
	if err != nil {
		return err
	}
	if m.silent { // it was stopped before it was started
		if err := m.lockData(); err != nil {
			return errors.Join(err, main.listener.Close())
		}
		m.silent = false
		m.draining.Store(false)
		m.hurry.begin()
		m.activations.begin()
		if m.shared != nil {
			m.shared.Reopen()
			m.journal.Share()
		}
		m.sender.Store(callback.New(m.settings.hosts, m.settings.Logger))
	}
	var control *endpoint
	if m.settings.AdminListen != "" {
		if control, err = m.settings.listen(m.settings.AdminListen, http.HandlerFunc(m.serveControl), secure); err != nil {
			return errors.Join(err, main.listener.Close())
		}
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
// Stopping a mock that is not started does nothing else, except that the folder of
// Options.Data is free for another mock.
func (m *Mock) Stop(ctx context.Context) (failed error) {
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.unlockData()
	}()
	if m.shared != nil { // it is asked until the last request is over
		defer func() { failed = errors.Join(failed, m.closeShared()) }()
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
