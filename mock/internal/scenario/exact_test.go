package scenario

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExact holds in what an answer differs from what a stub states.
func TestExact(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, operation, respond string
		header, body             string
		want                     []string
	}{
		{"the same", "getOrder", "{status: 200, body: {id: 1, sku: A}}", "", `{"sku":"A","id":1.0}`, nil},
		{"another value", "getOrder", "{status: 200, body: {id: 1, sku: A}}", "", `{"sku":"B","id":1}`, []string{`body /sku: "A", "B"`}},
		{"another type", "getOrder", "{status: 200, body: {id: 1, sku: A}}", "", `{"sku":"A","id":"1"}`, []string{`body /id: 1, "1"`}},
		{"one more", "getOrder", "{status: 200, body: {id: 1, sku: A}}", "", `{"sku":"A","id":1,"a/b":null}`, []string{`body /a~1b: absent, null`}},
		{"one less", "getOrder", "{status: 200, body: {id: 1, sku: A}}", "", `{"id":1}`, []string{`body /sku: "A", absent`}},
		{"null is a value", "getOrder", "{status: 200, body: {id: 1, sku: A, note: null}}", "", `{"id":1,"sku":"A"}`, []string{`body /note: null, absent`}},
		{"a list", "listOrders", "{status: 200, body: [{id: 1, sku: A}]}", "", `[{"id":1,"sku":"C"}]`, []string{`body /0/sku: "A", "C"`}},
		{"a longer list", "listOrders", "{status: 200, body: []}", "", `[{"id":1,"sku":"C"}]`, []string{`body: [], [{"id":1,"sku":"C"}]`}},
		{"no list", "listOrders", "{status: 200, body: []}", "", `{}`, []string{`body: [], {}`}},
		{"no JSON", "listOrders", "{status: 200, body: []}", "", `[`, []string{`body: [], "["`}},
		{"an expression may be anything", "getOrder", "{status: 200, body: {id: 1, sku: \"${path.id} or so\"}}", "", `{"id":1,"sku":"x"}`, nil},
		{"but it must be there", "getOrder", "{status: 200, body: {id: 1, sku: \"${path.id} or so\"}}", "", `{"id":1}`, []string{`body /sku: "${path.id} or so", absent`}},
		{"what is escaped is text", "getOrder", "{status: 200, body: {id: 1, sku: \"$${a}\"}}", "", `{"id":1,"sku":"${a}"}`, nil},
		{"merge leaves the rest", "getOrder", "{status: 200, merge: {sku: Z}}", "", `{"id":77,"sku":"Z","more":1}`, nil},
		{"merge differs", "getOrder", "{status: 200, merge: {sku: Z, customer: {name: Ada}}}", "", `{"id":77,"sku":"A","customer":{}}`, []string{`body /sku: "Z", "A"`, `body /customer/name: "Ada", absent`}},
		{"merge removes", "getOrder", "{status: 200, merge: {note: null}}", "", `{"id":77,"sku":"A","note":"x"}`, []string{`body /note: absent, "x"`}},
		{"merge sets null", "getOrder", "{status: 200, merge: {note: {$null: true}}}", "", `{"id":77,"sku":"A","note":"x"}`, []string{`body /note: null, "x"`}},
		{"an example", "getOrder", "{status: 200, example: large}", "", `{"sku":"B-2","id":2,"status":"paid","price":9007199254740993}`, nil},
		{"not the example", "getOrder", "{status: 200, example: large}", "", `{"id":2}`, []string{`body: "{\"id\":2,\"sku\":\"B-2\",\"price\":9007199254740993,\"status\":\"paid\"}", "{\"id\":2}"`}},
		{"text", "getOrder", "{status: 200, text: hello}", "Content-Type: text/plain", `hello!`, []string{`body: "hello", "hello!"`}},
		{"bytes", "getLabel", "{status: 200, base64: AAE=}", "Content-Type: image/png", "\x00\x01", nil},
		{"other bytes", "getLabel", "{status: 200, base64: AAE=}", "Content-Type: image/png", "", []string{`body: "\x00\x01", no body`}},
		{"no body stated", "getOrder", "{status: 200}", "", `{"anything":1}`, nil},
		{"headers", "deleteOrder", "{status: 204, headers: {X-A: 1, X-B: [a, b], X-C: \"${path.id}\"}}", "X-A: 2\nX-B: b\nX-B: a\nX-C: 9", "", []string{`header "X-A": "1", "2"`}},
		{"no header", "deleteOrder", "{status: 204, headers: {X-A: 1}}", "", "", []string{`header "X-A": "1", absent`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := onlyStub(t, load(t, "operations:\n  "+test.operation+":\n    - respond: "+test.respond+"\n      provider: {exact: true}\n"), test.operation)
			header := http.Header{"Content-Type": {"application/json"}}
			for line := range strings.SplitSeq(test.header, "\n") {
				if name, value, ok := strings.Cut(line, ": "); ok {
					if name == "Content-Type" {
						header.Del(name)
					}
					header.Add(name, value)
				}
			}
			step := st.Step(0)
			var got []string
			for _, d := range step.Exact.Compare(header, []byte(test.body), step.Response) {
				where := d.Where
				if d.Pointer != "" {
					where += " " + d.Pointer
				}
				got = append(got, where+": "+d.Expected+", "+d.Got)
				if d.At.Position().Line != 3 {
					t.Errorf("%s is at %s", where, d.At)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if st := onlyStub(t, load(t, "operations: {getOrder: {respond: {status: 200, body: {id: 1, sku: A}}}}"), "getOrder"); st.Step(0).Exact != nil {
		t.Error("nobody has asked for it")
	}
}
