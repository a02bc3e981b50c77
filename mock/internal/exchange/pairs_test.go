package exchange_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestPairs(t *testing.T) {
	ex := &exchange.Exchange{Request: exchange.Request{
		RawQuery: "a=1&&b=x+y&a=%32&%C3%A4&c=%zz&=e&d=a=b",
		Header:   http.Header{"Cookie": {"sid=1; theme=dark;none; sid=2", "x=a=b;"}},
	}}
	want := []exchange.Pair{{"a", "1"}, {"b", "x y"}, {"a", "2"}, {"ä", ""}, {"c", "%zz"}, {"", "e"}, {"d", "a=b"}}
	if diff := cmp.Diff(want, ex.QueryPairs()); diff != "" {
		t.Error(diff)
	}
	want = []exchange.Pair{{"sid", "1"}, {"theme", "dark"}, {"sid", "2"}, {"x", "a=b"}}
	if diff := cmp.Diff(want, ex.CookiePairs()); diff != "" {
		t.Error(diff)
	}
	if n := testing.AllocsPerRun(10, func() { ex.QueryPairs(); ex.CookiePairs() }); n != 0 {
		t.Errorf("split again: %v allocations", n)
	}
	none := new(exchange.Exchange)
	if none.QueryPairs() != nil || none.CookiePairs() != nil {
		t.Error("pairs out of nothing")
	}
}
