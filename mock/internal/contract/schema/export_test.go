package schema

import "github.com/understudy-mock/understudy/mock/internal/exchange"

// Opinions gives what both judges say about a value. fast is only meaningful if
// used; err tells that jsonschema has no opinion.
func (s *Schema) Opinions(value any) (fast, used, authority bool, err error) {
	used = !s.root.nativeBelow
	if used {
		var r run
		fast = s.fast.valid(value, &r)
	}
	j, err := s.judge()
	if err != nil {
		return fast, used, false, err
	}
	failed, err := j.validate(tameAll(value))
	return fast, used, failed == nil, err
}

// Explain gives the violations without asking the quick checker first.
func (s *Schema) Explain(value any) []exchange.Violation { return s.explain(value) }
