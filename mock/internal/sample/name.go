package sample

import (
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/sample/language"
)

// maxNames bounds the names that are tried for a new member.
const maxNames = 12

// invent adds a member with a new name, one that r asks for where it is given. With
// optional, a member that leads back is left out.
func (m *objectMaker) invent(r *freshRule, optional bool) bool {
	if len(m.made) >= m.facts.object.max {
		return false
	}
	tries := 0
	for name := range m.newNames(r) {
		if tries++; tries > maxNames || !m.step() {
			break
		}
		if m.has(name) || m.tried[name] || slices.Contains(m.facts.object.absent, name) || !m.nameFits(name) || r != nil && !r.admits(name) {
			continue
		}
		var extra []demand
		if r != nil && !r.view.IsZero() {
			extra = []demand{r.demand}
		}
		if optional && m.place.leadsBack(m.demands(name)) {
			return false
		}
		before := m.failed
		if m.make(name, extra) && m.companions(name) {
			return true
		}
		m.failed = before
		m.tried[name] = true
	}
	return false
}

// companions makes what must stand beside a member that was added; without them the
// member is taken away again.
func (m *objectMaker) companions(name string) bool {
	for _, other := range m.closure(nil) {
		if len(m.made) >= m.facts.object.max || !m.make(other, nil) {
			delete(m.made, name)
			m.extra = slices.DeleteFunc(m.extra, func(n string) bool { return n == name })
			return false
		}
	}
	return true
}

func (r *freshRule) admits(name string) bool {
	switch {
	case r.pattern != nil:
		return r.pattern.MatchString(name)
	case r.named:
		return r.name.holds(name)
	}
	return !r.owner.has(name)
}

// newNames gives names that the object does not declare: of the patterns that it has,
// simple ones, and those that its propertyNames admit.
func (m *objectMaker) newNames(r *freshRule) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if r != nil && r.pattern != nil {
			m.patternNames(r.pattern, yield)
			return
		}
		ok := true
		if r == nil {
			for _, p := range m.facts.object.patterns {
				if ok = ok && m.patternNames(p.pattern, yield); !ok {
					return
				}
			}
		}
		for i := range 4 {
			if !yield("key" + strconv.Itoa(len(m.made)+i+1)) {
				return
			}
		}
		m.demandedNames(r, yield)
	}
}

// patternNames gives names that match a pattern.
func (m *objectMaker) patternNames(p *pattern.Pattern, yield func(string) bool) bool {
	d := m.place.dice("names " + strconv.Itoa(len(m.made)))
	for range 3 {
		name, work, ok := language.Make(language.Wanted{All: []*pattern.Pattern{p}, Max: MaxText, Likely: 6, Work: m.left() * workPerStep}, d)
		if !m.steps(work/workPerStep) || !ok {
			break
		}
		if !yield(name) {
			return false
		}
	}
	return true
}

// demandedNames makes names as values for propertyNames.
func (m *objectMaker) demandedNames(r *freshRule, yield func(string) bool) {
	demands := slices.Clone(m.facts.object.names)
	if r != nil && r.named {
		demands = append(demands, r.name)
	}
	if len(demands) == 0 {
		return
	}
	p := m.place.newName()
	for name := range m.made {
		p.taken.add(name)
	}
	for name, tried := range m.tried {
		if tried {
			p.taken.add(name)
		}
	}
	for range 3 {
		v, ok := m.solve(p, demands)
		name, isText := v.data.(string)
		if !ok || !isText || !yield(name) {
			return
		}
		p.taken.add(name)
	}
}
