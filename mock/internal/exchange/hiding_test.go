package exchange_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestHiding compares with hiding by a strings.Replacer, whose time grows with the square
// of the length of a secret.
func TestHiding(t *testing.T) {
	t.Parallel()
	const least = 8
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
			if secret := text(14); len(secret) >= least {
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
		if got := exchange.NewHiding(secrets, least).Hide(whole); got != want {
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
		"got o… and open-sesame… and o":           "got [redacted]… and [redacted]… and o",
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
		"got open-ses":    "got [redacted]",
		"got open-sesame": "got [redacted]",
		"got o":           "got [redacted]",
		"got open-sesam!": "got open-sesam!",
		"got two \xe2":    "got [redacted]",
		"":                "",
	} {
		if got := h.HideCut(text); got != want {
			t.Errorf("cut %q: %q, want %q", text, got, want)
		}
	}
}
