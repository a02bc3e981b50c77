package coverage_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

const shop = `openapi: 3.1.0
info: {title: Shop, version: '1'}
components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
security: [{}, {bearer: []}]
paths:
  /orders:
    post:
      operationId: placeOrder
      parameters:
        - {name: dryRun, in: query, schema: {type: boolean}}
        - {name: X-Client, in: header, required: true, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object}}, text/*: {}}
      responses:
        '201': {description: made, content: {application/json: {}, application/*: {}}}
        '204': {description: nothing to do}
        4XX: {description: no, content: {application/problem+json: {}}}
        default: {description: other}
  /orders/{id}:
    get:
      operationId: getOrder
      responses: {'200': {description: ok, content: {application/json: {}}}, '404': {description: no}}
`

// loadContract reads a description that a test states.
func loadContract(t testing.TB, text string, opts contract.Options) *contract.Contract {
	t.Helper()
	return loadFrom(t, filepath.Join(t.TempDir(), "api.yaml"), text, opts)
}

// loadFrom reads a description that a test states from a file, as a reload does.
func loadFrom(t testing.TB, name, text string, opts contract.Options) *contract.Contract {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), name, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func recorder(c *contract.Contract, unchecked bool, scenarios ...string) *coverage.Recorder {
	r := coverage.New(unchecked)
	r.Swap([]*contract.Contract{c}, scenarioSet(scenarios...))
	return r
}

func scenarioSet(names ...string) *scenario.Set {
	set := &scenario.Set{}
	for _, name := range names {
		set.Scenarios = append(set.Scenarios, &scenario.Scenario{Name: name})
	}
	return set
}

// exchanged validates a request, METHOD /path Name:value… body, and gives it an answer.
func exchanged(t testing.TB, c *contract.Contract, request, session string, answer exchange.Answer) (*exchange.Exchange, *contract.Operation) {
	t.Helper()
	words := strings.Fields(request)
	path, query, _ := strings.Cut(words[1], "?")
	ex := &exchange.Exchange{Time: time.Now(), Session: session, Answer: answer}
	ex.Request = exchange.Request{Method: words[0], Path: path, RawQuery: query, Header: http.Header{}}
	for _, word := range words[2:] {
		if name, value, ok := strings.Cut(word, ":"); ok && !strings.HasPrefix(word, "{") {
			ex.Request.Header.Add(name, strings.ReplaceAll(value, "_", " "))
		} else {
			ex.Request.Body, ex.Request.HasBody = []byte(word), true
		}
	}
	m := c.Route(words[0], path, true)
	if m.Op == nil {
		return ex, nil
	}
	m.Op.Validate(ex, &m)
	return ex, m.Op
}

func sent(status int, contentType string) exchange.Answer {
	a := exchange.Answer{Status: status, Header: http.Header{}}
	if contentType != "" {
		a.Header.Set("Content-Type", contentType)
	}
	return a
}

// told writes a report in a few lines: everything that was reached.
func told(r *coverage.Report) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%d requests, %d outside", r.Requests, r.WithoutOperation)
	for _, api := range r.APIs {
		for _, op := range api.Operations {
			if op.Requests == 0 {
				continue
			}
			line("%s %d", op.Name, op.Requests)
			for _, row := range op.Rows {
				if row.Reached > 0 {
					mark := ""
					if row.Undescribed {
						mark = " undescribed"
					}
					line("  %q %s %q: %d of %d%s %v%v", row.Request, row.Status, row.Response, row.Conforming, row.Reached, mark, row.Sessions, row.MoreSessions)
				}
			}
			for _, p := range op.Parameters {
				line("  %s %s: %d valid, %d invalid, %d left out", p.In, p.Name, p.Valid, p.Invalid, p.LeftOut)
			}
			for _, a := range op.Security {
				line("  security %v: %d", a.Schemes, a.Used)
			}
			for _, d := range op.OffContract {
				line("  off contract %d %q undescribed %v: %d", d.Status, d.Reason, d.Undescribed, d.Count)
			}
			if op.Problems+op.Faults+op.OtherOffContract > 0 {
				line("  %d problems, %d faults, %d other departures", op.Problems, op.Faults, op.OtherOffContract)
			}
		}
	}
	for _, sc := range r.Scenarios {
		line("%s answered %d", sc.Name, sc.Answered)
	}
	return b.String()
}

func compare(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), got); diff != "" {
		t.Error(diff)
	}
}

// TestInformational holds that what is no answer is not asked of those who want all
// statuses covered.
func TestInformational(t *testing.T) {
	t.Parallel()
	c := loadContract(t, "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {'101': {description: u}, '200': {description: d}}}}\n", contract.Options{})
	r := recorder(c, false)
	use := r.Locate(exchanged(t, c, "GET /a", "", sent(200, "")))
	use.Count()
	if got := r.Report().Totals.Statuses; got.Total != 1 || got.Conforming != 1 {
		t.Errorf("statuses %+v, want 1 of 1", got)
	}
}

