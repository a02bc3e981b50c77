package exchange

import (
	"fmt"
	"strings"
)

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
