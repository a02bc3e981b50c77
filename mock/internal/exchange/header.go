package exchange

import (
	"fmt"
	"strings"
)

// maxHeaderList bounds a list in a header, in bytes: many servers and proxies refuse
// header lines beyond 8 KiB.
const maxHeaderList = 4096

// HeaderList joins n entries for a header value: whole ones, as far as there is room,
// and the number of the others.
func HeaderList(n int, entry func(i int) string) string {
	var b strings.Builder
	b.Grow(min(n*96, maxHeaderList))
	for i := range n {
		text := HeaderText(entry(i))
		if b.Len()+len(text) > maxHeaderList {
			fmt.Fprintf(&b, "; and %d more", n-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(text)
	}
	return b.String()
}

// HeaderText makes text fit for a header value: control characters and what is
// not ASCII are written as escapes (RFC 9110 section 5.5).
func HeaderText(text string) string {
	clean := true
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			clean = false
			break
		}
	}
	if clean {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r < ' ' || r > '~' {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
