package engine

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestPreferencesWithoutOperation holds which requests for no operation the real API gets:
// none that asks for what only the mock has, and none whose preferences mean nothing.
func TestPreferencesWithoutOperation(t *testing.T) {
	t.Parallel()
	e := New(&state.Memory{}, Options{Validation: Warn, Delay: time.Hour, Upstream: func(string) bool { return true }})
	e.Swap(loadSnapshot(t, factsAPI, nil))
	const passed, preference, noPath, noMethod = "", exchange.ProblemPreference, exchange.ProblemNoPath, exchange.ProblemNoMethod
	for _, test := range []struct {
		prefer       string
		path, method exchange.ProblemCode // in the way of a request for an unknown path, or method
		delay        time.Duration
		applied      []string
		expected     bool
	}{
		{"", passed, passed, time.Hour, nil, false},
		{"respond-async, x", passed, passed, time.Hour, nil, false},
		{"seed=4", passed, passed, time.Hour, nil, false},
		{"dynamic=false", passed, passed, time.Hour, nil, false},
		{"delay=5ms", passed, passed, 5 * time.Millisecond, []string{"delay=5ms"}, false},
		{"expect=invalid", passed, passed, time.Hour, []string{"expect=invalid"}, true},
		{"code=200", noPath, noMethod, 0, nil, false},
		{"scenario=a", noPath, noMethod, 0, nil, false},
		{"example=a", noPath, noMethod, 0, nil, false},
		{"dynamic", noPath, noMethod, 0, nil, false},
		{"code", preference, preference, 0, nil, false},
		{"scenario=", preference, preference, 0, nil, false},
		{"example", preference, preference, 0, nil, false},
		{"delay", preference, preference, 0, nil, false},
		{"delay=soon", preference, preference, 0, nil, false},
		{"seed=x", preference, preference, 0, nil, false},
		{"expect=valid", preference, preference, 0, nil, false},
	} {
		for path, problem := range map[string]exchange.ProblemCode{"/b": test.path, "/a/7": test.method} {
			ex := &exchange.Exchange{ID: "a", Request: exchange.Request{Method: "POST", Path: path, Header: http.Header{}}, Answer: exchange.Answer{Header: http.Header{}}}
			ex.Prefer, _ = exchange.ParsePrefer(http.Header{"Prefer": {test.prefer}}, "")
			e.Handle(t.Context(), ex)
			step := exchange.StepUpstream
			switch problem {
			case preference:
				step = exchange.StepPreferences
			case noPath, noMethod:
				step = exchange.StepRouting
			}
			var got exchange.ProblemCode
			if ex.Answer.Problem != nil {
				got = ex.Answer.Problem.Code
			}
			if got != problem || ex.Decision.Step != step || (got == "") != (len(ex.Violations) == 1) {
				t.Errorf("%q to %s: problem %q in %s, %d violations; want %q in %s", test.prefer, path, got, &ex.Decision, len(ex.Violations), problem, step)
			}
			if diff := cmp.Diff(test.applied, ex.Decision.Applied); diff != "" || ex.Answer.Delay != test.delay || ex.Decision.ExpectedInvalid != test.expected {
				t.Errorf("%q to %s: a wait of %s, expected invalid: %v %s", test.prefer, path, ex.Answer.Delay, ex.Decision.ExpectedInvalid, diff)
			}
		}
	}
}
