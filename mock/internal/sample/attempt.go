package sample

import (
	"iter"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxRepairs bounds how often the facts of one value are made narrower.
const maxRepairs = 8

// attempt makes a value for facts.
func (g *generator) attempt(p *place, f *facts, repairs int) (value, bool) {
	if v, ok := g.example(p, f); ok {
		return v, true
	}
	if len(f.lists) > 0 {
		return g.listed(p, f)
	}
	types := g.typesOf(p, f)
	for i, t := range types {
		var v value
		var ok bool
		quarters := 3
		if i == len(types)-1 {
			quarters = 4
		}
		g.share(quarters, func() { v, ok = g.ofType(p, f, t, repairs) })
		if ok || g.spent() {
			return v, ok
		}
	}
	return value{}, false
}

// ofType makes a value of one type.
func (g *generator) ofType(p *place, f *facts, t schema.Types, repairs int) (value, bool) {
	p.seen = f.seen
	v, ok := g.construct(p, f, t)
	switch {
	case g.spent() || !ok:
		return value{}, false
	case g.fits(p, v.data):
		return v, true
	case p.taken.has(v.data) || contains(f.unlisted, v.data):
		v, ok = g.another(p, f, t)
	default:
		v, ok = g.repair(p, f, v, repairs)
	}
	if !ok {
		g.fail(p, f.node(), "no "+nouns[t]+" was found that fits all that is said about it")
	}
	return v, ok
}

// nouns are the types for people.
var nouns = map[schema.Types]string{
	schema.TypeNull: "null", schema.TypeBoolean: "boolean", schema.TypeInteger: "integer", schema.TypeNumber: "number",
	schema.TypeString: "text", schema.TypeArray: "array", schema.TypeObject: "object",
}

// fits tells whether a value fulfils all that is demanded of it.
func (g *generator) fits(p *place, data any) bool {
	for _, d := range p.demands {
		if !d.tagged {
			g.steps(g.weights.of(d.view) / viewsPerStep)
		}
		if !d.holds(data) {
			return false
		}
	}
	if s, ok := data.(string); ok && g.chars != nil && !g.chars.MatchString(s) {
		return false
	}
	return !p.taken.has(data)
}

func contains(list []*source.Node, data any) bool {
	for _, n := range list {
		if string(appendKey(nil, n.Value())) == string(appendKey(nil, data)) {
			return true
		}
	}
	return false
}

// repair makes the facts narrower so that the first watch that the value breaks is
// kept, and starts again.
func (g *generator) repair(p *place, f *facts, v value, left int) (out value, found bool) {
	for i := range f.watches {
		if left == 0 || !f.watches[i].broken(v.data) {
			continue
		}
		g.try(f.watches[i].repairs(v.data), func(w way) bool {
			narrowed := f.fork()
			return (w.narrow == nil || w.narrow(&narrowed)) && g.expand(p, narrowed, w.items, nil, func(f *facts) bool {
				out, found = g.attempt(p, f, left-1)
				return found
			})
		})
		if !found {
			g.fail(p, f.watches[i].view.Node(), f.watches[i].kind.obstacle())
		}
		break
	}
	return out, found
}

// maxVariants bounds the attempts at a value unlike others.
const maxVariants = 40

// another makes a value that is not taken yet, at random.
func (g *generator) another(p *place, f *facts, t schema.Types) (value, bool) {
	if t&(schema.TypeArray|schema.TypeObject) == 0 {
		return value{}, false // all that there is was tried
	}
	defer func(dynamic bool) { g.dynamic = dynamic }(g.dynamic)
	g.dynamic = true
	for n := range maxVariants {
		q := *p
		q.seed = dice.Mix(p.seed, "\x00variant "+strconv.Itoa(n))
		if v, ok := g.construct(&q, f, t); ok && g.fits(p, v.data) && !contains(f.unlisted, v.data) {
			return v, true
		}
		if g.spent() {
			break
		}
	}
	return value{}, false
}

// construct makes a value of one type. The value may still break what is watched.
func (g *generator) construct(p *place, f *facts, t schema.Types) (value, bool) {
	switch t {
	case schema.TypeNull:
		return null(), true
	case schema.TypeBoolean:
		return g.choose(p, g.booleans(p))
	case schema.TypeInteger, schema.TypeNumber:
		return g.choose(p, g.numbers(p, f))
	case schema.TypeString:
		return g.choose(p, g.texts(p, f))
	case schema.TypeArray:
		return g.makeArray(p, f)
	}
	return g.makeObject(p, f)
}

// choose takes the first candidate that fits; where none does, the first of all, so that
// it shows what is broken.
func (g *generator) choose(p *place, candidates iter.Seq[value]) (first value, some bool) {
	for v := range candidates {
		if !g.step() {
			return value{}, false
		}
		if g.fits(p, v.data) {
			g.made += v.size
			return v, true
		}
		if !some {
			first, some = v, true
		}
	}
	return first, some
}

func (g *generator) booleans(p *place) iter.Seq[value] {
	first := !g.dynamic || p.dice("").OneIn(2)
	return slices.Values([]value{boolean(first), boolean(!first)})
}
