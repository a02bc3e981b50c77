package scenario

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestSequence plays requests one after the other. The second stub answers 304
// where the sequence lets it.
func TestSequence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, respond, atEnd string
		want                 []int
	}{
		{"one answer for ever", "[{status: 500}]", "", []int{500, 500, 500}},
		{"stays with the last", "[{status: 500, times: 2}, {status: 404}]", "", []int{500, 500, 404, 404, 404}},
		{"stays, as it says", "[{status: 500}, {status: 404, times: 3}]", "stay", []int{500, 404, 404, 404, 404}},
		{"begins again", "[{status: 500, times: 2}, {status: 404}]", "restart", []int{500, 500, 404, 500, 500, 404, 500}},
		{"passes", "[{status: 500, times: 2}, {status: 404}]", "pass", []int{500, 500, 404, 304, 304}},
		{"passes after one", "[{status: 500}]", "pass", []int{500, 304, 304}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := "operations:\n  getOrder:\n    - respond: " + test.respond + "\n"
			if test.atEnd != "" {
				text += "      atEnd: " + test.atEnd + "\n"
			}
			if test.atEnd == atEndPass {
				text += "    - respond: {status: 304}\n"
			}
			sc, m := load(t, text), memory{}
			var got []int
			for range test.want {
				got = append(got, answerTo(t, sc, m, "GET /orders/1").Status)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSequenceComesToRest holds that a sequence that stays with its last answer
// writes nothing any more: a store has less to do, and nothing can conflict.
func TestSequenceComesToRest(t *testing.T) {
	t.Parallel()
	sc, m := load(t, "operations:\n  getOrder:\n    - respond: [{status: 500, times: 2}, {status: 404}]\n"), memory{}
	for i, want := range []int{1, 1, 0, 0} {
		if got := len(answerTo(t, sc, m, "GET /orders/1").Effects); got != want {
			t.Errorf("answer %d has %d effects, want %d", i+1, got, want)
		}
	}
	st := onlyStub(t, sc, "getOrder")
	want := []Cell{{Scenario: "test", Key: "getOrder/test/getOrder#1", Revision: st.Fingerprint}}
	if diff := cmp.Diff(want, st.Cells(request(t, "GET /orders/1"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"500", "404"}, st.Statuses()); diff != "" {
		t.Error(diff)
	}
}

// TestCellsOfOneName holds that two operations may name a stub alike.
func TestCellsOfOneName(t *testing.T) {
	t.Parallel()
	sc := load(t, `
operations:
  getOrder: [{name: first, respond: [{status: 500}, {status: 404}]}]
  deleteOrder: [{name: first, respond: [{status: 409}, {status: 204}]}]
`)
	a := onlyStub(t, sc, "getOrder").Cells(request(t, "GET /orders/1"))
	b := onlyStub(t, sc, "deleteOrder").Cells(request(t, "DELETE /orders/1"))
	if a[0] == b[0] {
		t.Error("both count with", a[0])
	}
}

func TestForcedStatus(t *testing.T) {
	t.Parallel()
	st := onlyStub(t, load(t, `
state: {order: {values: [open, paid]}}
operations:
  getOrder:
    - respond: [{status: 500}, {status: default}, {status: 404, body: {code: A}}, {status: 404, body: {code: B}}]
      set: {order: paid}
`), "getOrder")
	for status, want := range map[int]bool{500: true, 503: true, 404: true, 200: false} {
		if st.Answers(status) != want {
			t.Errorf("answers %d: %t", status, !want)
		}
	}
	ex := request(t, "GET /orders/1")
	out, err := st.Render(ex, memory{}, ex.Time, 404)
	if err != nil || out.Status != 404 || string(out.Body) != `{"code":"A"}` || out.Effects != nil {
		t.Errorf("%+v %v", out, err)
	}
	if _, err := st.Render(ex, memory{}, ex.Time, 200); err == nil || !strings.Contains(err.Error(), "no response with status 200") {
		t.Error(err)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	sc := load(t, `
state:
  order:
    key: ${path.id}
    values: [open, paid, shipped]
  maintenance: {values: [off, on]}
operations:
  getOrder:
    - when: {state: {order: open}}
      respond: {offContract: short, body: "${state.order} ${state['maintenance']}"}
    - respond: {offContract: short, body: "${toJSON(state)}"}
  deleteOrder:
    - when: {state: {order: open}, expr: state.maintenance == "off"}
      respond: {status: 204}
      set: {order: paid}
    - respond: {status: 409}
      set: {order: shipped, maintenance: on}
`)
	m := memory{}
	for i, step := range []struct {
		request string
		status  int
		body    string
	}{
		{"GET /orders/1", 200, `"open off"`},
		{"DELETE /orders/1", 204, ""},
		{"GET /orders/1", 200, `"{\"maintenance\":\"off\",\"order\":\"paid\"}"`},
		{"GET /orders/2", 200, `"open off"`},
		{"DELETE /orders/1", 409, ""},
		{"GET /orders/1", 200, `"{\"maintenance\":\"on\",\"order\":\"shipped\"}"`},
		{"GET /orders/2", 200, `"open on"`},
		{"DELETE /orders/2", 409, ""},
	} {
		out := answerTo(t, sc, m, step.request)
		if out == nil || out.Status != step.status || string(out.Body) != step.body {
			t.Errorf("step %d, %s: %+v", i+1, step.request, out)
		}
	}
	st := onlyStub(t, sc, "deleteOrder")
	ex := request(t, "DELETE /orders/1")
	want := []Cell{{Scenario: "test", State: "order", Key: "1"}, {Scenario: "test", State: "maintenance"}}
	if diff := cmp.Diff(want, st.Cells(ex), cmpopts.IgnoreFields(Cell{}, "Revision")); diff != "" {
		t.Error(diff)
	}
	if reason := st.Judge(ex, m).Failed(ex); reason != `state "order" is "shipped", expected "open"` {
		t.Error(reason)
	}
}

// TestStateWithoutKey holds that a request that has no key does not match.
func TestStateWithoutKey(t *testing.T) {
	t.Parallel()
	sc := load(t, `
state:
  order: {key: "${get(headers, 'x-id')}", values: [open, paid]}
operations:
  getOrder:
    - {when: {state: {order: open}}, respond: {status: 404}}
    - {when: {headers: {x-set: {present: true}}}, respond: {status: 404}, set: {order: paid}}
`)
	st := sc.Stubs(theShop(t).Operation("getOrder"))
	ex := request(t, "GET /orders/1\nX-Set: a")
	if ok, reason := matches(st[0], ex, memory{}), st[0].Judge(ex, memory{}).Failed(ex); ok || reason != `state "order" has no key: the request has no value for the key` {
		t.Error(ok, reason)
	}
	if cells := st[0].Cells(ex); len(cells) != 0 {
		t.Error(cells)
	}
	if _, err := st[1].Render(ex, memory{}, ex.Time, 0); err == nil || !strings.Contains(err.Error(), `state "order" has no key`) {
		t.Error(err)
	}
}

// TestEverywhere holds that a stub for * is compiled for each operation that it
// fits, and that its sequence is one.
func TestEverywhere(t *testing.T) {
	t.Parallel()
	sc, m := load(t, `
operations:
  "*":
    - when: {path: {id: {present: true}}}
      respond: [{status: 404, headers: {X-Id: "${path.id}"}}, {status: 400}]
`), memory{}
	if got := answerTo(t, sc, m, "GET /orders/1"); got.Status != 404 || got.Header.Get("X-Id") != "1" {
		t.Errorf("%+v", got)
	}
	if got := answerTo(t, sc, m, "DELETE /orders/2"); got.Status != 400 {
		t.Errorf("%+v", got)
	}
	if sc.Len() != 1 || len(sc.Stubs(theShop(t).Operation("listOrders"))) != 0 {
		t.Error("a stub for an operation that has no such path parameter")
	}
	st := onlyStub(t, sc, "deleteOrder")
	if st.Name != "test/*#1" || st.Unconditional() {
		t.Error(st.Name)
	}
}

// TestQualifiedNames holds that two APIs may share an operationId.
func TestQualifiedNames(t *testing.T) {
	t.Parallel()
	first, second := theShop(t), api(t, "api2.yaml")
	l := newLoader(nil)
	l.names = newNames(append(l.names.apis, first, second))
	for name, want := range map[string]int{
		"getOrder": 2, "api.getOrder": 1, "api2.getOrder": 1, "GET /archive/{id}": 1, "api2.GET /archive/{id}": 1, "deleteOrder": 1, "api2.deleteOrder": 0, "": 0,
	} {
		if got := len(l.names.find(name)); got != want {
			t.Errorf("%q finds %d operations, want %d", name, got, want)
		}
	}
}

// TestExchangeWithoutParameters holds that an exchange that was not made by the
// contract is read by name.
func TestExchangeWithoutParameters(t *testing.T) {
	t.Parallel()
	st := onlyStub(t, load(t, "operations:\n  listOrders:\n    - {when: {query: {page: 2}}, respond: {status: 200}}\n"), "listOrders")
	ex := &exchange.Exchange{Parameters: []exchange.Parameter{{In: exchange.Query, Name: "page", Present: true, Value: "2"}}}
	if reason := st.Judge(ex, memory{}).Failed(ex); reason != "" {
		t.Error(reason)
	}
	ex.Parameters = nil
	if matches(st, ex, memory{}) {
		t.Error("matched nothing")
	}
}

// TestFaultsHaveNoStatus holds that a fault is a step of a sequence and no status.
func TestFaultsHaveNoStatus(t *testing.T) {
	t.Parallel()
	sc, m := load(t, "operations:\n  getOrder:\n    - respond: [{fault: EMPTY_RESPONSE, times: 2, delay: 1s}, {status: 404}]\n"), memory{}
	for i, want := range []Outcome{{Fault: exchange.FaultEmpty}, {Fault: exchange.FaultEmpty}, {Status: 404}, {Status: 404}} {
		got := answerTo(t, sc, m, "GET /orders/1")
		if got.Fault != want.Fault || got.Status != want.Status || !got.Static || (got.Delay != nil) != (want.Fault != "") {
			t.Errorf("answer %d: %+v", i+1, got)
		}
	}
	st := onlyStub(t, sc, "getOrder")
	if diff := cmp.Diff([]string{"404"}, st.Statuses()); diff != "" || !st.Answers(404) {
		t.Error(diff)
	}
}
