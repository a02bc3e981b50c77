package mock

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Errors of AddScenario and RemoveScenario.
var (
	// ErrTooManyScenarios is returned where MaxAdded or MaxAddedCost is reached.
	ErrTooManyScenarios = errors.New("there is no room for another scenario")
	// ErrScenarioFromFile is returned for a name that a scenario file has: it is changed
	// by changing the file.
	ErrScenarioFromFile = errors.New("the scenario comes from a file")
	// ErrNotKept is returned where Options.Data cannot be written, as on a full disk.
	// What was kept before is as it was.
	ErrNotKept = errors.New("the scenario cannot be kept")
)

// AddedScenario tells what AddScenario did.
type AddedScenario struct {
	// Name is the scenario's, made where none was given.
	Name string
	// Replaced tells that there was an added one of that name.
	Replaced bool
	// Warnings are the findings that do not keep it from being used.
	Warnings []Finding
}

// AddScenario adds a scenario for everybody, or replaces one that was added under that
// name, and activates it; one that is a default is active anyway. text is a scenario
// file, which must not name other files; it is proved as files are, and the error has
// all findings, see FindingsOf. Without a name it gets one. With Options.Data it is kept
// for the next start.
func (m *Mock) AddScenario(ctx context.Context, name string, text []byte) (AddedScenario, error) {
	return m.addScenario(ctx, "", name, ".yaml", text)
}

// RemoveScenario takes out a scenario that was added for everybody.
func (m *Mock) RemoveScenario(ctx context.Context, name string) error {
	return m.removeScenario(ctx, "", name)
}

// AddScenario adds a scenario that the session alone has and activates it there, as
// Mock.AddScenario does for everybody. It hides one of everybody that has its name, and
// ends with the session.
func (s *Session) AddScenario(ctx context.Context, name string, text []byte) (AddedScenario, error) {
	done, err := s.mock.addScenario(ctx, s.id, name, ".yaml", text)
	return done, s.explain(err)
}

// RemoveScenario takes out a scenario that the session alone has.
func (s *Session) RemoveScenario(ctx context.Context, name string) error {
	return s.explain(s.mock.removeScenario(ctx, s.id, name))
}

// addScenario adds a text with the extension of its form.
func (m *Mock) addScenario(ctx context.Context, session, name, extension string, text []byte) (done AddedScenario, err error) {
	if len(text) > scenario.MaxFileSize {
		return done, fmt.Errorf("a scenario has at most %d MiB", scenario.MaxFileSize>>20)
	}
	if name = cmp.Or(name, m.freeName(session)); done.Name == "" {
		done.Name = name
	}
	if err := scenario.CheckName(name); err != nil {
		return done, &nameError{name, err}
	}
	if session != "" {
		if _, err := m.store.Session(ctx, session); err != nil {
			return done, err
		}
	}
	file := &source.File{Name: name + extension, Data: text}
	var next, before *addition
	for taken := false; !taken; {
		snap := m.engine.Snapshot()
		if next, err = m.newAddition(file, snap.APIs); err != nil {
			return done, err
		}
		if taken, before, err = m.takeIn(ctx, session, name, next, snap); err != nil {
			return done, err
		}
	}
	done.Replaced = before != nil
	done.Warnings = findings(next.set.Warnings)
	if m.shared != nil {
		return done, m.share(ctx, session, name, next, before)
	}
	return done, nil
}

// freeName makes a name that no scenario has.
func (m *Mock) freeName(session string) string {
	if m.shared != nil { // another replica makes names too
		id, _ := m.ids.new()
		return "added-" + id
	}
	snap := m.engine.Snapshot()
	for n := 1; ; n++ {
		if name := fmt.Sprintf("added-%d", n); snap.Find(session, name) == nil && m.added.find(session, name) == nil {
			return name
		}
	}
}

