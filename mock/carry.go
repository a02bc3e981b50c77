package mock

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// serve makes a snapshot of loaded files the served one, with the added scenarios
// that fit its contracts. Of the others, those of everybody wait for a contract that they
// fit, and those of sessions are gone. The error tells what of the state has not followed.
// m.reload is held.
func (m *Mock) serve(ctx context.Context, loaded *engine.Snapshot) ([]Dropped, error) {
	m.files = loaded.Scenarios
	unfit := m.added.unfit()
	again, misfits := m.proveAgain(loaded)
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
				misfits = append(misfits, Dropped{session, names[i], err})
				delete(list, names[i])
			}
		}
		switch {
		case session == "":
			next = loaded.With(merged)
		case m.added.scopes[session] != nil: // else it has ended meanwhile
			next.SetOwn(session, merged)
		}
	}
	for _, d := range misfits {
		var rest *addition
		if d.Session == "" {
			rest = m.added.scopes[""][d.Scenario].resting(d.Err)
		}
		m.added.putLocked(d.Session, d.Scenario, rest)
	}
	for session, list := range m.added.scopes {
		for name := range list {
			if proved := again[session][name]; proved != nil {
				m.added.putLocked(session, name, proved)
			}
		}
	}
	m.swap(next)
	m.added.mu.Unlock()
	var dropped []Dropped // those that fitted before
	var undone []error
	for _, d := range misfits {
		if d.Session == "" && unfit[d.Scenario] != nil {
			continue
		}
		dropped = append(dropped, d)
		if err := m.takeOut(ctx, d); err != nil {
			undone = append(undone, fmt.Errorf("the scenario %s, which no longer fits, is active as before: %w", d.Scenario, err))
		}
	}
	back := returning(unfit, again[""])
	if err := m.resume(ctx, back, byFiles); err != nil {
		undone = append(undone, fmt.Errorf("what fits again is not active again (%s): %w", strings.Join(scenariosOf(back), ", "), err))
	}
	if m.shared == nil { // else as in forgetOld
		holds := next.Holder()
		if err := m.store.Forget(ctx, func(c state.Cell) bool { return holds(scenario.Cell(c)) }); err != nil {
			undone = append(undone, fmt.Errorf("sequences and states whose text has changed do not start anew: %w", err))
		}
	}
	return dropped, errors.Join(undone...)
}

func scenariosOf(list []state.Activation) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].Scenario
	}
	return names
}

// returning lists how those that fit again were active before, the oldest first.
func returning(unfit, fit map[string]*addition) []state.Activation {
	var list []state.Activation
	for name, one := range unfit {
		if fit[name] != nil && one.active != nil && !over(one.active) {
			list = append(list, *one.active)
		}
	}
	slices.SortFunc(list, func(a, b state.Activation) int { return a.Since.Compare(b.Since) })
	return list
}

// proveAgain proves all added scenarios against other contracts.
func (m *Mock) proveAgain(loaded *engine.Snapshot) (fit map[string]map[string]*addition, misfits []Dropped) {
	m.added.mu.Lock()
	scopes := map[string]map[string]*addition{}
	for session, list := range m.added.scopes {
		scopes[session] = maps.Clone(list)
	}
	m.added.mu.Unlock()
	for _, session := range slices.Sorted(maps.Keys(scopes)) {
		for _, name := range slices.Sorted(maps.Keys(scopes[session])) {
			before := scopes[session][name]
			again, err := m.newAddition(before.file, loaded.APIs)
			if err != nil {
				misfits = append(misfits, Dropped{session, name, err})
				delete(scopes[session], name)
				continue
			}
			again.kept = before.kept
			scopes[session][name] = again
		}
	}
	return scopes, misfits
}

// takeOut deactivates a scenario that was dropped, and remembers for one of everybody that
// it was active.
func (m *Mock) takeOut(ctx context.Context, d Dropped) error {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	active, err := m.store.Activations(ctx, d.Session)
	i := slices.IndexFunc(active, func(act state.Activation) bool { return act.Scenario == d.Scenario })
	switch {
	case errors.Is(err, state.ErrNoSession), err == nil && i < 0:
		return nil
	case err != nil:
		return err
	}
	if one := m.added.find("", d.Scenario); d.Session == "" && one != nil {
		m.added.remember(one, active[i])
	}
	return m.take(ctx, d.Session, byFiles, d.Scenario)
}

// keeping keeps the cells of all scenarios but one, and of that one those that are
// held.
func keeping(holds func(scenario.Cell) bool, name string) func(state.Cell) bool {
	return func(c state.Cell) bool { return c.Scenario != name || holds(scenario.Cell(c)) }
}
