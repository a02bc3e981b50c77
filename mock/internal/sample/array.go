package sample

import (
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// arrayMaker makes one array.
type arrayMaker struct {
	*generator
	*facts
	place *place
	items []value
	size  int
	taken taken
	// found counts, for each contains, the items that fit.
	found []int
	// hopeless tells that no further item can be what a contains asks for.
	hopeless bool
}

// fewItems is from where on items that need not differ are repeated.
const fewItems = 20

func (g *generator) makeArray(p *place, f *facts) (value, bool) {
	a := &f.array
	switch {
	case a.twins && a.unique, a.min > a.max:
		g.fail(p, f.node(), "the counts leave no array")
		return value{}, false
	case a.min > MaxItems:
		g.failLimit(p, f.node(), "arrays of more than "+strconv.Itoa(MaxItems)+" items are not made")
		return value{}, false
	}
	m := &arrayMaker{generator: g, facts: f, place: p, found: make([]int, len(a.contains))}
	if a.unique {
		m.taken = taken{}
	}
	if !m.fill(m.wanted()) || !m.complete() {
		g.fail(p, f.node(), "not enough items can be made")
		return value{}, false
	}
	return g.sized(p, f, array(m.items))
}

// wanted is how many items there should be, as far as the schema allows.
func (m *arrayMaker) wanted() int {
	a := &m.facts.array
	n := max(1, m.prefix())
	switch {
	case m.place.tight, m.scarce(), m.place.depth >= maxShown:
		n = 0
	case m.dynamic:
		if d := m.place.dice("length"); d.OneIn(8) {
			n = 0
		} else {
			n += d.IntN(4)
		}
	}
	return min(max(n, a.min), a.max)
}

// fill makes items up to the number that is wanted, and more for contains.
func (m *arrayMaker) fill(n int) bool {
	a := &m.facts.array
	for i := 0; i < n || m.lacking() && i < a.max && !m.hopeless; i++ {
		if i >= MaxItems || m.size > MaxBody {
			m.failLimit(m.place, m.node(), "arrays of so many items and bytes are not made")
			return false
		}
		if m.again(i) {
			continue
		}
		v, ok := m.item(i)
		if !ok {
			m.complete()
			return i >= a.min && !m.lacking() // an item that need not be there
		}
		m.add(v)
	}
	return true
}

// lacking tells whether some contains needs more items.
func (m *arrayMaker) lacking() bool {
	for i := range m.facts.array.contains {
		if m.found[i] < m.facts.array.contains[i].min {
			return true
		}
	}
	return false
}

func (m *arrayMaker) complete() bool {
	for i, c := range m.facts.array.contains {
		if m.found[i] < c.min || m.found[i] > c.max {
			m.fail(m.place, c.view.Node(), "the array cannot contain as many of these items as it must")
			return false
		}
	}
	return true
}

func (m *arrayMaker) add(v value) {
	m.items = append(m.items, v)
	m.size += v.size
	if m.taken != nil {
		m.taken.add(v.data)
	}
	for i := range m.facts.array.contains {
		if m.facts.array.contains[i].view.Valid(v.data) {
			m.found[i]++
		}
	}
}

// again repeats an item where nothing asks for another one: for twins, and in long
// arrays.
func (m *arrayMaker) again(i int) bool {
	a := &m.facts.array
	repeat := i >= fewItems && !a.unique && len(a.contains)+len(a.placed) == 0 && m.sameRules(i)
	if a.twins && i == 1 {
		repeat = true
	}
	if repeat {
		m.add(m.items[i-1])
	}
	return repeat
}

// sameRules tells whether the rules for index i are those for the one before.
func (m *arrayMaker) sameRules(i int) bool {
	for _, r := range m.facts.array.rules {
		if i <= len(r.prefix) {
			return false
		}
	}
	return m.step()
}

// item makes the item at index i. Where a contains lacks items it is one of them, if
// it can be; it must be as soon as the places run out.
func (m *arrayMaker) item(i int) (value, bool) {
	base := m.demands(i)
	lacking := m.lackingRules()
	room := m.facts.array.max - i
	for n := len(lacking); n > 0 && !m.hopeless; n-- {
		if n > 1 && room >= len(lacking) {
			n = 1 // there is a place for each
		}
		if v, ok := m.quietly(i, base, lacking[:n]); ok {
			return v, true
		}
	}
	// Behind all prefixes one place is like the other.
	m.hopeless = m.hopeless || len(lacking) > 0 && i >= m.prefix()
	return m.solveItem(i, m.apart(base, nil), nil)
}

// prefix is how many items have schemas of their own.
func (m *arrayMaker) prefix() int {
	n := 0
	for _, r := range m.facts.array.rules {
		n = max(n, len(r.prefix))
	}
	return n
}

// lackingRules are the indexes of those contains that need more items.
func (m *arrayMaker) lackingRules() []int {
	var list []int
	for i, c := range m.facts.array.contains {
		if m.found[i] < c.min {
			list = append(list, i)
		}
	}
	return list
}

// quietly tries an item that some contains ask for; that it cannot be is no failure
// yet.
func (m *arrayMaker) quietly(i int, base []demand, rules []int) (value, bool) {
	before := m.failed
	v, ok := m.solveItem(i, m.apart(base, rules), rules)
	if !ok {
		m.failed = before
	}
	return v, ok
}

// apart adds to an item's demands those of the given contains, and keeps it away from
// the others that have enough.
func (m *arrayMaker) apart(base []demand, rules []int) []demand {
	list := slices.Clone(base)
	for k, c := range m.facts.array.contains {
		switch {
		case slices.Contains(rules, k):
			list = append(list, demand{view: c.view})
		case m.found[k] >= c.max:
			list = append(list, demand{view: c.view, not: true})
		}
	}
	return list
}

func (m *arrayMaker) solveItem(i int, demands []demand, rules []int) (value, bool) {
	demands = append(demands, m.unevaluated(i, rules)...)
	p := m.place.item(i)
	p.taken = m.taken
	optional := i >= m.facts.array.min
	if m.place.leadsBack(demands) {
		if optional && len(rules) == 0 {
			return value{}, false
		}
		p.tight = true
	}
	if optional && len(rules) == 0 {
		return m.optional(p, demands)
	}
	return m.solve(p, demands)
}

// demands are what the schemas say about the item at index i.
func (m *arrayMaker) demands(i int) []demand {
	var list []demand
	for _, r := range m.facts.array.rules {
		if i < len(r.prefix) {
			list = append(list, demand{view: r.prefix[i]})
		} else if !r.items.IsZero() {
			list = append(list, demand{view: r.items})
		}
	}
	for _, p := range m.facts.array.placed {
		if p.index == i {
			list = append(list, p.demand)
		}
	}
	return list
}

// unevaluated are the demands of unevaluatedItems, for an item that is made for the
// given contains.
func (m *arrayMaker) unevaluated(i int, contained []int) []demand {
	var list []demand
	a := &m.facts.array
	for _, rest := range a.rest {
		if !m.evaluated(rest.scope, i, contained) {
			list = append(list, demand{view: rest.view})
		}
	}
	return list
}

func (m *arrayMaker) evaluated(scope, i int, contained []int) bool {
	a := &m.facts.array
	for _, r := range a.rules {
		if m.within(r.scope, scope) && (i < len(r.prefix) || r.items != (schema.View{})) {
			return true
		}
	}
	for _, k := range contained {
		if m.within(a.contains[k].scope, scope) {
			return true
		}
	}
	for _, r := range a.rest {
		if r.scope != scope && m.within(r.scope, scope) {
			return true
		}
	}
	return false
}
