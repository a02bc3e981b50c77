package mock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// MaxActiveFor bounds the time for which a scenario can be activated.
const MaxActiveFor = 30 * 24 * time.Hour

// activations ends activations that are for a time. Which there are is for the store
// alone to say. The zero value is ready to use.
type activations struct {
	// order is held while the store and the timers are changed together, also with what was
	// added. It is taken after Mock.reload, and never where the store calls back.
	order sync.Mutex
	start []string // what everybody begins with; begin sets it
	kept  []byte   // what is in the file of the active ones, nil for none; order guards it

	mu     sync.Mutex                        // guards the fields below
	timers map[string]map[string]*time.Timer // by session, "" for everybody, and scenario
	ended  bool
}

// note remembers the timer of an activation, nil for none, in place of one before it.
func (a *activations) note(session, scenario string, timer *time.Timer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if before := a.timers[session][scenario]; before != nil {
		before.Stop()
		delete(a.timers[session], scenario)
	}
	if timer == nil {
		return
	}
	if a.ended {
		timer.Stop()
	}
	if a.timers == nil {
		a.timers = map[string]map[string]*time.Timer{}
	}
	if a.timers[session] == nil {
		a.timers[session] = map[string]*time.Timer{}
	}
	a.timers[session][scenario] = timer
}

// forgetSession ends the timers of a session.
func (a *activations) forgetSession(session string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, timer := range a.timers[session] {
		timer.Stop()
	}
	delete(a.timers, session)
}

// end stops all timers, also of activations to come.
func (a *activations) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	for _, list := range a.timers {
		for _, timer := range list {
			timer.Stop()
		}
	}
}

// begin lets activations end by themselves again.
func (a *activations) begin() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = false
}

// is tells whether a timer is the one of an active scenario.
func (a *activations) is(session, scenario string, timer *time.Timer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.timers[session][scenario] == timer
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
	list, now := make([]state.Activation, len(names)), time.Now()
	for i, name := range names {
		list[i] = state.Activation{Scenario: name, By: changer(ctx), Since: now}
		if d > 0 {
			list[i].Until = now.Add(d)
		}
	}
	err := m.store.Activate(ctx, session, list...)
	if !isMade(err) {
		return err
	}
	for i := range list {
		m.activated(session, &list[i], list[i].By)
	}
	m.keepActive(ctx, session)
	return err
}

// isMade tells whether a change was made, also where it was not confirmed everywhere.
func isMade(err error) bool {
	var unconfirmed *shared.UnconfirmedError
	return err == nil || errors.As(err, &unconfirmed)
}

// begin activates for everybody what is active from the start.
func (m *Mock) begin(ctx context.Context) error {
	kept := m.readActive()
	names := slices.Clone(m.settings.Active)
	for i := range kept {
		names = append(names, kept[i].Scenario)
	}
	m.activations.start = names
	if err := m.store.Begin(ctx, names, byStart); err != nil {
		return err
	}
	m.journal.Activated("", m.settings.Active...)
	return m.resume(ctx, kept, "")
}

// resume activates scenarios for everybody as they were active before; by is who does it,
// "" for those who did it then.
func (m *Mock) resume(ctx context.Context, list []state.Activation, by string) error {
	if len(list) == 0 {
		return nil
	}
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	err := m.store.Activate(ctx, "", list...)
	if !isMade(err) {
		return err
	}
	for i := range list {
		m.activated("", &list[i], cmp.Or(by, list[i].By))
	}
	m.keepActive(ctx, "")
	return err
}

// activated tells of an activation by somebody, and sees to it that it ends; order is held.
func (m *Mock) activated(session string, act *state.Activation, by string) {
	told := admin.Change{By: by, Action: admin.Activated, Session: session, Scenario: act.Scenario}
	var timer *time.Timer
	if !act.Until.IsZero() {
		told.Until = &act.Until
	}
	if told.Until != nil && m.shared == nil { // shared state has the server's clock
		timer = time.AfterFunc(time.Until(act.Until), func() { m.expire(session, act.Scenario, &timer) })
	}
	m.activations.note(session, act.Scenario, timer)
	m.journal.Activated(session, act.Scenario)
	m.changed(told)
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
	return m.take(ctx, session, changer(ctx), names...)
}

// take takes out scenarios; order is held.
func (m *Mock) take(ctx context.Context, session, by string, names ...string) error {
	err := m.store.Deactivate(ctx, session, names...)
	if isMade(err) {
		m.taken(ctx, session, by, names...)
	}
	return err
}

// taken tells that scenarios were taken out; order is held.
func (m *Mock) taken(ctx context.Context, session, by string, names ...string) {
	for _, name := range names {
		m.activations.note(session, name, nil)
		m.changed(admin.Change{By: by, Action: admin.Deactivated, Session: session, Scenario: name})
	}
	m.keepActive(ctx, session)
}

// active lists the active scenarios of a session, "" for those of everybody, newest first.
func (m *Mock) active(ctx context.Context, session string) ([]string, error) {
	list, err := m.store.Activations(ctx, session)
	return scenariosOf(list), err
}

// expire ends an activation whose time is over, unless another has taken its place. The
// timer may be looked at only while order is held.
func (m *Mock) expire(session, name string, timer **time.Timer) {
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	if !m.activations.is(session, name, *timer) {
		return
	}
	if err := m.take(context.Background(), session, byTimer, name); err != nil {
		m.settings.Logger.Error("a scenario that was active for a time cannot be taken out", "scenario", name, "session", session, "error", err)
	}
}

// timeError refuses a time for which nothing can be activated.
type timeError struct{ d time.Duration }

func (e *timeError) Error() string {
	return fmt.Sprintf("a scenario cannot be active for %s: use a duration up to 720h, which are 30 days", e.d)
}