// TestCount holds where each kind of exchange is counted.
func TestCount(t *testing.T) {
	t.Parallel()
	const valid = "POST /orders X-Client:a Content-Type:application/json {}"
	problem := func(status int) exchange.Answer {
		a := sent(status, "application/problem+json")
		a.Problem = &exchange.Problem{Status: status}
		return a
	}
	offContract := func(status int, reason string) exchange.Answer {
		a := sent(status, "application/json")
		a.OffContract = reason
		return a
	}
	parameters := func(query, header string) string {
		return "  query dryRun: " + query + "\n  header X-Client: " + header + "\n"
	}
	left, one := "0 valid, 0 invalid, 1 left out", "1 valid, 0 invalid, 0 left out"
	anonymous := "  security []: 1\n  security [bearer]: 0\n"
	for name, test := range map[string]struct {
		request  string
		answer   exchange.Answer
		decision exchange.Decision
		want     string
	}{
		"conforming":             {valid, sent(201, "application/json"), exchange.Decision{}, `  "application/json" 201 "application/json": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"charset":                {valid, sent(201, "application/json; charset=utf-8"), exchange.Decision{}, `  "application/json" 201 "application/json": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"by a range":             {valid, sent(201, "application/cbor"), exchange.Decision{}, `  "application/json" 201 "application/*": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"a request by a range":   {"POST /orders X-Client:a Content-Type:text/csv a,b", sent(204, ""), exchange.Decision{}, `  "text/*" 204 "": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"content nobody has":     {valid, sent(201, "text/plain"), exchange.Decision{}, `  "application/json" 201 "": 1 of 1 undescribed []false` + "\n" + parameters(left, one) + anonymous},
		"a range of statuses":    {valid, sent(409, "application/problem+json"), exchange.Decision{}, `  "application/json" 4XX "application/problem+json": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"default":                {valid, sent(503, ""), exchange.Decision{}, `  "application/json" default "": 1 of 1 []false` + "\n" + parameters(left, one) + anonymous},
		"a valid parameter":      {"POST /orders?dryRun=true X-Client:a Content-Type:application/json {}", sent(204, ""), exchange.Decision{}, `  "application/json" 204 "": 1 of 1 []false` + "\n" + parameters(one, one) + anonymous},
		"an invalid parameter":   {"POST /orders?dryRun=x X-Client:a Content-Type:application/json {}", sent(204, ""), exchange.Decision{}, `  "application/json" 204 "": 0 of 1 []false` + "\n" + parameters("0 valid, 1 invalid, 0 left out", one) + anonymous},
		"credentials":            {valid + " Authorization:Bearer_x", sent(204, ""), exchange.Decision{}, `  "application/json" 204 "": 1 of 1 []false` + "\n" + parameters(left, one) + "  security []: 0\n  security [bearer]: 1\n"},
		"no body":                {"POST /orders X-Client:a", sent(409, "application/problem+json"), exchange.Decision{Step: exchange.StepViolations}, `  "" 4XX "application/problem+json": 0 of 1 undescribed []false` + "\n" + parameters(left, one) + anonymous},
		"invalid as meant":       {"POST /orders Content-Type:application/json {}", sent(400, "application/problem+json"), exchange.Decision{Step: exchange.StepViolations, ExpectedInvalid: true}, `  "application/json" 4XX "application/problem+json": 1 of 1 []false` + "\n" + parameters(left, left) + anonymous},
		"meant, and let through": {"POST /orders Content-Type:application/json {}", sent(204, ""), exchange.Decision{Step: exchange.StepContract, ExpectedInvalid: true}, `  "application/json" 204 "": 0 of 1 []false` + "\n" + parameters(left, left) + anonymous},
		"refused by a problem":   {"POST /orders Content-Type:application/json {}", problem(400), exchange.Decision{Step: exchange.StepViolations}, `  "application/json" 4XX "": 0 of 1 undescribed []false` + "\n" + parameters(left, left) + anonymous},
		"another problem":        {valid, problem(503), exchange.Decision{Step: exchange.StepCode}, parameters(left, one) + anonymous + "  1 problems, 0 faults, 0 other departures\n"},
		"a fault":                {valid, exchange.Answer{Fault: exchange.FaultEmpty, Header: http.Header{}}, exchange.Decision{}, parameters(left, one) + anonymous + "  0 problems, 1 faults, 0 other departures\n"},
		"off the contract":       {valid, offContract(201, "why not"), exchange.Decision{}, `  "application/json" 201 "application/json": 0 of 1 []false` + "\n" + parameters(left, one) + anonymous + `  off contract 201 "why not" undescribed false: 1` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := loadContract(t, shop, contract.Options{})
			r := recorder(c, false)
			ex, op := exchanged(t, c, test.request, "", test.answer)
			ex.Decision = test.decision
			use := r.Locate(ex, op)
			use.Count()
			compare(t, "1 requests, 0 outside\nplaceOrder 1\n"+test.want, told(r.Report()))
		})
	}
	t.Run("an undescribed status", func(t *testing.T) {
		t.Parallel()
		c := loadContract(t, shop, contract.Options{})
		r := recorder(c, false)
		for range 2 {
			use := r.Locate(exchanged(t, c, "GET /orders/1", "", offContract(418, "a teapot")))
			use.Count()
		}
		compare(t, `
2 requests, 0 outside
getOrder 2
  path id: 2 valid, 0 invalid, 0 left out
  security []: 2
  security [bearer]: 0
  off contract 418 "a teapot" undescribed true: 2
`, told(r.Report()))
	})
	t.Run("unchecked", func(t *testing.T) {
		t.Parallel()
		c := loadContract(t, shop, contract.Options{NoSecurity: true})
		r := recorder(c, true)
		use := r.Locate(exchanged(t, c, "GET /orders/1", "", sent(200, "application/json")))
		use.Count()
		report := r.Report()
		compare(t, `
1 requests, 0 outside
getOrder 1
  "" 200 "application/json": 0 of 1 []false
  path id: 1 valid, 0 invalid, 0 left out
`, told(report))
		if !report.Unchecked {
			t.Error("the report does not say that nothing was checked")
		}
	})
}

// TestSessions holds that a session counts its own requests, that everybody's counts
// have all of them and outlive it, and that a row names who has reached it.
func TestSessions(t *testing.T) {
	t.Parallel()
	c := loadContract(t, shop, contract.Options{NoSecurity: true})
	r := recorder(c, false, "outage", "unused")
	count := func(session, request string, a exchange.Answer, scenario string) {
		ex, op := exchanged(t, c, request, session, a)
		ex.Decision.Scenario = scenario
		use := r.Locate(ex, op)
		use.Count()
	}
	count("a", "GET /orders/1", sent(200, "application/json"), "")
	count("b", "GET /orders/1", sent(404, ""), "outage")
	count("b", "GET /nowhere", sent(404, ""), "")
	count("", "GET /orders/1", sent(404, ""), "outage")
	refused, _ := exchanged(t, c, "GET /orders/1", "never", exchange.Answer{Problem: &exchange.Problem{Code: exchange.ProblemTooManySessions}})
	use := r.Locate(refused, nil)
	use.Count()
	all := `
5 requests, 2 outside
getOrder 3
  "" 200 "application/json": 1 of 1 [a]false
  "" 404 "": 2 of 2 [b]false
  path id: 3 valid, 0 invalid, 0 left out
outage answered 2
unused answered 0
`
	compare(t, all, told(r.Report()))
	compare(t, `
2 requests, 1 outside
getOrder 1
  "" 404 "": 1 of 1 []false
  path id: 1 valid, 0 invalid, 0 left out
outage answered 1
unused answered 0
`, told(r.SessionReport("b")))
	r.Forget("b")
	compare(t, all, told(r.Report()))
	for _, gone := range []string{"b", "never"} {
		compare(t, "0 requests, 0 outside\noutage answered 0\nunused answered 0\n", told(r.SessionReport(gone)))
	}
}

// TestBoundedNames holds that a row names some sessions and says that there are more,
// and that departures of many reasons are counted together.
func TestBoundedNames(t *testing.T) {
	t.Parallel()
	c := loadContract(t, shop, contract.Options{NoSecurity: true})
	r := recorder(c, false)
	for i := range 60 {
		a := sent(418, "")
		a.OffContract = fmt.Sprint("reason ", i)
		for _, answer := range []exchange.Answer{sent(200, "application/json"), a} {
			use := r.Locate(exchanged(t, c, "GET /orders/1", fmt.Sprint("s", i), answer))
			use.Count()
		}
	}
	op := r.Report().APIs[0].Operations[1]
	if row := op.Rows[0]; len(row.Sessions) != coverage.MaxReachedBy || !row.MoreSessions || row.Reached != 60 {
		t.Errorf("%+v", row)
	}
	if len(op.OffContract) != 50 || op.OtherOffContract != 10 || op.Requests != 120 {
		t.Errorf("%d departures and %d others of %d requests", len(op.OffContract), op.OtherOffContract, op.Requests)
	}
}
