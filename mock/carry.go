package mock

import (
	"context"
	"maps"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// serve makes a snapshot of loaded files the served one, with the added scenarios
// that fit its contracts. The others are dropped. m.reload is held.
func (m *Mock) serve(ctx context.Context, loaded *engine.Snapshot) ([]Dropped, error) {
	m.files = loaded.Scenarios
	again, dropped := m.proveAgain(loaded)
	m.added.mu.Lock()
	next := loaded
	for session, list := range again {
		base := m.files
		if session != "" {
			base = scenario.Empty()
		}
		names := slices.Sorted(maps.Keys(list))
		var sets []*scenario.Set
		for _, name := range names {
			sets = append(sets, list[name].set)
		}
		merged, left := base.With(loaded.APIs, sets...)
		for i, err := range left {
			if err != nil {
				dropped = append(dropped, Dropped{session, names[i], err})
			}
		}
		switch {
		case session == "":
			next = loaded.With(merged)
		case m.added.scopes[session] != nil: // else it has ended meanwhile
			next.SetOwn(session, merged)
		}
	}
	for _, d := range dropped {
		m.added.putLocked(d.Session, d.Scenario, nil)
	}
	for session, list := range m.added.scopes {
		for name := range list {
			if proved := again[session][name]; proved != nil {
				m.added.putLocked(session, name, proved)
			}
		}
	}
	m.coverage.Swap(next.APIs, next.Scenarios)
	m.engine.Swap(next)
	m.added.mu.Unlock()
	for _, d := range dropped {
		if err := m.takeOut(ctx, d); err != nil {
			return dropped, err
		}
	}
	holds := next.Holder()
	return dropped, m.store.Forget(ctx, func(c state.Cell) bool { return holds(scenario.Cell(c)) })
}

// proveAgain proves all added scenarios against other contracts.
func (m *Mock) proveAgain(loaded *engine.Snapshot) (fit map[string]map[string]*addition, dropped []Dropped) {
	m.added.mu.Lock()
	scopes := map[string]map[string]*addition{}
	for session, list := range m.added.scopes {
		scopes[session] = maps.Clone(list)
	}
	m.added.mu.Unlock()
	for _, session := range slices.Sorted(maps.Keys(scopes)) {
		for _, name := range slices.Sorted(maps.Keys(scopes[session])) {
			again, err := m.newAddition(scopes[session][name].file, loaded.APIs)
			if err != nil {
				dropped = append(dropped, Dropped{session, name, err})
				delete(scopes[session], name)
				continue
			}
			scopes[session][name] = again
		}
	}
	return scopes, dropped
}

// takeOut deactivates a scenario that was dropped.
func (m *Mock) takeOut(ctx context.Context, d Dropped) error {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	active, err := m.active(ctx, d.Session)
	if err != nil || !slices.Contains(active, d.Scenario) {
		return nil // nothing is active in a session that has ended
	}
	return m.take(ctx, d.Session, byFiles, d.Scenario)
}

// keeping keeps the cells of all scenarios but one, and of that one those that are
// held.
func keeping(holds func(scenario.Cell) bool, name string) func(state.Cell) bool {
	return func(c state.Cell) bool { return c.Scenario != name || holds(scenario.Cell(c)) }
}
