package exchange_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestHiding compares with a search that tries each secret, and each beginning of one in
// front of a cut, at each place.
func TestHiding(t *testing.T) {
	t.Parallel()
	const least = 8
	random := rand.New(rand.NewPCG(1, 2))
	text := func(most int) string {
		var b strings.Builder
		for range random.IntN(most) {
			if random.IntN(30) == 0 {
				b.WriteString("…")
			} else {
				b.WriteByte("aab"[random.IntN(3)])
			}
		}
		return b.String()
	}
	hidden, cut := 0, 0
	for range 5000 {
		var secrets []string
		for range 1 + random.IntN(20) {
			if secret := text(14); len(secret) >= least {
				secrets = append(secrets, secret)
			}
		}
		whole := text(60)
		has := slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(whole, secret) })
		want, wantCut := hideEach(secrets, whole, false, true), hideEach(secrets, whole, true, has)
		h := exchange.NewHiding(slices.Clone(secrets), least)
		if got := h.Hide(whole); got != want {
			t.Fatalf("%q in %q: %q, want %q", secrets, whole, got, want)
		}
		if got := h.HideCut(whole); got != wantCut {
			t.Fatalf("%q in %q, cut: %q, want %q", secrets, whole, got, wantCut)
		}
		if got := h.Has(whole); got != has {
			t.Fatalf("%q in %q: has one is %v", secrets, whole, got)
		}
		if has {
			hidden++
		} else if want != whole && wantCut != whole {
			cut++
		}
	}
	if hidden < 500 || cut < 100 {
		t.Errorf("something was hidden in %d texts alone, and in front of cuts in %d", hidden, cut)
	}
}

// hideEach hides secrets, and what they begin with at the end and in front of ellipses.
func hideEach(secrets []string, text string, end, marks bool) string {
	var b strings.Builder
	for text != "" {
		most := 0
		for _, secret := range secrets {
			for n := 3; n <= len(secret); n++ {
				rest, found := strings.CutPrefix(text, secret[:n])
				if found && (n == len(secret) || end && rest == "" || marks && strings.HasPrefix(rest, "…")) {
					most = max(most, n)
				}
			}
		}
		if most > 0 {
			b.WriteString(exchange.Redacted)
		} else {
			most = 1
			b.WriteString(text[:most])
		}
		text = text[most:]
	}
	return b.String()
}

// TestHidingLongSecrets looks for the beginning of a long secret, and hides what follows.
func TestHidingLongSecrets(t *testing.T) {
	t.Parallel()
	begin := strings.Repeat("secret", 50)
	h := exchange.NewHiding([]string{begin + "one", begin + "two" + begin, begin + "t"}, 8)
	for text, want := range map[string]string{
		"<" + begin + "one>":              "<[redacted]>",
		"<" + begin + "two" + begin + ">": "<[redacted]>",
		"<" + begin + "tw>":               "<[redacted]>",
		"<" + begin + "x>":                "<[redacted]x>",
		begin[:exchange.MaxProbe]:         "[redacted]",
		begin[:exchange.MaxProbe-1]:       begin[:exchange.MaxProbe-1],
		"":                                "",
	} {
		if got := h.Hide(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestHidingCutSecrets hides what is left of a secret in front of an ellipsis, and at the
// end of a text that was cut.
func TestHidingCutSecrets(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("long", 100)
	h := exchange.NewHiding([]string{"open-sesame", "open-sesame-and-close", "two … parts", `with "quotes"`, long}, 8)
	for text, want := range map[string]string{
		"got open-ses…":                           "got [redacted]…",
		`got "open-ses…"`:                         `got "[redacted]…"`,
		`got "open-ses\u2026"`:                    `got "[redacted]\u2026"`,
		"got open… and open-sesame… and open":     "got [redacted]… and [redacted]… and open",
		"got op… and tw…":                         "got op… and tw…", // which tells nothing, and may be a word,
		"got open-sesame-and-cl…":                 "got [redacted]…",
		"got open-sesame-and-clocks…":             "got [redacted]-and-clocks…",
		"got openopen-…":                          "got open[redacted]…",
		"got two … par…":                          "got [redacted]…",
		"got two … pax…":                          "got [redacted]… pax…",
		"got two … parts":                         "got [redacted]",
		"got " + long[:exchange.MaxProbe-1] + "…": "got [redacted]…",
		"got " + long[:exchange.MaxProbe+1] + "…": "got [redacted]…",
		"open-ses":                                "open-ses",
		"…open-ses":                               "…open-ses",
	} {
		if got := h.Hide(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"got open-ses":            "got [redacted]",
		"got open-sesame":         "got [redacted]",
		"got open":                "got [redacted]",
		"got op":                  "got op",
		"open… open-":             "open… [redacted]", // its own ellipsis
		"open… open-sesame open-": "[redacted]… [redacted] [redacted]",
		"got open-sesam!":         "got open-sesam!",
		"got two \xe2":            "got [redacted]",
		"":                        "",
	} {
		if got := h.HideCut(text); got != want {
			t.Errorf("cut %q: %q, want %q", text, got, want)
		}
	}
}