// takeIn puts a scenario into what is served, and activates it, in one step against all who
// add and remove; with shared state share does the rest. It gives false where that has other
// contracts by now than snap, for which next was proved; before is what had the name.
func (m *Mock) takeIn(ctx context.Context, session, name string, next *addition, snap *engine.Snapshot) (taken bool, before *addition, err error) {
	m.reload.Lock()
	defer m.reload.Unlock()
	if m.shared == nil { // else who has order may wait for m.reload, to take over what there is
		m.activations.order.Lock()
		defer m.activations.order.Unlock()
	}
	now := m.engine.Snapshot()
	if !now.Same(snap) {
		return false, nil, nil
	}
	if session == "" && m.files.Scenario(name) != nil {
		return false, nil, fmt.Errorf("%w: %s", ErrScenarioFromFile, m.files.Scenario(name).File.Name)
	}
	if err := m.added.room(session, name, next); err != nil {
		return false, nil, err
	}
	before = m.added.find(session, name)
	if err := m.serveAdded(session, name, next); err != nil {
		return false, nil, err
	}
	if m.shared != nil {
		return true, before, nil
	}
	if err := m.forgetOld(ctx, name); err != nil {
		return false, nil, err
	}
	if err := m.beginAdded(ctx, session, name, next); err != nil {
		m.emptyScope(session) // it has ended meanwhile, and so nothing else would
		return false, nil, err
	}
	return true, before, nil
}

// beginAdded tells of a scenario that was added, and activates it unless it is a default.
// The error is for a session that has ended. m.activations.order is held.
func (m *Mock) beginAdded(ctx context.Context, session, name string, next *addition) error {
	if session != "" {
		if _, err := m.store.Session(ctx, session); err != nil {
			return err
		}
	}
	on := next.activation(changer(ctx))
	if err := m.store.Activate(ctx, session, on...); err != nil {
		return err
	}
	m.begun(ctx, session, name, on)
	return nil
}

// begun tells of a scenario that was added and activated; order is held.
func (m *Mock) begun(ctx context.Context, session, name string, on []state.Activation) {
	m.changed(addedChange(changer(ctx), session, name))
	for i := range on {
		m.activated(session, &on[i], on[i].By)
	}
	m.keepActive(ctx, session)
}

// forgetOld drops the values of a scenario that are of another text than now.
func (m *Mock) forgetOld(ctx context.Context, name string) error {
	if m.shared != nil {
		return nil // another replica may serve the old text yet; the new one has values of its own
	}
	holds := m.engine.Snapshot().Holder()
	return m.store.Forget(ctx, keeping(holds, name))
}

// serveAdded serves a scope with a scenario, or with nil without the one of that name.
// m.reload is held.
func (m *Mock) serveAdded(session, name string, next *addition) error {
	now := m.engine.Snapshot()
	m.added.mu.Lock()
	defer m.added.mu.Unlock()
	sets := m.added.setsLocked(session, name)
	if next != nil {
		sets = append(sets, next.set)
	}
	base := m.files
	if session != "" {
		base = scenario.Empty()
	}
	merged, left := base.With(now.APIs, sets...)
	if next != nil && left[len(left)-1] != nil {
		return left[len(left)-1]
	}
	if session == "" && (next == nil || !next.kept) {
		m.added.mu.Unlock() // a slow disk holds up nobody who reads, and m.reload keeps others from changing
		err := m.settings.keep(name, next)
		m.added.mu.Lock()
		if err != nil {
			return err
		}
	}
	m.added.putLocked(session, name, next)
	m.swapScope(session, merged)
	return nil
}

// swapScope serves the scenarios of everybody, or those that a session alone has.
// m.reload is held.
func (m *Mock) swapScope(session string, set *scenario.Set) {
	now := m.engine.Snapshot()
	switch {
	case session == "":
		m.swap(now.With(set))
	case len(set.Scenarios) == 0:
		now.SetOwn(session, nil)
	default:
		now.SetOwn(session, set)
	}
}

// nameError refuses a text that cannot be a scenario's name.
type nameError struct {
	name string
	err  error
}

func (e *nameError) Error() string {
	return fmt.Sprintf("%q cannot be the name of a scenario: %v", e.name, e.err)
}
