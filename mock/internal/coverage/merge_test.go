package coverage_test

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// run makes a report of requests with the statuses that they are answered with.
func run(t *testing.T, text, session string, answers map[string]exchange.Answer) *coverage.Report {
	t.Helper()
	c := loadContract(t, text, contract.Options{NoSecurity: true, Name: "shop"})
	r := recorder(c, false, "outage")
	for request, a := range answers {
		use := r.Locate(exchanged(t, c, request, session, a))
		use.Count()
	}
	return r.Report()
}

// TestMerge holds that the counts of runs add up, whatever each of them has reached,
// and that what is merged stays as it was.
func TestMerge(t *testing.T) {
	t.Parallel()
	teapot := sent(418, "")
	teapot.OffContract = "a teapot"
	one := run(t, shop, "a", map[string]exchange.Answer{"GET /orders/1": sent(200, "application/json"), "POST /orders X-Client:a": sent(409, ""), "GET /nowhere": sent(404, "")})
	two := run(t, shop, "b", map[string]exchange.Answer{"GET /orders/1": sent(200, "application/json"), "GET /orders/2": sent(404, ""), "GET /orders/3": teapot})
	other := run(t, strings.Replace(shop, "title: Shop", "title: Other", 1), "", map[string]exchange.Answer{"GET /orders/1": sent(404, "")})
	before := told(one) + told(two)
	sum := &coverage.Report{Version: coverage.Version}
	for _, r := range []*coverage.Report{one, two, other} {
		if err := sum.Merge(read(t, r)); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, `
7 requests, 1 outside
placeOrder 1
  "" 4XX "": 0 of 1 undescribed [a]false
  query dryRun: 0 valid, 0 invalid, 1 left out
  header X-Client: 1 valid, 0 invalid, 0 left out
getOrder 4
  "" 200 "application/json": 2 of 2 [a b]false
  "" 404 "": 1 of 1 [b]false
  path id: 4 valid, 0 invalid, 0 left out
  off contract 418 "a teapot" undescribed true: 1
getOrder 1
  "" 404 "": 1 of 1 []false
  path id: 1 valid, 0 invalid, 0 left out
outage answered 0
`, told(sum))
	if sum.Runs != 3 {
		t.Errorf("%d runs", sum.Runs)
	}
	if diff := cmp.Diff(before, told(one)+told(two)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(coverage.Share{Total: 12, Reached: 4, Conforming: 3, Percent: 25}, sum.Totals.Statuses); diff != "" {
		t.Error(diff)
	}
}

// read takes a report through JSON.
func read(t *testing.T, r *coverage.Report) *coverage.Report {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	again, err := coverage.Read(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("JSON has changed the report: %s", diff)
	}
	return again
}

// TestMergeOfVersions holds that runs with different descriptions of one API are not
// added up, and that the error says where they differ.
func TestMergeOfVersions(t *testing.T) {
	t.Parallel()
	answers := map[string]exchange.Answer{"GET /orders/1": sent(404, "")}
	for name, test := range map[string]struct{ old, new, want string }{
		"operation": {"  /orders/{id}:\n    get:", "  /orders/{id}:\n    put:", "one has the operation GET /orders/{id} and the other has not"},
		"status":    {"'404'", "'410'", `GET /orders/{id}: one has the row request "", status 404, response "" and the other has not`},
		"media":     {"text/*", "text/csv", `POST /orders: one has the row request "text/*", status 201, response "application/json" and the other has not`},
		"parameter": {"dryRun", "dry", `POST /orders: one has the parameter query "dryRun" and the other has not`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(shop, test.old, test.new, 1)
			if changed == shop {
				t.Fatalf("%q does not occur", test.old)
			}
			err := run(t, shop, "", answers).Merge(run(t, changed, "", nil))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "two versions of the API Shop") {
				t.Errorf("%v, want %s", err, test.want)
			}
		})
	}
}

