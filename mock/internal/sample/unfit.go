package sample

import (
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Unfit lists the examples and defaults in schemas, and in all that they refer to, that
// do not fit their own schema, so that they are passed over. Each is listed once;
// schemas that cannot be compiled are left out.
func Unfit(c *contract.Contract, roots ...*source.Node) []*source.Node {
	var list []*source.Node
	seen := map[*source.Node]bool{}
	for _, root := range roots {
		v, err := c.NeutralSchema(root)
		if err != nil {
			continue
		}
		for open := []schema.View{v}; len(open) > 0; {
			v, open = open[0], open[1:]
			if seen[v.Node()] {
				continue
			}
			seen[v.Node()] = true
			for _, n := range examplesOf(v.Node()) {
				if !v.Valid(n.Value()) {
					list = append(list, n)
				}
			}
			open = append(open, held(v)...)
		}
	}
	return list
}

// held gives the schemas that v holds and that values may have to fit.
func held(v schema.View) []schema.View {
	var list []schema.View
	for w := range v.Words() {
		if w.Name() != "not" && w.Name() != "if" {
			list = append(list, w.Subs()...)
		}
	}
	return list
}
