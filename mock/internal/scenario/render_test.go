package scenario

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRender holds what each way to state an answer gives.
func TestRender(t *testing.T) {
	t.Parallel()
	const getOrder = "GET /orders/7"
	const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	type want struct {
		status       int
		body         string
		contentType  string
		header       map[string][]string
		delay        time.Duration
		off          string
		fromContract bool
		dynamic      bool
	}
	for _, test := range []struct {
		name, operation, respond, request string
		want                              want
	}{
		// Statuses.
		{"contract's success", "getOrder", "{}", getOrder, want{status: 200, fromContract: true}},
		{"success without content", "deleteOrder", "{}", "DELETE /orders/7", want{status: 204}},
		{"number by range", "deleteOrder", "{status: 404}", "DELETE /orders/7", want{status: 404, fromContract: true}},
		{"range", "deleteOrder", "{status: 4xx}", "DELETE /orders/7", want{status: 400, fromContract: true}},
		{"default", "getOrder", "{status: default}", getOrder, want{status: 503, fromContract: true}},
		{"number by default", "getOrder", "{status: 418}", getOrder, want{status: 418, fromContract: true}},
		{"no content", "deleteOrder", "{status: 409}", "DELETE /orders/7", want{status: 409}},
		{"never content", "getOrder", "{status: 304}", getOrder, want{status: 304}},
		{"off the contract", "deleteOrder", "{status: 502, offContract: the gateway}", "DELETE /orders/7", want{status: 502, off: "the gateway"}},
		// Bodies.
		{"body", "getOrder", "{status: 404, body: {code: GONE, message: \"a < b\"}}", getOrder,
			want{status: 404, body: `{"code":"GONE","message":"a < b"}`, contentType: "application/json"}},
		{"numbers and order are kept", "getOrder", "{body: {sku: z, price: 1.50, id: 9007199254740993, note: null}}", getOrder,
			want{status: 200, body: `{"sku":"z","price":1.50,"id":9007199254740993,"note":null}`, contentType: "application/json"}},
		{"off the contract body", "deleteOrder", "{status: 409, offContract: why, body: [1, {a: b}]}", "DELETE /orders/7",
			want{status: 409, body: `[1,{"a":"b"}]`, contentType: "application/json", off: "why"}},
		{"off the contract type", "getOrder", "{offContract: why, mediaType: text/csv, text: \"a,b\"}", getOrder,
			want{status: 200, body: "a,b", contentType: "text/csv", off: "why"}},
		{"off the contract content", "getOrder", "{status: 404, offContract: why, body: 5}", getOrder,
			want{status: 404, body: `5`, contentType: "application/json", off: "why"}},
		{"text", "getOrder", "{text: hello}", getOrder, want{status: 200, body: "hello", contentType: "text/plain"}},
		{"text as JSON", "getOrder", "{status: 404, text: '{\"code\": \"A\"}'}", getOrder, want{status: 404, body: `{"code": "A"}`, contentType: "application/json"}},
		{"text of a media type", "getOrder", "{mediaType: application/xml, text: <a/>}", getOrder, want{status: 200, body: "<a/>", contentType: "application/xml"}},
		{"data as XML", "getOrder", "{mediaType: application/xml, body: {id: 7, tags: [a, b & c]}}", getOrder, want{status: 200, body: xmlHead + "<root><id>7</id><tags>a</tags><tags>b &amp; c</tags></root>", contentType: "application/xml"}},
		{"data as XML that depends on the request", "getOrder", "{mediaType: application/xml, body: {id: \"${path.id}\"}}", getOrder, want{status: 200, dynamic: true, body: xmlHead + "<root><id>7</id></root>", contentType: "application/xml"}},
		{"data as a form", "getOrder", "{mediaType: application/x-www-form-urlencoded, offContract: a test, body: {a: 1, b: [x, 'y z']}}", getOrder, want{status: 200, off: "a test", body: "a=1&b=x&b=y%20z", contentType: "application/x-www-form-urlencoded"}},
		{"data as JSON lines", "getOrder", "{mediaType: application/x-ndjson, offContract: a test, body: [{a: 1}, {a: 2}]}", getOrder, want{status: 200, off: "a test", body: "{\"a\":1}\n{\"a\":2}\n", contentType: "application/x-ndjson"}},
		{"data as a JSON text sequence", "getOrder", "{mediaType: application/json-seq, offContract: a test, body: [1, 2]}", getOrder, want{status: 200, off: "a test", body: "\x1e1\n\x1e2\n", contentType: "application/json-seq"}},
		{"media type as a header", "getOrder", "{headers: {content-type: application/xml}, text: <a/>}", getOrder, want{status: 200, body: "<a/>", contentType: "application/xml"}},
		{"scalar as text", "GET /ping", "{body: pong}", "GET /ping", want{status: 200, body: "pong", contentType: "text/plain"}},
		{"base64", "getLabel", "{base64: \"iVBO\\n Rw==\"}", "GET /orders/7/label", want{status: 200, body: "\x89PNG", contentType: "image/png"}},
		{"any type", "echo", "{body: {a: 1}}", "POST /echo", want{status: 200, body: `{"a":1}`, contentType: "application/json"}},
		{"any type of text", "echo", "{text: a}", "POST /echo", want{status: 200, body: `a`, contentType: "text/plain; charset=utf-8"}},
		{"null", "echo", "{body: null}", "POST /echo", want{status: 200, body: `null`, contentType: "application/json"}},
		{"example", "getOrder", "{example: large}", getOrder,
			want{status: 200, body: `{"id":2,"sku":"B-2","price":9007199254740993,"status":"paid"}`, contentType: "application/json"}},
		{"event stream", "watch", "{body: [{event: order, id: 7, retry: 1000, data: {id: 1, price: 1.50}}, plain, 5, [1, \"a\"], {data: \"one\\ntwo\\r\\nthree\\rfour\", comment: \"c\\nd\"}, {comment: \"\"}, {delay: 1s}, {id: \"\"}]}", "GET /events",
			want{status: 200, contentType: "text/event-stream", body: "event: order\nid: 7\nretry: 1000\ndata: {\"id\":1,\"price\":1.50}\n\ndata: plain\n\ndata: 5\n\ndata: [1,\"a\"]\n\n" +
				"data: one\ndata: two\ndata: three\ndata: four\n: c\n: d\n\n: \n\nid: \n\n"}},
		{"event stream with expressions", "watch", "{body: [{id: \"${1 + 1}\", data: {method: \"${request.method}\"}}, \"${request.id}\", fixed, {data: \"${[1]}\"}]}", "GET /events",
			want{status: 200, contentType: "text/event-stream", body: "id: 2\ndata: {\"method\":\"GET\"}\n\ndata: r1\n\ndata: fixed\n\ndata: [1]\n\n", dynamic: true}},
		{"empty event stream", "watch", "{body: []}", "GET /events", want{status: 200, contentType: "text/event-stream"}},
		{"event stream off the contract", "getOrder", "{offContract: why, mediaType: text/event-stream, body: [a]}", getOrder,
			want{status: 200, contentType: "text/event-stream", body: "data: a\n\n", off: "why"}},
		{"event stream as text", "watch", "{text: \"data: a\\n\\n\"}", "GET /events", want{status: 200, contentType: "text/event-stream", body: "data: a\n\n"}},
		{"media type alone", "getOrder", "{mediaType: text/plain}", getOrder, want{status: 200, fromContract: true}},
		// Merge patches.
		{"merge", "getOrder", "{merge: {status: paid, customer: {country: ES}}}", getOrder,
			want{status: 200, body: `{"id":1,"sku":"A-1","price":1.50,"status":"paid","note":"costs ${price}","customer":{"name":"Ada","country":"ES"}}`, contentType: "application/json"}},
		{"merge removes and sets null", "getOrder", "{merge: {note: {$null: true}, customer: null, nothing: null, tags: {a: {b: null, c: 1}}}}", getOrder,
			want{status: 200, body: `{"id":1,"sku":"A-1","price":1.50,"status":"open","note":null,"tags":{"a":{"c":1}}}`, contentType: "application/json"}},
		{"merge over a named example", "getOrder", "{example: large, merge: {id: 3, customer: {a: [1, null]}}}", getOrder,
			want{status: 200, body: `{"id":3,"sku":"B-2","price":9007199254740993,"status":"paid","customer":{"a":[1,null]}}`, contentType: "application/json"}},
		{"merge with an expression", "getOrder", "{merge: {id: \"${path.id}\"}}", getOrder,
			want{status: 200, body: `{"id":7,"sku":"A-1","price":1.50,"status":"open","note":"costs ${price}","customer":{"name":"Ada","country":"GB"}}`, contentType: "application/json", dynamic: true}},
		{"merge replaces an array by an object", "listOrders", "{offContract: why, merge: {a: 1}}", "GET /orders",
			want{status: 200, body: `{"a":1}`, contentType: "application/json", off: "why"}},
		{"merge over an example that is text", "getText", "{merge: {id: 6}}", "GET /texts",
			want{status: 200, body: `{"id":6,"sku":"T"}`, contentType: "application/json"}},
		// Headers and delays.
		{"headers", "createOrder", "{headers: {location: /orders/1, X-Rate-Limit: 5, Set-Cookie: [a=1, b=2]}, body: {id: 1, sku: A}}", "POST /orders",
			want{status: 201, body: `{"id":1,"sku":"A"}`, contentType: "application/json", header: map[string][]string{"Location": {"/orders/1"}, "X-Rate-Limit": {"5"}, "Set-Cookie": {"a=1", "b=2"}}}},
		{"header with an expression", "getOrder", "{status: 404, headers: {X-Id: \"id ${path.id}\", X-B: b}}", getOrder,
			want{status: 404, fromContract: true, header: map[string][]string{"X-Id": {"id 7"}, "X-B": {"b"}}, dynamic: true}},
		{"delay", "deleteOrder", "{delay: 300ms}", "DELETE /orders/7", want{status: 204, delay: 300 * time.Millisecond}},
		// Expressions.
		{"type is kept", "echo", "{body: {id: \"${int(request.headers.host == nil ? 1 : 2)}\", list: \"${[1, 2.5, true, nil]}\", text: \"a${1}b${nil}c\"}}", "POST /echo",
			want{status: 200, body: `{"id":2,"list":[1,2.5,true,null],"text":"a1bc"}`, contentType: "application/json", dynamic: true}},
		{"escape", "echo", "{body: {a: \"$${path.id}\", b: \"$$${1}\"}}", "POST /echo",
			want{status: 200, body: `{"a":"${path.id}","b":"$${1}"}`, contentType: "application/json"}},
		{"result is not evaluated", "listOrders", "{offContract: why, text: \"${get(query, 'q')}\"}", "GET /orders?q=%24%7B1%7D",
			want{status: 200, body: `${1}`, contentType: "application/json", off: "why", dynamic: true}},
		{"text with braces", "echo", "{text: \"${map(1..2, {{n: #}})} ${'}'}\"}", "POST /echo",
			want{status: 200, body: `[{"n":1},{"n":2}] }`, contentType: "text/plain; charset=utf-8", dynamic: true}},
		{"decoded parameters", "listOrders", "{offContract: why, body: {page: \"${query.page}\", tags: \"${query.tags}\", f: \"${query.filter.min}\"}}", "GET /orders?page=2&tags=a&tags=b&filter[min]=5",
			want{status: 200, body: `{"page":2,"tags":["a","b"],"f":5}`, contentType: "application/json", off: "why", dynamic: true}},
		{"body of the request", "createOrder", "{status: 400, offContract: why, body: {a: \"${body.price}\", b: \"${body.amount + 1}\", c: \"${body.customer}\", d: \"${request.body.note}\"}}",
			"POST /orders\n\n" + `{"sku":"A","price":123456789012345678901234567890,"amount":1,"customer":{"z":1,"a":1.50}}`,
			want{status: 400, body: `{"a":123456789012345678901234567890,"b":2,"c":{"a":1.5,"z":1},"d":null}`, contentType: "application/json", off: "why", dynamic: true}},
		{"functions", "echo", "{body: {a: \"${lower('A') + upper('b')}\", b: \"${base64('a')}\", c: \"${toJSON({b: 1, a: '<'})}\", d: \"${sha256('a')[:8]}\", e: \"${md5('')[:4]}\", f: \"${string(2.50) + string(nil) + string([1])}\", g: \"${fromBase64('YQ==')}\", h: \"${join(['a', 'b'], '-')}\", i: \"${repeat('ab', 2)}\", j: \"${replace('aXbX', 'X', '')}\", k: \"${int('5') + 1}\"}}", "POST /echo",
			want{status: 200, body: `{"a":"aB","b":"YQ==","c":"{\"a\":\"<\",\"b\":1}","d":"ca978112","e":"d41d","f":"2.5[1]","g":"a","h":"a-b","i":"abab","j":"ab","k":6}`, contentType: "application/json", dynamic: true}},
		{"times", "echo", "{body: {a: \"${now}\", b: \"${now.Format('2006')}\", c: \"${now + duration('1h') > now}\", d: \"${duration('90s')}\"}}", "POST /echo",
			want{status: 200, body: `{"a":"2026-01-31T12:00:00Z","b":"2026","c":true,"d":"1m30s"}`, contentType: "application/json", dynamic: true}},
		{"violations", "listOrders", "{offContract: why, body: \"${map(violations, {{'in': #.in, rule: #.rule, name: #.name}})}\"}", "GET /orders?page=x",
			want{status: 200, body: `[{"in":"query","name":"page","rule":"type"}]`, contentType: "application/json", off: "why", dynamic: true}},
		{"grouping", "echo", "{body: \"${groupBy([1, 2, 3], # % 2)}\"}", "POST /echo",
			want{status: 200, body: `{"0":[2],"1":[1,3]}`, contentType: "application/json", dynamic: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := onlyStub(t, load(t, "operations:\n  "+test.operation+":\n    - when: {valid: any}\n      respond: "+test.respond+"\n"), test.operation)
			ex := request(t, test.request)
			out, err := st.Render(ex, memory{}, ex.Time, 0)
			if err != nil {
				t.Fatal(err)
			}
			header := http.Header{}
			for name, lines := range out.Header {
				header[name] = lines
			}
			contentType := header.Get("Content-Type")
			header.Del("Content-Type")
			got := want{out.Status, string(out.Body), contentType, header, out.Delay.Draw(0), out.OffContract, out.FromContract, !out.Static}
			if test.want.header == nil {
				test.want.header = map[string][]string{}
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRenderFails holds that an expression that cannot be evaluated is told.
func TestRenderFails(t *testing.T) {
	t.Parallel()
	big := `{"sku":"A","items":[` + strings.Repeat(`{},`, 10_000) + `{}]}`
	for _, test := range []struct{ name, respond, request, want string }{
		{"member of nothing", `{body: {code: "${body.customer.name}"}}`, `{"sku":"A"}`, "${body.customer.name}: cannot fetch name from nothing"},
		{"no number", `{body: {code: "${int(body.sku)}"}}`, `{"sku":"A"}`, "${int(body.sku)}: "},
		{"infinite", `{body: {code: "${1 / (body.amount ?? 0)}"}}`, `{"sku":"A"}`, "not finite"},
		{"header", `{headers: {X-A: "${body.sku}"}}`, `{"sku":"a\nb"}`, `header X-A cannot have the value "a\nb"`},
		{"long list", `{body: {code: "${len(filter(body.items, true))}"}}`, big, "a list of 10001 elements is too long"},
		{"event", `{mediaType: text/event-stream, body: [a, {data: "${body.customer.name}"}]}`, `{"sku":"A"}`, "event 2: data: ${body.customer.name}: cannot fetch name from nothing"},
		{"line of an event", `{mediaType: text/event-stream, body: [{id: "${body.sku}"}]}`, `{"sku":"a\nb"}`, `event 1: id is "a\nb": it must be one line of text`},
		{"number of an event", `{mediaType: text/event-stream, body: [{retry: "${body.sku}"}]}`, `{"sku":"1s"}`, `event 1: retry is "1s": it must be a number of milliseconds`},
		{"long stream", `{mediaType: text/event-stream, body: ["${repeat(body.sku, 10000000)}", "${repeat(body.sku, 10000000)}"]}`, `{"sku":"A"}`, "event 2: the text is longer than 16 MiB"},
		{"many steps", `{body: {code: "${count(1..9999, any(body.items, false))}"}}`, `{"sku":"A","items":[` + strings.Repeat(`{},`, 200) + `{}]}`, "the expression "},
		{"square", `{body: {code: "${len(uniq(body.items))}"}}`, `{"sku":"A","items":[` + strings.Repeat(`{},`, 2000) + `{}]}`, "walks through more"},
		{"long time", `{body: {code: "${sum(map(1..9999, len(toJSON(body.items))))}"}}`, `{"sku":"A","items":[` + strings.Repeat(`{"sku":"0123456789"},`, 9000) + `{}]}`, "takes longer than 1s"},
		{"long text", `{text: "${repeat(repeat(body.sku, 1000000), 1000000)}"}`, `{"sku":"A"}`, "the text is longer than 16 MiB"},
		{"doubled text", `{text: "${reduce(1..60, #acc + #acc, body.sku)}"}`, `{"sku":"A"}`, "the text is longer than 16 MiB"},
		{"doubled list", `{body: {code: "${reduce(1..60, [#acc, #acc], body.sku)}"}}`, `{"sku":"A"}`, "puts more than 500000 elements together"},
		{"doubled list by names", `{body: {code: "${let a = map(1..999, body); let b = map(1..999, a); let c = map(1..999, b); c == c}"}}`, `{"sku":"A"}`, "puts more than 500000 elements together"},
		{"doubled mapping", `{body: {code: "${len(reduce(1..60, {{'a': #acc, 'b': #acc}}, body.sku))}"}}`, `{"sku":"A"}`, "puts more than 500000 elements together"},
		{"joined list", `{body: {code: "${len(reduce(1..60, concat(#acc, #acc), body.items))}"}}`, `{"sku":"A","items":[{}]}`, "a list of 16384 elements is too long"},
		{"no text", `{body: {code: "${base64(get(body, 'items'))}"}}`, `{"sku":"A","items":[]}`, "expected text, got a list"},
		{"replaced text", `{text: "${replace(repeat(body.sku, 1000000), 'A', repeat('B', 1000))}"}`, `{"sku":"A"}`, "the text is longer than 16 MiB"},
		{"joined text", `{text: "${join(map(1..9999, body.sku), repeat('B', 10000))}"}`, `{"sku":"A"}`, "the text is longer than 16 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			respond := "{status: 400, offContract: only the rendering counts, " + test.respond[1:]
			st := onlyStub(t, load(t, "operations:\n  createOrder:\n    - respond: "+respond+"\n"), "createOrder")
			ex := request(t, "POST /orders\n\n"+test.request)
			out, err := st.Render(ex, memory{}, ex.Time, 0)
			if err == nil {
				t.Fatalf("rendered %.100q", out.Body)
			}
			if !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q, want %q in it", err, test.want)
			}
		})
	}
}

// TestStaticAnswersAreShared holds that an answer without expressions costs nothing.
func TestStaticAnswersAreShared(t *testing.T) {
	st := onlyStub(t, load(t, "operations:\n  getOrder:\n    - respond: {status: 404, body: {code: GONE}}\n"), "getOrder")
	ex := request(t, "GET /orders/1")
	values := Values(memory{})
	if n := testing.AllocsPerRun(100, func() {
		out, err := st.Render(ex, values, ex.Time, 0)
		if err != nil || !out.Static {
			t.Fatal(out, err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRenderStatic(b *testing.B) {
	benchmarkRender(b, "{status: 404, body: {code: GONE}}")
}

func BenchmarkRenderParameter(b *testing.B) {
	benchmarkRender(b, `{status: 404, body: {code: GONE, message: "order ${path.id}"}}`)
}

func BenchmarkRenderExpression(b *testing.B) {
	benchmarkRender(b, `{status: 404, body: {code: GONE, message: "order ${path.id + 1}"}}`)
}

func benchmarkRender(b *testing.B, respond string) {
	st := onlyStub(b, load(b, "operations:\n  getOrder:\n    - respond: "+respond+"\n"), "getOrder")
	ex := request(b, "GET /orders/1")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := st.Render(ex, memory{}, ex.Time, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// TestAnswersShareTheirHeader holds that an answer which does not depend on the request
// keeps no more than what it is, with a header that equal ones share.
func TestAnswersShareTheirHeader(t *testing.T) {
	t.Parallel()
	sc := load(t, `
operations:
  getOrder:
    - {when: {path: {id: 1}}, respond: {status: 404, body: {code: GONE}}}
    - {when: {path: {id: 2}}, respond: {status: 404, body: {code: LOST}}}
    - {when: {path: {id: 3}}, respond: {status: 404, body: {code: LOST}, headers: {X-Own: a}}}
    - {when: {path: {id: 4}}, respond: {status: 404, body: {code: LOST, message: "order ${path.id}"}}}
`)
	var answers []*answer
	for op := range sc.stubs {
		for _, st := range sc.stubs[op] {
			answers = append(answers, st.sequence.answers...)
		}
	}
	same := func(a, b *answer) bool {
		return reflect.ValueOf(a.outcome.Header).Pointer() == reflect.ValueOf(b.outcome.Header).Pointer()
	}
	if !same(answers[0], answers[1]) || same(answers[1], answers[2]) {
		t.Error("equal headers are not one, or others are")
	}
	for i, a := range answers {
		if static := i < 3; static != (a.message == nil) {
			t.Errorf("answer %d: message %v", i+1, a.message)
		}
	}
}
