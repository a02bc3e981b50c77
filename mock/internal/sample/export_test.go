package sample

import "github.com/understudy-mock/understudy/mock/internal/contract/schema"

// FindingsWithin is Findings with a bound of its own on the steps.
var FindingsWithin = findingsWithin

// Cost gives the steps that Value uses.
func Cost(s *schema.Schema) (steps int) {
	_, _ = Value(s, Options{cost: &steps})
	return steps
}
