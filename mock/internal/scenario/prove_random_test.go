package scenario

import (
	"math/rand/v2"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// demand is a condition on a scalar that may contradict itself, or be implied by
// another one.
func (c chance) demand(depth int) string {
	switch c.IntN(10) {
	case 0:
		if depth > 0 {
			return "{allOf: [" + c.demand(depth-1) + ", " + c.demand(depth-1) + "]}"
		}
	case 1:
		if depth > 0 {
			return "{anyOf: [" + c.demand(depth-1) + ", " + c.demand(depth-1) + "]}"
		}
	case 2:
		if depth > 0 {
			return "{not: " + c.demand(depth-1) + "}"
		}
	case 3:
		return "{" + c.of("greaterThan", "lessThan") + ": " + c.of("0", "1", "1.5", "2", "100") + "}"
	case 4:
		return "{" + c.of("startsWith", "endsWith", "contains") + ": " + c.of("a", "1", "0", "b", "tr") + c.of("", ", caseInsensitive: true") + "}"
	case 5:
		return "{" + c.of("present", "absent") + ": " + c.of("true", "false") + "}"
	case 6:
		return "{matches: " + c.of("\"[a-z]+\"", "\"1.*\"", "a") + "}"
	}
	return c.matcher()
}

// conditionsOf compiles when for an operation, also where it is found to contradict
// itself.
func conditionsOf(t *testing.T, when, operation string) (*Stub, source.Diagnostics) {
	t.Helper()
	src := &source.File{Name: "test.yaml", Data: []byte(when)}
	root, found := source.Parse(src, source.Options{})
	if err := found.Err(); err != nil {
		t.Fatalf("%v\n%s", err, when)
	}
	var list findings
	var spec whenSpec
	whenObject.decode(&decoder{&list}, root, &spec)
	l := newLoader(nil)
	c := l.compiler(&file{name: "test", src: src}, theShop(t).Operation(operation), &list)
	st := &Stub{Probability: 1}
	c.conditions(&spec, st)
	return st, list.list
}

// TestProofsAreRight holds, for random conditions and requests, that no request
// fulfils what is said to contradict itself, and that what is said to answer
// before does so.
func TestProofsAreRight(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]struct {
		operation string
		when      func(chance) string
		request   func(chance) string
	}{
		"parameters": {"listOrders", func(c chance) string {
			return "{valid: " + c.of("any", "true") + comma(c.some("query: {"+c.some("page: "+c.demand(2), "q: "+c.demand(2), "filter: {country: "+c.demand(1)+"}", "tags: {contains: "+c.demand(1)+"}")+"}",
				"headers: {"+c.some("X-Tenant: "+c.demand(2), "x-tenant: "+c.demand(1), "X-Trace: "+c.demand(2))+"}")) + "}"
		}, chance.listRequest},
		"bodies": {"createOrder", func(c chance) string {
			return "{valid: " + c.of("any", "true") + ", body: " + c.of("{"+c.some("sku: "+c.demand(1), "amount: "+c.demand(2), "note: "+c.demand(1), "customer: {name: "+c.demand(1)+"}")+"}", c.demand(1)) + "}"
		}, chance.bodyRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contradicting, covered, matched := 0, 0, 0
			for seed := range uint64(120) {
				c := chance{rand.New(rand.NewPCG(seed, 2))}
				var requests []*exchange.Exchange
				for range 60 {
					requests = append(requests, request(t, kind.request(c)))
				}
				var stubs []*Stub
				var texts []string
				for range 25 {
					when := kind.when(c)
					st, found := conditionsOf(t, when, kind.operation)
					bad := false
					for _, d := range found {
						bad = bad || d.Code == CodeNeverHolds
					}
					for _, ex := range requests {
						if matches(st, ex, memory{}) {
							matched++
							if bad {
								t.Fatalf("seed %d: %v\nbut %s %s %q fulfils %s", seed, found, ex.Request.RawQuery, ex.Request.Header, ex.Request.Body, when)
							}
						}
					}
					if bad {
						contradicting++
						continue
					}
					stubs, texts = append(stubs, st), append(texts, when)
				}
				for i, a := range stubs {
					for j, b := range stubs {
						if i == j || !ask(a).covers(ask(b)) {
							continue
						}
						covered++
						for _, ex := range requests {
							first := matches(a, ex, memory{})
							second := matches(b, ex, memory{})
							if second && !first {
								t.Fatalf("seed %d: %s\nis said to cover %s\nbut not for %s %v %q", seed, texts[i], texts[j], ex.Request.RawQuery, ex.Request.Header, ex.Request.Body)
							}
						}
					}
				}
			}
			if contradicting < 100 || covered < 1000 || matched < 1000 {
				t.Errorf("too little was tried: %d contradict themselves, %d are covered, %d matches", contradicting, covered, matched)
			}
		})
	}
}
