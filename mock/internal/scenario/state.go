package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// machine is a state machine of a scenario.
type machine struct {
	scenario string
	name     string
	values   []string
	key      *source.Node // nil for one instance per session
	revision string
	node     *source.Node
	// used tells, while the file is compiled, that a stub sets it or asks for it.
	used bool
}

func newMachine(scenario string, s *stateSpec) *machine {
	return &machine{scenario: scenario, name: s.name, values: s.values, key: s.key, revision: fingerprint(s.node), node: s.node}
}

// cell is the machine's own, without a key.
func (m *machine) cell() Cell {
	return Cell{Scenario: m.scenario, State: m.name, Revision: m.revision}
}

// stateRef is a machine as seen by the stubs of one operation: the key is an
// expression over the operation's request.
type stateRef struct {
	machine *machine
	key     *template // nil for one instance per session
}

// cell names the instance that belongs to the request.
func (r *stateRef) cell(ex *exchange.Exchange) (Cell, error) {
	c := r.machine.cell()
	if r.key == nil {
		return c, nil
	}
	key, err := r.key.text(&evaluation{ex: ex, now: ex.Time})
	switch {
	case err != nil:
		return c, err
	case key == "":
		return c, errNoKey
	}
	c.Key = key
	return c, nil
}

var errNoKey = errors.New("the request has no value for the key")

// current gives the value of the instance; one that was never set has the first.
func (r *stateRef) current(ex *exchange.Exchange, values Values) (string, error) {
	cell, err := r.cell(ex)
	if err != nil {
		return "", err
	}
	if v := values.State(cell); v != "" {
		return v, nil
	}
	return r.machine.values[0], nil
}

// stateChange is an entry of set.
type stateChange struct {
	ref   *stateRef
	value string
}

// changes gives the effects of set for a request.
func (st *Stub) changes(ex *exchange.Exchange) ([]Effect, error) {
	if len(st.sets) == 0 {
		return nil, nil
	}
	effects := make([]Effect, 0, len(st.sets)+1)
	for _, change := range st.sets {
		cell, err := change.ref.cell(ex)
		if err != nil {
			return nil, fmt.Errorf("state %q has no key: %w", change.ref.machine.name, err)
		}
		effects = append(effects, Effect{Cell: cell, State: change.value})
	}
	return effects, nil
}

// stateNamed finds the machine that an entry names, and reports an unknown one.
func (c *compiler) stateNamed(entry *source.Node) *machine {
	var known []string
	for _, m := range c.machines {
		if m.name == entry.Key {
			return m
		}
		known = append(known, m.name)
	}
	hint := source.DidYouMean(entry.Key, known)
	if len(known) == 0 {
		hint = "describe it under state at the top of the file"
	}
	c.fault(CodeUnknownState, entry.KeyAt(), fmt.Sprintf("the scenario has no state %q", entry.Key), hint)
	return nil
}

// stateValue checks that the entry's value is one of the machine's.
func (c *compiler) stateValue(m *machine, entry *source.Node) bool {
	d := decoder{c.findings}
	if !d.expect(entry, isScalar, fmt.Sprintf("the value of state %q", m.name)) || len(m.values) == 0 {
		return false
	}
	if slices.Contains(m.values, entry.Text) {
		return true
	}
	c.fault(CodeUnknownStateValue, entry.At(), fmt.Sprintf("state %q has no value %q", m.name, entry.Text), source.DidYouMean(entry.Text, m.values))
	return false
}

// changing finds calls whose result differs from one call to the next; a key with
// one would name another instance each time it is evaluated for a request.
var changing = regexp.MustCompile(`\b(uuid|fake)\s*\(`)

// stateRef gives the machine as the operation's stubs see it, and notes that the
// stub looks at it. It gives nil where the key cannot be compiled.
func (c *compiler) stateRef(m *machine, st *Stub) *stateRef {
	m.used = true
	ref, known := c.refs[m]
	if !known {
		ref = &stateRef{machine: m}
		found := len(c.list)
		if m.key != nil {
			if ref.key = c.template(m.key); ref.key == nil {
				ref = nil
			} else if changing.MatchString(m.key.Text) {
				c.fault(CodeBadValue, m.key.At(), "the key would be another one each time it is asked for", "take something of the request, such as ${path.id}")
				ref = nil
			}
		}
		// The key is read for each operation: which one it is wrong for is not seen at it.
		for i := range c.list[found:] {
			d := &c.list[found+i]
			d.Related = append(d.Related, related(st.At, "this stub uses the state")...)
			d.Related = append(d.Related, related(c.op.At(), "the operation "+c.op.Name())...)
		}
		c.refs[m] = ref
	}
	if ref != nil && !slices.Contains(st.states, ref) {
		st.states = append(st.states, ref)
	}
	return ref
}

// stateRefs gives the machines whose values an expression asks for.
func (c *compiler) stateRefs(e *expression, st *Stub) []*stateRef {
	var refs []*stateRef
	for _, name := range e.states {
		for _, m := range c.machines {
			if m.name != name && name != "" {
				continue
			}
			if ref := c.stateRef(m, st); ref != nil {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// changesOf compiles the entries of set.
func (c *compiler) changesOf(sets []*source.Node, st *Stub) {
	for _, entry := range sets {
		machine := c.stateNamed(entry)
		if machine == nil || !c.stateValue(machine, entry) {
			continue
		}
		if ref := c.stateRef(machine, st); ref != nil {
			st.sets = append(st.sets, stateChange{ref, entry.Text})
		}
	}
}
