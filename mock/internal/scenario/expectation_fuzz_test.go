package scenario

import (
	"errors"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// FuzzExpectations holds that a document is taken or refused with findings, and that what
// was taken can be shown and judge requests.
func FuzzExpectations(f *testing.F) {
	for _, text := range []string{
		"operation: listOrders", "[{operation: listOrders, exactly: 0}, {operation: GET /orders, atMost: 3}]", "expectations: [{operation: '*', atLeast: 2, atMost: 4}]",
		`{"expectations": [{"operation": "listOrders", "when": {"query": {"page": 2}}}]}`, "- name: way\n  order: [{operation: listOrders}, {operation: getOrder, exactly: 2}]\n",
		"{operation: createOrder, when: {body: {sku: A}, expr: 'len(body.sku) > 1'}}", `{operation: "*", when: {headers: {X-Trace: {matches: "a+"}}}}`,
	} {
		f.Add([]byte(text))
	}
	apis := []*contract.Contract{theShop(f)}
	f.Fuzz(func(t *testing.T, text []byte) {
		var found source.Diagnostics
		list, err := ReadExpectations("fuzz", text, apis)
		if err != nil && (!errors.As(err, &found) || found.Errors() == 0 || found.Error() == "") {
			t.Errorf("refused without a finding: %v", err)
		}
		if err == nil {
			if len(list.List) == 0 || len(list.List) > MaxExpectations {
				t.Errorf("%d expectations", len(list.List))
			}
			for _, e := range list.List {
				if e.String() == "" || e.Count() == "" || len(e.Order) > MaxSteps {
					t.Errorf("%+v", e)
				}
			}
		}
		p, err := ReadPattern("fuzz", text, apis)
		if err != nil {
			if !errors.As(err, &found) || found.Errors() == 0 {
				t.Errorf("refused without a finding: %v", err)
			}
			return
		}
		for _, line := range []string{"GET /orders?page=2&q=a\nX-Trace: aa", "POST /orders\n\n{\"sku\":\"A\",\"amount\":2}"} {
			ex := request(t, line)
			if j, ok := p.Judge(ex); ok && j.Held > j.Conditions || ok && j.Held < j.Conditions && j.Failed(ex) == "" {
				t.Errorf("%d of %d conditions hold: %q", j.Held, j.Conditions, j.Failed(ex))
			}
		}
	})
}
