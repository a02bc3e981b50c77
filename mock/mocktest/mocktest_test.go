package mocktest_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/mocktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// orders are the options of most tests.
func orders(more ...mocktest.Option) []mocktest.Option {
	return append([]mocktest.Option{mocktest.Contract("testdata/orders.yaml"), mocktest.Scenarios("testdata/scenarios")}, more...)
}

// call sends METHOD /path with headers and a body in JSON, "" for none, and gives the
// status.
func call(t testing.TB, m *mocktest.Mock, request, body string, headers ...string) int {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	req, err := http.NewRequest(method, m.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v", err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Add(name, value)
	}
	res, err := m.Client().Do(req)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}

// TestParallel holds that tests with one shared mock do not meet: each has scenarios,
// sequences and a verdict of its own.
func TestParallel(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		t.Run(fmt.Sprint("test ", i), func(t *testing.T) {
			t.Parallel()
			m := mocktest.Start(t, orders(mocktest.Shared())...)
			want := []int{201, 201}
			if i%2 == 0 {
				m.Activate("restocked")
				want = []int{409, 201}
				if got := call(t, m, "GET /orders/404", ""); got != 404 {
					t.Error(got)
				}
			}
			for _, status := range want {
				if got := call(t, m, "POST /orders", `{"sku": "A-1"}`); got != status {
					t.Errorf("%d, want %d", got, status)
				}
			}
			if i%4 == 0 {
				m.Deactivate("restocked")
				if got := call(t, m, "GET /orders/404", ""); got != 200 {
					t.Error(got)
				}
			}
		})
	}
}

// TestShared holds that tests which ask for the same mock get one, and that others do not.
func TestShared(t *testing.T) {
	t.Parallel()
	one, two := mocktest.Start(t, orders(mocktest.Shared())...), mocktest.Start(t, orders(mocktest.Shared())...)
	if one.Mock() != two.Mock() || one.Session().ID() == two.Session().ID() || one.URL() == two.URL() {
		t.Errorf("%s and %s", one.URL(), two.URL())
	}
	other := mocktest.Start(t, orders(mocktest.Shared(), mocktest.With(func(o *mock.Options) { o.Validate = "warn" }))...)
	own := mocktest.Start(t, orders()...)
	if other.Mock() == one.Mock() || own.Mock() == one.Mock() {
		t.Error("tests that ask for other mocks share one")
	}
	var again *mock.Mock
	var before uint64 // of an earlier run of this test in the process
	for range 2 {     // also after the last user has gone
		text := (&fakeT{TB: t, name: "again"}).run(func(t testing.TB) {
			m := mocktest.Start(t, orders(mocktest.Shared(), mocktest.With(func(o *mock.Options) { o.Seed = 7 }))...)
			if again == nil {
				again, before = m.Mock(), coverageOf(t, m.Mock()).Requests
			}
			if m.Mock() != again {
				t.Errorf("the mock was loaded again")
			}
			if got := call(t, m, "GET /orders/1", ""); got != 200 {
				t.Errorf("%d", got)
			}
		})
		if text != "" {
			t.Error(text)
		}
	}
	if requests := coverageOf(t, again).Requests - before; requests != 2 {
		t.Errorf("coverage has %d requests of two tests", requests)
	}
}

