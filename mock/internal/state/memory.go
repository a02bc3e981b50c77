package state

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// Memory is the Store of a single process. The zero value is ready to use.
type Memory struct {
	// Gone is called with the ids of sessions that cease to exist, or are made anew, with
	// those together that do so at the same moment; nil is not called.
	Gone func(ids ...string)
	// Made is called with the id of each session that begins to exist, by Enter or by
	// Make; nil is not called.
	Made func(id string)
	// Room bounds the cells, the active scenarios and those of the starts of all sessions
	// together; 0 is MaxHeld. It is set before the first use.
	Room int

	globalMu sync.Mutex // guards changes of global and begin
	global   atomic.Pointer[Actives]
	begin    []string // the last is the newest

	versions atomic.Int64 // the last one given

	// mu guards what is made and deleted. A request that finds its session takes no
	// lock but the session's own.
	mu       sync.Mutex
	sessions sync.Map // id → *session, "" among them once something was written
	count    int      // of sessions without ""
	idle     idles

	held atomic.Int64 // what of all sessions counts towards Room
}

// take makes room for n more, or gives false where there is none. Less is always taken. What
// is refused is never seen as held: it would have others refused that there is room for.
func (m *Memory) take(n int) bool {
	for {
		held := m.held.Load()
		next := held + int64(n)
		if n > 0 && next > int64(cmp.Or(m.Room, MaxHeld)) {
			return false
		}
		if m.held.CompareAndSwap(held, next) {
			return true
		}
	}
}

// give gives room for n back.
func (m *Memory) give(n int) { m.held.Add(int64(-n)) }

var _ Store = (*Memory)(nil)

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

// Commit implements Store. Where there is no room, sessions that have expired make some.
func (m *Memory) Commit(_ context.Context, id, _ string, v *View, effects []Effect) (bool, error) {
	if len(effects) == 0 {
		return m.looked(id, v)
	}
	done, err := m.commit(id, v, effects)
	if err != nil && errors.Is(err, ErrFull) {
		m.sweep() // without the session's lock, which is taken behind m.mu
		done, err = m.commit(id, v, effects)
	}
	return done, err
}

// looked tells whether a view without effects is of one moment. Its values are; what was
// active before must have been so then, which it was if it still is.
func (m *Memory) looked(id string, v *View) (bool, error) {
	if len(v.Cells) == 0 || v.Version == 0 {
		return true, nil
	}
	s, err := m.lock(id)
	if err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	return v.Version == s.active.Load().Version, nil
}

func (m *Memory) commit(id string, v *View, effects []Effect) (bool, error) {
	s, err := m.lock(id)
	if err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	if v.Version != 0 && v.Version != s.active.Load().Version {
		return false, nil
	}
	for i, c := range v.Cells {
		if s.cells[c] != v.Values[i] {
			return false, nil
		}
	}
	more := s.missingLocked(effects)
	if more > 0 && (len(s.cells)+more > MaxCells || !m.take(more)) {
		return false, ErrFull
	}
	before := len(s.cells)
	for _, e := range effects {
		e.Cell.Key = strings.Clone(e.Cell.Key) // what it was cut out of is longer
		s.cells[e.Cell] = e.Value
	}
	if more > 0 {
		s.most = max(s.most, len(s.cells))
		m.give(before + more - len(s.cells)) // one cell may be set twice
	}
	return true, nil
}

// missingLocked counts the effects that set a cell which the session does not hold.
func (s *session) missingLocked(effects []Effect) (n int) {
	for _, e := range effects {
		if _, ok := s.cells[e.Cell]; !ok {
			n++
		}
	}
	return n
}

// Values implements Store.
func (m *Memory) Values(_ context.Context, id string) ([]Written, error) {
	s, err := m.lock(id)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	all := make([]Written, 0, len(s.cells))
	for c, v := range s.cells {
		all = append(all, Written{c, v})
	}
	return all, nil
}

func (m *Memory) forgetLocked(s *session, keep func(Cell) bool) {
	before := len(s.cells)
	for c := range s.cells {
		if !keep(c) {
			delete(s.cells, c)
		}
	}
	m.give(before - len(s.cells))
	s.shrinkLocked()
}

// fewCells is up to how many cells a session keeps the memory for.
const fewCells = 64

// shrinkLocked gives memory back: a map keeps what it has once grown to, which Room knows
// nothing of.
func (s *session) shrinkLocked() {
	if s.most <= fewCells || len(s.cells) > s.most/2 {
		return
	}
	left := make(map[Cell]Value, len(s.cells))
	maps.Copy(left, s.cells)
	s.cells, s.most = left, len(left)
}

// Forget implements Store.
func (m *Memory) Forget(_ context.Context, keep func(Cell) bool) error {
	m.sessions.Range(func(_, value any) bool {
		s := value.(*session)
		s.mu.Lock()
		defer s.mu.Unlock()
		m.forgetLocked(s, keep)
		return true
	})
	return nil
}
