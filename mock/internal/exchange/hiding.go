package exchange

import (
	"math"
	"slices"
	"strings"
)

// MaxProbe bounds what is compared of a secret to find where it stands, in bytes. Of a
// longer one the beginning is looked for, and what follows of it is hidden with it.
const MaxProbe = 256

// minBeginning is how many bytes of a secret there must be in front of a cut to be hidden.
// Fewer tell nothing, and many words end like that: hiding them would damage what people
// are to read. Of secrets that may be shorter, the shortest length counts.
const minBeginning = 3

// Hiding finds secrets in texts, in a time that grows with the text and not with the
// secrets: whoever sends a request chooses both. It is immutable.
//
// A text may have been cut before anybody knew what in it is secret. So in front of an
// ellipsis the beginning of a secret is hidden too, from minBeginning bytes on.
type Hiding struct {
	least  int
	probes []probe // sorted
	begins map[string]bool
	firsts [256]bool // the bytes that secrets begin with
}

// marks are what stands where a text was cut: an ellipsis, and as HeaderText writes it.
var marks = [...]string{"…", `\u2026`}

// probe is a secret, or the beginning of several.
type probe struct {
	text string
	// shorter is the longest other probe with which this one begins, -1 for none.
	shorter int
	// whole are the longer secrets that begin with text, sorted.
	whole []string
}

// NewHiding prepares secrets, none of which is shorter than least, in bytes and at least
// 1. It sorts them.
func NewHiding(secrets []string, least int) *Hiding {
	h := &Hiding{least: least, begins: map[string]bool{}}
	slices.Sort(secrets)
	for _, secret := range secrets {
		text := probeOf(secret)
		if last := len(h.probes) - 1; last < 0 || h.probes[last].text != text {
			for last >= 0 && !strings.HasPrefix(text, h.probes[last].text) {
				last = h.probes[last].shorter
			}
			h.probes = append(h.probes, probe{text: text, shorter: last})
			h.begins[text[:least]] = true
			h.firsts[text[0]] = true
		}
		if len(secret) > len(text) {
			p := &h.probes[len(h.probes)-1]
			p.whole = append(p.whole, secret)
		}
	}
	return h
}

func probeOf(secret string) string { return secret[:min(len(secret), MaxProbe)] }

// Hide puts Redacted in the place of the secrets in a text, of several that begin at one
// place the longest.
func (h *Hiding) Hide(text string) string { return h.hide(text, false) }

// HideCut is Hide for a text that was cut without a mark: the end may be the beginning of
// a secret. Where no whole secret stands in the text, an ellipsis in it is taken for its own.
func (h *Hiding) HideCut(text string) string { return h.hide(text, true) }

// Has tells whether Hide would find a whole secret in a text, or what it looks for of one.
func (h *Hiding) Has(text string) bool {
	for i := 0; i+h.least <= len(text); i++ {
		if h.begins[text[i:i+h.least]] && h.at(text[i:]) > 0 {
			return true
		}
	}
	return false
}

func (h *Hiding) hide(text string, isCut bool) string {
	var b strings.Builder
	from, cut := 0, cutsOf(text, isCut, !isCut || h.Has(text))
	for i := 0; i < len(text); {
		n := 0
		if i+h.least <= len(text) && h.begins[text[i:i+h.least]] {
			n = h.at(text[i:])
		}
		if h.firsts[text[i]] {
			if near := cut.from(i) - i; near < MaxProbe {
				n = max(n, h.beginning(text[i:], near, isCut))
			}
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(Redacted)
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
func (h *Hiding) at(text string) int {
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

// cuts are the places at which a text may have been cut, looked at from its beginning on.
type cuts struct {
	text string
	ends bool // its end is one
	next [len(marks)]int
}

func cutsOf(text string, ends, marked bool) *cuts {
	c := &cuts{text: text, ends: ends}
	for i := range c.next {
		if c.next[i] = math.MaxInt; marked {
			c.find(i, 0)
		}
	}
	return c
}

// find looks for a mark from a byte on.
func (c *cuts) find(mark, from int) {
	c.next[mark] = math.MaxInt
	if i := strings.Index(c.text[from:], marks[mark]); i >= 0 {
		c.next[mark] = from + i
	}
}

// from gives the first that does not stand in front of a byte, math.MaxInt for none. The
// byte is not in front of that of the last call.
func (c *cuts) from(i int) int {
	first := math.MaxInt
	if c.ends {
		first = len(c.text)
	}
	for mark := range c.next {
		if c.next[mark] < i {
			c.find(mark, i)
		}
		first = min(first, c.next[mark])
	}
	return first
}

// beginning gives the length of the longest beginning of a secret with which a text begins
// and behind which it was cut, 0 for none. The first cut is after near bytes. One of
// MaxProbe bytes or more at finds.
func (h *Hiding) beginning(text string, near int, isCut bool) int {
	behind, _ := slices.BinarySearchFunc(h.probes, probeOf(text), func(p probe, text string) int { return strings.Compare(p.text, text) })
	n := 0
	for _, p := range h.probes[max(behind-1, 0):min(behind+1, len(h.probes))] { // none has more in common with it
		n = max(n, common(text, p.text))
	}
	if n < near {
		return 0
	}
	cut := 0
	if isCut && n == len(text) {
		cut = n
	} else {
		for _, mark := range marks {
			cut = max(cut, strings.LastIndex(text[:min(n+len(mark), len(text))], mark))
		}
	}
	if cut < min(minBeginning, h.least) {
		return 0
	}
	return cut
}

// common is the length of what both texts begin with.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