// coverageOf tells what everybody has used of the contract.
func coverageOf(t testing.TB, m *mock.Mock) *mock.Coverage {
	t.Helper()
	c, err := m.Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ids are what differs from one run to the next.
var ids = regexp.MustCompile(`\([0-9a-f]{8}-[0-9a-z]+\)|-[0-9]+\n`)

// TestExplains holds what a test is told that did not go well, and when it is told
// nothing.
func TestExplains(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options []mocktest.Option
		run     func(t testing.TB, m *mocktest.Mock)
		want    string
	}{
		"nothing to tell": {nil, func(t testing.TB, m *mocktest.Mock) { call(t, m, "GET /orders/1", "") }, ""},
		"no request":      {nil, func(testing.TB, *mocktest.Mock) {}, ""},
		"a broken contract": {nil, func(t testing.TB, m *mocktest.Mock) {
			if got := call(t, m, "POST /orders", `{"amount": 0}`); got != 422 {
				t.Errorf("%d", got)
			}
		}, `
mocktest: session a_broken_contract-N
POST /orders (placeOrder) broke the contract:
    body must be an object with property "sku", got an object without it
        fix: add the property "sku"
        contract: testdata/orders.yaml:11:47
    body /amount must be a number of at least 1, got 0
        fix: send a number of at least 1
        contract: testdata/orders.yaml:11:120
A request that breaks the contract on purpose says so with the header "Prefer: expect=invalid"; mocktest.ExpectInvalid() is for all requests of a test.
`},
		"broken on purpose": {nil, func(t testing.TB, m *mocktest.Mock) {
			call(t, m, "POST /orders", `{}`, "Prefer: expect=invalid")
		}, ""},
		"not as it said": {nil, func(t testing.TB, m *mocktest.Mock) {
			call(t, m, "GET /orders/1", "", "Prefer: expect=invalid")
		}, `
mocktest: session not_as_it_said-N
GET /orders/1 (getOrder) said "Prefer: expect=invalid" and kept to the contract:
    it says expect=invalid and keeps to the contract
`},
		"all on purpose": {[]mocktest.Option{mocktest.ExpectInvalid()}, func(t testing.TB, m *mocktest.Mock) { call(t, m, "POST /orders", `{}`) }, ""},
		"unmatched": {nil, func(t testing.TB, m *mocktest.Mock) {
			call(t, m, "GET /order/1", "")
			call(t, m, "GET /orders/1", "", "Prefer: code=418")
		}, `
mocktest: session unmatched-N
GET /order/1 asked for what there is not:
    NO_PATH_MATCHED_ERROR: No operation of the contract has the path /order/1. The closest ones are listed under known.
    there are GET /orders/{id}, POST /orders
GET /orders/1 (getOrder) asked for what there is not:
    NO_RESPONSE_DEFINED: The contract describes 200, 404 for getOrder, and 418 is none of them. A stub with offContract may answer it.
    there are 200, 404
`},
		"unused stubs": {[]mocktest.Option{mocktest.Active("restocked")}, func(t testing.TB, m *mocktest.Mock) {
			call(t, m, "GET /orders/5", "")
			m.Activate("out-of-stock")
			call(t, m, "POST /orders", `{"sku": "A-1"}`)
		}, `
mocktest: session unused_stubs-N
The stub first-none-left of placeOrder has answered nothing:
    testdata/scenarios/restocked.yaml:3:7
    closest: POST /orders, answered 409 (ID), 1 of 1 conditions: another stub has answered, or the state was another one
The stub unknown of getOrder has answered nothing:
    testdata/scenarios/restocked.yaml:6:7
    closest: GET /orders/5, answered 200 (ID), 1 of 2 conditions: path "id" is 5, expected 404
Activate only what the test needs, or give mocktest.AllowUnusedStubs() to Start.
`},
		"unused stubs allowed": {[]mocktest.Option{mocktest.Active("restocked"), mocktest.AllowUnusedStubs()}, func(t testing.TB, m *mocktest.Mock) {}, ""},
		"an unknown scenario": {nil, func(t testing.TB, m *mocktest.Mock) {
			m.Activate("out-of-stok")
			t.Errorf("it went on")
		}, `
mocktest: there is no scenario "out-of-stok": did you mean "out-of-stock"?
`},
		"skipped": {nil, func(t testing.TB, m *mocktest.Mock) {
			call(t, m, "GET /order/1", "")
			t.(*fakeT).skipped = true
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeT{TB: t, name: name}
			got := f.run(func(t testing.TB) { test.run(t, mocktest.Start(t, orders(test.options...)...)) })
			got = ids.ReplaceAllStringFunc(got, func(id string) string {
				if id[0] == '(' {
					return "(ID)"
				}
				return "-N\n"
			})
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Error(diff)
			}
			if f.failed != (test.want != "") {
				t.Errorf("failed: %v", f.failed)
			}
		})
	}
}

// TestMany holds that of many requests with the same flaw some are explained and the
// others counted.
func TestMany(t *testing.T) {
	t.Parallel()
	text := (&fakeT{TB: t, name: "many"}).run(func(t testing.TB) {
		m := mocktest.Start(t, orders()...)
		for range 15 {
			call(t, m, "GET /orders/x", "")
		}
	})
	if strings.Count(text, "GET /orders/x") != 10 || !strings.Contains(text, "and 5 more that broke the contract\n") {
		t.Error(text)
	}
}

