package admin

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestQueriesAreDescribed holds the query parameters of the routes and of openapi.yaml
// to each other.
func TestQueriesAreDescribed(t *testing.T) {
	t.Parallel()
	api, err := contract.Load(t.Context(), "openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range new(Handler).routes() {
		op := api.Operation(r.method + " " + r.path[len(Prefix):])
		if op == nil {
			t.Errorf("%s %s is not described", r.method, r.path)
			continue
		}
		var described []string
		for _, p := range op.Parameters() {
			if p.In == exchange.Query {
				described = append(described, p.Name)
			}
		}
		served := slices.Clone(r.query)
		slices.Sort(served)
		slices.Sort(described)
		if diff := cmp.Diff(served, described); diff != "" {
			t.Errorf("%s %s: routes (-) and openapi.yaml (+):\n%s", r.method, r.path, diff)
		}
	}
}
