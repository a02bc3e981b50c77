package mock

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Limits on scenarios that are added while a mock runs.
const (
	// MaxAdded bounds those of everybody and those of all sessions together.
	MaxAdded = 10_000
	// MaxAddedCost bounds what they take, in bytes: their texts, and 1 KiB for each stub
	// and operation that it fits.
	MaxAddedCost = 256 << 20

	stubCost = 1 << 10
)

// additions are the scenarios that were added while the mock runs. The zero value is
// ready to use.
type additions struct {
	mu sync.Mutex // guards the fields below; the store is never called with it
	// scopes are by session, "" for everybody, and name.
	scopes map[string]map[string]*addition
	count  int
	cost   int
}

// addition is one added scenario.
type addition struct {
	file *source.File
	// set has it alone, proved against the contracts that are served.
	set  *scenario.Set
	cost int
	kept bool // comes from Options.Data
}

func (a *addition) scenario() *scenario.Scenario { return a.set.Scenarios[0] }

// newAddition proves a scenario against contracts alone.
func (m *Mock) newAddition(file *source.File, apis []*contract.Contract) (*addition, error) {
	set, err := scenario.LoadFiles([]*source.File{file}, apis, m.settings.scenarioOptions(m.settings.hosts))
	if err != nil {
		return nil, err
	}
	return &addition{file: file, set: set, cost: len(file.Data) + stubCost*set.Stubs()}, nil
}

// setsLocked lists the sets of a scope in name order, without one name.
func (a *additions) setsLocked(session, without string) []*scenario.Set {
	var list []*scenario.Set
	for _, name := range slices.Sorted(maps.Keys(a.scopes[session])) {
		if name != without {
			list = append(list, a.scopes[session][name].set)
		}
	}
	return list
}

// putLocked takes in a scenario in place of one of its name; nil takes that out alone.
func (a *additions) putLocked(session, name string, next *addition) {
	if before := a.scopes[session][name]; before != nil {
		a.count--
		a.cost -= before.cost
		delete(a.scopes[session], name)
	}
	if next != nil {
		if a.scopes == nil {
			a.scopes = map[string]map[string]*addition{}
		}
		if a.scopes[session] == nil {
			a.scopes[session] = map[string]*addition{}
		}
		a.count++
		a.cost += next.cost
		a.scopes[session][name] = next
	}
	if len(a.scopes[session]) == 0 {
		delete(a.scopes, session)
	}
}

// room gives an error where a scenario would be one too many.
func (a *additions) room(session, name string, next *addition) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	count, cost := a.count+1, a.cost+next.cost
	if before := a.scopes[session][name]; before != nil {
		count, cost = count-1, cost-before.cost
	}
	if count > MaxAdded || cost > MaxAddedCost {
		return fmt.Errorf("%w: there are %d, which take %d bytes, of %d and %d that there may be", ErrTooManyScenarios, a.count, a.cost, MaxAdded, MaxAddedCost)
	}
	return nil
}

// find gives an added scenario, nil for none.
func (a *additions) find(session, name string) *addition {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.scopes[session][name]
}

// Errors of AddScenario and RemoveScenario.
var (
	// ErrTooManyScenarios is returned where MaxAdded or MaxAddedCost is reached.
	ErrTooManyScenarios = errors.New("there is no room for another scenario")
	// ErrScenarioFromFile is returned for a name that a scenario file has: it is changed
	// by changing the file.
	ErrScenarioFromFile = errors.New("the scenario comes from a file")
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
// all findings. Without a name it gets one.
// With Options.Data it is kept for the next start.
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
	var next *addition
	for taken := false; !taken; {
		snap := m.engine.Snapshot()
		if next, err = m.newAddition(file, snap.APIs); err != nil {
			return done, err
		}
		if taken, done.Replaced, err = m.takeIn(ctx, session, name, next, snap); err != nil {
			return done, err
		}
	}
	done.Warnings = findings(next.set.Warnings)
	m.changed(addedChange(changer(ctx), session, name))
	if next.scenario().Default {
		return done, nil
	}
	return done, m.activate(ctx, session, []string{name}, 0)
}

