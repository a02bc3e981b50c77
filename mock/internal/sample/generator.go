package sample

import (
	"encoding/binary"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// generator makes one value.
type generator struct {
	task
	opts Options
	// tight and dynamic are the manner of the attempt.
	tight, dynamic bool
	used, limit    int // steps
	exhausted      bool
	made           int // bytes of scalars
	memo           map[memoKey]memory
	ids            map[demand]uint32
	owners         map[schema.View]*declared
	depths         depths
	weights        weights
	failed         *failure
}

// failure is the first obstacle on the way that is tried.
type failure struct {
	place   *place
	node    *source.Node
	reason  string
	limited bool
}

// memory is what solve has found before.
type memory struct {
	value
	ok bool
}

type memoKey struct {
	seed    uint64
	tight   bool
	demands string
}

func newGenerator(o Options, t task) *generator {
	return &generator{task: t, opts: o, limit: MaxSteps, memo: map[memoKey]memory{}, ids: map[demand]uint32{}, owners: map[schema.View]*declared{}, depths: depths{}, weights: weights{}}
}

// step counts one attempt; false when there are none left.
func (g *generator) step() bool { return g.steps(1) }

func (g *generator) steps(n int) bool {
	g.used += n
	g.exhausted = g.exhausted || g.spent()
	return !g.spent()
}

// left is how many steps there are for one text.
func (g *generator) left() int { return max(1, MaxSteps-g.used) }

func (g *generator) spent() bool { return g.used > g.limit }

// share does f with a share of the steps that are left, so that what is hopeless does
// not use up those of the alternatives: so many quarters.
func (g *generator) share(quarters int, f func()) {
	limit := g.limit
	g.limit = g.used + (limit-g.used)*quarters/4
	f()
	g.limit = limit
}

// scarce tells that only what is required should be made from now on.
func (g *generator) scarce() bool { return g.used > MaxSteps/2 || g.made > MaxBody/4 }

// fail notes the first obstacle.
func (g *generator) fail(p *place, n *source.Node, reason string) {
	if g.failed == nil {
		g.failed = &failure{place: p, node: n, reason: reason}
	}
}

// failLimit notes that something exceeds the limits of this package.
func (g *generator) failLimit(p *place, n *source.Node, reason string) {
	if g.failed == nil {
		g.failed = &failure{p, n, reason, true}
	}
}

// solve makes a value for a place.
func (g *generator) solve(p *place, demands []demand) (value, bool) {
	if !g.step() {
		return value{}, false
	}
	key := memoKey{p.seed, p.tight, g.key(demands)}
	if m, ok := g.memo[key]; ok && p.taken == nil {
		return m.value, m.ok
	}
	before := g.failed
	v, ok := g.search(p, demands)
	if ok {
		g.failed = before // what was in the way could be gone round
	} else {
		g.fail(p, nodeOf(demands), "nothing was found that fits all that is said about it")
	}
	if p.taken == nil && (ok || !g.exhausted) {
		g.memo[key] = memory{v, ok}
	}
	return v, ok
}

func nodeOf(demands []demand) *source.Node {
	for _, d := range demands {
		if !d.tagged {
			return d.view.Node()
		}
	}
	return nil
}

// key is a text that equal lists of demands share.
func (g *generator) key(demands []demand) string {
	text := make([]byte, 0, 4*len(demands))
	for _, d := range demands {
		id, ok := g.ids[d]
		if !ok {
			id = uint32(len(g.ids))
			g.ids[d] = id
		}
		text = binary.LittleEndian.AppendUint32(text, id)
	}
	return string(text)
}

func (g *generator) search(p *place, demands []demand) (out value, found bool) {
	if p.depth > MaxDepth {
		g.failLimit(p, nodeOf(demands), "values would be nested more than "+strconv.Itoa(MaxDepth)+" deep")
		return value{}, false
	}
	p.demands = demands
	types := schema.AnyType
	if p.depth == 0 {
		types = g.types
	}
	f := newFacts(types)
	todo := make([]item, len(demands))
	for i, d := range demands {
		todo[i].demand = d
		if d.tagged {
			f.lists = append(f.lists, []*source.Node{tagNode(d.tag)})
		}
	}
	g.expand(p, f, todo, nil, func(f *facts) bool {
		out, found = g.attempt(p, f, maxRepairs)
		return found
	})
	return out, found
}

func tagNode(tag string) *source.Node {
	n := source.New(nil, source.String, "", tag)
	return &n
}
