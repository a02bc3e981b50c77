package sample

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// FindingsWithin is Findings with a bound of its own on the steps.
var FindingsWithin = findingsWithin

// ValueAndCost is Value with the steps that it takes.
func ValueAndCost(s *schema.Schema) (v *source.Node, steps int, err error) {
	v, err = Value(s, Options{cost: &steps})
	return v, steps, err
}
