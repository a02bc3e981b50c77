package mock_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

const identification = "/v1/orgs/yoigo/identifications/identity_document/1"

// A Mock is an http.Handler, so that httptest serves it.
func Example() {
	m, err := mock.New(context.Background(), mock.Options{
		Specs:     []mock.Spec{{Location: "../openapi.yaml"}},
		Scenarios: []string{"../scenarios"},
	})
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(m)
	defer server.Close()

	req, err := http.NewRequest("GET", server.URL+identification, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, prefer := range []string{"", "code=401", "scenario=get/default"} {
		req.Header.Set("Prefer", prefer)
		res, err := server.Client().Do(req)
		if err != nil {
			log.Fatal(err)
		}
		res.Body.Close()
		fmt.Println(res.StatusCode, res.Header.Get("Understudy-Why"))
	}
	// Output:
	// 200 contract: no stub answers, and 200 is the contract's own success
	// 401 prefer-code: the request prefers code=401, described by "401"
	// 503 prefer-scenario: stub get/default/getIdentityDocument#1
}

// Sessions keep tests apart that use one mock at the same time.
func ExampleMock_Session() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{
		Specs:     []mock.Spec{{Location: "../openapi.yaml"}},
		Scenarios: []string{"../scenarios"},
		Listen:    "127.0.0.1:0",
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := m.Start(); err != nil {
		log.Fatal(err)
	}
	defer func() {
		stopping, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		if err := m.Stop(stopping); err != nil {
			log.Fatal(err)
		}
	}()
	broken, err := m.Session(ctx, "broken")
	if err != nil {
		log.Fatal(err)
	}
	if err := broken.Activate(ctx, "get/500"); err != nil {
		log.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, base := range []string{broken.URL(), m.URL()} {
		res, err := client.Get(base + identification)
		if err != nil {
			log.Fatal(err)
		}
		res.Body.Close()
		fmt.Println(res.StatusCode)
	}
	// Output:
	// 500
	// 200
}

// A scenario that is active for everybody answers until it is deactivated.
func ExampleMock_Activate() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}})
	if err != nil {
		log.Fatal(err)
	}
	status := func() int {
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, httptest.NewRequest("GET", identification, nil))
		return answer.Code
	}
	if err := m.Activate(ctx, "get/401"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(status())
	if err := m.Deactivate(ctx, "get/401"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(status())
	fmt.Println(m.Activate(ctx, "get/410"))
	// Output:
	// 401
	// 200
	// there is no scenario "get/410": did you mean "get/400"?
}

// A verdict says whether the requests of a test kept to the contract and used its
// scenarios.
func ExampleSession_Verdict() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}})
	if err != nil {
		log.Fatal(err)
	}
	test, err := m.MakeSession(ctx, "test-1", mock.SessionStart{Scenarios: []string{"get/401"}})
	if err != nil {
		log.Fatal(err)
	}
	ask := func(path string) {
		req := httptest.NewRequest("GET", path, nil)
		req.Header.Set("Understudy-Session", "test-1")
		m.ServeHTTP(httptest.NewRecorder(), req)
	}
	ask(identification)
	verdict, err := test.Verdict(ctx, mock.VerdictOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Passed)
	ask("/v1/organizations")
	if verdict, err = test.Verdict(ctx, mock.VerdictOptions{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(verdict.Passed, verdict.Unmatched.Count, verdict.Unmatched.Examples[0].Path)
	// Output:
	// true
	// false 1 /v1/organizations
}

// Expectations are compared with the requests in the journal.
func ExampleMock_Verify() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}})
	if err != nil {
		log.Fatal(err)
	}
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", identification, nil))
	found, err := m.Verify(ctx, []mock.Expectation{
		{Operation: "getIdentityDocument", When: map[string]any{"path": map[string]any{"org_id": "yoigo"}}, Exactly: new(1)},
		{Operation: "validateIdentityDocument"},
	}, mock.Scope{})
	if err != nil {
		log.Fatal(err)
	}
	for _, result := range found.Results {
		fmt.Printf("%s, found %d, expected %s\n", result.Outcome, result.Found, result.Expected)
	}
	// Output:
	// pass, found 1, expected exactly 1
	// fail, found 0, expected at least 1
}

