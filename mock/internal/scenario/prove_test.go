package scenario

import (
	"fmt"
	"strings"
	"testing"
)

// patterns are stubs that no place tells apart.
func patterns(n int) []string {
	stubs := make([]string, n)
	for i := range stubs {
		stubs[i] = fmt.Sprintf("{when: {headers: {x-trace: {matches: a%d}}}, respond: {status: 200}}", i)
	}
	return stubs
}

// TestUnreachable holds which stubs leave something for those behind them. The
// last one of each list is looked at.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		stubs   []string
		reached bool
	}{
		{"other conditions", []string{"{when: {query: {page: 1}}, respond: {status: 200}}", "{when: {query: {page: 2}}, respond: {status: 200}}"}, true},
		{"fewer conditions", []string{"{when: {query: {page: 1, status: open}}, respond: {status: 200}}", "{when: {query: {page: 1}}, respond: {status: 200}}"}, true},
		{"same in another order", []string{"{when: {query: {page: 1, status: open}}, respond: {status: 200}}", "{when: {query: {status: open, page: 1}}, respond: {status: 500}}"}, false},
		{"same header in another case", []string{"{when: {headers: {x-tenant: a}}, respond: {status: 200}}", "{when: {headers: {X-Tenant: a}}, respond: {status: 500}}"}, false},
		{"two of three", []string{"{when: {query: {page: 1, status: open}}, respond: {status: 200}}", "{when: {query: {status: open, page: 1}, headers: {x-tenant: a}}, respond: {status: 500}}"}, false},
		{"one of many", []string{"{when: {headers: {a: a}}, respond: {status: 200}}", "{when: {headers: {a: a, b: b, c: c, d: d, e: e, f: f, g: g}}, respond: {status: 500}}"}, false},
		{"passes", []string{"{respond: [{status: 500}], atEnd: pass}", "{respond: {status: 200}}"}, true},
		{"restarts", []string{"{respond: [{status: 500}, {status: 200}], atEnd: restart}", "{respond: {status: 200}}"}, false},
		{"a value and a list with it", []string{"{when: {query: {page: {oneOf: [1, 2]}}}, respond: {status: 200}}", "{when: {query: {page: 2}}, respond: {status: 500}}"}, false},
		{"a list and one of its values", []string{"{when: {query: {page: 2}}, respond: {status: 200}}", "{when: {query: {page: {oneOf: [1, 2]}}}, respond: {status: 500}}"}, true},
		{"a list and a longer one", []string{"{when: {query: {page: {oneOf: [1, 2, 3]}}}, respond: {status: 200}}", "{when: {query: {page: {oneOf: [3, 1]}}}, respond: {status: 500}}"}, false},
		{"present and a value", []string{"{when: {query: {page: {present: true}}}, respond: {status: 200}}", "{when: {query: {page: 2}}, respond: {status: 500}}"}, false},
		{"present and a matcher", []string{"{when: {headers: {x-trace: {present: true}}}, respond: {status: 200}}", "{when: {headers: {x-trace: {matches: a+}}}, respond: {status: 500}}"}, false},
		{"present and not", []string{"{when: {query: {status: {present: true}}}, respond: {status: 200}}", "{when: {query: {status: {not: open}}}, respond: {status: 500}}"}, true},
		{"absent and another place", []string{"{when: {query: {page: {absent: true}}}, respond: {status: 200}}", "{when: {query: {page: {not: {present: true}}, status: open}}, respond: {status: 500}}"}, false},
		{"absent and present", []string{"{when: {query: {page: {absent: true}}}, respond: {status: 200}}", "{when: {query: {page: {present: true}}}, respond: {status: 500}}"}, true},
		{"beginning and a value", []string{"{when: {headers: {x-trace: {startsWith: a}}}, respond: {status: 200}}", "{when: {headers: {x-trace: ab}}, respond: {status: 500}}"}, false},
		{"beginning of a number", []string{"{when: {query: {page: {startsWith: 2}}}, respond: {status: 200}}", "{when: {query: {page: 2}}, respond: {status: 500}}"}, true},
		{"range and a value", []string{"{when: {query: {page: {greaterThan: 1}}}, respond: {status: 200}}", "{when: {query: {page: 2}}, respond: {status: 500}}"}, false},
		{"range and a narrower one", []string{"{when: {query: {page: {greaterThan: 1}}}, respond: {status: 200}}", "{when: {query: {page: {greaterThan: 1.5, lessThan: 9}}}, respond: {status: 500}}"}, false},
		{"range and a wider one", []string{"{when: {query: {page: {lessThan: 5}}}, respond: {status: 200}}", "{when: {query: {page: {lessThan: 6}}}, respond: {status: 500}}"}, true},
		{"any case and this case", []string{"{when: {headers: {x-trace: {equalTo: AB, caseInsensitive: true}}}, respond: {status: 200}}", "{when: {headers: {x-trace: ab}}, respond: {status: 500}}"}, false},
		{"this case and any case", []string{"{when: {headers: {x-trace: ab}}, respond: {status: 200}}", "{when: {headers: {x-trace: {equalTo: AB, caseInsensitive: true}}}, respond: {status: 500}}"}, true},
		{"undeclared number and its text", []string{"{when: {headers: {x-trace: 7}}, respond: {status: 200}}", "{when: {headers: {x-trace: \"7\"}}, respond: {status: 500}}"}, false},
		{"all and any", []string{"{when: {headers: {x-trace: {anyOf: [a, {startsWith: b}]}}}, respond: {status: 200}}", "{when: {headers: {x-trace: {oneOf: [a, bc]}}}, respond: {status: 500}}"}, false},
		{"any and one more", []string{"{when: {headers: {x-trace: {anyOf: [a, {startsWith: b}]}}}, respond: {status: 200}}", "{when: {headers: {x-trace: {oneOf: [a, cb]}}}, respond: {status: 500}}"}, true},
		{"object with a member", []string{"{when: {query: {filter: {country: {present: true}}}}, respond: {status: 200}}", "{when: {query: {filter: {min: 1, country: ES}}}, respond: {status: 500}}"}, false},
		{"list and a list", []string{"{when: {query: {tags: [{startsWith: a}, b]}}, respond: {status: 200}}", "{when: {query: {tags: [ab, b]}}, respond: {status: 500}}"}, false},
		{"list and a longer list", []string{"{when: {query: {tags: [a]}}, respond: {status: 200}}", "{when: {query: {tags: [a, b]}}, respond: {status: 500}}"}, true},
		{"expression among others", []string{"{when: {expr: query.page == 1}, respond: {status: 200}}", "{when: {expr: query.page == 1, query: {page: 1}}, respond: {status: 500}}"}, false},
		{"many alike", append(patterns(300), "{when: {headers: {x-trace: {matches: b}}}, respond: {status: 200}}", "{when: {headers: {x-trace: {matches: b}}}, respond: {status: 500}}"), false},
		{"some calls", []string{"{probability: 0.5, respond: {status: 500}}", "{respond: {status: 200}}"}, true},
		{"all calls", []string{"{probability: 1, respond: {status: 500}}", "{respond: {status: 200}}"}, false},
		{"valid and invalid", []string{"{respond: {status: 200}}", "{when: {valid: false}, respond: {status: 500}}"}, true},
		{"any before valid", []string{"{when: {valid: any}, respond: {status: 200}}", "{respond: {status: 500}}"}, false},
		{"valid before any", []string{"{respond: {status: 200}}", "{when: {valid: any}, respond: {status: 500}}"}, true},
		{"invalid before one place", []string{"{when: {valid: false}, respond: {status: 500}}", "{when: {valid: false, violates: query}, respond: {status: 500}}"}, false},
		{"one place before another", []string{"{when: {valid: false, violates: query}, respond: {status: 500}}", "{when: {valid: false, violates: [header]}, respond: {status: 500}}"}, true},
		{"two places before one", []string{"{when: {valid: false, violates: [query, header]}, respond: {status: 500}}", "{when: {valid: false, violates: header}, respond: {status: 500}}"}, false},
		{"one place before all", []string{"{when: {valid: false, violates: [query]}, respond: {status: 500}}", "{when: {valid: false}, respond: {status: 500}}"}, true},
		{"higher priority", []string{"{respond: {status: 200}}", "{priority: 1, when: {query: {page: 1}}, respond: {status: 500}}"}, true},
		{"other expression", []string{"{when: {expr: query.page == 1}, respond: {status: 200}}", "{when: {expr: query.page == 2}, respond: {status: 200}}"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, found := tryLoad(t, "operations:\n  listOrders:\n    - "+strings.Join(test.stubs, "\n    - ")+"\n")
			unreachable := false
			for _, d := range found {
				unreachable = unreachable || d.Code == CodeUnreachable
				if d.Code != CodeUnreachable && d.Code != CodeUndeclaredParameter {
					t.Error(d)
				}
			}
			if unreachable == test.reached {
				t.Errorf("reached %t: %v", test.reached, found)
			}
		})
	}
}

