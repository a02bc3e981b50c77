package scenario

import (
	"strings"
	"testing"
)

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

// TestOwnStubsLeaveOthersOut holds that a stub for * that an operation's own stubs
// leave nothing to is no mistake: it answers elsewhere.
func TestOwnStubsLeaveOthersOut(t *testing.T) {
	t.Parallel()
	load(t, "operations:\n  \"*\": 404\n  getOrder: 200\n")
}
