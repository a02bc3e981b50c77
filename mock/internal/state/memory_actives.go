package state

import (
	"context"
	"errors"
	"slices"
)

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
		a.Global = global.Names
	}
	if id == "" {
		return a, nil
	}
	s := m.session(id)
	if s == nil {
		return a, ErrNoSession
	}
	own := s.active.Load()
	a.Own, a.Version = own.Names, own.Version
	return a, nil
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

// change takes scenarios out and puts others on top. Where there is no room for that,
// sessions that have expired make some.
func (m *Memory) change(ctx context.Context, id string, out []string, on []Activation) error {
	isOut := make(map[string]bool, len(out))
	for _, name := range out {
		isOut[name] = true
	}
	other := func(c Cell) bool { return !isOut[c.Scenario] }
	if id == "" {
		m.globalMu.Lock()
		defer m.globalMu.Unlock()
		if err := m.Forget(ctx, other); err != nil {
			return err
		}
		m.global.Store(m.changed(m.global.Load(), isOut, on))
		return nil
	}
	err := m.changeOwn(id, other, isOut, on)
	if errors.Is(err, ErrFull) {
		m.sweep() // without the session's lock, which is taken behind m.mu
		err = m.changeOwn(id, other, isOut, on)
	}
	return err
}

// changeOwn does so in a session; other tells which cells are kept.
func (m *Memory) changeOwn(id string, other func(Cell) bool, out map[string]bool, on []Activation) error {
	s, err := m.lock(id)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	before := s.active.Load()
	next := m.changed(before, out, on)
	if !m.take(len(next.List) - len(before.List)) {
		return ErrFull
	}
	m.forgetLocked(s, other)
	s.active.Store(next)
	return nil
}

// Activations implements Store.
func (m *Memory) Activations(_ context.Context, id string) ([]Activation, error) {
	if id == "" {
		return m.global.Load().All(), nil
	}
	s, err := m.open(id)
	if err != nil {
		return nil, err
	}
	return s.active.Load().All(), nil
}
