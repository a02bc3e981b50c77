package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestBrokenExpectations holds what is told of documents that cannot be used.
func TestBrokenExpectations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/expectations/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, err = ReadExpectations(name, data, []*contract.Contract{theShop(t)})
			var found source.Diagnostics
			if !errors.As(err, &found) {
				t.Fatalf("it was taken: %v", err)
			}
			golden := strings.TrimSuffix(name, ".yaml") + ".golden"
			testenv.Golden(t, golden, found.Error()+"\n")
		})
	}
}

// TestExpectations holds how documents are understood.
func TestExpectations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"operation: listOrders": {"listOrders: at least 1"},
		"[{operation: listOrders, exactly: 0}, {operation: GET /orders, atMost: 3}]":               {"listOrders: exactly 0", "GET /orders: at most 3"},
		"expectations: [{operation: '*', atLeast: 2, atMost: 4}]":                                  {"*: 2 to 4"},
		`{"expectations": [{"operation": "listOrders", "when": {"query": {"page": 2}}}]}`:          {`listOrders when {"query":{"page":2}}: at least 1`},
		"- name: the way\n  order: [{operation: listOrders}, {operation: getOrder, exactly: 2}]\n": {"2 steps in order: listOrders: at least 1; getOrder: exactly 2"},
	} {
		list, err := ReadExpectations("test", []byte(text), []*contract.Contract{theShop(t)})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got []string
		for _, e := range list.List {
			line := e.String()
			for i, step := range e.Order {
				line += []string{": ", "; "}[min(i, 1)] + step.String()
			}
			got = append(got, line)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestPatterns holds which requests a pattern chooses.
func TestPatterns(t *testing.T) {
	t.Parallel()
	unrouted := &exchange.Exchange{Request: exchange.Request{Method: "GET", Path: "/nowhere"}}
	for _, test := range []struct {
		pattern, request string
		want             string // "yes", "other" for another operation, or why not
	}{
		{"operation: listOrders", "GET /orders", "yes"},
		{"operation: listOrders", "GET /orders?page=0", "yes"}, // valid or not
		{"operation: listOrders", "GET /orders/1", "other"},
		{"operation: api.listOrders", "GET /orders", "yes"},
		{"{operation: listOrders, when: {query: {page: 2}}}", "GET /orders?page=2", "yes"},
		{"{operation: listOrders, when: {query: {page: 2}}}", "GET /orders?page=3", `query "page" is 3, expected 2`},
		{"{operation: listOrders, when: {valid: true}}", "GET /orders?page=0", "the request breaks the contract"},
		{"{operation: listOrders, when: {valid: false, violates: query}}", "GET /orders?page=0", "yes"},
		{"{operation: createOrder, when: {body: {sku: A}, expr: 'len(body.sku) > 1'}}", "POST /orders\n\n{\"sku\": \"A\"}", "expr len(body.sku) > 1 is false"},
		{`operation: "*"`, "GET /orders", "yes"},
		{`operation: "*"`, "", "yes"},
		{`{operation: "*", when: {headers: {X-Trace: a}}}`, "GET /orders\nX-Trace: a", "yes"},
		{`{operation: "*", when: {headers: {X-Trace: a}}}`, "GET /orders/1\nX-Trace: b", `header "X-Trace" is "b", expected "a"`},
		{`{operation: "*", when: {headers: {X-Trace: a}}}`, "", "other"},
		{`{operation: "*", when: {path: {id: 1}}}`, "GET /orders/1", "yes"},
		{`{operation: "*", when: {path: {id: 1}}}`, "GET /orders", "other"},
	} {
		p, err := ReadPattern("test", []byte(test.pattern), []*contract.Contract{theShop(t)})
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		ex := unrouted
		if test.request != "" {
			ex = request(t, test.request)
		}
		j, ok := p.Judge(ex)
		got := j.Failed(ex)
		if !ok {
			got = "other"
		} else if got == "" && j.Held == j.Conditions {
			got = "yes"
		}
		if !strings.HasPrefix(got, test.want) {
			t.Errorf("%s with %q: %s, want %s", test.pattern, test.request, got, test.want)
		}
	}
}

func TestPatternConcurrently(t *testing.T) {
	t.Parallel()
	p, err := ReadPattern("test", []byte(`{operation: "*", when: {headers: {X-Trace: a}}}`), []*contract.Contract{theShop(t)})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, text := range []string{"GET /orders", "GET /orders/1", "DELETE /orders/1"} {
				if _, ok := p.Judge(request(t, text+"\nX-Trace: a")); !ok {
					t.Errorf("%s is of another operation", text)
				}
			}
		})
	}
	all.Wait()
}

func TestBrokenPattern(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[]":                       "the pattern must be a mapping, not a list",
		"when: {}":                 "the pattern names no operation",
		"operation: nothing":       `there is no operation "nothing"`,
		"{operation: '*', url: a}": `a pattern has no key "url"`,
		"operation: [":             "[syntax]",
	} {
		if p, err := ReadPattern("test", []byte(text), []*contract.Contract{theShop(t)}); p != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
