package mocktest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/mocktest"
)

// place orders something, as the code does that a test is about.
func place(client *http.Client, api, order string) (string, error) {
	res, err := client.Post(api+"/orders", "application/json", strings.NewReader(order))
	if err != nil {
		return "", err
	}
	return res.Status, res.Body.Close()
}

func Example() {
	// What follows is the body of a test: func TestOutOfStock(t *testing.T).
	test := func(t testing.TB) {
		m := mocktest.Start(t, mocktest.Contract("testdata/orders.yaml"), mocktest.Scenarios("testdata/scenarios"))
		m.Activate("out-of-stock")
		status, err := place(m.Client(), m.URL(), `{"sku": "A-1"}`)
		fmt.Println(status, err)
	}
	fmt.Print((&fakeT{name: "TestOutOfStock"}).run(test))
	// Output:
	// 409 Conflict <nil>
}

// A test whose request breaks the contract fails, whatever it does with the answer.
func ExampleStart_violation() {
	test := func(t testing.TB) {
		m := mocktest.Start(t, mocktest.Contract("testdata/orders.yaml"), mocktest.Scenarios("testdata/scenarios"))
		status, err := place(m.Client(), m.URL(), `{"sku": 1}`)
		fmt.Println(status, err)
	}
	failure := (&fakeT{name: "TestOrder"}).run(test)
	fmt.Print(failure[strings.Index(failure, "POST"):strings.Index(failure, "A request")])
	// Output:
	// 422 Unprocessable Entity <nil>
	// POST /orders (placeOrder) broke the contract:
	//     body /sku must be a string, got 1
	//         fix: send a string
	//         contract: testdata/orders.yaml:11:78
}

// One mock serves all tests that ask for the same; they may run in parallel, because
// each has a session.
func ExampleShared() {
	shared := []mocktest.Option{mocktest.Contract("testdata/orders.yaml"), mocktest.Scenarios("testdata/scenarios"), mocktest.Shared()}
	test := func(t testing.TB) {
		first, second := mocktest.Start(t, shared...), mocktest.Start(t, shared...)
		first.Activate("out-of-stock")
		for _, m := range []*mocktest.Mock{first, second} {
			status, err := place(m.Client(), m.URL(), `{"sku": "A-1"}`)
			fmt.Println(status, err)
		}
	}
	fmt.Print((&fakeT{name: "TestShared"}).run(test))
	// Output:
	// 409 Conflict <nil>
	// 201 Created <nil>
}

// A scenario that only one test needs can stand in the test.
func ExampleMock_AddScenario() {
	test := func(t testing.TB) {
		m := mocktest.Start(t, mocktest.Contract("testdata/orders.yaml"))
		m.AddScenario(`
operations:
  placeOrder:
    - when: {body: {sku: A-1}}
      respond: {status: 409}
`)
		for _, order := range []string{`{"sku": "A-1"}`, `{"sku": "A-2"}`} {
			status, err := place(m.Client(), m.URL(), order)
			fmt.Println(status, err)
		}
	}
	fmt.Print((&fakeT{name: "TestSoldOut"}).run(test))
	// Output:
	// 409 Conflict <nil>
	// 201 Created <nil>
}

// Verify says which requests there have to be; of those that are not what they should
// be it tells the ones that came closest.
func ExampleMock_Verify() {
	test := func(t testing.TB) {
		m := mocktest.Start(t, mocktest.Contract("testdata/orders.yaml"))
		status, err := place(m.Client(), m.URL(), `{"sku": "A-1"}`)
		fmt.Println(status, err)
		m.Verify(mock.Expectation{Operation: "placeOrder", When: map[string]any{"body": map[string]any{"sku": "A-1"}}, Exactly: new(1)})
		m.Verify(mock.Expectation{Operation: "placeOrder", When: map[string]any{"body": map[string]any{"sku": "A-2"}}})
	}
	failure := (&fakeT{name: "TestOneOrder"}).run(test)
	fmt.Println(failure[:strings.Index(failure, "closest")+len("closest")], "…")
	// Output:
	// 201 Created <nil>
	// mocktest: fail: 0 of 1 expectations hold for 1 request
	//   fail: placeOrder when {"body":{"sku":"A-2"}}
	//     expected at least 1, found 0
	//     closest …
}
