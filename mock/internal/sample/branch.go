package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ways lists how a branching can be fulfilled, the best way first.
func (g *generator) ways(p *place, f *facts, b branching) []way {
	switch {
	case b.not:
		return g.denials(b.item)
	case b.heirs != nil:
		return g.inherited(p, f, b)
	}
	var ways []way
	switch b.word.Name() {
	case "anyOf", "oneOf":
		ways = g.branches(p, b, b.word.Subs(), b.word.Name() == "oneOf")
	case "discriminator":
		ways = g.tagged(p, b)
	default: // $ref and allOf that do not speak about null
		ways = []way{{items: b.items(b.word.Subs())}}
	}
	if !b.word.UnlessNull() || !f.types.Has(schema.TypeNull) {
		return ways
	}
	for i := range ways {
		ways[i].narrow = both(except(schema.TypeNull), ways[i].narrow)
	}
	isNull := way{narrow: only(schema.TypeNull)}
	if p.tight {
		return append([]way{isNull}, ways...)
	}
	return append(ways, isNull)
}

// branches gives a way for each branch of anyOf or oneOf.
func (g *generator) branches(p *place, b branching, of []schema.View, exclusive bool) []way {
	var ways []way
	for _, i := range g.order(p, of) {
		w := way{items: []item{{demand{view: of[i]}, b.scope}}}
		if exclusive {
			w.narrow = without(b.scope, of, i)
		}
		ways = append(ways, w)
	}
	return ways
}

// tagged gives a way for each tag of a discriminator, and those for values that need
// no tag.
func (g *generator) tagged(p *place, b branching) []way {
	of, c := b.word.Subs(), b.word.Choice()
	var ways []way
	for _, i := range g.order(p, of) {
		for _, tag := range c.Tags {
			if !slices.Contains(tag.Cases, i) {
				continue
			}
			w := way{items: []item{{demand{view: of[i]}, b.scope}}, narrow: withTag(b.scope, c.Property, tag.Text)}
			if c.Exclusive && len(tag.Cases) > 1 {
				cases := make([]schema.View, len(tag.Cases))
				for k, at := range tag.Cases {
					cases[k] = of[at]
				}
				w.narrow = both(w.narrow, without(b.scope, cases, slices.Index(tag.Cases, i)))
			}
			ways = append(ways, w)
		}
	}
	for _, w := range g.branches(p, b, of[:c.Branches], c.Exclusive) {
		if !c.Open {
			w.narrow = both(w.narrow, except(schema.TypeObject))
		}
		ways = append(ways, w)
	}
	return ways
}

// withTag makes the facts those of an object with a tag.
func withTag(scope int, property, tag string) func(*facts) bool {
	return func(f *facts) bool {
		f.object.members = append(f.object.members, memberRule{scope, property, demand{tagged: true, tag: tag}})
		f.object.require(property)
		return only(schema.TypeObject)(f)
	}
}

// without watches that of the schemas none but one fits.
func without(scope int, of []schema.View, but int) func(*facts) bool {
	return func(f *facts) bool {
		for i, v := range of {
			if i != but {
				f.watches = append(f.watches, watch{kind: watchNot, scope: scope, view: v})
			}
		}
		return true
	}
}

func only(types schema.Types) func(*facts) bool {
	return func(f *facts) bool { f.types &= types; return f.types != 0 }
}

func except(types schema.Types) func(*facts) bool { return only(schema.AnyType &^ types) }

// both narrows by one and by the other.
func both(a, b func(*facts) bool) func(*facts) bool {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func(f *facts) bool { return a(f) && b(f) }
}

// order gives the indexes of branches in the order in which they are tried: as they
// are written, or by dice; those that can only be null and those that lead back to a
// schema around the value are put off. Where it must end soon, the flattest goes first.
func (g *generator) order(p *place, of []schema.View) []int {
	var list []int
	rank := make([]int, len(of))
	for i, v := range of {
		if admits, decided := v.Verdict(); decided && !admits {
			continue
		}
		switch {
		case p.tight:
			rank[i] = g.depths.of(v)
		case p.leadsBack([]demand{{view: v}}):
			rank[i] = 1
		case isNull(v):
			rank[i] = 2
		}
		list = append(list, i)
	}
	if g.dynamic && !p.tight {
		d := p.dice("branch")
		for i := range list {
			k := i + d.IntN(len(list)-i)
			list[i], list[k] = list[k], list[i]
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return rank[a] - rank[b] })
	return list
}

// isNull tells whether a schema admits nothing but null by its own words.
func isNull(v schema.View) bool {
	for w := range follow(v).Words() {
		switch w.Name() {
		case "type":
			return w.Types() == schema.TypeNull
		case "enum", "const":
			return !slices.ContainsFunc(w.Listed(), func(n *source.Node) bool { return n.Kind != source.Null })
		}
	}
	return false
}