// Coverage tells which parts of the contract were used.
func ExampleMock_Coverage() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios/get"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, prefer := range []string{"", "code=401"} {
		req := httptest.NewRequest("GET", identification, nil)
		req.Header.Set("Prefer", prefer)
		m.ServeHTTP(httptest.NewRecorder(), req)
	}
	c, err := m.Coverage(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Totals.Statuses.Conforming, "of", c.Totals.Statuses.Total, "statuses")
	fmt.Println(c.Below(mock.CoverageMinimums{Operations: 100}))
	// Output:
	// 2 of 12 statuses
	// [operations: 1 of 2 conform, 50.0 %, and 100 % are wanted]
}

// Check proves scenario files against the contract.
func ExampleCheck() {
	result, err := mock.Check(context.Background(), mock.Options{
		Specs:     []mock.Spec{{Location: "../openapi.yaml"}},
		Scenarios: []string{"../scenarios"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Operations, "operations,", result.Errors(), "errors")
	// Output:
	// 2 operations, 0 errors
}

// A scenario that is written in a test is proved as those in files are: what is wrong with
// it is told before the first request.
func ExampleSession_AddScenario() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{}})
	if err != nil {
		log.Fatal(err)
	}
	test, err := m.Session(ctx, "test-1")
	if err != nil {
		log.Fatal(err)
	}
	_, err = test.AddScenario(ctx, "broken", []byte("operations:\n  getIdentityDocumnt: 404\n"))
	for _, finding := range mock.FindingsOf(err) {
		fmt.Printf("line %d: %s: %s\n", finding.Line, finding.Message, finding.Hint)
	}
	if _, err := test.AddScenario(ctx, "gone", []byte("operations:\n  getIdentityDocument: 404\n")); err != nil {
		log.Fatal(err)
	}
	req := httptest.NewRequest("GET", identification, nil)
	req.Header.Set("Understudy-Session", test.ID())
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, req)
	fmt.Println(answer.Code, answer.Header().Get("Understudy-Scenario"))
	// Output:
	// line 2: there is no operation "getIdentityDocumnt": did you mean "getIdentityDocument"?
	// 404 gone
}

// The journal has the requests with what was wrong with them, and why they were answered as
// they were.
func ExampleMock_Journal() {
	ctx := context.Background()
	m, err := mock.New(ctx, mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{}})
	if err != nil {
		log.Fatal(err)
	}
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", identification, nil))
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", identification+"/validate", nil))
	page, err := m.Journal(ctx, mock.JournalQuery{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range page.Requests { // the newest first
		fmt.Println(r.Response.Status, r.Operation, r.Decision.Step)
		for _, v := range r.Violations {
			fmt.Println("   ", v.Message)
		}
	}
	// Output:
	// 400 validateIdentityDocument violations
	//     header "x-installation_id" is required
	//     header "x-fingerprint" is required
	//     header "User-Agent" is required
	// 200 getIdentityDocument contract
}

// VerifyProvider asks a real API for what scenarios describe.
func ExampleVerifyProvider() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	}))
	defer api.Close()
	result, err := mock.VerifyProvider(context.Background(), mock.Options{
		Specs:     []mock.Spec{{Location: "../openapi.yaml"}},
		Scenarios: []string{"../scenarios"},
	}, mock.ProviderOptions{Target: api.URL, Scenarios: []string{"life-cycle"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Passed, "passed,", result.Differing, "differ")
	for _, check := range result.Checks[:1] {
		fmt.Println(check.Title(), "of", check.Operation)
		for _, difference := range check.Differences {
			fmt.Println("   ", difference.String())
		}
	}
	// Output:
	// 0 passed, 4 differ
	// before-validation of getIdentityDocument
	//     status: expected 200, got 418
	//     header "Content-Type": expected application/json, got ""
}
