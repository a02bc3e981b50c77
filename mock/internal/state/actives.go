package state

import (
	"slices"
	"time"
)

// actives is a list of active scenarios, newest first. It is replaced, never changed.
type actives struct {
	list    []Activation
	names   []string
	version int64
}

// newActives takes a list with the newest first; a name counts where it is newest.
func newActives(list []Activation, version int64) *actives {
	a := &actives{version: version, names: make([]string, 0, len(list)), list: make([]Activation, 0, len(list))}
	for _, act := range list {
		if !slices.Contains(a.names, act.Scenario) {
			a.names, a.list = append(a.names, act.Scenario), append(a.list, act)
		}
	}
	return a
}

// all lists what is active; a may be nil.
func (a *actives) all() []Activation {
	if a == nil {
		return nil
	}
	return a.list
}

// startOf makes what is active at a start, of a list whose last is the newest.
func (m *Memory) startOf(scenarios []string, by string) *actives {
	return newActives(starting(scenarios, by), m.versions.Add(1))
}

// starting turns a start, whose last scenario is the newest, into activations.
func starting(scenarios []string, by string) []Activation {
	now := time.Now()
	list := make([]Activation, 0, len(scenarios))
	for _, name := range slices.Backward(scenarios) {
		list = append(list, Activation{Scenario: name, By: by, Since: now})
	}
	return list
}

// changed takes scenarios out of a list, which may be nil, and puts others on top, the
// last on top.
func (m *Memory) changed(a *actives, out []string, on []Activation) *actives {
	var next []Activation
	for _, act := range slices.Backward(on) {
		next = append(next, act)
	}
	for _, act := range a.all() {
		if !slices.Contains(out, act.Scenario) {
			next = append(next, act)
		}
	}
	return newActives(next, m.versions.Add(1))
}
