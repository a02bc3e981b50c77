package schema

import (
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Opinions gives what both judges say about a value; err tells that jsonschema has no
// opinion.
func (s *Schema) Opinions(value any) (fast, authority bool, err error) {
	fast = s.fast.fits(value)
	j, err := s.judge()
	if err != nil {
		return fast, false, err
	}
	failed, err := j.validate(tameAll(value))
	return fast, failed == nil, err
}

// FitsTree is what the quick checker says of a decoded value, and nobody else.
func (s *Schema) FitsTree(value any) bool { return s.fits(value) }

// ShapeWork makes a shape, and gives how many schemas were looked at and may be at most.
func (c *Compiler) ShapeWork(n *source.Node) (looked, most int) {
	s := shaper{c: c, left: maxShapeNodes}
	s.shape(n, 0)
	return maxShapeNodes - s.left, maxShapeNodes
}

// WholeOpinion is what jsonschema says when it is given the whole file. ok is false
// where schemas lead back to themselves, which it takes for a fault.
func (s *Schema) WholeOpinion(c *Compiler, value any) (valid, ok bool, err error) {
	for o := range reached(s.root) {
		if o.circle != 0 {
			return false, false, nil
		}
	}
	j, err := c.wholeJudge(s.root)
	if err != nil {
		return false, true, err
	}
	failed, err := j.validate(tameAll(value))
	return failed == nil, true, err
}

func reached(o *object) map[*object]bool {
	seen := map[*object]bool{}
	var walk func(o *object)
	walk = func(o *object) {
		if !seen[o] {
			seen[o] = true
			o.eachLink(func(to *object, _ bool) { walk(to) })
		}
	}
	walk(o)
	return seen
}

// Explain gives the violations without asking the quick checker first.
func (s *Schema) Explain(value any) []exchange.Violation { return s.explain(value) }

// ExplainAbridged explains a value by most parts of it.
func (s *Schema) ExplainAbridged(value any, most int) []exchange.Violation {
	j, err := s.judge()
	if err != nil {
		return nil
	}
	x := explainer{judge: j, value: value, work: &run{whole: value}}
	return x.abridged(s.root, most)
}

// Checker identifies what gives the quick answer.
func (s *Schema) Checker() any { return s.fast }
