package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestViolationsBelongToTheirExchange holds that what one request was told stays as it is,
// whatever is done with it and whatever others are told: validation uses its memory again.
func TestViolationsBelongToTheirExchange(t *testing.T) {
	t.Parallel()
	var required strings.Builder
	for _, name := range strings.Fields("A B C D E F G H I J") {
		required.WriteString("{name: X-" + name + ", in: header, required: true, schema: {type: integer}}, ")
	}
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /many: {get: {parameters: [`+required.String()+`], responses: {"200": {description: ok}}}}
  /one: {get: {parameters: [{name: q, in: query, required: true, schema: {type: integer}}], responses: {"200": {description: ok}}}}
`, contract.Options{})
	told := func(ex *exchange.Exchange) []string {
		var lines []string
		for i := range ex.Violations {
			lines = append(lines, ex.Violations[i].String()+", see "+ex.Violations[i].Fix)
		}
		return lines
	}
	all := exchanged(t, c, "GET /many", nil, "")
	few := exchanged(t, c, "GET /many", http.Header{"X-A": {"a"}, "X-B": {"2"}, "X-C": {"3"}, "X-D": {"4"}, "X-E": {"5"}, "X-F": {"6"}, "X-G": {"7"}}, "")
	one := exchanged(t, c, "GET /one", nil, "")
	wantAll, wantFew, wantOne := told(all), told(few), told(one)
	if len(wantAll) != 10 || len(wantFew) != 4 || len(wantOne) != 1 {
		t.Fatalf("%q, %q, %q", wantAll, wantFew, wantOne)
	}
	for range 20 {
		for request, want := range map[string][]string{"GET /many": wantAll, "GET /one": wantOne} {
			again := exchanged(t, c, request, nil, "")
			if got := told(again); !slices.Equal(got, want) {
				t.Fatalf("%s: told %q, and before %q", request, got, want)
			}
			for i := range again.Violations {
				again.Violations[i] = exchange.Violation{Rule: "changed"}
			}
			again.Violate(exchange.Violation{Rule: "added"})
		}
		if exchanged(t, c, "GET /one?q=1", nil, "").Violations != nil {
			t.Fatal("a request without a fault has violations")
		}
	}
	if !slices.Equal(told(all), wantAll) || !slices.Equal(told(few), wantFew) || !slices.Equal(told(one), wantOne) {
		t.Errorf("others have changed what was told: %q, %q, %q", told(all), told(few), told(one))
	}
}

// TestQueryMistakesAreBounded sends queries in which each pair is a mistake.
func TestQueryMistakesAreBounded(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: integer}}], responses: {"200": {description: ok}}}}}
`, contract.Options{StrictQuery: true})
	for query, want := range map[string]int{
		strings.Repeat("%&", 5_000):         schema.MaxViolations + 1, // names that cannot be decoded, and the one that is not declared
		strings.Repeat("x=%&y=%&", 5_000):   2 * schema.MaxViolations,
		strings.Repeat("x=1&y=1&", 5_000):   schema.MaxViolations,
		strings.Repeat("q=1&", 99) + "x=%":  3, // q is given more than once
		strings.Repeat("%&x&", 20) + "q=1a": 20 + 40 + 1,
	} {
		if got := validate(t, c, "GET /a?"+query, nil, ""); len(got) != want {
			t.Errorf("%.20s…: %d violations, want %d: %q", query, len(got), want, got[:min(3, len(got))])
		}
	}
}
