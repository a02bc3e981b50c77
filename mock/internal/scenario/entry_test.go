package scenario

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOperationsOfAScenario holds that the operations for which a scenario has stubs are named
// once each, in the order of the contract, and no more of them than are asked for.
func TestOperationsOfAScenario(t *testing.T) {
	t.Parallel()
	sc := load(t, "operations:\n  getOrder: [{when: {path: {id: 1}}, respond: {status: 404}}, {respond: {status: 404}}]\n  listOrders: 200\n")
	for limit, want := range map[int][]string{20: {"listOrders", "getOrder"}, 1: {"listOrders"}} {
		if diff := cmp.Diff(want, sc.Operations(limit)); diff != "" {
			t.Errorf("%d: %s", limit, diff)
		}
	}
}
