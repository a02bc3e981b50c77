package sample

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestBreaches holds that each breach breaks the contract in its place and in no other.
func TestBreaches(t *testing.T) {
	t.Parallel()
	api, err := contract.Load(t.Context(), "../../../testdata/provider/openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"listOrders": {
			`query "status" with a value that does not fit`, `query "limit" with a value that does not fit`, `header "X-Tenant" with a value that does not fit`,
			"no credentials", "an Accept that nothing fits",
		},
		"createOrder": {
			"body left out", "body of another type", "body /items left out", "body /items of another type",
			"a media type that is not described", "no credentials", "an Accept that nothing fits",
		},
		"createToken": {
			"body left out", "body /user left out", "body /user of another type", "body /password left out", "body /password of another type",
			"a media type that is not described", "an Accept that nothing fits",
		},
		"deleteOrder": {`path "order_id" with a value that does not fit`, "no credentials"},
	} {
		op := api.Operation(name)
		var got []string
		for _, b := range Breaches(op) {
			call, err := Draft(op, b.MediaType, 0, b.Over(Edit{}))
			if err != nil {
				t.Errorf("%s, %s: %v", name, b.What, err)
				continue
			}
			ex, err := call.Exchange(op)
			if err != nil {
				t.Errorf("%s, %s: %v", name, b.What, err)
				continue
			}
			if len(ex.Violations) == 0 {
				continue // admitted: a text may be anything
			}
			got = append(got, b.What)
			if i := slices.IndexFunc(ex.Violations, func(v exchange.Violation) bool { return v.In != b.In }); i >= 0 {
				t.Errorf("%s, %s: %s", name, b.What, ex.Violations[i])
			}
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: %q is not among %s", name, w, strings.Join(got, ", "))
			}
		}
	}
}

// TestDraftWithoutEdit holds that a draft is the request that Request makes.
func TestDraftWithoutEdit(t *testing.T) {
	t.Parallel()
	api, err := contract.Load(t.Context(), "../../../testdata/provider/openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range api.Operations {
		want, err := Request(op, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Draft(op, "", 0, Edit{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", op.Name(), diff)
		}
		if copied := got.Clone(); !cmp.Equal(copied, got) {
			t.Errorf("%s: the copy differs", op.Name())
		}
	}
}
