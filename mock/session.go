package mock

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Session is an isolated part of a mock: it has active scenarios, states and
// sequences of its own, so that tests which run at the same time never meet. It is
// safe for concurrent use.
type Session struct {
	mock *Mock
	id   string
}

// SessionStart is what a session begins with and Reset returns to.
type SessionStart struct {
	// Scenarios are active from the start; the last is the newest.
	Scenarios []string
	// Idle is how long the session lives after it was last used, 0 for until it is
	// deleted.
	Idle time.Duration
}

// SessionInfo is what a mock knows of a session.
type SessionInfo struct {
	ID string
	// Made and Used are when it was made and last used.
	Made, Used time.Time
	SessionStart
	// Active are its own active scenarios, newest first.
	Active []string
	// Values counts the sequences and states that have moved.
	Values int
}

// Session gives the session with an id of 1 to 128 letters, digits and . _ ~ -, and makes
// it where there is none. The error is ErrTooManySessions where there is no room for it.
func (m *Mock) Session(ctx context.Context, id string) (*Session, error) {
	if err := exchange.CheckSessionID(id); err != nil {
		return nil, err
	}
	if _, err := m.store.Enter(ctx, id, "", true); err != nil {
		return nil, err
	}
	return &Session{m, id}, nil
}

// MakeSession makes a session with a start of its own, in place of one of that id. For
// scenarios that there are not the error is an ErrNoScenario; it is ErrTooManySessions
// where there is no room for the session.
func (m *Mock) MakeSession(ctx context.Context, id string, start SessionStart) (*Session, error) {
	if err := exchange.CheckSessionID(id); err != nil {
		return nil, err
	}
	if _, err := m.makeSession(ctx, id, state.Start(start)); err != nil {
		return nil, err
	}
	return &Session{m, id}, nil
}

// makeSession tells whether there was none of that id.
func (m *Mock) makeSession(ctx context.Context, id string, start state.Start) (bool, error) {
	if start.Idle < 0 {
		return false, fmt.Errorf("a session cannot live for %s", start.Idle)
	}
	for _, name := range start.Scenarios {
		if err := m.known("", name); err != nil {
			return false, err
		}
	}
	start.Scenarios = unique(start.Scenarios)
	made, err := m.store.Make(ctx, id, start, changer(ctx))
	if err != nil {
		return false, err
	}
	if made {
		m.journal.Forget(id)
	} else {
		m.journal.Erase(ctx, id)
	}
	m.coverage.Forget(id)
	m.journal.Activated(id, start.Scenarios...)
	return made, nil
}

// unique leaves each name where it is last, which is where it is newest.
func unique(names []string) []string {
	var list []string
	for i, name := range names {
		if !slices.Contains(names[i+1:], name) {
			list = append(list, name)
		}
	}
	return list
}

// Sessions lists the sessions in the order of their ids.
func (m *Mock) Sessions(ctx context.Context) ([]SessionInfo, error) {
	all, err := m.store.Sessions(ctx)
	list := make([]SessionInfo, len(all))
	for i := range all {
		list[i] = sessionInfo(&all[i])
	}
	return list, err
}

func sessionInfo(s *state.Session) SessionInfo {
	return SessionInfo{ID: s.ID, Made: s.Made, Used: s.Used, SessionStart: SessionStart(s.Start), Active: s.Active, Values: s.Cells}
}

// Reset returns everybody to the start: the scenarios of Options.Active, and of those
// that Options.Data has kept the ones that were active, are active and no others; no
// sequence or state has moved for requests without a session, and the journal has none of
// them; scenarios that were added since are gone, except where Options.Data keeps them; the
// delay is Options.Delay. Sessions and coverage stay as they are.
func (m *Mock) Reset(ctx context.Context) error { return m.reset(ctx, "") }

// ID is the session's id, as requests carry it.
func (s *Session) ID() string { return s.id }

// URL is the base URL of a started mock within the session, "" before.
func (s *Session) URL() string {
	base := s.mock.URL()
	if base == "" {
		return ""
	}
	return base + exchange.SessionPath + s.id
}

// Info tells what the session has. It fails for one that does not exist any more.
func (s *Session) Info(ctx context.Context) (SessionInfo, error) {
	known, err := s.mock.store.Session(ctx, s.id)
	return sessionInfo(&known), s.explain(err)
}

