package replay

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestLimitsOfWays holds how long a way to a stub may be, and how many orders are looked at.
func TestLimitsOfWays(t *testing.T) {
	t.Parallel()
	api := loadAPI(t)
	// steps lead one after the other from the first value of a state to the last.
	steps := func(n int) string {
		var values, stubs []string
		for i := range n {
			values = append(values, fmt.Sprintf("v%d", i))
			stubs = append(stubs, fmt.Sprintf(`    - {when: {headers: {X-Step: "%[1]d"}, state: {order: v%[1]d}}, respond: {status: 200}, set: {order: v%[2]d}}`, i, i+1))
		}
		return fmt.Sprintf("state: {order: {values: [%s, v%[2]d]}}\noperations:\n  changeOrder:\n%s\n  getOrder:\n    - {name: there, when: {state: {order: v%[2]d}}, respond: {status: 200}}\n",
			strings.Join(values, ", "), n, strings.Join(stubs, "\n"))
	}
	// switches can be turned on in any order; the last three have to be.
	switches := func(n int) string {
		var states, stubs, wanted []string
		for i := range n {
			states = append(states, fmt.Sprintf("s%d: {values: [off, on]}", i))
			stubs = append(stubs, fmt.Sprintf(`    - {when: {headers: {X-Switch: "%[1]d"}, state: {s%[1]d: off}}, respond: {status: 200}, set: {s%[1]d: on}}`, i))
			if i >= n-3 {
				wanted = append(wanted, fmt.Sprintf("s%d: on", i))
			}
		}
		return fmt.Sprintf("state: {%s}\noperations:\n  changeOrder:\n%s\n  getOrder:\n    - {name: there, when: {state: {%s}}, respond: {status: 200}}\n",
			strings.Join(states, ", "), strings.Join(stubs, "\n"), strings.Join(wanted, ", "))
	}
	for name, test := range map[string]struct {
		text  string
		found bool
	}{
		"the longest way":  {steps(maxWayLength), true},
		"too long a way":   {steps(maxWayLength + 1), false},
		"1,561 orders":     {switches(21), true},
		"more than 2,000":  {switches(24), false},
		"few, but too far": {steps(20), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &runner{Options: Options{Scenarios: loadScenario(t, api, test.text), Operation: func(op *contract.Operation) bool { return op.ID == "getOrder" }}}
			for _, s := range r.plan() {
				for _, c := range s.chapters {
					for _, scene := range c.scenes {
						if !scene.support && (scene.check.Reason == "") != test.found {
							t.Errorf("%s: %s", scene.check.Title(), scene.check.Reason)
						}
					}
				}
			}
		})
	}
}
