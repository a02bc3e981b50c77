package author

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestLimitsOfTexts holds that reasons and comments are cut, between characters.
func TestLimitsOfTexts(t *testing.T) {
	t.Parallel()
	for n, cut := range map[int]bool{maxReason: false, maxReason + 1: true} {
		if got := plainReason(strings.Repeat("é", n)); utf8.RuneCountInString(got) != maxReason || strings.HasSuffix(got, "…") != cut {
			t.Errorf("a reason of %d: %s", n, got)
		}
	}
	for n, cut := range map[int]bool{maxComment: false, maxComment + 1: true} {
		if got := Comment(strings.Repeat("é", n)); utf8.RuneCountInString(got) != maxComment || strings.HasSuffix(got, "…") != cut {
			t.Errorf("a comment of %d: %s", n, got)
		}
	}
}

// TestLimitsOfFacts holds what of a request is looked at to tell answers apart.
func TestLimitsOfFacts(t *testing.T) {
	t.Parallel()
	api, err := contract.Load(t.Context(), "../testdata/api.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	op := api.Operation("createOrder")
	body := map[string]any{"a": strings.Repeat("x", maxValue-2), "b": strings.Repeat("x", maxValue-1)} // with their quotes
	f, _ := factsOf(op, &exchange.Exchange{Body: exchange.Decoded(body)})
	if f[place{"body", "/a"}] == nil || f[place{"body", "/b"}] != nil {
		t.Errorf("texts: %v, %v", f[place{"body", "/a"}], f[place{"body", "/b"}])
	}
	for i := range 2 * maxFacts {
		body[fmt.Sprint("m", i)] = i
	}
	if f, full := factsOf(op, &exchange.Exchange{Body: exchange.Decoded(body)}); len(f) != maxFacts || !full {
		t.Errorf("%d values are looked at, %t", len(f), full)
	}
}
