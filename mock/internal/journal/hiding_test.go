package journal

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestHiding compares with hiding by a strings.Replacer, whose time grows with the square
// of the length of a secret.
func TestHiding(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(most int) string {
		b := make([]byte, random.IntN(most))
		for i := range b {
			b[i] = "aab"[random.IntN(3)]
		}
		return string(b)
	}
	hidden := 0
	for range 5000 {
		var secrets []string
		for range 1 + random.IntN(20) {
			if secret := text(14); len(secret) >= minSecret {
				secrets = append(secrets, secret)
			}
		}
		whole := text(60)
		longest := slices.Clone(secrets)
		slices.SortFunc(longest, func(a, b string) int { return len(b) - len(a) })
		var pairs []string
		for _, secret := range longest {
			pairs = append(pairs, secret, exchange.Redacted)
		}
		want := strings.NewReplacer(pairs...).Replace(whole)
		if got := newHiding(secrets).hide(whole); got != want {
			t.Fatalf("%q in %q: %q, want %q", secrets, whole, got, want)
		}
		if want != whole {
			hidden++
		}
	}
	if hidden < 500 {
		t.Errorf("something was hidden in %d texts alone", hidden)
	}
}

// TestHidingLongSecrets looks for the beginning of a long secret, and hides what follows.
func TestHidingLongSecrets(t *testing.T) {
	t.Parallel()
	begin := strings.Repeat("secret", 50)
	h := newHiding([]string{begin + "one", begin + "two" + begin, begin + "t"})
	for text, want := range map[string]string{
		"<" + begin + "one>":              "<[redacted]>",
		"<" + begin + "two" + begin + ">": "<[redacted]>",
		"<" + begin + "tw>":               "<[redacted]>",
		"<" + begin + "x>":                "<[redacted]x>",
		begin[:maxProbe]:                  "[redacted]",
		begin[:maxProbe-1]:                begin[:maxProbe-1],
		"":                                "",
	} {
		if got := h.hide(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestManySecrets has the longest header that a client can send, full of secrets that are
// as alike as can be, and a path that is like them. What takes more than a moment here
// takes as long for each such request.
func TestManySecrets(t *testing.T) {
	t.Parallel()
	const size = 1 << 19
	r := newRedactor(nil)
	for name, cookie := range map[string]string{
		"separators alone":      strings.Repeat(";", size),
		"one value":             strings.Repeat("c=v;", size/4),
		"values that are alike": strings.Repeat("c=aaaaaaaaaa;", size/13),
		"one long value":        "c=" + strings.Repeat("a", size-1) + "b",
		"longer and longer": func() string {
			var b strings.Builder
			for n := minSecret; b.Len() < size; n++ {
				b.WriteString("c=" + strings.Repeat("a", n) + ";")
			}
			return b.String()
		}(),
	} {
		s := r.Of(&exchange.Exchange{Request: exchange.Request{Header: http.Header{"Cookie": {cookie}}}})
		if got := s.Text("/" + strings.Repeat("a", 7) + "/" + strings.Repeat("ab", size/2)); strings.Contains(got, exchange.Redacted) {
			t.Errorf("%s: something that is no secret is hidden", name)
		}
		if got := s.Text("<" + cookie + ">"); got != "<[redacted]>" {
			t.Errorf("%s: the header is shown: %.50s", name, got)
		}
	}
}
