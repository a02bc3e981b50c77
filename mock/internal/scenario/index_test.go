package scenario

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// compileOnly gives the stubs of a text for an operation without asking whether
// they stand in each other's way; stubs that cannot be compiled are left out.
func compileOnly(t testing.TB, text, operation string) (*Scenario, *contract.Operation) {
	t.Helper()
	l := newLoader([]*contract.Contract{theShop(t)})
	f := &file{name: "test", src: &source.File{Name: "test.yaml", Data: []byte(text)}}
	var found source.Diagnostics
	if f.root, found = source.Parse(f.src, source.Options{}); found.Errors() > 0 {
		t.Fatalf("%v\n%s", found, text)
	}
	l.decodeFile(f)
	l.compileFile(f)
	return f.scenario, theShop(t).Operation(operation)
}

// firstOf gives the first of the stubs that answers, nil for none.
func firstOf(stubs []*Stub, ex *exchange.Exchange) *Stub {
	for _, st := range stubs {
		if matches(st, ex, memory{}) {
			return st
		}
	}
	return nil
}

// chance draws texts of conditions and requests. Few values make it likely that
// conditions hold.
type chance struct{ *rand.Rand }

func (c chance) of(list ...string) string { return list[c.IntN(len(list))] }

// some draws entries and joins them.
func (c chance) some(entries ...string) string {
	var kept []string
	for _, entry := range entries {
		if c.IntN(3) == 0 {
			kept = append(kept, entry)
		}
	}
	return strings.Join(kept, ", ")
}

// scalar is a value as a scenario file writes it.
func (c chance) scalar() string {
	return c.of("1", "2", "1.0", "10e-1", `"1"`, `"1.0"`, `"01"`, "true", `"true"`, `"TRUE"`, "null", `"null"`, "a", "A", "ab", `"ſ"`, "S", "k", `"\u212a"`, `""`, "-0", "0", "100", "1e2")
}

// matcher is a condition on a scalar.
func (c chance) matcher() string {
	switch c.IntN(12) {
	case 0:
		return "{oneOf: [" + c.scalar() + ", " + c.scalar() + "]}"
	case 1:
		return "{equalTo: " + c.scalar() + ", caseInsensitive: true}"
	case 2:
		return "{oneOf: [" + c.scalar() + ", " + c.scalar() + "], caseInsensitive: true}"
	case 3:
		return "{anyOf: [" + c.scalar() + ", {equalTo: " + c.scalar() + ", caseInsensitive: true}]}"
	case 4:
		return "{allOf: [{present: true}, " + c.scalar() + "]}"
	case 5:
		return c.of("{present: true}", "{absent: true}", "{contains: a}", "{not: a}", "{greaterThan: 1}", "{anyOf: [a, {startsWith: A}]}")
	case 6:
		return "{equalTo: " + c.scalar() + "}"
	}
	return c.scalar()
}

// comma puts a comma before what there is.
func comma(text string) string {
	if text == "" {
		return ""
	}
	return ", " + text
}

func (c chance) listStub() string {
	return c.some(
		"query: {"+c.some("page: "+c.matcher(), "status: "+c.matcher(), "q: "+c.matcher(),
			"tags: "+c.of("[a, b]", "[a, "+c.matcher()+"]", "{contains: a}", "{equalTo: [a, b]}"), "filter: {country: "+c.matcher()+"}")+"}",
		"headers: {"+c.some("x-tenant: "+c.matcher(), "x-flag: "+c.matcher(), "X-Trace: "+c.matcher())+"}",
		"cookies: {"+c.some("theme: "+c.matcher(), "sid: "+c.matcher())+"}",
	)
}

func (c chance) listRequest() string {
	value := func() string {
		return c.of("1", "1.0", "10e-1", "2", "01", "true", "TRUE", "null", "a", "A", "ab", "%C5%BF", "s", "S", "K", "%E2%84%AA", "", "-0", "0", "100", "1e2")
	}
	var query []string
	for _, name := range []string{"page", "status", "q", "q", "tags", "tags", "filter[country]"} {
		if c.IntN(2) == 0 {
			query = append(query, name+"="+value())
		}
	}
	text := "GET /orders?" + strings.Join(query, "&")
	for _, name := range []string{"X-Tenant", "X-Flag", "X-Trace"} {
		if c.IntN(2) == 0 {
			text += "\n" + name + ": " + c.of("1", "1.0", "true", "TRUE", "a", "A", "ab", "ſ", "S", "k", "\u212a", "100")
		}
	}
	return text + "\nCookie: theme=" + c.of("1", "a", "A", "true") + "; sid=" + c.of("1", "1.0", "a", "A", "null")
}

func (c chance) bodyStub() string {
	switch c.IntN(8) {
	case 0:
		return "body: " + c.matcher()
	case 1:
		return "body: {equalTo: {sku: " + c.scalar() + ", customer: {name: " + c.scalar() + "}}}"
	}
	return "body: {" + c.some("sku: "+c.matcher(), "amount: "+c.matcher(), "gift: "+c.matcher(), "note: "+c.matcher(),
		"customer: {name: "+c.matcher()+"}", "items: "+c.of("[{sku: "+c.matcher()+"}, "+c.matcher()+"]", "{equalTo: [a, {b: 1}]}")) + "}"
}

