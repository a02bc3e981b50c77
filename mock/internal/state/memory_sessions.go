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

	mu    sync.Mutex // guards cells, most, gone and changes of active
	cells map[Cell]Value
	most  int  // cells that the map has held at one time
	gone  bool // deleted or made anew

	// Memory.mu guards them: its place in Memory.idle, and a time at which or after which it
	// ends.
	place int
	due   time.Time
}

func (m *Memory) newSession(id string, start Start, by string) *session {
	now := time.Now()
	s := &session{id: id, made: now, start: start, cells: map[Cell]Value{}}
	s.active.Store(m.startOf(start.Scenarios, by))
	return s
}

// unused is how long it was not used.
func (s *session) unused(now time.Time) time.Duration {
	return max(0, now.Sub(s.made)-time.Duration(s.used.Load()))
}

func (s *session) expired(now time.Time) bool {
	return s.start.Idle > 0 && s.unused(now) > s.start.Idle
}

// roomLocked is what counts of it towards Room.
func (s *session) roomLocked() int {
	return len(s.cells) + len(s.active.Load().List) + len(s.start.Scenarios)
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

// lock gives a session that must exist, locked. It waits for one that takes the place of an
// ended one: there is one of that name all the time.
func (m *Memory) lock(id string) (*session, error) {
	for {
		s, err := m.open(id)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		if !s.gone {
			return s, nil
		}
		s.mu.Unlock()
		m.settle()
	}
}

// settle waits until no session is about to leave or to take another one's place.
func (m *Memory) settle() {
	m.mu.Lock()
	defer m.mu.Unlock()
}

// remove forgets a session, unless another one has taken its place.
func (m *Memory) remove(s *session) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, _ := m.sessions.Load(s.id); known == s {
		m.removeLocked(s)
	}
}

func (m *Memory) removeLocked(s *session) {
	m.sessions.Delete(s.id)
	m.count--
	m.unawaitLocked(s)
	m.endLocked(s)
}

// endLocked keeps requests under way from writing into sessions.
func (m *Memory) endLocked(ended ...*session) {
	ids := make([]string, len(ended))
	for i, s := range ended {
		m.yieldLocked(s, 0)
		ids[i] = s.id
	}
	m.tellGone(ids...)
}

func (m *Memory) tellGone(ids ...string) {
	if m.Gone != nil && len(ids) > 0 {
		m.Gone(ids...)
	}
}

// yieldLocked ends a session for one that takes its place and needs n, 0 for none. Where
// there is no room for what that is more, it gives false, and the session lives on.
func (m *Memory) yieldLocked(s *session, n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !m.take(n - s.roomLocked()) {
		return false
	}
	s.gone, s.cells, s.most = true, nil, 0
	return true
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
	_, err := m.addLocked(m.newSession(id, Start{}, ""))
	return true, err
}

// addLocked takes in a session, in place of one of its name, and tells whether there was
// none. At a bound those that have expired make room; with an error all others are as they
// were.
func (m *Memory) addLocked(s *session) (bool, error) {
	isNew, err := m.putLocked(s)
	if err != nil {
		m.sweepLocked()
		isNew, err = m.putLocked(s)
	}
	return isNew, err
}

func (m *Memory) putLocked(s *session) (bool, error) {
	if known, exists := m.sessions.Load(s.id); exists {
		return m.replaceLocked(known.(*session), s)
	}
	if m.count >= MaxSessions {
		return false, ErrTooManySessions
	}
	if !m.take(s.roomLocked()) {
		return false, ErrFull
	}
	m.count++
	m.storeLocked(s)
	return true, nil
}

// replaceLocked tells whether the one before had expired, which is as if there were none.
func (m *Memory) replaceLocked(before, s *session) (bool, error) {
	expired := before.expired(time.Now())
	if !m.yieldLocked(before, s.roomLocked()) {
		return false, ErrFull
	}
	m.unawaitLocked(before)
	m.tellGone(s.id) // first, so that it is never told of the new one
	m.storeLocked(s)
	return expired, nil
}

func (m *Memory) storeLocked(s *session) {
	m.sessions.Store(s.id, s)
	m.awaitLocked(s)
	if m.Made != nil {
		m.Made(s.id)
	}
}

// Make implements Store.
func (m *Memory) Make(_ context.Context, id string, start Start, by string) (bool, error) {
	start.Scenarios = slices.Clone(start.Scenarios)
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.addLocked(m.newSession(id, start, by))
}

// Sessions implements Store.
func (m *Memory) Sessions(ctx context.Context) ([]Session, error) {
	m.sweep()
	var all []Session
	m.sessions.Range(func(id, _ any) bool {
		if id != "" {
			if one, err := m.Session(ctx, id.(string)); err == nil { // else it has ended meanwhile
				all = append(all, one)
			}
		}
		return true
	})
	slices.SortFunc(all, func(a, b Session) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// Session implements Store.
func (m *Memory) Session(_ context.Context, id string) (Session, error) {
	s, err := m.lock(id)
	if err != nil {
		return Session{}, err
	}
	defer s.mu.Unlock()
	return Session{
		ID: s.id, Made: s.made, Used: s.made.Add(time.Duration(s.used.Load())), Start: s.start,
		Active: s.active.Load().Names, Cells: len(s.cells),
	}, nil
}

// Delete implements Store.
func (m *Memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, exists := m.sessions.Load(id)
	if !exists || id == "" {
		return ErrNoSession
	}
	s := known.(*session)
	expired := s.expired(time.Now())
	m.removeLocked(s)
	if expired {
		return ErrNoSession
	}
	return nil
}

// Reset implements Store.
func (m *Memory) Reset(_ context.Context, id, by string) error {
	if id == "" {
		m.globalMu.Lock()
		defer m.globalMu.Unlock()
		m.global.Store(m.startOf(m.begin, by))
	}
	s, err := m.lock(id)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	next := m.startOf(s.start.Scenarios, by)
	m.give(len(s.cells) + len(s.active.Load().List) - len(next.List)) // never refused: what it starts with is counted
	clear(s.cells)
	s.shrinkLocked()
	s.active.Store(next)
	return nil
}
