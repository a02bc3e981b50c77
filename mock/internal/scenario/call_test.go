package scenario

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sent is what a test looks at of a call.
type sent struct {
	Call, URL, ContentType, Body, After, Off string
	Static                                   bool
}

func sentOf(out *Outcome) []sent {
	list := make([]sent, len(out.Calls))
	for i, c := range out.Calls {
		list[i] = sent{c.Kind + " " + c.Name + " " + c.Request.Method + " " + c.Request.Expression, c.URL, c.Header.Get("Content-Type"), string(c.Body), "", c.OffContract, c.Static}
		if c.After != nil {
			list[i].After = c.After.String()
		}
	}
	return list
}

// TestCalls holds what each way to state a callback or a webhook gives.
func TestCalls(t *testing.T) {
	t.Parallel()
	const json, onData = "application/json", "callback onData POST {$request.body#/callbackUrl}"
	for _, test := range []struct {
		name, calls string
		want        []sent
		static      bool // the whole answer
	}{
		{"the contract's example", "callbacks: {onData: {}}", []sent{{onData, "", json, `{"id":1,"sku":"A"}`, "", "", true}}, true},
		{"body and time", "callbacks: {onData: {after: 1s, body: {id: 2, sku: B}}}", []sent{{onData, "", json, `{"id":2,"sku":"B"}`, "1s", "", true}}, true},
		{"drawn time", "callbacks: {onData: {after: {uniform: [1s, 2s]}}}", []sent{{onData, "", json, `{"id":1,"sku":"A"}`, "uniform from 1s to 2s", "", true}}, true},
		{"merge", "callbacks: {onData: {merge: {sku: C}}}", []sent{{onData, "", json, `{"id":1,"sku":"C"}`, "", "", true}}, true},
		{"text", "callbacks: {onData: {text: abc}}", []sent{{onData, "", "text/plain", `abc`, "", "", true}}, true},
		{"media type alone", "callbacks: {onData: {mediaType: application/json}}", []sent{{onData, "", json, `{"id":1,"sku":"A"}`, "", "", true}}, true},
		{"expressions", `callbacks: {onData: {body: {id: "${len(body.callbackUrl)}", sku: "${request.method}"}}}`, []sent{{onData, "", json, `{"id":4,"sku":"POST"}`, "", "", false}}, false},
		{"off the contract", "callbacks: {onData: {offContract: why, body: 5}}", []sent{{onData, "", json, `5`, "", "why", true}}, true},
		{"one of several methods", "callbacks: {onEnd: {method: put}}", []sent{{"callback onEnd PUT {$request.query.end}", "", "", "", "", "", true}}, true},
		{"one of several expressions", `callbacks: {onTwo: {expression: "{$request.body#/b}"}}`, []sent{{"callback onTwo POST {$request.body#/b}", "", "", "", "", "", true}}, true},
		{"webhook", `webhooks: {orderShipped: {url: "http://a.example/", body: {id: 1, sku: A}}}`, []sent{{"webhook orderShipped POST ", "http://a.example/", json, `{"id":1,"sku":"A"}`, "", "", true}}, true},
		{"webhook to the request's own", `webhooks: {orderShipped: {url: "http://${body.callbackUrl}/x", body: {id: 1, sku: A}}}`,
			[]sent{{"webhook orderShipped POST ", "http://http/x", json, `{"id":1,"sku":"A"}`, "", "", true}}, false},
		{"several", "callbacks: {onData: {}, onEnd: {method: POST}}\n        webhooks: {orderShipped: {url: \"http://a/\", body: {id: 1, sku: A}}}",
			[]sent{{onData, "", json, `{"id":1,"sku":"A"}`, "", "", true}, {"callback onEnd POST {$request.query.end}", "", "", "", "", "", true}, {"webhook orderShipped POST ", "http://a/", json, `{"id":1,"sku":"A"}`, "", "", true}}, true},
		{"beside a fault", "fault: EMPTY_RESPONSE\n        callbacks: {onData: {}}", []sent{{onData, "", json, `{"id":1,"sku":"A"}`, "", "", true}}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := onlyStub(t, load(t, "operations:\n  subscribe:\n    - respond:\n        "+test.calls+"\n"), "subscribe")
			ex := request(t, "POST /streams\n\n"+`{"callbackUrl":"http"}`)
			out, err := st.Render(ex, memory{}, ex.Time, 0)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, sentOf(out)); diff != "" || out != st.sequence.answers[0].outcome == test.static {
				t.Errorf("shared %t: %s", out == st.sequence.answers[0].outcome, diff)
			}
		})
	}
}

// TestGeneratedCall holds that a call which states no body has a generated one where
// the contract gives no example.
func TestGeneratedCall(t *testing.T) {
	t.Parallel()
	st := onlyStub(t, load(t, "operations:\n  subscribe:\n    - respond: {callbacks: {onError: {headers: {X-A: \"${request.id}\"}}}}\n"), "subscribe")
	ex := request(t, "POST /streams")
	out, err := st.Render(ex, memory{}, ex.Time, 0)
	if err != nil {
		t.Fatal(err)
	}
	c := out.Calls[0]
	if found := c.Request.Check(c.Header, c.Body); len(found) > 0 || len(c.Body) == 0 || c.Header.Get("X-A") != "r1" || c.Static {
		t.Errorf("%s %v: %v", c.Body, c.Header, found)
	}
	if found := c.Request.Check(http.Header{}, nil); len(found) == 0 {
		t.Error("an empty body breaks the contract")
	}
}

// TestCallsFail holds that a call which cannot be rendered is told before the answer
// is sent.
func TestCallsFail(t *testing.T) {
	t.Parallel()
	st := onlyStub(t, load(t, "operations:\n  subscribe:\n    - respond: {callbacks: {onData: {headers: {X-A: \"${body.callbackUrl}\"}}}}\n"), "subscribe")
	ex := request(t, "POST /streams\n\n"+`{"callbackUrl":"a\nb"}`)
	if _, err := st.Render(ex, memory{}, ex.Time, 0); err == nil || err.Error() != `callback onData: header X-A cannot have the value "a\nb"` {
		t.Error(err)
	}
}

// TestEverywhereWithCallbacks holds that a stub for * is for the operations that have
// its callbacks.
func TestEverywhereWithCallbacks(t *testing.T) {
	t.Parallel()
	sc := load(t, "operations:\n  \"*\":\n    - respond: {callbacks: {onData: {}}}\n")
	if len(sc.Stubs(theShop(t).Operation("getOrder"))) != 0 || len(sc.Stubs(theShop(t).Operation("subscribe"))) != 1 {
		t.Error("the stub is for other operations")
	}
}
