package scenario

import (
	"cmp"
	"maps"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Entry is one stub of a scenario as its file has it. One for "*" is one Entry,
// however many operations it fits.
type Entry struct {
	// Stub is the entry compiled, one of several where it is for "*".
	*Stub
	// Operation is the operation's name, "*" for every one that the entry fits.
	Operation string
	// Statuses are those that it may answer, as written.
	Statuses []string
	// Steps is the number of answers after which its sequence ends, 0 for a stub
	// whose answer never changes; AtEnd says what comes then.
	Steps int
	AtEnd string
}

// Entries lists the scenario's stubs in the order of the file.
func (sc *Scenario) Entries() []Entry {
	byPlace := map[source.Span]*Entry{}
	for _, stubs := range sc.stubs {
		for _, st := range stubs {
			if known := byPlace[st.At]; known == nil || st.Operation.Name() < known.Stub.Operation.Name() {
				byPlace[st.At] = st.entry()
			}
		}
	}
	list := make([]Entry, 0, len(byPlace))
	for _, e := range byPlace {
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.At.Off, b.At.Off) })
	return list
}

// Operations names the first operations, up to limit, for which the scenario has stubs, in the
// order of the contract; those that only "*" fits are among them.
func (sc *Scenario) Operations(limit int) []string {
	operations := slices.Collect(maps.Keys(sc.stubs))
	slices.SortFunc(operations, func(a, b *contract.Operation) int {
		x, y := a.At(), b.At()
		return cmp.Or(cmp.Compare(x.File.Name, y.File.Name), cmp.Compare(x.Off, y.Off), cmp.Compare(a.Name(), b.Name()))
	})
	names := make([]string, min(len(operations), limit))
	for i := range names {
		names[i] = operations[i].Name()
	}
	return names
}

func (st *Stub) entry() *Entry {
	e := &Entry{Stub: st, Operation: st.Operation.Name(), Statuses: st.Statuses()}
	if st.everywhere {
		e.Operation = everyOperation
	}
	if st.sequence.counts() {
		e.Steps, e.AtEnd = st.sequence.total, st.sequence.atEnd
	}
	return e
}

// Machine is a state machine of a scenario as its file describes it.
type Machine struct {
	Name string
	// Values are those that it may have, the first of them at the start; read-only.
	Values []string
	// Keyed tells that there is an instance for each key, and not one alone.
	Keyed bool
	// Cell is the machine's, without a key.
	Cell Cell
}

// Machines lists the scenario's state machines in the order of the file.
func (sc *Scenario) Machines() []Machine { return sc.machines }

// Transition is a change of a state machine that a stub makes.
type Transition struct {
	// From is the value that the stub waits for, "" where it answers at any.
	From, To string
	// Operation is the operation's name, "*" for every one that the stub fits.
	Operation string
	Stub      string
}

// Transitions lists what the scenario's stubs change of a state machine, in the order of
// the file.
func (sc *Scenario) Transitions(machine string) []Transition {
	var list []Transition
	for _, e := range sc.Entries() {
		from := ""
		for _, c := range e.conditions {
			if waits, ok := c.(*stateCondition); ok && waits.ref.machine.name == machine {
				from = waits.want
			}
		}
		for _, change := range e.sets {
			if change.ref.machine.name == machine {
				list = append(list, Transition{from, change.value, e.Operation, e.Name})
			}
		}
	}
	return list
}
