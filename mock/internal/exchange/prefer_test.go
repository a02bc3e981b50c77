package exchange_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestPreferWithoutValue tells a directive without a value from one that was not given.
func TestPreferWithoutValue(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		header, query string
		want          exchange.Prefer
	}{
		{"dynamic", "", exchange.Prefer{Dynamic: "true"}},
		{"Dynamic=, code=409", "", exchange.Prefer{Dynamic: "true", Code: "409"}},
		{"", "__dynamic", exchange.Prefer{Dynamic: "true"}},
		{"dynamic", "__dynamic=false", exchange.Prefer{Dynamic: "true"}},
		{"code=", "", exchange.Prefer{Bare: "code"}},
		{`scenario="", delay`, "", exchange.Prefer{Bare: "scenario"}},
		{"", "__code=&__example", exchange.Prefer{Bare: "code"}},
		{"code=409, code", "__code=", exchange.Prefer{Code: "409"}}, // the first of a name wins
		{"respond-async, bare=x, wait", "", exchange.Prefer{}},
	} {
		got, rest := exchange.ParsePrefer(http.Header{"Prefer": {test.header}}, test.query)
		if diff := cmp.Diff(test.want, got); diff != "" || rest != "" {
			t.Errorf("%s ? %s: %s, and %q is left", test.header, test.query, diff, rest)
		}
	}
}
