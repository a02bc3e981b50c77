package replay_test

import (
	"fmt"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// TestCheckInALine prints checks as a Go test prints them, which is not their place alone.
func TestCheckInALine(t *testing.T) {
	t.Parallel()
	at := replay.Place{File: "orders.yaml", Line: 3, Col: 5}
	for want, check := range map[string]replay.Check{
		"passed: getOrder, orders/gone, GET /orders/3": {Outcome: replay.Passed, Operation: "getOrder", Stub: "orders/gone", Request: "GET /orders/3", Place: at},
		"skipped: getOrder, orders/slow: too slow":     {Outcome: replay.Skipped, Operation: "getOrder", Stub: "orders/slow", Reason: "too slow", Place: at},
		`differs: getOrder, orders/twice, answer 2 of 3, GET /orders/1: status: expected 404, got 200; body /id: expected 1, got 2`: {
			Outcome: replay.Differs, Operation: "getOrder", Stub: "orders/twice", Answer: 2, Answers: 3, Request: "GET /orders/1", Place: at,
			Differences: []replay.Difference{{Where: "status", Expected: "404", Got: "200"}, {Where: "body", Pointer: "/id", Expected: "1", Got: "2"}},
		},
		"failed: createOrder, no body, POST /orders: no answer": {Outcome: replay.Failed, Operation: "createOrder", Breach: "no body", Request: "POST /orders", Reason: "no answer"},
	} {
		if got := fmt.Sprint(check); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
