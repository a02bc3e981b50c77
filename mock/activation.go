package mock

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
)

// MaxActiveFor bounds the time for which a scenario can be activated.
const MaxActiveFor = 30 * 24 * time.Hour

// activations remembers who has activated a scenario and since when, and ends those
// that are for a time. Which are active is for the store alone to say. The zero value
// is ready to use.
type activations struct {
	// order is held while the store and the list are changed together. It is never
	// taken where the store calls back.
	order sync.Mutex

	mu    sync.Mutex // guards the fields below
	list  map[string]map[string]*activation
	ended bool
}

// activation is one active scenario of a session, "" for everybody.
type activation struct {
	by           string
	since, until time.Time // until is zero for one that does not end by itself
	timer        *time.Timer
}

// note remembers an activation in place of one before it.
func (a *activations) note(session, scenario string, act *activation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		act.stop()
	}
	if a.list == nil {
		a.list = map[string]map[string]*activation{}
	}
	if a.list[session] == nil {
		a.list[session] = map[string]*activation{}
	}
	a.list[session][scenario].stop()
	a.list[session][scenario] = act
}

// forget drops what is known of a scenario.
func (a *activations) forget(session, scenario string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list[session][scenario].stop()
	delete(a.list[session], scenario)
}

// forgetSession drops what is known of all scenarios of a session.
func (a *activations) forgetSession(session string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, act := range a.list[session] {
		act.stop()
	}
	delete(a.list, session)
}

// end stops all timers, also of activations to come.
func (a *activations) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	for _, list := range a.list {
		for _, act := range list {
			act.stop()
		}
	}
}

// begin lets activations end by themselves again.
func (a *activations) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = false
}

func (act *activation) stop() {
	if act != nil && act.timer != nil {
		act.timer.Stop()
	}
}

// find gives what is known of an active scenario, nil for nothing.
func (a *activations) find(session, scenario string) *activation {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.list[session][scenario]
}

// activate puts scenarios on top of those of a session, "" for everybody, the last on
// top; after a time other than 0 they are taken out again.
func (m *Mock) activate(ctx context.Context, session string, names []string, d time.Duration) error {
	if d < 0 || d > MaxActiveFor {
		return &timeError{d}
	}
	for _, name := range names {
		if err := m.known(session, name); err != nil {
			return err
		}
	}
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	for _, name := range names {
		change := m.store.ActivateGlobal
		if session != "" {
			change = func(ctx context.Context, name string) error { return m.store.Activate(ctx, session, name) }
		}
		if err := change(ctx, name); err != nil {
			return err
		}
		act := &activation{by: changer(ctx), since: time.Now()}
		told := admin.Change{By: act.by, Action: admin.Activated, Session: session, Scenario: name}
		if d > 0 {
			act.until = act.since.Add(d)
			told.Until = &act.until
			act.timer = time.AfterFunc(d, func() { m.expire(session, name, act) })
		}
		m.activations.note(session, name, act)
		m.journal.Activated(session, name)
		m.changed(told)
	}
	return nil
}

// deactivate takes scenarios out of a session, "" for everybody.
func (m *Mock) deactivate(ctx context.Context, session string, names []string) error {
	active, err := m.active(ctx, session)
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.Contains(active, name) {
			continue // also one that a reload has taken away
		}
		if err := m.known(session, name); err != nil {
			return err
		}
	}
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	for _, name := range names {
		if err := m.take(ctx, session, name, changer(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// take takes out a scenario; order is held.
func (m *Mock) take(ctx context.Context, session, name, by string) error {
	var err error
	if session == "" {
		err = m.store.DeactivateGlobal(ctx, name)
	} else {
		err = m.store.Deactivate(ctx, session, name)
	}
	if err != nil {
		return err
	}
	m.activations.forget(session, name)
	m.changed(admin.Change{By: by, Action: admin.Deactivated, Session: session, Scenario: name})
	return nil
}

// active lists the active scenarios of a session, "" for those of everybody, newest first.
func (m *Mock) active(ctx context.Context, session string) ([]string, error) {
	if session == "" {
		_, global, err := m.store.Active(ctx, "")
		return global, err
	}
	known, err := m.store.Session(ctx, session)
	return known.Active, err
}

// reset returns a session, "" for requests without one, to its start.
func (m *Mock) reset(ctx context.Context, session string) error {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	if err := m.store.Reset(ctx, session); err != nil {
		return err
	}
	m.activations.forgetSession(session)
	m.journal.Forget(session)
	m.coverage.Forget(session) // what everybody has covered stays
	names, err := m.active(ctx, session)
	m.journal.Activated(session, names...)
	for _, name := range names {
		m.activations.note(session, name, &activation{by: changer(ctx), since: time.Now()})
	}
	m.changed(admin.Change{By: changer(ctx), Action: admin.Reset, Session: session})
	return err
}

// expire ends an activation whose time is over, unless another has taken its place.
func (m *Mock) expire(session, name string, act *activation) {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	if m.activations.find(session, name) != act {
		return
	}
	if err := m.take(context.Background(), session, name, byTimer); err != nil {
		m.settings.Logger.Error("a scenario that was active for a time cannot be taken out", "scenario", name, "session", session, "error", err)
	}
}

// timeError refuses a time for which nothing can be activated.
type timeError struct{ d time.Duration }

func (e *timeError) Error() string {
	return fmt.Sprintf("a scenario cannot be active for %s: use a duration up to %s", e.d, MaxActiveFor)
}
