package sample

import (
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxShown is the depth from which on only what is required is made.
const maxShown = 4

// optional makes a part that need not be there, with a share of what steps are left;
// that it cannot be made is no failure.
func (g *generator) optional(p *place, demands []demand) (value, bool) {
	failed := g.failed
	var v value
	var ok bool
	g.share(1, func() { v, ok = g.solve(p, demands) })
	if ok && p.depth >= maxShown && len(v.node.Kids) == 0 && v.node.Kind >= source.Array {
		return value{}, false // it is empty only because the depth ends here
	}
	if !ok {
		g.failed = failed
	}
	return v, ok
}

// show makes the declared members that need not be there.
func (m *objectMaker) show() {
	if m.place.tight || m.place.depth >= maxShown {
		return
	}
	d := m.place.dice("members")
	for _, name := range m.order {
		if m.dynamic && d.IntN(5) < 2 || m.scarce() {
			continue
		}
		m.tryMember(name)
	}
}

// tryMember makes a member that need not be there, with what must stand beside it, where
// it can. It leaves out what leads back to a schema around it.
func (m *objectMaker) tryMember(name string) {
	names := m.closure([]string{name})
	if len(m.made)+len(names) > m.facts.object.max || m.has(name) {
		return
	}
	made := map[string]value{}
	for _, name := range names {
		if m.tried[name] || slices.Contains(m.facts.object.absent, name) || !m.nameFits(name) {
			return
		}
		m.tried[name] = true
		demands := m.demands(name)
		if m.place.leadsBack(demands) {
			return
		}
		v, ok := m.optional(m.place.member(name), demands)
		if !ok {
			return
		}
		made[name] = v
	}
	for _, name := range names {
		m.enter(name, made[name])
	}
}

// entries shows an entry of an object that is a map.
func (m *objectMaker) entries() {
	o := &m.facts.object
	if len(m.order) > 0 || len(m.made) > 0 || m.place.tight || m.place.depth >= maxShown || m.scarce() || !m.isMap() {
		return
	}
	n := 1
	if m.dynamic {
		n = m.place.dice("entries").IntN(4)
	}
	for range min(n, o.max) {
		m.invent(nil, true)
	}
}

// isMap tells whether a schema speaks of members without naming them.
func (m *objectMaker) isMap() bool {
	for _, r := range m.facts.object.others {
		if _, decided := r.view.Verdict(); !decided {
			return true
		}
	}
	return len(m.facts.object.patterns) > 0
}

// atLeast adds members until there are enough.
func (m *objectMaker) atLeast() bool {
	o := &m.facts.object
	if o.min > MaxItems {
		m.failLimit(m.place, m.node(), "objects of more than "+strconv.Itoa(MaxItems)+" members are not made")
		return false
	}
	for _, name := range m.order {
		if len(m.made) >= o.min {
			return true
		}
		m.tried[name] = false
		m.tryMember(name)
	}
	for len(m.made) < o.min {
		if !m.invent(nil, false) {
			m.fail(m.place, m.node(), "no more members are possible, and there are fewer than there must be")
			return false
		}
	}
	return true
}