// freeName makes a name that no scenario has.
func (m *Mock) freeName(session string) string {
	snap := m.engine.Snapshot()
	for n := 1; ; n++ {
		if name := fmt.Sprintf("added-%d", n); snap.Find(session, name) == nil {
			return name
		}
	}
}

// takeIn puts a scenario into what is served. It gives false where that has other
// contracts by now than snap, for which next was proved.
func (m *Mock) takeIn(ctx context.Context, session, name string, next *addition, snap *engine.Snapshot) (taken, replaced bool, err error) {
	m.reload.Lock()
	defer m.reload.Unlock()
	now := m.engine.Snapshot()
	if !now.Same(snap) {
		return false, false, nil
	}
	if session == "" && m.files.Scenario(name) != nil {
		return false, false, fmt.Errorf("%w: %s", ErrScenarioFromFile, m.files.Scenario(name).File.Name)
	}
	if err := m.added.room(session, name, next); err != nil {
		return false, false, err
	}
	replaced = m.added.find(session, name) != nil
	if err := m.serveAdded(session, name, next); err != nil {
		return false, false, err
	}
	return true, replaced, m.forgetOld(ctx, name)
}

// forgetOld drops the values of a scenario that are of another text than now.
func (m *Mock) forgetOld(ctx context.Context, name string) error {
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
		if err := m.settings.keep(name, next); err != nil {
			return err
		}
	}
	m.added.putLocked(session, name, next)
	switch {
	case session == "":
		m.coverage.Swap(now.APIs, merged)
		m.engine.Swap(now.With(merged))
	case len(merged.Scenarios) == 0:
		now.SetOwn(session, nil)
	default:
		now.SetOwn(session, merged)
	}
	return nil
}

// removeScenario takes out an added scenario.
func (m *Mock) removeScenario(ctx context.Context, session, name string) error {
	m.reload.Lock()
	if m.added.find(session, name) == nil {
		defer m.reload.Unlock()
		if session == "" && m.files.Scenario(name) != nil {
			return fmt.Errorf("%w: %s", ErrScenarioFromFile, m.files.Scenario(name).File.Name)
		}
		return &unknownScenario{name, m.addedNames(session)}
	}
	err := m.serveAdded(session, name, nil)
	m.reload.Unlock()
	if err != nil {
		return err
	}
	m.changed(removedChange(changer(ctx), session, name))
	m.activations.order.Lock()
	defer m.activations.order.Unlock()
	if err := m.take(ctx, session, changer(ctx), name); err != nil {
		return err
	}
	return m.forgetOld(ctx, name)
}

func (m *Mock) addedNames(session string) []string {
	m.added.mu.Lock()
	defer m.added.mu.Unlock()
	return slices.Sorted(maps.Keys(m.added.scopes[session]))
}

// forgetSession drops what a session alone had. The store calls it when a session has
// ceased to exist.
func (m *Mock) forgetSession(session string) {
	m.events.Tell("session", session, sessionEvent{session, "ended"})
	m.activations.forgetSession(session)
	m.journal.Forget(session)
	m.coverage.Forget(session)
	m.added.mu.Lock()
	defer m.added.mu.Unlock()
	for name := range m.added.scopes[session] {
		m.added.putLocked(session, name, nil)
	}
	m.engine.Snapshot().SetOwn(session, nil)
}

// nameError refuses a text that cannot be a scenario's name.
type nameError struct {
	name string
	err  error
}

func (e *nameError) Error() string {
	return fmt.Sprintf("%q cannot be the name of a scenario: %v", e.name, e.err)
}

// Dropped is an added scenario that no longer fits the contract after a reload.
type Dropped struct {
	// Session is "" for one of everybody.
	Session, Scenario string
	// Err has what does not fit.
	Err error
}
