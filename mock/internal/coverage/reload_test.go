package coverage_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
)

// TestSwap holds that a new version of a description keeps the counts of operations
// whose rows have stayed, and that a request which began before is counted there too.
func TestSwap(t *testing.T) {
	t.Parallel()
	opts := contract.Options{NoSecurity: true, Name: "shop"}
	before := loadContract(t, shop, opts)
	r := recorder(before, false, "outage", "gone")
	count := func(c *contract.Contract, request, scenario string, status int) {
		ex, op := exchanged(t, c, request, "a", sent(status, ""))
		ex.Decision.Scenario = scenario
		use := r.Locate(ex, op)
		use.Count()
	}
	const order = "POST /orders X-Client:a Content-Type:application/json {}"
	count(before, order, "outage", 204)
	count(before, "GET /orders/1", "gone", 404)

	after := loadFrom(t, before.Location, strings.Replace(shop, "'404': {description: no}", "'404': {description: no}, '410': {description: gone}", 1), opts)
	r.Swap([]*contract.Contract{after}, scenarioSet("new", "outage"))
	count(before, order, "outage", 204)
	count(before, "GET /orders/1", "", 404) // its rows are others now
	count(after, order, "outage", 204)
	want := `
4 requests, 0 outside
placeOrder 3
  "application/json" 204 "": 3 of 3 %sfalse
  query dryRun: 0 valid, 0 invalid, 3 left out
  header X-Client: 3 valid, 0 invalid, 0 left out
getOrder 1
  "" 410 "": 1 of 1 %sfalse
  path id: 1 valid, 0 invalid, 0 left out
new answered 0
outage answered 3
`
	count(after, "GET /orders/1", "", 410)
	compare(t, fmt.Sprintf(want, "[a]", "[a]"), told(r.Report()))
	compare(t, fmt.Sprintf(want, "[]", "[]"), told(r.SessionReport("a")))

	// Another description of the same name does not take the counts over.
	r.Swap([]*contract.Contract{loadContract(t, shop, opts)}, scenarioSet())
	compare(t, "0 requests, 0 outside\n", told(r.Report()))
	count(after, order, "", 204) // the API is gone
	compare(t, "0 requests, 0 outside\n", told(r.Report()))
}

// TestCountingAtOnce holds that no count is lost when many count, read, forget and swap
// at the same time.
func TestCountingAtOnce(t *testing.T) {
	t.Parallel()
	opts := contract.Options{NoSecurity: true, Name: "shop"}
	c := loadContract(t, shop, opts)
	same := loadFrom(t, c.Location, shop, opts)
	r := recorder(c, false)
	var wait sync.WaitGroup
	const workers, each = 8, 500
	for i := range workers {
		wait.Go(func() {
			ex, op := exchanged(t, c, "GET /orders/1", fmt.Sprint("s", i%3), sent(200, "application/json"))
			for range each {
				use := r.Locate(ex, op)
				use.Count()
			}
		})
	}
	wait.Go(func() {
		for i := range 50 {
			r.Swap([]*contract.Contract{[]*contract.Contract{same, c}[i%2]}, scenarioSet())
			_, _ = r.Report(), r.SessionReport("s1")
			r.Forget("s2")
		}
	})
	wait.Wait()
	row := r.Report().APIs[0].Operations[1].Rows[0]
	if row.Reached != workers*each || row.Conforming != workers*each || len(row.Sessions) != 3 {
		t.Errorf("%+v", row)
	}
	if got := r.SessionReport("s0").Requests; got != 3*each {
		t.Errorf("a session has %d requests, want %d", got, 3*each)
	}
}

// TestManySessions holds that the counts of the sessions that were used the longest ago
// are given up beyond the bound, that reports say so, and that everybody's stay.
func TestManySessions(t *testing.T) {
	t.Parallel()
	c := loadContract(t, shop, contract.Options{NoSecurity: true})
	r := recorder(c, false)
	ex, op := exchanged(t, c, "GET /orders/1", "", sent(200, "application/json"))
	for i := range coverage.MaxSessions {
		ex.Session, ex.Time = fmt.Sprint("s", i), ex.Time.Add(1)
		use := r.Locate(ex, op)
		use.Count()
	}
	if report := r.SessionReport("s0"); report.Requests != 1 || report.Incomplete {
		t.Errorf("%+v", report)
	}
	ex.Session, ex.Time = "one more", ex.Time.Add(1)
	use := r.Locate(ex, op)
	use.Count()
	for id, want := range map[string]uint64{"s0": 0, "s5000": 1, "one more": 1} {
		if report := r.SessionReport(id); report.Requests != want || !report.Incomplete {
			t.Errorf("%s: %d requests, incomplete %v", id, report.Requests, report.Incomplete)
		}
	}
	if report := r.Report(); report.Requests != coverage.MaxSessions+1 || report.Incomplete {
		t.Errorf("%d requests, incomplete %v", report.Requests, report.Incomplete)
	}
}

// TestLargeSessions holds that the memory of sessions is bounded too.
func TestLargeSessions(t *testing.T) {
	t.Parallel()
	var media strings.Builder
	for i := range 160 {
		fmt.Fprintf(&media, "application/x-%d: {}, ", i)
	}
	c := loadContract(t, strings.Replace(shop, "{application/json: {}, application/*: {}}", "{"+media.String()+"}", 1), contract.Options{NoSecurity: true})
	r := recorder(c, false)
	ex, op := exchanged(t, c, "POST /orders X-Client:a Content-Type:application/json {}", "", sent(204, ""))
	const sessions = 9_990 // of about 8 KB
	for i := range sessions {
		ex.Session, ex.Time = fmt.Sprint("s", i), ex.Time.Add(1)
		use := r.Locate(ex, op)
		use.Count()
	}
	first, last := r.SessionReport("s0"), r.SessionReport(fmt.Sprint("s", sessions-1))
	if first.Requests != 0 || last.Requests != 1 || !last.Incomplete {
		t.Errorf("the first has %d requests and the last %d", first.Requests, last.Requests)
	}
}
