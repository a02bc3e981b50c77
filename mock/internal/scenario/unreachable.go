package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// unreachable reports stubs that an earlier one leaves nothing to answer: whatever
// fulfils their conditions fulfils its own. Stubs for "*" are compared with each
// other only, because they are meant for what an operation's own leave over.
func (l *loader) unreachable(stubs []*Stub, told map[source.Span]bool) {
	own := slices.IndexFunc(stubs, func(st *Stub) bool { return st.everywhere })
	if own < 0 {
		own = len(stubs)
	}
	for _, list := range [][]*Stub{stubs[:own], stubs[own:]} {
		if len(list) < 2 {
			continue
		}
		e := &earlier{known: map[string][]*asked{}, filing: newFiling(list), work: &l.comparing}
		for i, st := range list {
			q := ask(st)
			if first := e.covering(q); first != nil && !told[st.At] {
				told[st.At] = true
				l.fault(CodeUnreachable, st.At, fmt.Sprintf("the stub %q can never answer: %q is tried before and answers the same requests", st.Name, first.Name),
					"give this one more conditions and a higher priority, or remove it", related(first.At, "this one answers before")...)
			}
			if !st.leaves() {
				e.add(i, q)
			}
		}
	}
}

// asked is a stub with what it asks for, split up.
type asked struct {
	*Stub
	atoms []atom
	texts []string // of the conditions that are no atoms
	// leaves counts the values and tests in the conditions, alternatives among them.
	leaves int
}

func ask(st *Stub) *asked {
	atoms, rest := st.atoms()
	q := &asked{Stub: st, atoms: atoms}
	for _, c := range rest {
		q.texts = append(q.texts, c.text())
	}
	for i := range atoms {
		q.leaves += leavesOf(atoms[i].matcher)
	}
	return q
}

// covers tells whether st answers every request that other could answer.
func (q *asked) covers(other *asked) bool {
	if !q.coversValidity(other.Stub) {
		return false
	}
	for _, text := range q.texts {
		if !slices.Contains(other.texts, text) {
			return false
		}
	}
	for i := range q.atoms {
		if !other.implies(&q.atoms[i]) {
			return false
		}
	}
	return true
}

// implies tells whether the stub's own conditions imply an atom of another.
func (q *asked) implies(wanted *atom) bool {
	how := wanted.place.leniency()
	return slices.ContainsFunc(q.atoms, func(a atom) bool {
		return a.place.id == wanted.place.id && implies(a.matcher, wanted.matcher, how)
	})
}

// earlier are the stubs that are tried before, filed under one of their conditions
// each, so that a stub is compared with few of them.
type earlier struct {
	known  map[string][]*asked
	filing *filing
	work   *int // what was spent of maxImplied
}

// maxImplied bounds the work to compare stubs of many alternatives: the products of their
// values, of all stubs together. Those of few count as nothing.
const (
	maxImplied = 5_000_000
	fewImplied = 100
)

// afford tells whether two stubs may still be compared.
func (e *earlier) afford(a, b *asked) bool {
	cost := a.leaves * b.leaves
	if cost <= fewImplied {
		return true
	}
	if *e.work+cost > maxImplied {
		return false
	}
	*e.work += cost
	return true
}

// leavesOf counts what a matcher is made of.
func leavesOf(m matcher) int {
	var parts []matcher
	switch m := m.(type) {
	case all:
		parts = m
	case anyOf:
		parts = m
	default:
		return 1
	}
	n := 0
	for _, part := range parts {
		n += leavesOf(part)
	}
	return n
}

// maxCompared bounds the stubs of one kind that a stub is compared with.
const maxCompared = 100

// add files the stub at index i of the list.
func (e *earlier) add(i int, q *asked) {
	for _, key := range e.filedUnder(i, q) {
		e.known[key] = append(e.known[key], q)
	}
}

// filedUnder gives the keys of the condition that a stub shares with the fewest
// others. A stub that it covers has one of them too.
func (e *earlier) filedUnder(i int, q *asked) []string {
	best := e.filing.best(i, func(*filingPlace) bool { return true })
	switch {
	case best != nil:
		keys := make([]string, len(best.keys))
		for j, key := range best.keys {
			keys[j] = valueKey(best.place.place.id, best.place.fold, key)
		}
		return keys
	case len(q.texts) > 0:
		return []string{textKey(q.texts[0]), wholeKey(q.Stub)}
	case len(q.atoms) > 0:
		// The last atom is the deepest, which fewer stubs speak of. Stubs that ask for
		// the same are found however many there are.
		return []string{placeKey(q.atoms[len(q.atoms)-1].place.id), wholeKey(q.Stub)}
	}
	return []string{""}
}

func valueKey(id string, fold bool, key string) string {
	return fmt.Sprintf("value %s\n%t\n%s", id, fold, key)
}
func textKey(text string) string { return "text " + text }
func placeKey(id string) string  { return "place " + id }

// wholeKey is shared by stubs with the same conditions.
func wholeKey(st *Stub) string {
	texts := make([]string, len(st.conditions))
	for i, c := range st.conditions {
		texts[i] = c.text()
	}
	slices.Sort(texts)
	return "whole " + strings.Join(slices.Compact(texts), "\n")
}

// covering finds an earlier stub that leaves nothing to this one, nil for none.
func (e *earlier) covering(q *asked) *Stub {
	if len(e.known) == 0 {
		return nil
	}
	for _, key := range askedUnder(q) {
		list := e.known[key]
		for _, first := range list[:min(len(list), maxCompared)] {
			if e.afford(first, q) && first.covers(q) {
				return first.Stub
			}
		}
	}
	return nil
}

// askedUnder gives the keys under which a stub that covers this one may be filed.
func askedUnder(q *asked) []string {
	keys := []string{"", wholeKey(q.Stub)}
	for _, text := range q.texts {
		keys = append(keys, textKey(text))
	}
	for i := range q.atoms {
		a := &q.atoms[i]
		if nodes, fold, ok := equals(a.matcher); ok {
			// What admits all of the values admits the first one.
			keys = append(keys, valueKey(a.place.id, true, keyOf(nodes[0], true)))
			if !fold {
				keys = append(keys, valueKey(a.place.id, false, keyOf(nodes[0], false)))
			}
		}
		keys = append(keys, placeKey(a.place.id))
	}
	return keys
}
