package state

import (
	"slices"
	"time"
)

// Actives are the scenarios that are active in a session or for everybody, as a store
// keeps them. They are replaced, never changed, and so safe for concurrent use.
type Actives struct {
	// List has the newest first, Names their names in the same order.
	List  []Activation
	Names []string
	// Version is what Active tells of them.
	Version int64
}

// NewActives takes a list with the newest first; a name counts where it is newest.
func NewActives(list []Activation, version int64) *Actives {
	a := &Actives{Version: version}
	known := make(map[string]bool, len(list))
	for _, act := range list {
		if !known[act.Scenario] {
			known[act.Scenario] = true
			a.Names, a.List = append(a.Names, act.Scenario), append(a.List, act)
		}
	}
	return a
}

// All lists what is active, newest first; nil has nothing.
func (a *Actives) All() []Activation {
	if a == nil {
		return nil
	}
	return a.List
}

// startOf makes what is active at a start, of a list whose last is the newest.
func (m *Memory) startOf(scenarios []string, by string) *Actives {
	return NewActives(Starting(scenarios, by), m.versions.Add(1))
}

// Starting turns a start, whose last scenario is the newest, into activations of
// this moment, newest first.
func Starting(scenarios []string, by string) []Activation {
	now := time.Now()
	list := make([]Activation, 0, len(scenarios))
	for _, name := range slices.Backward(scenarios) {
		list = append(list, Activation{Scenario: name, By: by, Since: now})
	}
	return list
}

// changed takes scenarios out of a list, which may be nil, and puts others on top, the
// last on top.
func (m *Memory) changed(a *Actives, out map[string]bool, on []Activation) *Actives {
	var next []Activation
	for _, act := range slices.Backward(on) {
		next = append(next, act)
	}
	for _, act := range a.All() {
		if !out[act.Scenario] {
			next = append(next, act)
		}
	}
	return NewActives(next, m.versions.Add(1))
}
