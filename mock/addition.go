package mock

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
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
	// set has it alone, proved against the contracts that are served; nil where it does
	// not fit them.
	set *scenario.Set
	// unfit is why it does not fit, nil where it does.
	unfit error
	// active is how it was active before it no longer fitted, nil where it was not.
	active *state.Activation
	cost   int
	kept   bool // comes from Options.Data
}

func (a *addition) scenario() *scenario.Scenario { return a.set.Scenarios[0] }

// activation is how the addition begins to be active; nothing for a default, which always
// is.
func (a *addition) activation(by string) []state.Activation {
	if a.scenario().Default {
		return nil
	}
	return []state.Activation{{Scenario: a.scenario().Name, By: by, Since: time.Now()}}
}

// resting is the addition while it does not fit what is served.
func (a *addition) resting(why error) *addition {
	return &addition{file: a.file, unfit: why, active: a.active, cost: len(a.file.Data), kept: a.kept}
}

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
		if set := a.scopes[session][name].set; name != without && set != nil {
			list = append(list, set)
		}
	}
	return list
}

// names lists the scope's names.
func (a *additions) names(session string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.scopes[session]))
}

// unfit lists the additions of everybody that do not fit what is served, by name.
func (a *additions) unfit() map[string]*addition {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := map[string]*addition{}
	for name, one := range a.scopes[""] {
		if one.unfit != nil {
			list[name] = one
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

// remember notes how an addition was active that does not fit any more.
func (a *additions) remember(one *addition, act state.Activation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	one.active = &act
}

// put is putLocked.
func (a *additions) put(session, name string, next *addition) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.putLocked(session, name, next)
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

// find gives an added scenario, also one that does not fit; nil for none.
func (a *additions) find(session, name string) *addition {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.scopes[session][name]
}
