package state

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Memory is the Store of a single process. The zero value is ready to use.
type Memory struct {
	global   atomic.Pointer[[]string] // newest first; replaced, never changed
	globalMu sync.Mutex               // serializes changes of global
	sessions sync.Map                 // id → *session
	count    atomic.Int64
}

var _ Store = (*Memory)(nil)

// session is one session's state.
type session struct {
	active atomic.Pointer[[]string] // newest first; replaced, never changed

	mu    sync.Mutex // guards cells and changes of active
	cells map[Cell]Value
}

// session gives an existing session, nil where there is none.
func (m *Memory) session(id string) *session {
	if s, ok := m.sessions.Load(id); ok {
		return s.(*session)
	}
	return nil
}

// open gives a session, made when it is new.
func (m *Memory) open(id string) (*session, error) {
	if s := m.session(id); s != nil {
		return s, nil
	}
	if m.count.Add(1) > MaxSessions {
		m.count.Add(-1)
		return nil, ErrTooManySessions
	}
	s, loaded := m.sessions.LoadOrStore(id, &session{cells: map[Cell]Value{}})
	if loaded {
		m.count.Add(-1)
	}
	return s.(*session), nil
}

func list(p *atomic.Pointer[[]string]) []string {
	if l := p.Load(); l != nil {
		return *l
	}
	return nil
}

// Active implements Store. It takes no lock.
func (m *Memory) Active(_ context.Context, id string) (own, global []string, err error) {
	if s := m.session(id); s != nil {
		own = list(&s.active)
	}
	return own, list(&m.global), nil
}

// View implements Store.
func (m *Memory) View(_ context.Context, id string, cells []Cell) (View, error) {
	v := View{Cells: cells, Values: make([]Value, len(cells))}
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
func (m *Memory) Commit(_ context.Context, id string, v View, effects []Effect) (bool, error) {
	if len(effects) == 0 {
		return true, nil
	}
	s, err := m.open(id)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
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

// Activate implements Store.
func (m *Memory) Activate(_ context.Context, id, scenario string) error {
	s, err := m.open(id)
	if err != nil {
		return err
	}
	s.change(scenario, true)
	return nil
}

// Deactivate implements Store.
func (m *Memory) Deactivate(_ context.Context, id, scenario string) error {
	if s := m.session(id); s != nil {
		s.change(scenario, false)
	}
	return nil
}

func (s *session) change(scenario string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetLocked(func(c Cell) bool { return c.Scenario != scenario })
	replace(&s.active, scenario, on)
}

// replace moves a scenario to the front of a list, or takes it out.
func replace(p *atomic.Pointer[[]string], scenario string, on bool) {
	next := slices.DeleteFunc(slices.Clone(list(p)), func(name string) bool { return name == scenario })
	if on {
		next = slices.Insert(next, 0, scenario)
	}
	p.Store(&next)
}

func (s *session) forgetLocked(keep func(Cell) bool) {
	for c := range s.cells {
		if !keep(c) {
			delete(s.cells, c)
		}
	}
}

// ActivateGlobal implements Store.
func (m *Memory) ActivateGlobal(ctx context.Context, scenario string) error {
	return m.changeGlobal(ctx, scenario, true)
}

// DeactivateGlobal implements Store.
func (m *Memory) DeactivateGlobal(ctx context.Context, scenario string) error {
	return m.changeGlobal(ctx, scenario, false)
}

func (m *Memory) changeGlobal(ctx context.Context, scenario string, on bool) error {
	m.globalMu.Lock()
	defer m.globalMu.Unlock()
	if err := m.Forget(ctx, func(c Cell) bool { return c.Scenario != scenario }); err != nil {
		return err
	}
	replace(&m.global, scenario, on)
	return nil
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
