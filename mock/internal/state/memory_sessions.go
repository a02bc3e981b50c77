package state

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// session is one session's state.
type session struct {
	id     string
	made   time.Time
	start  Start
	used   atomic.Int64 // nanoseconds behind made, on the clock that is never set
	active atomic.Pointer[Actives]

	mu    sync.Mutex // guards cells, gone and changes of active
	cells map[Cell]Value
	gone  bool // deleted or made anew
}

func (m *Memory) newSession(id string, start Start, by string) *session {
	now := time.Now()
	s := &session{id: id, made: now, start: start, cells: map[Cell]Value{}}
	s.active.Store(m.startOf(start.Scenarios, by))
	return s
}

func (s *session) expired(now time.Time) bool {
	return s.start.Idle > 0 && now.Sub(s.made)-time.Duration(s.used.Load()) > s.start.Idle
}

// session gives an existing session, nil where there is none.
func (m *Memory) session(id string) *session {
	known, ok := m.sessions.Load(id)
	if !ok {
		return nil
	}
	s := known.(*session)
	if s.start.Idle > 0 && s.expired(time.Now()) {
		m.remove(s)
		return nil
	}
	return s
}

// open gives a session that must exist.
func (m *Memory) open(id string) (*session, error) {
	if s := m.session(id); s != nil {
		return s, nil
	}
	if id != "" {
		return nil, ErrNoSession
	}
	s, _ := m.sessions.LoadOrStore("", m.newSession("", Start{}, ""))
	return s.(*session), nil
}

// remove forgets a session, unless another one has taken its place.
func (m *Memory) remove(s *session) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.sessions.CompareAndDelete(s.id, s) {
		return false
	}
	m.count--
	m.endLocked(s)
	return true
}

// endLocked keeps requests under way from writing into sessions.
func (m *Memory) endLocked(ended ...*session) {
	ids := make([]string, len(ended))
	for i, s := range ended {
		s.mu.Lock()
		s.gone = true
		m.give(len(s.cells) + len(s.active.Load().List) + len(s.start.Scenarios))
		s.cells = nil // whoever has still found the session gives nothing back again
		s.mu.Unlock()
		ids[i] = s.id
	}
	if m.Gone != nil && len(ids) > 0 {
		m.Gone(ids...)
	}
}

// Enter implements Store.
func (m *Memory) Enter(_ context.Context, id, _ string, create bool) (bool, error) {
	s := m.session(id)
	switch {
	case id == "":
		return true, nil
	case s != nil:
		s.used.Store(int64(time.Since(s.made)))
		return true, nil
	case !create:
		return false, nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.sessions.Load(id); known {
		return true, nil
	}
	return true, m.addLocked(m.newSession(id, Start{}, ""))
}

// addLocked takes in a session. At the bound those that have expired make room.
func (m *Memory) addLocked(s *session) error {
	if m.count >= MaxSessions {
		m.sweepLocked()
	}
	if m.count >= MaxSessions {
		return ErrTooManySessions
	}
	if !m.take(len(s.active.Load().List) + len(s.start.Scenarios)) {
		return ErrFull
	}
	m.count++
	m.storeLocked(s)
	return nil
}

func (m *Memory) storeLocked(s *session) {
	m.sessions.Store(s.id, s)
	if m.Made != nil {
		m.Made(s.id)
	}
}

func (m *Memory) sweepLocked() {
	now := time.Now()
	var ended []*session
	m.sessions.Range(func(id, value any) bool {
		if s := value.(*session); s.expired(now) {
			m.sessions.Delete(id)
			m.count--
			ended = append(ended, s)
		}
		return true
	})
	m.endLocked(ended...)
}

// Make implements Store.
func (m *Memory) Make(_ context.Context, id string, start Start, by string) (bool, error) {
	start.Scenarios = slices.Clone(start.Scenarios)
	m.mu.Lock()
	defer m.mu.Unlock()
	known, exists := m.sessions.Load(id)
	if !exists {
		return true, m.addLocked(m.newSession(id, start, by))
	}
	before, next := known.(*session), m.newSession(id, start, by)
	if !m.take(len(next.active.Load().List) + len(start.Scenarios)) {
		return false, ErrFull
	}
	m.endLocked(before) // first, so that Gone is never called for the new one
	m.storeLocked(next)
	return before.expired(time.Now()), nil
}

// Sessions implements Store.
func (m *Memory) Sessions(context.Context) ([]Session, error) {
	m.mu.Lock()
	m.sweepLocked()
	m.mu.Unlock()
	var all []Session
	m.sessions.Range(func(id, value any) bool {
		if id != "" {
			all = append(all, value.(*session).describe())
		}
		return true
	})
	slices.SortFunc(all, func(a, b Session) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// Session implements Store.
func (m *Memory) Session(_ context.Context, id string) (Session, error) {
	s, err := m.open(id)
	if err != nil {
		return Session{}, err
	}
	return s.describe(), nil
}

func (s *session) describe() Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Session{
		ID: s.id, Made: s.made, Used: s.made.Add(time.Duration(s.used.Load())), Start: s.start,
		Active: s.active.Load().Names, Cells: len(s.cells),
	}
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, id string) error {
	if s := m.session(id); s == nil || id == "" || !m.remove(s) {
		return ErrNoSession
	}
	return nil
}

// Reset implements Store.
func (m *Memory) Reset(_ context.Context, id, by string) error {
	s, err := m.open(id)
	if err != nil {
		return err
	}
	if id == "" {
		m.globalMu.Lock()
		defer m.globalMu.Unlock()
		m.global.Store(m.startOf(m.begin, by))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone {
		return ErrNoSession
	}
	next := m.startOf(s.start.Scenarios, by)
	m.give(len(s.cells) + len(s.active.Load().List) - len(next.List)) // never refused: what it starts with is counted
	clear(s.cells)
	s.active.Store(next)
	return nil
}
