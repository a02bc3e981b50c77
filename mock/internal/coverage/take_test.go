package coverage_test

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// sums adds up what recorders give, by session.
type sums map[string]map[string]int64

func (s sums) add(parts []coverage.Part) {
	for _, part := range parts {
		if s[part.Session] == nil {
			s[part.Session] = map[string]int64{}
		}
		for name, n := range part.Counts {
			s[part.Session][name] += n
		}
	}
}

// TestTaken counts with one recorder and with two that take turns, each with a contract
// that it has read for itself: what these give adds up to what the one has.
func TestTaken(t *testing.T) {
	t.Parallel()
	contracts := []*contract.Contract{loadContract(t, shop, contract.Options{}), loadContract(t, shop, contract.Options{})}
	whole := recorder(contracts[0], false, "outage")
	parts := []*coverage.Recorder{recorder(contracts[0], false, "outage"), recorder(contracts[1], false, "outage")}
	both := func(i int, request, session string, answer exchange.Answer, d exchange.Decision) {
		for _, of := range []struct {
			r *coverage.Recorder
			c *contract.Contract
		}{{whole, contracts[0]}, {parts[i%2], contracts[i%2]}} {
			ex, op := exchanged(t, of.c, request, session, answer)
			ex.Decision = d
			use := of.r.Locate(ex, op)
			use.Count()
		}
	}
	teapot := sent(418, "")
	teapot.OffContract = "a teapot"
	added := sums{}
	for i := range 40 {
		session := ""
		if i%4 > 1 {
			session = "s" + strconv.Itoa(i%8)
		}
		both(i, "GET /orders/1", session, sent(200, "application/json"), exchange.Decision{Scenario: "outage"})
		both(i, "GET /orders/1", session, teapot, exchange.Decision{})
		both(i, "GET /nowhere", session, exchange.Answer{Status: 404, Problem: &exchange.Problem{Code: exchange.ProblemNoPath}, Header: http.Header{}}, exchange.Decision{})
		both(i, "POST /orders Content-Type:application/json {}", session, exchange.Answer{Fault: exchange.FaultEmpty, Header: http.Header{}}, exchange.Decision{})
		if i%7 == 0 {
			added.add(parts[0].Take())
		}
	}
	for _, r := range parts {
		added.add(r.Take())
		if again := r.Take(); len(again) != 0 {
			t.Errorf("given twice: %v", again)
		}
	}
	other := recorder(loadContract(t, shop, contract.Options{}), false, "outage") // has counted nothing
	compare(t, told(whole.Report()), told(other.Sum("", added[""])))
	compare(t, told(whole.SessionReport("s3")), told(other.Sum("s3", added["s3"])))
	if n := other.Sum("", added[""]).Scenarios[0].Answered; n != 40 {
		t.Errorf("the scenario has answered %d times", n)
	}
	changed := recorder(loadContract(t, `
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders/{id}:
    parameters: [{in: path, name: id, required: true, schema: {type: integer}}]
    get: {operationId: getOrder, responses: {"200": {description: ok}}}
`, contract.Options{}), false)
	if got := changed.Sum("", added[""]); got.APIs[0].Operations[0].Requests != 0 || got.WithoutOperation != 40 {
		t.Errorf("counts of an operation with other rows: %+v", got)
	}
	if got := changed.Sum("", map[string]int64{"x": 1, ":": 1, "x:by 0 s": 1, "x:conforming 99": 2, "outside": -3}); got.Requests != 0 {
		t.Errorf("%+v", got)
	}
}

// TestTakenMeanwhile takes while requests are counted.
func TestTakenMeanwhile(t *testing.T) {
	t.Parallel()
	c := loadContract(t, shop, contract.Options{})
	r, added := recorder(c, false), sums{}
	const workers, each = 8, 500
	var counting sync.WaitGroup
	for i := range workers {
		counting.Go(func() {
			for range each {
				use := r.Locate(exchanged(t, c, "GET /orders/1", strconv.Itoa(i%2), sent(200, "application/json")))
				use.Count()
			}
		})
	}
	done := make(chan struct{})
	go func() { counting.Wait(); close(done) }()
	for taking := true; taking; {
		select {
		case <-done:
			taking = false
		default:
		}
		added.add(r.Take())
	}
	for session, want := range map[string]uint64{"": workers * each, "0": workers * each / 2, "1": workers * each / 2} {
		op := operation(r.Sum(session, added[session]), "getOrder")
		if op.Requests != want || op.Rows[0].Conforming != want || op.Parameters[0].Valid != want {
			t.Errorf("%q: %d requests are %d, %d, %d", session, want, op.Requests, op.Rows[0].Conforming, op.Parameters[0].Valid)
		}
	}
}

// TestTakenOfSessionsThatAreGivenUp counts more sessions than are counted at one time.
func TestTakenOfSessionsThatAreGivenUp(t *testing.T) {
	t.Parallel()
	c := loadContract(t, shop, contract.Options{})
	r, added := recorder(c, false), sums{}
	added.add(r.Take())
	ex, op := exchanged(t, c, "GET /orders/1", "", sent(200, "application/json"))
	for i := range coverage.MaxSessions + 100 {
		ex.Session, ex.Time = fmt.Sprint("s", i), time.Unix(int64(i), 0)
		use := r.Locate(ex, op)
		use.Count()
	}
	added.add(r.Take())
	for i := range coverage.MaxSessions + 100 {
		id := fmt.Sprint("s", i)
		if report := r.Sum(id, added[id]); report.Requests != 1 || report.Incomplete {
			t.Fatalf("%s: %+v", id, report.Totals)
		}
	}
}

func operation(r *coverage.Report, name string) *coverage.Operation {
	for i := range r.APIs[0].Operations {
		if r.APIs[0].Operations[i].Name == name {
			return &r.APIs[0].Operations[i]
		}
	}
	return &coverage.Operation{}
}
