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
	fmt.Println(test.Verdict(mock.VerdictOptions{}).Passed)
	ask("/v1/organizations")
	verdict := test.Verdict(mock.VerdictOptions{})
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
	once := 1
	found, err := m.Verify(ctx, []mock.Expectation{
		{Operation: "getIdentityDocument", When: map[string]any{"path": map[string]any{"org_id": "yoigo"}}, Exactly: &once},
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
	m, err := mock.New(context.Background(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios/get"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, prefer := range []string{"", "code=401"} {
		req := httptest.NewRequest("GET", identification, nil)
		req.Header.Set("Prefer", prefer)
		m.ServeHTTP(httptest.NewRecorder(), req)
	}
	c := m.Coverage()
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
