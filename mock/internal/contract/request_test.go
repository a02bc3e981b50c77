package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
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
