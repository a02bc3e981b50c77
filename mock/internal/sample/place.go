package sample

import (
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// place is where in the value something is being made.
type place struct {
	parent *place
	// token is the last of its JSON pointer.
	token string
	// name is the property's, also for the items of an array.
	name  string
	depth int
	seed  uint64
	// naming tells that the value is to be the name of a member, not a part.
	naming bool
	// tight tells that a schema leads back to itself here: what ends soonest is made.
	tight bool

	demands []demand
	taken   taken
	// seen are the schemas that speak about the value, of the facts at work.
	seen []schema.View
	// tried are the schemas whose examples were looked at.
	tried []*source.Node
}

// root gives the place of the whole value for one attempt.
func (g *generator) root(attempt int) *place {
	seed := dice.Mix(g.opts.Seed, "")
	if g.salt != 0 || attempt > 1 {
		seed = dice.Mix(seed, strconv.FormatUint(g.salt, 10)+" "+strconv.Itoa(attempt))
	}
	return &place{name: g.name, seed: seed, tight: g.tight}
}

// member gives the place of a member.
func (p *place) member(name string) *place {
	return &place{parent: p, token: name, name: name, depth: p.depth + 1, seed: dice.Mix(p.seed, name), tight: p.tight}
}

// item gives the place of an array's item.
func (p *place) item(i int) *place {
	token := strconv.Itoa(i)
	return &place{parent: p, token: token, name: p.name, depth: p.depth + 1, seed: dice.Mix(p.seed, token), tight: p.tight}
}

// newName gives the place of a name that is made for a new member.
func (p *place) newName() *place {
	return &place{parent: p, naming: true, depth: p.depth + 1, seed: dice.Mix(p.seed, "\x00name"), taken: taken{}}
}

// dice gives the place's own dice; what is made for different purposes has
// different ones.
func (p *place) dice(purpose string) *dice.Dice { return dice.New(dice.Mix(p.seed, "\x00"+purpose)) }

func (p *place) pointer() string {
	if p == nil || p.parent == nil {
		return ""
	}
	if p.naming {
		return p.parent.pointer()
	}
	return p.parent.pointer() + "/" + source.EscapePointer(p.token)
}

// within is the name of what holds the value.
func (p *place) within() string {
	for at := p.parent; at != nil; at = at.parent {
		if at.name != p.name {
			return at.name
		}
	}
	return ""
}

// leadsBack tells whether one of the demands is a schema that a value around this one
// is being made for.
func (p *place) leadsBack(demands []demand) bool {
	for _, d := range demands {
		if d.not || d.tagged {
			continue
		}
		target := follow(d.view)
		for at := p; at != nil; at = at.parent {
			if slices.Contains(at.seen, target) {
				return true
			}
		}
	}
	return false
}

// maxHops bounds references to references.
const maxHops = 64

// follow gives the schema that a mere reference refers to.
func follow(v schema.View) schema.View {
	for range maxHops {
		var only schema.Word
		count := 0
		for w := range v.Words() {
			only = w
			count++
		}
		if count != 1 || only.Name() != "$ref" || only.UnlessNull() {
			break
		}
		_, v = only.Sub(0)
	}
	return v
}
