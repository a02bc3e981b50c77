package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// item is a demand that is to be put into facts. Its scope is the nearest schema
// around it with unevaluatedProperties or unevaluatedItems.
type item struct {
	demand
	scope int
}

// branching is something that facts can fulfil in several ways: a keyword such as
// anyOf, or a schema that must not fit.
type branching struct {
	item
	word schema.Word
	// heirs are the schemas that build on that of the item, and tag the property that
	// tells them apart.
	heirs []schema.Heir
	tag   string
}

// way is one of the ways of a branching: further demands, and narrower facts.
type way struct {
	items  []item
	narrow func(*facts) bool // false for a contradiction; nil for nothing
}

// expand puts demands into facts and gives the result to yield, for one way of all
// branchings after the other until yield is content.
func (g *generator) expand(p *place, f facts, todo []item, open []branching, yield func(*facts) bool) bool {
	for len(todo) > 0 {
		it := todo[0]
		todo = todo[1:]
		if !g.step() {
			return false
		}
		if it.not {
			open = append(slices.Clip(open), branching{item: it})
			continue
		}
		subs, more, ok := g.take(&f, it)
		if !ok {
			g.fail(p, it.view.Node(), contradiction(&f))
			return false
		}
		todo = append(subs, todo...)
		open = append(slices.Clip(open), more...)
	}
	if len(open) == 0 {
		return yield(&f)
	}
	return g.try(g.ways(p, &f, open[0]), func(w way) bool {
		narrowed := f.fork()
		return (w.narrow == nil || w.narrow(&narrowed)) && g.expand(p, narrowed, slices.Clone(w.items), open[1:], yield)
	})
}

// try goes from way to way until f is content. All but the last get a share of what
// steps are left.
func (g *generator) try(ways []way, f func(way) bool) (done bool) {
	for i, w := range ways {
		quarters := 3
		if i == len(ways)-1 {
			quarters = 4
		}
		g.share(quarters, func() { done = f(w) })
		if done || g.spent() {
			return done
		}
	}
	return false
}

// contradiction says why facts leave nothing.
func contradiction(f *facts) string {
	if f.types == 0 {
		return "no type is left that all schemas admit"
	}
	return "nothing is admitted here"
}
