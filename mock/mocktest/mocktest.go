// Package mocktest serves mocks to Go tests. Each test has a session of its own, so
// that tests run in parallel without meeting, and fails with an explanation when its
// requests break the contract:
//
//	func TestCheckout(t *testing.T) {
//		t.Parallel()
//		m := mocktest.Start(t, mocktest.Contract("openapi.yaml"), mocktest.Shared())
//		m.Activate("out-of-stock")
//		err := shop.New(m.URL(), m.Client()).Checkout(t.Context(), "A-1")
//		…
//	}
//
// At the end of the test its session must have a verdict without fault: no request broke
// the contract, nothing was asked for that there is not, and every stub of the scenarios
// that the test has activated answered something. A request that breaks the contract on
// purpose says so with the header "Prefer: expect=invalid".
package mocktest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// grace is how long requests under way may take at the end of a test before their
// connections are closed.
const grace = 5 * time.Second

// Mock is a session of a mock server, for one test and its subtests. It is safe for
// concurrent use.
type Mock struct {
	t       testing.TB
	server  *server
	session *mock.Session
	client  *http.Client
	expect  expectations
}

// Start serves a mock until the end of the test, and fails the test at once where that
// cannot be done. Without options it serves openapi.yaml with the scenarios of the
// folder scenarios, from the folder of the test's package.
//
// What the test registers with Cleanup after Start is run before the mock is stopped and
// the session is judged.
func Start(t testing.TB, options ...Option) *Mock {
	t.Helper()
	s := settings{}
	for _, option := range options {
		option(&s)
	}
	if err := s.check(); err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	server, err := s.serve(t.Context())
	if err != nil {
		t.Fatalf("mocktest: the mock cannot be started: %v", err)
	}
	m := &Mock{t: t, server: server, expect: s.expect, client: &http.Client{Transport: &http.Transport{Proxy: nil}}}
	t.Cleanup(m.end)
	// Made anew, because a session of that id may be left in a mock that others use too.
	m.session, err = server.mock.MakeSession(t.Context(), sessionID(t.Name()), mock.SessionStart{Scenarios: s.active})
	if err != nil {
		t.Fatalf("mocktest: %v", err)
	}
	return m
}

// sessions numbers the sessions of a process.
var sessions atomic.Uint64

// maxName bounds how much of a test's name is in the id of its session, in bytes.
const maxName = 100

// sessionID makes an id that no other test has, and that tells people whose it is.
func sessionID(test string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r == '/':
			return '.'
		}
		return '_'
	}, test)
	return name[:min(len(name), maxName)] + "-" + strconv.FormatUint(sessions.Add(1), 10)
}

// URL is the base URL of the API in the test's session. What is asked below it needs no
// header to belong to the session.
func (m *Mock) URL() string { return m.server.url + "/__session/" + m.session.ID() }

// Client is a client whose connections are closed at the end of the test. Any other
// client will do too.
func (m *Mock) Client() *http.Client { return m.client }

// Session is the test's session, for what this type has no method for. Its URL is that
// of a mock which listens itself; use the URL of m.
func (m *Mock) Session() *mock.Session { return m.session }

// Mock is the mock that serves the session. Others use it too where it is shared.
func (m *Mock) Mock() *mock.Mock { return m.server.mock }

// Activate puts scenarios on top of the session's active ones, the last on top, and
// restarts them. It fails the test at once for a name that there is not.
func (m *Mock) Activate(scenarios ...string) {
	m.t.Helper()
	if err := m.session.Activate(m.context(), scenarios...); err != nil {
		m.t.Fatalf("mocktest: %v", err)
	}
}

// context is for changes of the session, which cleanups of a test may make too: the
// test's own context has ended then.
func (m *Mock) context() context.Context { return context.WithoutCancel(m.t.Context()) }

// Deactivate takes scenarios out of the session and forgets their states. Their stubs
// must have answered all the same.
func (m *Mock) Deactivate(scenarios ...string) {
	m.t.Helper()
	if err := m.session.Deactivate(m.context(), scenarios...); err != nil {
		m.t.Fatalf("mocktest: %v", err)
	}
}

// AddScenario adds a scenario that the test's session alone has, from the text of a scenario
// file, and activates it, as Activate does. Its stubs must answer something, as those of
// scenarios from files. It fails the test at once for a text with mistakes.
func (m *Mock) AddScenario(text string) {
	m.t.Helper()
	if _, err := m.session.AddScenario(m.context(), "", []byte(text)); err != nil {
		m.t.Fatalf("mocktest: the scenario cannot be added:\n%v", err)
	}
}

// Verify compares the requests of the test's session so far with expectations, and fails
// the test where they are not fulfilled. It fails the test at once for expectations that
// cannot be used, such as one for an operation that there is not.
func (m *Mock) Verify(expectations ...mock.Expectation) {
	m.t.Helper()
	found, err := m.session.Verify(m.context(), expectations)
	switch {
	case err != nil:
		m.t.Fatalf("mocktest: the expectations cannot be used:\n%v", err)
	case found.Outcome != mock.VerifiedPass:
		m.t.Errorf("mocktest: %s", strings.TrimSpace(found.String()))
	}
}

// end stops what Start has started, and judges the session.
func (m *Mock) end() {
	m.t.Helper()
	m.client.CloseIdleConnections()
	if !m.server.release(grace) {
		m.t.Errorf("mocktest: requests were still under way %s after the end of the test, and their connections have been closed", grace)
	}
	if m.session == nil {
		return // it could not be made
	}
	if text := m.judge(); text != "" && !m.t.Skipped() {
		m.t.Errorf("mocktest: %s", text)
	}
	// A test that has deleted its session has nothing left to delete.
	_ = m.session.Delete(context.Background())
}
