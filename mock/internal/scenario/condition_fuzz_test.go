package scenario

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// FuzzConditions holds that looking stubs up by the values of a request chooses the stub
// that asking one by one chooses, and that a stub which does not answer says why.
func FuzzConditions(f *testing.F) {
	for seed := range uint64(20) {
		c := chance{rand.New(rand.NewPCG(seed, 2))}
		f.Add(c.listStub(), c.listStub(), "page=1&q=a&tags=b&filter[country]=1", "a", []byte("{}"))
		f.Add(c.bodyStub(), c.bodyStub(), "", "", []byte(`{"sku":"a","amount":1.0,"customer":{"name":"A"},"items":["a",{"b":1}]}`))
	}
	f.Add("jsonPath: {'$.items[?@.sku == \"a\"]': {present: true}}", "expr: 'body.amount > 1'", "", "", []byte(`{"amount":2,"items":[{"sku":"a"}]}`))
	apis := []*contract.Contract{theShop(f)}
	f.Fuzz(func(t *testing.T, one, two, query, header string, body []byte) {
		if strings.ContainsAny(query, " \n") || strings.ContainsAny(header, "\n") {
			return
		}
		for _, operation := range []string{"listOrders", "createOrder"} {
			text := "operations:\n  " + operation + ":\n"
			for _, when := range []string{one, two} {
				text += "    - {when: {valid: any" + comma(when) + "}, respond: {status: 500, offContract: short}}\n"
			}
			l := newLoader(apis)
			fuzzed := &file{name: "fuzz", src: &source.File{Name: "fuzz.yaml", Data: []byte(text)}}
			var found source.Diagnostics
			if fuzzed.root, found = source.Parse(fuzzed.src, source.Options{}); found.Errors() > 0 {
				return
			}
			if l.decodeFile(fuzzed); fuzzed.broken {
				return
			}
			l.compileFile(fuzzed)
			line := "GET /orders?" + query + "\nX-Trace: " + header + "\nX-Tenant: " + header
			if operation == "createOrder" {
				line = "POST /orders?" + query + "\nX-Trace: " + header + "\n\n" + string(body)
			}
			ex := request(t, line)
			op := apis[0].Operation(operation)
			all, few := fuzzed.scenario.Stubs(op), fuzzed.scenario.Candidates(op, ex)
			if want, got := firstOf(all, ex), firstOf(few, ex); want != got {
				t.Errorf("indexed %v, one by one %v\n%s", got, want, text)
			}
			for _, st := range all {
				if j := st.Judge(ex, memory{}); j.Held < j.Conditions && j.Failed(ex) == "" {
					t.Errorf("%s does not say why\n%s", st.Name, text)
				}
			}
		}
	})
}
