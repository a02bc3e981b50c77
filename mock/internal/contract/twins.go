package contract

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// checkShapes reports templates that no request could tell apart: the same shape
// and method, and path parameters that say nothing different.
func (l *loader) checkShapes(r *router) {
	var walk func(s *segment)
	walk = func(s *segment) {
		byMethod := map[string][]*Operation{}
		for _, leaf := range s.leaves {
			byMethod[leaf.op.Method] = append(byMethod[leaf.op.Method], leaf.op)
		}
		for _, twins := range byMethod {
			l.checkTwins(twins)
		}
		for _, f := range s.fixed {
			walk(f.next)
		}
		for _, p := range s.patterns {
			walk(p.next)
		}
	}
	walk(&r.root)
}

func (l *loader) checkTwins(twins []*Operation) {
	for i, op := range twins {
		op.hasTwin = op.hasTwin || len(twins) > 1
		for _, before := range twins[:i] {
			if before.Template == op.Template || op.pathSchemas() != before.pathSchemas() {
				continue
			}
			l.add(CodeAmbiguousPath, source.Error, op.item.KeyAt(),
				fmt.Sprintf("%s %s cannot be told apart from %s", op.Method, op.Template, before.Template),
				"remove one of them, or give their path parameters schemas that exclude each other",
				source.Related{At: before.item.KeyAt(), Message: "the other template of this shape"})
		}
	}
}
