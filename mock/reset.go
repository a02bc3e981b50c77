package mock

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/admin"
)

// reset returns a session, "" for everybody, to its start, in one step against all who add
// and remove scenarios. Those that were added since go, except those that are kept for the
// next start. An error tells that nothing was done, or what was.
func (m *Mock) reset(ctx context.Context, session string) error {
	if session != "" {
		if _, err := m.store.Session(ctx, session); err != nil {
			return err
		}
	}
	m.activations.order.Lock()
	if m.shared == nil && len(m.added.names(session)) > 0 {
		m.activations.order.Unlock() // m.reload is always taken first; most resets do without it
		m.reload.Lock()
		defer m.reload.Unlock()
		m.activations.order.Lock()
	}
	defer m.activations.order.Unlock()
	told := m.resetStore(ctx, session)
	if !isMade(told) && !errors.Is(told, ErrNotKept) {
		return told
	}
	if session == "" {
		m.engine.SetDelay(m.settings.Delay)
	}
	m.activations.forgetSession(session)
	if err := m.erase(ctx, session); err != nil && told == nil {
		told = fmt.Errorf("the reset is made, but verdicts and coverage may have counts of before: %w", err)
	}
	if names, err := m.active(ctx, session); err == nil { // else it has ended, or cannot be asked any more
		m.journal.Activated(session, names...)
	}
	m.keepActive(ctx, session)
	m.changed(admin.Change{By: changer(ctx), Action: admin.Reset, Session: session})
	return told
}

// resetStore resets what the store has, and drops the scenarios that go with it.
// Where there are such, m.reload is held, except with shared state.
func (m *Mock) resetStore(ctx context.Context, session string) error {
	by := changer(ctx)
	if m.shared != nil {
		err := m.shared.ResetTexts(ctx, session, by)
		if isMade(err) {
			m.catchUp(ctx, session)
		}
		return err
	}
	if err := m.store.Reset(ctx, session, by); err != nil {
		return err
	}
	if session == "" && m.settings.Data != "" {
		return m.dropForced()
	}
	if len(m.added.names(session)) > 0 {
		m.emptyScope(session)
	}
	return nil
}

// forced lists the answers that were forced for everybody since the start. A reset ends
// them, and a scenario with nothing but such an answer is of no use to anybody later.
func (m *Mock) forced() []string {
	return slices.DeleteFunc(m.added.names(""), func(name string) bool {
		return !admin.IsForced(name) || slices.Contains(m.activations.start, name)
	})
}

// dropForced drops those. m.reload is held.
func (m *Mock) dropForced() error {
	var failed []error
	for _, name := range m.forced() {
		if err := m.serveAdded("", name, nil); err != nil {
			failed = append(failed, err)
		}
	}
	if err := errors.Join(failed...); err != nil {
		return fmt.Errorf("the reset is made, but answers that were forced stay in the list, inactive: %w", err)
	}
	return nil
}
