package scenario

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// matchTest is a condition with a request.
type matchTest struct {
	name, operation, when, request string
	// reason is "" where the stub answers, else a part of the reason.
	reason string
}

// stub has the condition.
func (m matchTest) stub(t *testing.T) *Stub {
	t.Helper()
	when := m.when
	if !strings.HasPrefix(when, "{") {
		when = "\n        " + when
	}
	return onlyStub(t, load(t, "operations:\n  "+m.operation+":\n    - when: "+when+"\n      respond: {offContract: only the condition counts, status: 500}\n"), m.operation)
}

func matchTests() []matchTest {
	const list, create, get = "listOrders", "createOrder", "getOrder"
	post := func(body string) string { return "POST /orders\n\n" + body }
	return []matchTest{
		// Parameters are compared by the contract's types.
		{"number", list, "query: {page: 2}", "GET /orders?page=2", ""},
		{"number in quotes", list, "query: {page: \"2\"}", "GET /orders?page=2", ""},
		{"number by value", list, "query: {page: 2.0}", "GET /orders?page=2", ""},
		{"number with exponent", list, "query: {page: 2e1}", "GET /orders?page=20", ""},
		{"other number", list, "query: {page: 2}", "GET /orders?page=3", `query "page" is 3, expected 2`},
		{"missing", list, "query: {page: 2}", "GET /orders", `query "page" is absent, expected 2`},
		{"text", list, "query: {status: open}", "GET /orders?status=open", ""},
		{"other text", list, "query: {status: open}", "GET /orders?status=paid", `query "status" is "paid", expected "open"`},
		{"integer in the path", get, "path: {id: 7}", "GET /orders/7", ""},
		{"huge integer", get, "path: {id: 9007199254740993}", "GET /orders/9007199254740992", "9007199254740992"},
		{"boolean", list, "headers: {x-flag: true}", "GET /orders\nX-Flag: true", ""},
		{"boolean in quotes", list, "headers: {x-flag: \"true\"}", "GET /orders\nX-Flag: true", ""},
		{"header in another case", list, "headers: {X-TENANT: acme}", "GET /orders\nX-Tenant: acme", ""},
		{"cookie", list, "cookies: {theme: dark}", "GET /orders\nCookie: a=b; theme=dark", ""},
		{"list", list, "query: {tags: [a, b]}", "GET /orders?tags=a&tags=b", ""},
		{"list in another order", list, "query: {tags: [a, b]}", "GET /orders?tags=b&tags=a", `query "tags" /0 is "b", expected "a"`},
		{"longer list", list, "query: {tags: [a]}", "GET /orders?tags=a&tags=b", `expected a list of 1`},
		{"list with a matcher", list, "query: {tags: [{startsWith: a}, b]}", "GET /orders?tags=abc&tags=b", ""},
		{"element", list, "query: {tags: {contains: b}}", "GET /orders?tags=a&tags=b", ""},
		{"no element", list, "query: {tags: {contains: c}}", "GET /orders?tags=a&tags=b", "contains"},
		{"object", list, "query: {filter: {country: ES}}", "GET /orders?filter[country]=ES&filter[min]=5", ""},
		{"number of an object", list, "query: {filter: {min: {greaterThan: 4}}}", "GET /orders?filter[country]=ES&filter[min]=5", ""},
		{"member of an object", list, "query: {filter: {country: FR}}", "GET /orders?filter[country]=ES", `query "filter" /country is "ES", expected "FR"`},
		// A value that cannot be decoded is compared as text.
		{"not decodable", list, "{valid: any, query: {page: abc}}", "GET /orders?page=abc", ""},
		{"not decodable number", list, "{valid: any, query: {page: {startsWith: 2}}}", "GET /orders?page=2x", ""},
		// What is not declared is compared as text.
		{"undeclared header", list, "headers: {x-trace: 7}", "GET /orders\nX-Trace: 7", ""},
		{"undeclared is text", list, "headers: {x-trace: 7}", "GET /orders\nX-Trace: 7.0", "7.0"},
		{"undeclared header lines", list, "headers: {x-trace: \"a, b\"}", "GET /orders\nX-Trace: a\nX-Trace: b", ""},
		{"host", list, "headers: {Host: shop.example}", "GET /orders", ""},
		{"authorization", list, "headers: {Authorization: {startsWith: \"Bearer \"}}", "GET /orders\nAuthorization: Bearer x", ""},
		{"undeclared query", list, "query: {q: a b}", "GET /orders?q=a+b", ""},
		{"undeclared escaped query", list, "query: {ä: ö}", "GET /orders?%C3%A4=%C3%B6", ""},
		{"undeclared query twice", list, "query: {q: [a, b]}", "GET /orders?q=a&q=b", ""},
		{"undeclared query thrice", list, "query: {q: {contains: c}}", "GET /orders?q=a&q=b&&q=c", ""},
		{"undeclared query missing", list, "query: {q: a}", "GET /orders?qq=a", "absent"},
		{"undeclared cookie", list, "cookies: {sid: \"1\"}", "GET /orders\nCookie: sid=1", ""},
		{"undeclared cookie missing", list, "cookies: {sid: \"1\"}", "GET /orders\nCookie: side=1", "absent"},
		// Matchers.
		{"equalTo", list, "query: {status: {equalTo: open}}", "GET /orders?status=open", ""},
		{"equalTo null", create, "body: {note: {equalTo: null}}", post(`{"sku":"a","note":null}`), ""},
		{"null", create, "body: {note: null}", post(`{"sku":"a","note":null}`), ""},
		{"null is not absent", create, "body: {note: null}", post(`{"sku":"a"}`), "body /note is absent, expected null"},
		{"any case", list, "headers: {x-trace: {equalTo: ABC, caseInsensitive: true}}", "GET /orders\nX-Trace: aBc", ""},
		{"any case contains", list, "headers: {x-trace: {contains: B, caseInsensitive: true}}", "GET /orders\nX-Trace: abc", ""},
		{"any case matches", list, "headers: {x-trace: {matches: a.C, caseInsensitive: true}}", "GET /orders\nX-Trace: ABc", ""},
		{"any case oneOf", list, "headers: {x-trace: {oneOf: [X, Y], caseInsensitive: true}}", "GET /orders\nX-Trace: y", ""},
		{"this case", list, "headers: {x-trace: {equalTo: ABC, caseInsensitive: false}}", "GET /orders\nX-Trace: aBc", "expected"},
		{"not", list, "query: {status: {not: open}}", "GET /orders?status=paid", ""},
		{"not holds for absent", list, "query: {status: {not: open}}", "GET /orders", ""},
		{"not not", list, "query: {status: {not: {startsWith: op}}}", "GET /orders?status=open", `anything but text that starts with "op"`},
		{"contains", list, "headers: {x-trace: {contains: b}}", "GET /orders\nX-Trace: abc", ""},
		{"contains not", list, "headers: {x-trace: {contains: x}}", "GET /orders\nX-Trace: abc", `header "X-Trace" is "abc", expected text that contains "x"`},
		{"startsWith number", list, "query: {page: {startsWith: 1}}", "GET /orders?page=12", ""},
		{"endsWith", list, "headers: {x-trace: {endsWith: c}}", "GET /orders\nX-Trace: abc", ""},
		{"matches whole", list, "headers: {x-trace: {matches: a|ab}}", "GET /orders\nX-Trace: ab", ""},
		{"matches part", list, "headers: {x-trace: {matches: b}}", "GET /orders\nX-Trace: abc", `text that matches "b"`},
		{"matches boolean", list, "headers: {x-flag: {matches: t.*}}", "GET /orders\nX-Flag: true", ""},
		{"oneOf", list, "query: {status: {oneOf: [open, paid]}}", "GET /orders?status=paid", ""},
		{"oneOf none", list, "query: {page: {oneOf: [1, 2]}}", "GET /orders?page=3", "expected 1 or 2"},
		{"absent", list, "query: {page: {absent: true}}", "GET /orders", ""},
		{"absent not", list, "query: {page: {absent: true}}", "GET /orders?page=1", "expected no value"},
		{"absent false", list, "query: {page: {absent: false}}", "GET /orders?page=1", ""},
		{"present", list, "query: {page: {present: true}}", "GET /orders?page=1", ""},
		{"present not", list, "headers: {x-trace: {present: true}}", "GET /orders", "expected a value"},
		{"greaterThan", list, "query: {page: {greaterThan: 2}}", "GET /orders?page=3", ""},
		{"greaterThan equal", list, "query: {page: {greaterThan: 2}}", "GET /orders?page=2", "a number greater than 2"},
		{"lessThan", list, "query: {page: {lessThan: 1e2}}", "GET /orders?page=99", ""},
		{"greaterThan text", list, "headers: {x-trace: {greaterThan: 2}}", "GET /orders\nX-Trace: 10", ""},
		{"greaterThan no number", list, "headers: {x-trace: {greaterThan: 2}}", "GET /orders\nX-Trace: many", "a number"},
		{"between", list, "query: {page: {greaterThan: 2, lessThan: 5}}", "GET /orders?page=4", ""},
		{"not between", list, "query: {page: {greaterThan: 2, lessThan: 5}}", "GET /orders?page=5", "less than 5"},
		{"before", create, "body: {shipped: {before: \"2026-01-31\"}}", post(`{"sku":"a","shipped":"2026-01-30T23:59:59+00:00"}`), ""},
		{"before not", create, "body: {shipped: {before: \"2026-01-31\"}}", post(`{"sku":"a","shipped":"2026-01-31T00:00:00Z"}`), "a time before 2026-01-31"},
		{"after in another zone", create, "body: {shipped: {after: \"2026-01-31T12:00:00Z\"}}", post(`{"sku":"a","shipped":"2026-01-31T12:30:00+01:00"}`), "after"},
		{"after", create, "body: {shipped: {after: \"2026-01-30\"}}", post(`{"sku":"a","shipped":"2026-01-31T12:30:00.5+01:00"}`), ""},
		{"allOf", list, "headers: {x-trace: {allOf: [{startsWith: a}, {endsWith: c}]}}", "GET /orders\nX-Trace: abc", ""},
		{"allOf not", list, "headers: {x-trace: {allOf: [{startsWith: a}, {endsWith: x}]}}", "GET /orders\nX-Trace: abc", "ends with"},
		{"anyOf", list, "headers: {x-trace: {anyOf: [x, {endsWith: c}]}}", "GET /orders\nX-Trace: abc", ""},
		{"anyOf not", list, "headers: {x-trace: {anyOf: [x, {endsWith: y}]}}", "GET /orders\nX-Trace: abc", "or text"},
		{"matchesSchema", create, "body: {matchesSchema: NewOrder}", post(`{"sku":"a"}`), ""},
		{"matchesSchema pointer", create, "{valid: any, body: {matchesSchema: \"#/components/schemas/NewOrder\"}}", post(`{}`), "what the schema NewOrder admits"},
		// Bodies.
		{"subset", create, "body: {sku: A, customer: {country: ES}}", post(`{"sku":"A","amount":1,"customer":{"name":"x","country":"ES"}}`), ""},
		{"subset not", create, "body: {customer: {country: ES}}", post(`{"sku":"A","customer":{"country":"FR"}}`), `body /customer/country is "FR", expected "ES"`},
		{"subset of no object", create, "body: {customer: {country: ES}}", post(`{"sku":"A"}`), `body /customer is absent, expected an object with "country"`},
		{"matcher at a leaf", create, "body: {customer: {name: {matches: \"A.*\"}}, amount: {greaterThan: 10}}", post(`{"sku":"A","amount":11,"customer":{"name":"Ada"}}`), ""},
		{"array elements", create, "body: {items: [{sku: a}, {quantity: {greaterThan: 1}}]}", post(`{"sku":"A","items":[{"sku":"a","quantity":1},{"sku":"b","quantity":2}]}`), ""},
		{"array element", create, "body: {items: [{sku: a}]}", post(`{"sku":"A","items":[{"sku":"b"}]}`), `body /items/0/sku is "b", expected "a"`},
		{"array length", create, "body: {items: [{sku: a}]}", post(`{"sku":"A","items":[]}`), "expected a list of 1"},
		{"array contains", create, "body: {items: {contains: {sku: b}}}", post(`{"sku":"A","items":[{"sku":"a"},{"sku":"b","quantity":2}]}`), ""},
		{"empty object", create, "body: {}", post(`{"sku":"A"}`), ""},
		{"body number by value", create, "body: {amount: 2, price: 2.50}", post(`{"sku":"A","amount":2.0,"price":25e-1}`), ""},
		{"body number is no text", create, "{valid: any, body: {sku: 2}}", post(`{"sku":"2"}`), `body /sku is "2", expected 2`},
		{"body text is no number", create, "{valid: any, body: {amount: \"2\"}}", post(`{"sku":"2","amount":2}`), `body /amount is 2, expected "2"`},
		{"body boolean", create, "body: {gift: true}", post(`{"sku":"2","gift":true}`), ""},
		{"equalTo object", create, "body: {equalTo: {sku: A}}", post(`{"sku":"A"}`), ""},
		{"equalTo object is no subset", create, "body: {equalTo: {sku: A}}", post(`{"sku":"A","amount":1}`), "expected"},
		{"equalTo a property named as a matcher", create, "body: {window: {equalTo: {after: a}}}", post(`{"sku":"A","window":{"after":"a"}}`), ""},
		{"member absent", create, "body: {note: {absent: true}}", post(`{"sku":"A"}`), ""},
		{"broken body as text", create, "{valid: false, body: {contains: sku}}", post(`{"sku":`), ""},
		{"no body", create, "{valid: false, body: {absent: true}}", "POST /orders", ""},
		{"text body", "echo", "body: hello", "POST /echo\nContent-Type: text/plain\n\nhello", ""},
		{"undescribed body", get, "body: {contains: x}", "GET /orders/1\nContent-Type: text/plain\n\nxyz", ""},
		// JSONPath.
		{"jsonPath", create, "jsonPath: {\"$.items[*].sku\": b}", post(`{"sku":"A","items":[{"sku":"a"},{"sku":"b"}]}`), ""},
		{"jsonPath matcher", create, "jsonPath: {\"$.items[?@.quantity > 1].sku\": {startsWith: b}}", post(`{"sku":"A","items":[{"sku":"b","quantity":1},{"sku":"bc","quantity":2}]}`), ""},
		{"jsonPath of no node", create, "jsonPath: {\"$.items[?@.quantity > 1].sku\": {startsWith: b}}", post(`{"sku":"A","items":[{"sku":"b","quantity":1}]}`), `jsonPath $.items[?@.quantity > 1].sku selects nothing, expected text that starts with "b"`},
		{"jsonPath of one node", create, "jsonPath: {$.amount: {greaterThan: 2}}", post(`{"sku":"A","amount":2}`), `jsonPath $.amount is 2, expected a number greater than 2`},
		{"jsonPath of several nodes", create, "jsonPath: {$..sku: c}", post(`{"sku":"A","items":[{"sku":"a"},{"sku":"b"}]}`), `none of the 3 nodes of jsonPath $..sku is "c"`},
		{"jsonPath part of a node", create, "jsonPath: {\"$.items[0]\": {sku: b}}", post(`{"sku":"A","items":[{"sku":"a"}]}`), `jsonPath $.items[0] /sku is "a", expected "b"`},
		{"jsonPath huge number", create, "jsonPath: {$.amount: 9007199254740993}", post(`{"sku":"A","amount":9007199254740992}`), "9007199254740992"},
		{"jsonPath absent", create, "jsonPath: {$.note: {absent: true}}", post(`{"sku":"A"}`), ""},
		{"jsonPath not present", create, "jsonPath: {$.note: {not: {present: true}}}", post(`{"sku":"A"}`), ""},
		{"jsonPath absent not", create, "jsonPath: {$.note: {absent: true}}", post(`{"sku":"A","note":null}`), "expected no value"},
		{"jsonPath absent or", create, "jsonPath: {$.note: {anyOf: [x, {absent: true}]}}", post(`{"sku":"A"}`), ""},
		{"jsonPath not wants a node", create, "jsonPath: {$.note: {not: x}}", post(`{"sku":"A"}`), "selects nothing"},
		{"jsonPath not", create, "jsonPath: {$.note: {not: x}}", post(`{"sku":"A","note":"y"}`), ""},
		{"jsonPath of all", create, "jsonPath: {$.sku: A, $.amount: 2}", post(`{"sku":"A","amount":3}`), "$.amount is 3"},
		{"jsonPath without a body", create, "{valid: false, jsonPath: {$.sku: A}}", "POST /orders", "jsonPath $.sku cannot be asked: the request has no body"},
		{"jsonPath of a broken body", create, "{valid: false, jsonPath: {$.sku: A}}", post(`{"sku":`), "jsonPath $.sku cannot be asked: the body was not decoded"},
		{"jsonPath of a text", "echo", "jsonPath: {$: {startsWith: h}}", "POST /echo\nContent-Type: text/plain\n\nhello", ""},
		{"jsonPath of a hostile body", create, "jsonPath: {\"$..[?@..[?@..x]]\": {present: true}}", post(`{"sku":"A","x":` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}`), "cannot be asked: the query looks at more values than it may"},
		// Validity.
		{"valid only", list, "{}", "GET /orders?page=0", "the request breaks the contract (query \"page\""},
		{"invalid only", list, "valid: false", "GET /orders?page=0", ""},
		{"invalid only, valid", list, "valid: false", "GET /orders?page=1", "the request is valid"},
		{"any", list, "valid: any", "GET /orders?page=0", ""},
		{"violates", list, "{valid: false, violates: [header, query]}", "GET /orders?page=0", ""},
		{"violates elsewhere", list, "{valid: false, violates: header}", "GET /orders?page=0", "the request does not break the contract in header"},
		// Expressions.
		{"expr", create, "expr: body.amount > 10 and body.customer.country == \"ES\"", post(`{"sku":"A","amount":11,"customer":{"country":"ES"}}`), ""},
		{"expr in braces", create, "expr: ${body.amount > 10}", post(`{"sku":"A","amount":11}`), ""},
		{"expr false", create, "expr: body.amount > 10", post(`{"sku":"A","amount":10}`), "expr body.amount > 10 is false"},
		{"expr fails", create, "expr: body.amount > 10", post(`{"sku":"A"}`), "expr body.amount > 10 fails: "},
		{"expr absent text", create, "expr: body.note != \"x\"", post(`{"sku":"A"}`), ""},
		{"expr absent query", list, "expr: query.status == \"open\" or query.page == nil", "GET /orders", ""},
		{"expr request", list, "expr: request.method == \"GET\" and request.url == \"/orders?page=1\" and request.id == \"r1\" and session == \"s1\"", "GET /orders?page=1", ""},
		{"expr headers", list, "expr: headers[\"x-tenant\"] == \"acme\" and headers.host == \"shop.example\" and request.cookies.theme == \"dark\"", "GET /orders\nX-Tenant: acme\nCookie: theme=dark", ""},
		{"expr undeclared", list, "expr: get(headers, \"x-trace\") == \"a\" and get(query, \"q\") == \"b\"", "GET /orders?q=b\nX-Trace: a", ""},
		{"expr matches", create, `expr: body.sku matches "^[A-Z]{3}-\\d+$" and body.note matches "^a\\$"`, post(`{"sku":"ABC-1","note":"a$b"}`), ""},
		{"expr list", create, "expr: any(body.items, .quantity > 1) and len(body.items) == 2", post(`{"sku":"A","items":[{"quantity":1},{"quantity":2}]}`), ""},
		{"expr in", list, "expr: '\"b\" in query.tags'", "GET /orders?tags=a&tags=b", ""},
		{"expr big integer", create, "expr: body.amount == 9007199254740993", post(`{"sku":"A","amount":9007199254740993}`), ""},
		{"expr integer with point", create, "expr: body.amount % 2 == 0", post(`{"sku":"A","amount":4.0}`), ""},
		{"expr time", list, "expr: now.Year() == 2026", "GET /orders", ""},
		{"expr violations", list, "{valid: any, expr: 'len(violations) == 1 and violations[0].in == \"query\"'}", "GET /orders?page=0", ""},
	}
}

// TestMatch holds what each matcher holds for. A request that does not match is told the
// reason.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range matchTests() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := test.stub(t)
			ex := request(t, test.request)
			ok, judgement := matches(st, ex, memory{}), st.Judge(ex, memory{})
			reason := judgement.Failed(ex)
			switch {
			case ok != (test.reason == ""):
				t.Errorf("match %t, reason %q", ok, reason)
			case !strings.Contains(reason, test.reason):
				t.Errorf("reason %q, want %q in it", reason, test.reason)
			}
			if ok != (judgement.Held == judgement.Conditions) {
				t.Errorf("match %t, but %d of %d conditions hold", ok, judgement.Held, judgement.Conditions)
			}
		})
	}
}

// TestMatchAllocatesNothing holds for what most stubs ask: equality of path, query
// and headers, declared or not.
func TestMatchAllocatesNothing(t *testing.T) {
	st := onlyStub(t, load(t, `
operations:
  listOrders:
    - when:
        query: {page: 2, status: open, q: x, missing: {absent: true}}
        headers: {x-tenant: acme, Authorization: Bearer x, x-flag: {oneOf: [true, false]}}
        cookies: {theme: dark, sid: {startsWith: a}}
      respond: {status: 200}
`), "listOrders")
	ex := request(t, "GET /orders?page=2&status=open&q=x\nX-Tenant: acme\nAuthorization: Bearer x\nCookie: theme=dark; sid=abc\nX-Flag: false")
	values := Values(memory{})
	if reason := st.Judge(ex, values).Failed(ex); reason != "" {
		t.Fatal(reason)
	}
	if n := testing.AllocsPerRun(100, func() { st.Match(ex, values) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkMatch(b *testing.B) {
	st := onlyStub(b, load(b, "operations:\n  listOrders:\n    - {when: {query: {page: 2, status: open}, headers: {x-tenant: acme}}, respond: {status: 200}}"), "listOrders")
	ex := request(b, "GET /orders?page=2&status=open\nX-Tenant: acme")
	b.ReportAllocs()
	for b.Loop() {
		if !matches(st, ex, nil) {
			b.Fatal("no match")
		}
	}
}

func BenchmarkMatchExpression(b *testing.B) {
	st := onlyStub(b, load(b, "operations:\n  createOrder:\n    - {when: {expr: body.amount > 10}, respond: {status: 400}}"), "createOrder")
	ex := request(b, "POST /orders\n\n"+`{"sku":"A","amount":11,"items":[{"sku":"a"},{"sku":"b"}]}`)
	b.ReportAllocs()
	for b.Loop() {
		if !matches(st, ex, nil) {
			b.Fatal("no match")
		}
	}
}

func matches(st *Stub, ex *exchange.Exchange, values Values) bool {
	ok, _ := st.Match(ex, values)
	return ok
}
