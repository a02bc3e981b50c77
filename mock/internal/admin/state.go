package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// machineState is a state machine of a scenario with its current values.
type machineState struct {
	Scenario string `json:"scenario"`
	State    string `json:"state"`
	// Values are those that it may have; the first is the start.
	Values []string `json:"values"`
	Keyed  bool     `json:"keyed"`
	// Instances are those that have moved, in the order of their keys. All others are
	// at the start.
	Instances []instance `json:"instances"`
}

// instance is the state machine of one key.
type instance struct {
	Key   string `json:"key,omitempty"`
	Value string `json:"value"`
}

// sequenceState is a stub's sequence with its position.
type sequenceState struct {
	Scenario  string `json:"scenario"`
	Operation string `json:"operation"`
	Stub      string `json:"stub"`
	// Position is the number of answers that it has given, Steps that after which it
	// ends.
	Position int    `json:"position"`
	Steps    int    `json:"steps"`
	AtEnd    string `json:"atEnd"`
}

// state tells where the state machines and sequences of a session stand.
func (h *Handler) state(c *call) (any, error) {
	written, err := h.mock.Values(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	values := make(map[state.Cell]state.Value, len(written))
	keyed := map[state.Cell][]instance{}
	for _, w := range written {
		values[w.Cell] = w.Value
		if w.Cell.State != "" {
			machine := w.Cell
			machine.Key = ""
			keyed[machine] = append(keyed[machine], instance{w.Cell.Key, w.Value.Text})
		}
	}
	machines, sequences := []machineState{}, []sequenceState{}
	for _, sc := range h.mock.Snapshot().Visible(c.session()) {
		if only := c.query["scenario"]; only != "" && only != sc.Name {
			continue
		}
		for _, m := range sc.Machines() {
			instances := some(keyed[engine.Cell(m.Cell)])
			slices.SortFunc(instances, func(a, b instance) int { return cmp.Compare(a.Key, b.Key) })
			machines = append(machines, machineState{sc.Name, m.Name, m.Values, m.Keyed, instances})
		}
		for _, e := range sc.Entries() {
			if cell, ok := e.Sequence(); ok {
				sequences = append(sequences, sequenceState{sc.Name, e.Operation, e.Name, values[engine.Cell(cell)].Count, e.Steps, e.AtEnd})
			}
		}
	}
	return struct {
		Machines  []machineState  `json:"machines"`
		Sequences []sequenceState `json:"sequences"`
	}{machines, sequences}, nil
}

// jump is where a state machine or a sequence is to stand.
type jump struct {
	Scenario string `json:"scenario"`
	// State, Key and Value name a state machine; Key is for keyed ones alone.
	State string `json:"state"`
	Key   string `json:"key"`
	Value string `json:"value"`
	// Stub and Position name a sequence; Operation is needed where several have a stub
	// of that name.
	Stub      string `json:"stub"`
	Operation string `json:"operation"`
	Position  *int   `json:"position"`
}

// changeState sets one value.
func (h *Handler) changeState(c *call) (any, error) {
	var to jump
	if err := c.read(&to); err != nil {
		return nil, err
	}
	snapshot := h.mock.Snapshot()
	sc := snapshot.Find(c.session(), to.Scenario)
	if sc == nil {
		return nil, engine.UnknownScenario(to.Scenario, snapshot.Names(c.session()))
	}
	var cell scenario.Cell
	var value state.Value
	var err error
	switch {
	case (to.State == "") == (to.Stub == ""):
		err = invalid("State a state with its value, or a stub with its position.")
	case to.State != "":
		cell, value, err = to.machine(sc)
	default:
		cell, value, err = to.sequence(sc)
	}
	if err != nil {
		return nil, err
	}
	if err := h.mock.SetValue(c.Context(), c.session(), engine.Cell(cell), value); err != nil {
		return nil, err
	}
	return done, nil
}

// machine finds the state machine that is meant, and checks what it is to become.
func (to *jump) machine(sc *scenario.Scenario) (cell scenario.Cell, value state.Value, err error) {
	if to.Position != nil || to.Operation != "" {
		return cell, value, invalid("A state has a value, and no position and no operation.")
	}
	var known []string
	for _, m := range sc.Machines() {
		if m.Name != to.State {
			known = append(known, m.Name)
			continue
		}
		switch {
		case m.Keyed && to.Key == "":
			return cell, value, invalid("The state %q has an instance for each key: say which with key.", m.Name)
		case !m.Keyed && to.Key != "":
			return cell, value, invalid("The state %q has no key.", m.Name)
		case !slices.Contains(m.Values, to.Value):
			return cell, value, invalid("The state %q has no value %q: %s.", m.Name, to.Value, source.DidYouMean(to.Value, m.Values))
		}
		cell = m.Cell
		cell.Key = to.Key
		return cell, state.Value{Text: to.Value}, nil
	}
	return cell, value, unknownState(fmt.Sprintf("The scenario %s has no state %q.", sc.Name, to.State), to.State, known)
}

// sequence finds the sequence that is meant, and checks where it is to stand.
func (to *jump) sequence(sc *scenario.Scenario) (cell scenario.Cell, value state.Value, err error) {
	if to.Key != "" || to.Value != "" || to.Position == nil {
		return cell, value, invalid("A sequence has a position, and no key and no value.")
	}
	var found []scenario.Entry
	var known []string
	for _, e := range sc.Entries() {
		switch _, ok := e.Sequence(); {
		case !ok:
		case e.Name == to.Stub && (to.Operation == "" || to.Operation == e.Operation):
			found = append(found, e)
		default:
			known = append(known, e.Name)
		}
	}
	switch {
	case len(found) == 0:
		return cell, value, unknownState(fmt.Sprintf("The scenario %s has no sequence of a stub %q.", sc.Name, to.Stub), to.Stub, known)
	case len(found) > 1:
		operations := make([]string, len(found))
		for i, e := range found {
			operations[i] = e.Operation
		}
		return cell, value, invalid("Several operations have a stub %q: say which with operation, one of %s.", to.Stub, strings.Join(operations, ", "))
	case *to.Position < 0 || *to.Position > found[0].Steps:
		return cell, value, invalid("The sequence of %q has positions from 0 to %d, not %d.", to.Stub, found[0].Steps, *to.Position)
	}
	cell, _ = found[0].Sequence()
	return cell, state.Value{Count: *to.Position}, nil
}

func unknownState(detail, name string, known []string) error {
	if best := source.Closest(name, known); best != "" {
		detail = fmt.Sprintf("%s: did you mean %q?", strings.TrimSuffix(detail, "."), best)
	}
	return &exchange.Problem{Code: exchange.ProblemStateUnknown, Status: http.StatusNotFound, Detail: detail, Known: known}
}