// TestRead holds what is no report.
func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "it is no coverage report",
		"[]":                        "it is no coverage report",
		"{}":                        "understudyCoverage is missing",
		`{"understudyCoverage": 2}`: "version 2",
		`{"understudyCoverage": 1, "apis": [{"operations": [{"requests": -1}]}]}`: "it is no coverage report",
	} {
		if _, err := coverage.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	r, err := coverage.Read(strings.NewReader(`{"understudyCoverage": 1, "totals": {"statuses": {"percent": 100}}}`))
	if err != nil || r.Requests != 0 || r.Totals.Statuses.Total != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestBelow holds which minimum is not met.
func TestBelow(t *testing.T) {
	t.Parallel()
	r := run(t, shop, "", map[string]exchange.Answer{"GET /orders/1": sent(404, "")})
	// 1 of 2 operations, 1 of 6 statuses, 0 of 6 media types and 1 of 3 parameters.
	for _, test := range []struct {
		min  coverage.Minimums
		want string
	}{
		{coverage.Minimums{}, "[]"},
		{coverage.Minimums{Operations: 50, Statuses: 16.6, Parameters: 33.3}, "[]"},
		{coverage.Minimums{Operations: 50.1, Statuses: 16.7}, "[operations: 1 of 2 conform, 50.0 %, and 50.1 % are wanted statuses: 1 of 6 conform, 16.6 %, and 16.7 % are wanted]"},
		{coverage.Minimums{MediaTypes: 1}, "[media types: 0 of 6 conform, 0.0 %, and 1 % are wanted]"},
		{coverage.Minimums{Parameters: 100}, "[parameters: 1 of 3 conform, 33.3 %, and 100 % are wanted]"},
	} {
		if got := fmt.Sprint(r.Totals.Below(test.min)); got != test.want {
			t.Errorf("%+v: %s, want %s", test.min, got, test.want)
		}
	}
	if below := (&coverage.Totals{}).Below(coverage.Minimums{Parameters: 100}); len(below) > 0 {
		t.Errorf("nothing is described, and %v", below)
	}
}

// TestMergeOfTwoBases holds that two versions of an API that are served side by side are
// told apart by their base paths.
func TestMergeOfTwoBases(t *testing.T) {
	t.Parallel()
	first := loadContract(t, shop, contract.Options{NoSecurity: true, Name: "shop", Base: "/v1"})
	second := loadContract(t, strings.Replace(shop, "'404'", "'410'", 1), contract.Options{NoSecurity: true, Name: "shop", Base: "/v2"})
	r := coverage.New(false)
	r.Swap([]*contract.Contract{first, second}, scenarioSet())
	use := r.Locate(exchanged(t, second, "GET /v2/orders/1", "", sent(410, "")))
	use.Count()
	sum := &coverage.Report{Version: coverage.Version}
	for range 2 {
		if err := sum.Merge(r.Report()); err != nil {
			t.Fatal(err)
		}
	}
	if len(sum.APIs) != 2 || sum.APIs[0].Operations[1].Requests != 0 || sum.APIs[1].Operations[1].Requests != 2 {
		t.Errorf("%+v", sum.APIs)
	}
}

// TestFaultsReachOperations holds that a request whose connection is broken has reached
// its operation, and no status of it.
func TestFaultsReachOperations(t *testing.T) {
	t.Parallel()
	totals := run(t, shop, "", map[string]exchange.Answer{"GET /orders/1": {Fault: exchange.FaultEmpty}}).Totals
	if totals.Operations.Reached != 1 || totals.Operations.Conforming != 0 || totals.Statuses.Reached != 0 {
		t.Errorf("%+v", totals)
	}
}

// TestLargeReport refuses one that is longer than MaxFile. It is not parallel: it takes
// memory.
func TestLargeReport(t *testing.T) {
	if _, err := coverage.Read(io.LimitReader(spaces{}, coverage.MaxFile+1)); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Error(err)
	}
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestManyRows holds that media types of requests are not told apart where an operation
// would have too many rows.
func TestManyRows(t *testing.T) {
	t.Parallel()
	for types, want := range map[int]int{99: 99, 101: 1} {
		var media, responses strings.Builder
		for i := range types {
			fmt.Fprintf(&media, "application/x-%d: {}, ", i)
		}
		for i := range 100 {
			fmt.Fprintf(&responses, "'%d': {description: ok}, ", 200+i)
		}
		c := loadContract(t, "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {post: {operationId: a, requestBody: {required: true, content: {"+media.String()+"}}, responses: {"+responses.String()+"}}}}\n", contract.Options{})
		requests := map[string]bool{}
		for _, row := range recorder(c, false).Report().APIs[0].Operations[0].Rows {
			requests[row.Request] = true
		}
		if len(requests) != want {
			t.Errorf("%d media types are told apart as %d", types, len(requests))
		}
	}
}
