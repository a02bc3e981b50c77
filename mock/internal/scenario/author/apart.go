package author

import (
	"cmp"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// group are requests for one operation that the same conditions hold for.
type group struct {
	seen   []*sighting
	places []place // what the conditions ask for
}

// answers counts the different answers of a group.
func (g *group) answers() int {
	different := map[string]bool{}
	for _, s := range g.seen {
		different[s.print] = true
	}
	return len(different)
}

// apart divides a group by what tells its answers apart, as long as something does.
func (g *group) apart() []*group {
	if g.answers() < 2 {
		return []*group{g}
	}
	var best []*group
	least, found := g.answers()-1, place{}
	for _, at := range g.candidates() {
		parts := g.by(at)
		mixed := 0
		for _, part := range parts {
			mixed += part.answers() - 1
		}
		// Of what divides equally well, the one with the fewest values says most: one that
		// is different in each request says nothing.
		if mixed < least || mixed == least && best != nil && len(parts) < len(best) {
			best, least, found = parts, mixed, at
		}
	}
	if best == nil {
		return []*group{g}
	}
	var all []*group
	for _, part := range best {
		part.places = append(slices.Clip(g.places), found)
		all = append(all, part.apart()...)
	}
	return all
}

// candidates are the places that requests of the group differ in, and that conditions
// can ask for in each of them.
func (g *group) candidates() []place {
	texts := map[place]string{}
	differ, useless := map[place]bool{}, map[place]bool{}
	noBody := false
	for _, s := range g.seen {
		noBody = noBody || s.noBody
		for at, n := range s.facts {
			texts[at] = s.facts.text(at)
			useless[at] = useless[at] || n == nil
		}
	}
	for at, text := range texts {
		differ[at] = slices.ContainsFunc(g.seen, func(s *sighting) bool { return s.facts.text(at) != text })
	}
	var list []place
	for at := range texts {
		if noBody && (at.key == "body" || at.key == "jsonPath") {
			continue
		}
		if differ[at] && !useless[at] && !slices.Contains(g.places, at) {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(slices.Index(keys, a.key)-slices.Index(keys, b.key), cmp.Compare(len(a.name), len(b.name)), cmp.Compare(a.name, b.name))
	})
	return list
}

// by divides the group by what its requests say at a place, in their order.
func (g *group) by(at place) []*group {
	return grouped(g.seen, func(s *sighting) string { return s.facts.text(at) })
}

// grouped puts those together that have the same key, in the order in which keys occur.
func grouped[K comparable](seen []*sighting, key func(*sighting) K) []*group {
	var list []*group
	byKey := map[K]*group{}
	for _, s := range seen {
		k := key(s)
		if byKey[k] == nil {
			byKey[k] = &group{}
			list = append(list, byKey[k])
		}
		byKey[k].seen = append(byKey[k].seen, s)
	}
	return list
}

// stub gives the answers of the group, one after the other.
func (g *group) stub() Stub {
	first := g.seen[0]
	st := Stub{Operation: first.Operation, When: first.facts.when(g.places, first.Exchange), derived: true}
	last := ""
	for _, s := range g.seen {
		st.From = append(st.From, s.index)
		if n := len(st.Answers); n > 0 && s.print == last {
			st.Answers[n-1].Times = max(st.Answers[n-1].Times, 1) + 1
			continue
		}
		last = s.print
		st.Answers = append(st.Answers, s.answer)
	}
	st.Answers[len(st.Answers)-1].Times = 0 // it stays
	return st
}

// conditions counts what a stub asks for.
func conditions(n *source.Node) int {
	if n == nil || len(n.Kids) == 0 {
		return 1
	}
	sum := 0
	for i := range n.Kids {
		sum += conditions(&n.Kids[i])
	}
	return sum
}
