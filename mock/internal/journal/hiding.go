package journal

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// maxProbe bounds what is compared of a secret to find where it stands, in bytes. Of a
// longer one the beginning is looked for, and what follows of it is hidden with it.
const maxProbe = 256

// hiding finds secrets in texts, in a time that grows with the text and not with the
// secrets: whoever sends a request chooses both. It is immutable.
type hiding struct {
	probes []probe // sorted
	begins map[string]bool
}

// probe is a secret, or the beginning of several.
type probe struct {
	text string
	// shorter is the longest other probe with which this one begins, -1 for none.
	shorter int
	// whole are the longer secrets that begin with text, sorted.
	whole []string
}

// newHiding prepares secrets, none of which is shorter than minSecret.
func newHiding(secrets []string) *hiding {
	h := &hiding{begins: map[string]bool{}}
	slices.Sort(secrets)
	for _, secret := range secrets {
		text := probeOf(secret)
		if last := len(h.probes) - 1; last < 0 || h.probes[last].text != text {
			for last >= 0 && !strings.HasPrefix(text, h.probes[last].text) {
				last = h.probes[last].shorter
			}
			h.probes = append(h.probes, probe{text: text, shorter: last})
			h.begins[text[:minSecret]] = true
		}
		if len(secret) > len(text) {
			p := &h.probes[len(h.probes)-1]
			p.whole = append(p.whole, secret)
		}
	}
	return h
}

func probeOf(secret string) string { return secret[:min(len(secret), maxProbe)] }

// hide takes the secrets out of a text, of several that begin at one place the longest.
func (h *hiding) hide(text string) string {
	var b strings.Builder
	from := 0
	for i := 0; i+minSecret <= len(text); {
		n := 0
		if h.begins[text[i:i+minSecret]] {
			n = h.at(text[i:])
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(exchange.Redacted)
		i += n
		from = i
	}
	if from == 0 {
		return text
	}
	b.WriteString(text[from:])
	return b.String()
}

// at gives the length of the longest secret with which a text begins, 0 for none.
func (h *hiding) at(text string) int {
	// A probe with which the text begins is not behind it in order, and all that stand
	// between the two begin with the probe as well.
	near, found := slices.BinarySearchFunc(h.probes, probeOf(text), func(p probe, text string) int { return strings.Compare(p.text, text) })
	if !found {
		near--
	}
	if near < 0 {
		return 0
	}
	n := common(text, h.probes[near].text)
	for len(h.probes[near].text) > n {
		if near = h.probes[near].shorter; near < 0 {
			return 0
		}
	}
	n = len(h.probes[near].text)
	whole := h.probes[near].whole
	behind, _ := slices.BinarySearch(whole, text)
	for _, secret := range whole[max(behind-1, 0):min(behind+1, len(whole))] { // none has more in common with it
		n = max(n, common(text, secret))
	}
	return n
}

// common is the length of what both texts begin with.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
