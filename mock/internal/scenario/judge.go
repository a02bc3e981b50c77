package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Judgement is how a request fares with the conditions of a stub.
type Judgement struct {
	// Held counts the conditions that hold, of so many. Whether the request keeps to
	// the contract is one of them where that is asked for.
	Held, Conditions int

	failed func(shown *exchange.Exchange) string // nil where all hold
}

// Failed says for people which condition failed first, "" where all hold. What it
// tells of the request it takes from shown, which may have secrets taken out.
func (j Judgement) Failed(shown *exchange.Exchange) string {
	if j.failed == nil {
		return ""
	}
	return j.failed(shown)
}

// fail notes a condition that does not hold.
func (j *Judgement) fail(why func(shown *exchange.Exchange) string) {
	if j.failed == nil {
		j.failed = why
	}
}

// Judge looks at all conditions, also behind one that fails. Without values, which
// may be nil, it leaves out those that depend on states and sequences.
func (st *Stub) Judge(ex *exchange.Exchange, values Values) Judgement {
	var j Judgement
	if st.valid != validOrNot {
		j.Conditions++
		if st.admits(ex.Violations) {
			j.Held++
		} else {
			j.fail(func(shown *exchange.Exchange) string { return st.refusal(shown.Violations) })
		}
	}
	for _, c := range st.conditions {
		if values == nil && asksState(c) {
			continue
		}
		j.Conditions++
		if c.holds(ex, values) {
			j.Held++
			continue
		}
		j.fail(func(shown *exchange.Exchange) string {
			if text := c.explain(shown, values); text != "" {
				return text
			}
			return c.text() + " does not hold" // the value that fails it is not shown
		})
	}
	if values != nil && st.sequence.counts() {
		j.Conditions++
		if !st.sequence.over(values) {
			j.Held++
		} else {
			j.fail(func(*exchange.Exchange) string { return "its sequence is over" })
		}
	}
	return j
}

// asksState tells whether a condition depends on more than the request.
func asksState(c condition) bool {
	switch c := c.(type) {
	case *stateCondition:
		return true
	case *expressionCondition:
		return len(c.states) > 0
	}
	return false
}
