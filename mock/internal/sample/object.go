package sample

import (
	"math"
	"slices"
)

// objectMaker makes one object.
type objectMaker struct {
	*generator
	*facts
	place *place
	// order are the names that schemas declare, each once, as they come.
	order []string
	made  map[string]value
	// extra are the made names that are not in order.
	extra  []string
	tried  map[string]bool // optional names that were looked at
	owners map[string][]int
}

func (g *generator) makeObject(p *place, f *facts) (value, bool) {
	m := &objectMaker{generator: g, facts: f, place: p, made: map[string]value{}, tried: map[string]bool{}, owners: map[string][]int{}}
	m.index()
	if !m.require() || !m.freshMembers() {
		return value{}, false
	}
	m.show()
	m.entries()
	if !m.atLeast() {
		return value{}, false
	}
	return g.sized(p, f, m.object())
}

// index notes which rules speak about which declared name.
func (m *objectMaker) index() {
	for i, r := range m.facts.object.members {
		if _, known := m.owners[r.name]; !known {
			m.order = append(m.order, r.name)
		}
		m.owners[r.name] = append(m.owners[r.name], i)
	}
}

// object puts the members into order: the declared ones first.
func (m *objectMaker) object() value {
	members := make([]member, 0, len(m.made))
	for _, names := range [][]string{m.order, m.extra} {
		for _, name := range names {
			if v, ok := m.made[name]; ok {
				members = append(members, member{name, v})
			}
		}
	}
	return object(members)
}

// closure adds the names that must stand beside those in the list.
func (m *objectMaker) closure(names []string) []string {
	list := slices.Clone(names)
	for changed := true; changed; {
		changed = false
		for _, dep := range m.facts.object.dependents {
			if !m.has(dep.Property) && !slices.Contains(list, dep.Property) {
				continue
			}
			for _, name := range dep.Required {
				if !slices.Contains(list, name) && !m.has(name) {
					list, changed = append(list, name), true
				}
			}
		}
	}
	return list
}

func (m *objectMaker) has(name string) bool {
	_, ok := m.made[name]
	return ok
}

// require makes what must be there.
func (m *objectMaker) require() bool {
	names := m.closure(m.facts.object.required)
	if len(names) > m.facts.object.max {
		m.fail(m.place, m.node(), "more members are required than there may be")
		return false
	}
	// In the order of the schema, so that dice and limits fall alike however required
	// is ordered.
	slices.SortStableFunc(names, func(a, b string) int { return m.rank(a) - m.rank(b) })
	for _, name := range names {
		if !m.make(name, nil) {
			return false
		}
	}
	return true
}

func (m *objectMaker) rank(name string) int {
	if list, ok := m.owners[name]; ok {
		return list[0]
	}
	return math.MaxInt
}

// make makes a member that must be there.
func (m *objectMaker) make(name string, extra []demand) bool {
	if m.has(name) && len(extra) == 0 {
		return true
	}
	p := m.place.member(name)
	if slices.Contains(m.facts.object.absent, name) || !m.nameFits(name) {
		m.fail(p, m.node(), "the member must be there and must not be there")
		return false
	}
	demands := append(m.demands(name), extra...)
	if m.place.leadsBack(demands) {
		p.tight = true
		if m.endless(demands) {
			m.fail(p, nodeOf(demands), "it requires itself without end")
			return false
		}
	}
	v, ok := m.solve(p, demands)
	if ok {
		m.enter(name, v)
	}
	return ok
}

func (m *objectMaker) endless(demands []demand) bool {
	for _, d := range demands {
		if !d.not && !d.tagged && m.depths.of(d.view) >= endless {
			return true
		}
	}
	return false
}

func (m *objectMaker) enter(name string, v value) {
	if _, declared := m.owners[name]; !declared && !m.has(name) {
		m.extra = append(m.extra, name)
	}
	m.made[name] = v
}

func (m *objectMaker) nameFits(name string) bool {
	for _, d := range m.facts.object.names {
		if !d.holds(name) {
			return false
		}
	}
	return true
}

// freshMembers makes the members of names that are to be made up.
func (m *objectMaker) freshMembers() bool {
	for i := range m.facts.object.fresh {
		if !m.invent(&m.facts.object.fresh[i], false) {
			return false
		}
	}
	return true
}

// demands are what the schemas say about the member of that name.
func (m *objectMaker) demands(name string) []demand {
	o := &m.facts.object
	var list []demand
	for _, i := range m.owners[name] {
		list = append(list, o.members[i].demand)
	}
	for _, r := range o.patterns {
		if r.pattern.MatchString(name) {
			list = append(list, r.demand)
		}
	}
	for _, r := range o.others {
		if !r.owner.has(name) {
			list = append(list, r.demand)
		}
	}
	for _, rest := range o.rest {
		if !m.evaluated(rest.scope, name) {
			list = append(list, demand{view: rest.view})
		}
	}
	return list
}

// evaluated tells whether some schema of the scope speaks about the name.
func (m *objectMaker) evaluated(scope int, name string) bool {
	o := &m.facts.object
	for _, i := range m.owners[name] {
		if r := o.members[i]; !r.not && !r.tagged && m.within(r.scope, scope) {
			return true
		}
	}
	for _, r := range o.patterns {
		if m.within(r.scope, scope) && r.pattern.MatchString(name) {
			return true
		}
	}
	for _, r := range o.others {
		if m.within(r.scope, scope) {
			return true // it has spoken, or properties of the same schema have
		}
	}
	for _, r := range o.rest {
		if r.scope != scope && m.within(r.scope, scope) {
			return true
		}
	}
	return false
}