// Activate puts scenarios on top of the session's active ones, the last on top, and
// restarts them. For a name that there is not the error is an ErrNoScenario, and nothing
// is changed.
func (s *Session) Activate(ctx context.Context, names ...string) error {
	return s.ActivateFor(ctx, 0, names...)
}

// ActivateFor is Activate for a time, at most MaxActiveFor, after which the scenarios are
// taken out; 0 is for as long as the session lives.
func (s *Session) ActivateFor(ctx context.Context, d time.Duration, names ...string) error {
	return s.explain(s.mock.activate(ctx, s.id, names, d))
}

// Deactivate takes scenarios out of the session and forgets their states.
func (s *Session) Deactivate(ctx context.Context, names ...string) error {
	return s.explain(s.mock.deactivate(ctx, s.id, names))
}

// Reset returns the session to its start exactly: the active scenarios are those
// that it began with, those that were added in it are gone, no sequence or state has
// moved, the journal has no requests of it, and its coverage is counted anew.
func (s *Session) Reset(ctx context.Context) error {
	return s.explain(s.mock.reset(ctx, s.id))
}

// Delete ends the session and takes its requests out of the journal. A request that
// names it later makes it anew, empty.
func (s *Session) Delete(ctx context.Context) error {
	err := s.mock.store.Delete(ctx, s.id)
	if err == nil {
		s.mock.journal.Erase(ctx, s.id)
	}
	return s.explain(err)
}

// Errors about sessions.
var (
	// ErrNoSession is returned for a session that does not exist any more.
	ErrNoSession = errors.New("there is no such session")
	// ErrTooManySessions is returned where there are 10,000 sessions: none of them is given
	// up for another one.
	ErrTooManySessions = state.ErrTooManySessions
)

func (s *Session) explain(err error) error {
	if errors.Is(err, state.ErrNoSession) {
		return fmt.Errorf("%w: %q", ErrNoSession, s.id)
	}
	return err
}

// enter finds or makes the session of a request. A cookie never makes one: browsers
// keep cookies longer than sessions live.
func (m *Mock) enter(ctx context.Context, ex *exchange.Exchange) *exchange.Problem {
	known, err := m.store.Enter(ctx, ex.Session, ex.ID, !ex.SessionByCookie)
	switch {
	case errors.Is(err, state.ErrTooManySessions):
		return &exchange.Problem{Code: exchange.ProblemTooManySessions, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("There are %d sessions already, and none is given up for %q. Delete those that are done with.", state.MaxSessions, ex.Session)}
	case err != nil:
		return &exchange.Problem{Code: exchange.ProblemStateUnavailable, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("The session cannot be used: %v.", err)}
	case !known:
		ex.Session = ""
	}
	if ex.Session == "" && m.settings.RequireSession {
		return &exchange.Problem{Code: exchange.ProblemSessionRequired, Status: http.StatusBadRequest, Detail: "Requests must name a session here: by the base path /__session/ID, the header Understudy-Session: ID or the query __session=ID."}
	}
	return nil
}

// enterAgain is enter for a request whose session was found to have ended.
func (m *Mock) enterAgain(ctx context.Context, ex *exchange.Exchange) *exchange.Problem {
	problem := m.enter(ctx, ex)
	if problem != nil {
		refuse(ex, problem)
	}
	return problem
}

// beginSession tells listeners of a session. The store calls it when one begins to
// exist, also by use.
func (m *Mock) beginSession(session string) {
	m.events.Tell("session", session, sessionEvent{session, "made"})
}

// forgetSessions drops what sessions alone had. The store calls it when they have ceased
// to exist.
func (m *Mock) forgetSessions(sessions ...string) {
	m.journal.Forget(sessions...) // looks at all entries, for all sessions together
	for _, session := range sessions {
		m.events.Tell("session", session, sessionEvent{session, "ended"})
		m.activations.forgetSession(session)
		m.coverage.Forget(session)
		m.forgetAdded(session)
	}
}

// forgetAdded drops the scenarios that were added for a session.
func (m *Mock) forgetAdded(session string) {
	m.added.mu.Lock()
	defer m.added.mu.Unlock()
	for name := range m.added.scopes[session] {
		m.added.putLocked(session, name, nil)
	}
	m.engine.Snapshot().SetOwn(session, nil)
}