// TestRefusedOptions holds that a mock that cannot be as it was asked for fails the test
// at once, and says why.
func TestRefusedOptions(t *testing.T) {
	t.Parallel()
	with := func(change func(*mock.Options)) mocktest.Option { return mocktest.With(change) }
	for name, test := range map[string]struct {
		options []mocktest.Option
		want    string
	}{
		"no contract":       {[]mocktest.Option{mocktest.Contract("testdata/nowhere.yaml")}, "cannot read testdata/nowhere.yaml"},
		"no shared one":     {[]mocktest.Option{mocktest.Contract("testdata/nowhere.yaml"), mocktest.Shared()}, "cannot read testdata/nowhere.yaml"},
		"an empty contract": {[]mocktest.Option{mocktest.Contract("=/base")}, "the mock cannot be started"},
		"unknown scenario":  {orders(mocktest.Active("no")), `there is no scenario "no"`},
		"TLS":               {orders(with(func(o *mock.Options) { o.TLSSelfSigned = true })), "plain HTTP"},
		"an address":        {orders(with(func(o *mock.Options) { o.Listen = "127.0.0.1:4010" })), "listen on a free port"},
		"watching":          {orders(with(func(o *mock.Options) { o.Watch = "poll" })), "do not watch files"},
		"a shared log":      {orders(mocktest.Shared(), with(func(o *mock.Options) { o.OnReload = func(mock.Reloaded) {} })), "would be of one of the tests"},
		"active for all":    {orders(mocktest.Shared(), with(func(o *mock.Options) { o.Active = []string{"restocked"} })), "use mocktest.Active"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeT{TB: t, name: name}
			text := f.run(func(t testing.TB) {
				mocktest.Start(t, test.options...)
				t.Errorf("it went on")
			})
			if !f.failed || !strings.HasPrefix(text, "mocktest: ") || !strings.Contains(text, test.want) || strings.Contains(text, "it went on") {
				t.Error(text)
			}
		})
	}
}

// TestCleanupComesFirst holds that what a test registers after Start can still use the
// mock, and is judged too.
func TestCleanupComesFirst(t *testing.T) {
	t.Parallel()
	var status atomic.Int64
	text := (&fakeT{TB: t, name: "cleanup"}).run(func(t testing.TB) {
		m := mocktest.Start(t, orders()...)
		t.Cleanup(func() { status.Store(int64(call(t, m, "GET /orders/x", ""))) })
	})
	if status.Load() == 0 || !strings.Contains(text, "GET /orders/x (getOrder) broke the contract") {
		t.Errorf("%d\n%s", status.Load(), text)
	}
}

// What cannot be used ends a test at once, with all that is wrong.
func TestMistakesOfATest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do   func(m *mocktest.Mock)
		want []string
	}{
		"a misspelt operation":    {func(m *mocktest.Mock) { m.AddScenario("operations: {plceOrder: 409}\n") }, []string{"the scenario cannot be added", `did you mean "placeOrder"?`}},
		"no scenario":             {func(m *mocktest.Mock) { m.AddScenario("") }, []string{"the scenario cannot be added", "the file is empty"}},
		"a stub that nobody used": {func(m *mocktest.Mock) { m.AddScenario("operations: {placeOrder: 409}\n") }, []string{"has answered nothing"}},
		"expectations for nothing": {func(m *mocktest.Mock) {
			m.Verify(mock.Expectation{Operation: "plceOrder"}, mock.Expectation{Operation: "placeOrder", AtLeast: new(2), AtMost: new(1)})
		}, []string{"the expectations cannot be used", `did you mean "placeOrder"?`, "at least 2 and at most 1"}},
		"an expectation that is not fulfilled": {func(m *mocktest.Mock) { m.Verify(mock.Expectation{Name: "orders", Operation: "placeOrder"}) }, []string{"fail: 0 of 1 expectations hold for 0 requests", "orders"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeT{name: t.Name()}
			text := f.run(func(fake testing.TB) { test.do(mocktest.Start(fake, orders()...)) })
			for _, want := range test.want {
				if !f.failed || !strings.Contains(text, want) {
					t.Errorf("%q is not in\n%s", want, text)
				}
			}
		})
	}
}
