package scenario

import (
	"strings"
	"testing"
	"time"
)

// undraftable are the conditions of matchTests for which no request is found, with a part
// of the reason.
var undraftable = map[string]string{
	"undeclared query twice":     "no text is",
	"jsonPath of several nodes":  "jsonPath $..sku",
	"jsonPath matcher":           "jsonPath $.items[?@.quantity > 1].sku",
	"jsonPath of no node":        "jsonPath $.items[?@.quantity > 1].sku",
	"jsonPath of a hostile body": "jsonPath $..[?",
	"expr list":                  "expr any(body.items",
	"expr request":               "expr request.method",
	"expr violations":            "expr len(violations)",
}

// TestDraft holds that a request is found for every kind of condition, or says why not.
func TestDraft(t *testing.T) {
	t.Parallel()
	for _, test := range matchTests() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := test.stub(t)
			d, err := st.Draft(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
			reason, hopeless := undraftable[test.name]
			switch {
			case hopeless && err == nil:
				t.Errorf("%s was found", d.Call.Path)
			case hopeless && !strings.Contains(err.Error(), reason):
				t.Errorf("reason %q, want %q in it", err, reason)
			case hopeless:
			case err != nil:
				t.Error(err)
			default:
				if ok, err := st.Match(d.Exchange, memory{}); !ok {
					t.Errorf("the request does not match: %v", err)
				}
			}
		})
	}
}
