package mock

import (
	"context"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// removeScenario takes out an added scenario, in one step against all who add and remove.
func (m *Mock) removeScenario(ctx context.Context, session, name string) error {
	if _, err := m.store.Enter(ctx, session, "", false); err != nil { // which takes over what there is
		return err
	}
	if m.shared != nil {
		return m.unshare(ctx, session, name)
	}
	m.reload.Lock()
	defer m.reload.Unlock()
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	known, err := m.removable(session, name)
	if err != nil {
		return err
	}
	if err := m.serveAdded(session, name, nil); err != nil {
		return err
	}
	m.changed(removedChange(changer(ctx), session, name))
	if known.unfit != nil {
		m.keepActive(ctx, session) // it may have been active before
		return nil
	}
	if err := m.take(ctx, session, changer(ctx), name); err != nil {
		return err
	}
	return m.forgetOld(ctx, name)
}

// removable gives an added scenario, or why there is none to remove. m.reload is held.
func (m *Mock) removable(session, name string) (*addition, error) {
	if known := m.added.find(session, name); known != nil {
		return known, nil
	}
	if session == "" && m.files.Scenario(name) != nil {
		return nil, fmt.Errorf("%w: %s", ErrScenarioFromFile, m.files.Scenario(name).File.Name)
	}
	return nil, &unknownScenario{name: name, known: m.added.names(session)}
}

// emptyScope serves a scope without scenarios that were added. m.reload is held.
func (m *Mock) emptyScope(session string) {
	m.added.mu.Lock()
	defer m.added.mu.Unlock()
	for name := range m.added.scopes[session] {
		m.added.putLocked(session, name, nil)
	}
	if session == "" {
		m.swapScope(session, m.files)
	} else {
		m.swapScope(session, scenario.Empty())
	}
}
