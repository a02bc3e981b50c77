package state

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is the Store of a single process. The zero value is ready to use.
type Memory struct {
	// Gone is called with the ids of sessions that cease to exist, or are made anew, with
	// those together that do so at the same moment; nil is not called.
	Gone func(ids ...string)
	// Made is called with the id of each session that begins to exist, by Enter or by
	// Make; nil is not called.
	Made func(id string)

	globalMu sync.Mutex // guards changes of global and begin
	global   atomic.Pointer[actives]
	begin    []string // the last is the newest

	versions atomic.Int64 // the last one given

	// mu guards what is made and deleted. A request that finds its session takes no
	// lock but the session's own.
	mu       sync.Mutex
	sessions sync.Map // id → *session, "" among them once something was written
	count    int      // of sessions without ""
}

var _ Store = (*Memory)(nil)

// session is one session's state.
type session struct {
	id     string
	made   time.Time
	start  Start
	used   atomic.Int64 // nanoseconds behind made, on the clock that is never set
	active atomic.Pointer[actives]

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
	before := known.(*session)
	m.endLocked(before) // first, so that Gone is never called for the new one
	m.storeLocked(m.newSession(id, start, by))
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
		Active: s.active.Load().names, Cells: len(s.cells),
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
	clear(s.cells)
	s.active.Store(m.startOf(s.start.Scenarios, by))
	return nil
}

// Begin implements Store.
func (m *Memory) Begin(_ context.Context, scenarios []string, by string) error {
	m.globalMu.Lock()
	defer m.globalMu.Unlock()
	m.begin = slices.Clone(scenarios)
	m.global.Store(m.startOf(m.begin, by))
	return nil
}

// Active implements Store. It takes no lock.
func (m *Memory) Active(_ context.Context, id string) (Active, error) {
	var a Active
	if global := m.global.Load(); global != nil {
		a.Global = global.names
	}
	if id == "" {
		return a, nil
	}
	s := m.session(id)
	if s == nil {
		return a, ErrNoSession
	}
	own := s.active.Load()
	a.Own, a.Version = own.names, own.version
	return a, nil
}

// View implements Store.
func (m *Memory) View(_ context.Context, id string, a *Active, cells []Cell) (View, error) {
	v := View{Cells: cells, Values: make([]Value, len(cells)), Version: a.Version}
	s := m.session(id)
	if s == nil || len(cells) == 0 {
		return v, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, c := range cells {
		v.Values[i] = s.cells[c]
	}
	return v, nil
}

// Commit implements Store.
func (m *Memory) Commit(_ context.Context, id, _ string, v *View, effects []Effect) (bool, error) {
	if len(effects) == 0 {
		return true, nil
	}
	s, err := m.open(id)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone || v.Version != 0 && v.Version != s.active.Load().version {
		return false, nil
	}
	for i, c := range v.Cells {
		if s.cells[c] != v.Values[i] {
			return false, nil
		}
	}
	if len(s.cells)+len(effects) > MaxCells && !s.holdsAllLocked(effects) {
		return false, ErrFull
	}
	for _, e := range effects {
		s.cells[e.Cell] = e.Value
	}
	return true, nil
}

func (s *session) holdsAllLocked(effects []Effect) bool {
	for _, e := range effects {
		if _, ok := s.cells[e.Cell]; !ok {
			return false
		}
	}
	return true
}

// Values implements Store.
func (m *Memory) Values(_ context.Context, id string) ([]Written, error) {
	s, err := m.open(id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Written, 0, len(s.cells))
	for c, v := range s.cells {
		all = append(all, Written{c, v})
	}
	return all, nil
}

// Activate implements Store.
func (m *Memory) Activate(ctx context.Context, id string, list ...Activation) error {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].Scenario
	}
	return m.change(ctx, id, names, list)
}

// Deactivate implements Store.
func (m *Memory) Deactivate(ctx context.Context, id string, scenarios ...string) error {
	return m.change(ctx, id, scenarios, nil)
}

// change takes scenarios out and puts others on top.
func (m *Memory) change(ctx context.Context, id string, out []string, on []Activation) error {
	other := func(c Cell) bool { return !slices.Contains(out, c.Scenario) }
	if id == "" {
		m.globalMu.Lock()
		defer m.globalMu.Unlock()
		if err := m.Forget(ctx, other); err != nil {
			return err
		}
		m.global.Store(m.changed(m.global.Load(), out, on))
		return nil
	}
	s, err := m.open(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetLocked(other)
	s.active.Store(m.changed(s.active.Load(), out, on))
	return nil
}

// Activations implements Store.
func (m *Memory) Activations(_ context.Context, id string) ([]Activation, error) {
	if id == "" {
		return m.global.Load().all(), nil
	}
	s, err := m.open(id)
	if err != nil {
		return nil, err
	}
	return s.active.Load().all(), nil
}

func (s *session) forgetLocked(keep func(Cell) bool) {
	for c := range s.cells {
		if !keep(c) {
			delete(s.cells, c)
		}
	}
}

// Forget implements Store.
func (m *Memory) Forget(_ context.Context, keep func(Cell) bool) error {
	m.sessions.Range(func(_, value any) bool {
		s := value.(*session)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.forgetLocked(keep)
		return true
	})
	return nil
}
