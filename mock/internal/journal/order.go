package journal

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// The first step of an order looks from the beginning, each other one from behind the
// request with which the step before had as many as it needs. What matches a step is
// counted up to the first request of the next step that needs any, and for the last
// one up to the end. Requests that match no step may stand anywhere.

// step is one step of an order under way.
type step struct {
	*scenario.Expectation
	kinds []match
	// from is where it looks from, reached where it had as many as it needs, and to
	// where it stops counting.
	from, reached, to int
}

// order verifies an order.
func (v *verifying) order(e *scenario.Expectation) Result {
	r := Result{Name: e.Name, Outcome: Pass}
	steps := make([]step, len(e.Order))
	bounded, from := false, 0
	for i := range steps {
		s := &steps[i]
		*s = step{Expectation: &e.Order[i], kinds: v.classify(e.Order[i].Pattern), from: from}
		s.reached = s.after(from, s.Least)
		from = s.reached
		bounded = bounded || s.Most >= 0
		r.Undecided += s.count(undecided, 0, len(s.kinds))
		if from < 0 {
			steps = steps[:i+1] // those behind it cannot be looked at
			break
		}
	}
	for i := range steps {
		s := &steps[i]
		s.to = len(v.all)
		for k := i + 1; k < len(steps); k++ {
			if next := &steps[k]; next.Least > 0 {
				if first := next.after(next.from, 1); first > 0 {
					s.to = first - 1
				}
				break
			}
		}
		result := v.step(s, i+1)
		r.Steps = append(r.Steps, result)
		if result.Outcome == Fail {
			r.Outcome, r.Why = Fail, fmt.Sprintf("step %d is not fulfilled", i+1)
			break
		}
	}
	if (v.dropped || r.Undecided > 0) && (r.Outcome == Fail || bounded) {
		r.Outcome, r.Why = Incomplete, v.gaps(r.Undecided)
	}
	return r
}

// after gives the place behind the nth matching request from a place on, -1 where
// there are fewer.
func (s *step) after(from, n int) int {
	for i := from; n > 0; i++ {
		if i >= len(s.kinds) {
			return -1
		}
		if s.kinds[i] == matches {
			from, n = i+1, n-1
		}
	}
	return from
}

func (s *step) count(kind match, from, to int) int {
	n := 0
	for _, k := range s.kinds[from:max(from, to)] {
		if k == kind {
			n++
		}
	}
	return n
}

// step says what came of a step.
func (v *verifying) step(s *step, number int) Result {
	r := Result{
		Name: s.Name, Outcome: Pass, Expectation: s.Pattern.Written, Expected: s.Count(),
		Found: s.count(matches, s.from, s.to), Undecided: s.count(undecided, s.from, s.to),
	}
	tooMany := s.Most >= 0 && r.Found > s.Most
	if s.reached >= 0 && !tooMany {
		return r
	}
	where := "from the beginning"
	if number > 1 {
		where = fmt.Sprintf("behind step %d", number-1)
	}
	if s.to < len(v.all) {
		where += fmt.Sprintf(" and before step %d", number+1)
	}
	r.Outcome, r.Why = Fail, fmt.Sprintf("expected %s %s, found %d", r.Expected, where, r.Found)
	if before := s.count(matches, 0, s.from); before > 0 {
		r.Why += fmt.Sprintf(", and %d earlier", before)
	}
	if tooMany {
		r.Matching = v.matching(s.Pattern, s.kinds, s.from, s.to)
	} else {
		r.Closest = closest(v.all[s.from:], s.Pattern, v.redactor)
	}
	return r
}
