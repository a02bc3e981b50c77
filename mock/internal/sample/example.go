package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// example gives the first of the schemas' own values that fits: example, then
// examples, then default. With Dynamic only scalars are taken, and not always: whole
// objects would fix the shape.
func (g *generator) example(p *place, f *facts) (value, bool) {
	var fitting []value
	for _, n := range f.nodes {
		if slices.Contains(p.tried, n) {
			continue
		}
		p.tried = append(p.tried, n)
		for _, given := range examplesOf(n) {
			if v, ok := g.given(p, given); ok && !g.dynamic {
				return v, true
			} else if ok {
				fitting = append(fitting, v)
			}
		}
	}
	if k := p.dice("example").IntN(len(fitting) + 1); k < len(fitting) {
		return fitting[k], true
	}
	return value{}, false
}

func (g *generator) given(p *place, n *source.Node) (value, bool) {
	compound := n.Kind == source.Array || n.Kind == source.Object
	if !g.step() || g.dynamic && compound {
		return value{}, false
	}
	v := given(n)
	if p.depth == 0 && g.types&typeOf(n) == 0 || !g.fits(p, v.data) {
		return value{}, false
	}
	return v, true
}

// examplesOf gives the values that a schema holds as examples. A reference stands for
// its target, whose values come with it.
func examplesOf(n *source.Node) []*source.Node {
	var list []*source.Node
	for _, key := range []string{"example", "x-example"} {
		if e := n.Get(key); e != nil {
			list = append(list, e)
		}
	}
	for _, e := range n.Get("examples").Items() {
		list = append(list, e)
	}
	if e := n.Get("default"); e != nil {
		list = append(list, e)
	}
	return list
}

// listed gives a value of the shortest enum that fits all else; null last.
func (g *generator) listed(p *place, f *facts) (value, bool) {
	shortest := f.lists[0]
	for _, list := range f.lists[1:] {
		if len(list) < len(shortest) {
			shortest = list
		}
	}
	list := slices.Clone(shortest)
	if g.dynamic && len(list) > 1 {
		k := p.dice("enum").IntN(len(list))
		list = append(list[k:len(list):len(list)], list[:k]...)
	}
	slices.SortStableFunc(list, func(a, b *source.Node) int { return isNullNode(a) - isNullNode(b) })
	for _, n := range list {
		if v, ok := g.enumerated(p, n); ok {
			return v, true
		}
		if g.spent() {
			return value{}, false
		}
	}
	g.fail(p, f.node(), "none of the listed values is left that fits all else")
	return value{}, false
}

func isNullNode(n *source.Node) int {
	if n.Kind == source.Null {
		return 1
	}
	return 0
}

func (g *generator) enumerated(p *place, n *source.Node) (value, bool) {
	v := given(n)
	ok := !p.taken.has(v.data) && g.step() && g.fits(p, v.data) && (p.depth > 0 || g.types&typeOf(n) != 0)
	return v, ok
}
