package replay

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestLongAnswer holds that an answer which is longer than MaxBody has failed.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	r := replayed(t, health, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(make([]byte, MaxBody+1))
	}), nil)
	if r.Checks[0].Outcome != Failed || !strings.Contains(r.Checks[0].Reason, "longer than") {
		t.Errorf("%+v", r.Checks[0])
	}
}

// TestManyAnswers holds that a stub with more answers than are asked for is not provable.
func TestManyAnswers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]Outcome{MaxSteps: Passed, MaxSteps + 1: NotProvable} {
		r := replayed(t, fmt.Sprintf("operations: {health: {respond: [{status: 200, times: %d}, {status: 200}]}}", n-1), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { up(w) }), nil)
		for _, c := range r.Checks {
			if c.Outcome != want {
				t.Errorf("%d answers: %s %s", n, c.Outcome, c.Reason)
				break
			}
		}
	}
}