// TestUnreachableByBody holds the same for parts of the body.
func TestUnreachableByBody(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, first, second string
		reached             bool
	}{
		{"fewer members", "body: {sku: A}", "body: {amount: 1, sku: A}", false},
		{"more members", "body: {amount: 1, sku: A}", "body: {sku: A}", true},
		{"object and its member", "body: {customer: {}}", "body: {customer: {name: x}}", false},
		{"present and its member", "body: {customer: {present: true}}", "body: {customer: {name: x}}", false},
		{"subset and the whole", "body: {customer: {name: x}}", "body: {customer: {equalTo: {name: x, country: ES}}}", false},
		{"the whole and a subset", "body: {customer: {equalTo: {name: x}}}", "body: {customer: {name: x}}", true},
		{"item of a list", "body: {items: [{sku: {oneOf: [a, b]}}]}", "body: {items: [{sku: a, quantity: 1}]}", false},
		{"text and number", "{valid: any, body: {sku: 2}}", "{valid: any, body: {sku: \"2\"}}", true},
		{"numbers", "body: {amount: {oneOf: [2, 3]}}", "body: {amount: 20e-1}", false},
		{"jsonPath", "jsonPath: {$.sku: a}", "{jsonPath: {$.sku: a}, body: {amount: 1}}", false},
		{"other jsonPath", "jsonPath: {$.sku: a}", "jsonPath: {$.sku: b}", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := "operations:\n  createOrder:\n"
			for _, when := range []string{test.first, test.second} {
				if !strings.HasPrefix(when, "{") {
					when = "{" + when + "}"
				}
				text += "    - {when: " + when + ", respond: {status: 500, offContract: short}}\n"
			}
			_, found := tryLoad(t, text)
			if unreachable := len(found) == 1 && found[0].Code == CodeUnreachable; unreachable == test.reached || len(found) > 1 {
				t.Errorf("reached %t: %v", test.reached, found)
			}
		})
	}
}

// TestOwnStubsLeaveOthersOut holds that a stub for * that an operation's own stubs
// leave nothing to is no mistake: it answers elsewhere.
func TestOwnStubsLeaveOthersOut(t *testing.T) {
	t.Parallel()
	load(t, "operations:\n  \"*\": 404\n  getOrder: 200\n")
}
