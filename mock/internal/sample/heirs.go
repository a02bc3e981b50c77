package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// inherited gives a way for each schema that builds on one with a discriminator, and the
// plain one: the parent may be sent as well. Where the value is being made for one of
// them, it gets its tag.
func (g *generator) inherited(p *place, f *facts, b branching) []way {
	var ways []way
	views := make([]schema.View, len(b.heirs))
	for i, h := range b.heirs {
		views[i] = h.View
		if slices.Contains(f.nodes, h.View.Node()) {
			ways = append(ways, way{narrow: withTag(b.scope, b.tag, h.Tag)})
		}
	}
	plain := way{}
	if ways != nil {
		return append(ways, plain)
	}
	for _, i := range g.order(p, views) {
		ways = append(ways, way{items: []item{{demand{view: views[i]}, b.scope}}, narrow: withTag(b.scope, b.tag, b.heirs[i].Tag)})
	}
	return append(ways, plain)
}