func (c chance) bodyRequest() string {
	value := func() string {
		return c.of("1", "1.0", "10e-1", "2", `"1"`, `"1.0"`, "true", `"true"`, "null", `"a"`, `"A"`, `"ſ"`, `"K"`, "[]", "{}", `["a"]`, "100")
	}
	if c.IntN(6) == 0 {
		return "POST /orders\n\n" + c.of(value(), "a", "", "nul")
	}
	var members []string
	for _, name := range []string{"sku", "amount", "gift", "note"} {
		if c.IntN(2) == 0 {
			members = append(members, fmt.Sprintf("%q: %s", name, value()))
		}
	}
	members = append(members, `"customer": {"name": `+value()+`}`, `"items": `+c.of("[]", `[{"sku": `+value()+`}, `+value()+`]`, `["a", {"b": 1.0}]`))
	return "POST /orders\n\n{" + strings.Join(members[c.IntN(2):], ", ") + "}"
}

// TestIndexChoosesWhatIsFirst holds that looking stubs up and asking them one by
// one lead to the same stub, for random lists of stubs and random requests.
func TestIndexChoosesWhatIsFirst(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]struct {
		operation     string
		stub, request func(chance) string
	}{"parameters": {"listOrders", chance.listStub, chance.listRequest}, "bodies": {"createOrder", chance.bodyStub, chance.bodyRequest}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered, skipped := 0, 0
			for seed := range uint64(150) {
				c := chance{rand.New(rand.NewPCG(seed, 1))}
				text := "operations:\n  " + kind.operation + ":\n"
				for range 5 + c.IntN(40) {
					text += "    - {priority: " + c.of("0", "1") + ", when: {valid: any" + comma(kind.stub(c)) + "}, respond: {status: 500, offContract: short}}\n"
				}
				sc, op := compileOnly(t, text, kind.operation)
				for range 40 {
					ex := request(t, kind.request(c))
					all, few := sc.Stubs(op), sc.Candidates(op, ex)
					want, got := firstOf(all, ex), firstOf(few, ex)
					if want != got {
						t.Fatalf("seed %d: %s %s\n%q\nindexed %v, one by one %v\n%s", seed, ex.Request.Method, ex.Request.RawQuery, ex.Request.Body, got, want, text)
					}
					if want != nil {
						answered++
					}
					skipped += len(all) - len(few)
				}
			}
			if answered < 1000 || skipped < 1000 {
				t.Errorf("too little was tried: %d requests answered, %d stubs skipped", answered, skipped)
			}
		})
	}
}

// stubsFor is a scenario with n stubs for createOrder.
func stubsFor(n int, when func(i int) string) string {
	var b strings.Builder
	b.WriteString("operations:\n  createOrder:\n")
	for i := range n {
		fmt.Fprintf(&b, "    - {when: {%s}, respond: {status: 404}}\n", when(i))
	}
	return b.String()
}

// TestIndexAsksFew holds that of many stubs those are asked that the request's
// values point to, wherever the values stand.
func TestIndexAsksFew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		when    func(i int) string
		request string
		want    int
	}{
		"body member":        {func(i int) string { return fmt.Sprintf("body: {customer: {name: n%d}}", i) }, `{"sku":"a","customer":{"name":"n999"}}`, 1},
		"number in the body": {func(i int) string { return fmt.Sprintf("body: {amount: %d}", i) }, `{"sku":"a","amount":9.99e2}`, 1},
		"item":               {func(i int) string { return fmt.Sprintf("body: {items: [{sku: n%d}]}", i) }, `{"items":[{"sku":"n999"}]}`, 1},
		"undeclared header":  {func(i int) string { return fmt.Sprintf("headers: {X-Trace: t%d}", i) }, "", 1},
		"undeclared query":   {func(i int) string { return fmt.Sprintf("query: {q: q%d}", i) }, "", 1},
		"cookie":             {func(i int) string { return fmt.Sprintf("cookies: {sid: s%d}", i) }, "", 1},
		"oneOf":              {func(i int) string { return fmt.Sprintf("query: {q: {oneOf: [q%d, q%d]}}", i, i+1) }, "", 2},
		"the rarer value":    {func(i int) string { return fmt.Sprintf("headers: {X-Tenant: same}, query: {q: q%d}", i) }, "", 1},
		"the rarer place":    {func(i int) string { return fmt.Sprintf("query: {q: same}, headers: {X-Trace: t%d}", i) }, "", 1},
		"any case":           {func(i int) string { return fmt.Sprintf("headers: {X-Trace: {equalTo: T%d, caseInsensitive: true}}", i) }, "", 1},
		"two kinds": {func(i int) string {
			if i%2 == 0 {
				return fmt.Sprintf("query: {q: q%d}", i)
			}
			return fmt.Sprintf("headers: {X-Trace: t%d}", i)
		}, "", 1},
		"no equality": {func(i int) string { return fmt.Sprintf("query: {q: {contains: q%d}}", i) }, "", 1000},
		"too many places": {func(i int) string {
			return fmt.Sprintf("query: {q%d: x}", i)
		}, "", 1000 - maxPlaces},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc, op := compileOnly(t, stubsFor(1000, test.when), "createOrder")
			body := test.request
			if body == "" {
				body = `{"sku":"a"}`
			}
			ex := request(t, "POST /orders?q=q999\nX-Trace: t999\nX-Tenant: same\nCookie: sid=s999\n\n"+body)
			if got := sc.Candidates(op, ex); len(got) != test.want {
				t.Errorf("%d of 1000 stubs are asked, want %d", len(got), test.want)
			}
		})
	}
}

func BenchmarkCandidates(b *testing.B) {
	for _, n := range []int{1, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sc, op := compileOnly(b, stubsFor(n, func(i int) string { return fmt.Sprintf("headers: {X-Trace: t%d}", n-i) }), "createOrder")
			ex := request(b, "POST /orders\nX-Trace: t1\n\n"+`{"sku":"a"}`)
			b.ReportAllocs()
			for b.Loop() {
				if firstOf(sc.Candidates(op, ex), ex) == nil {
					b.Fatal("no match")
				}
			}
		})
	}
}
