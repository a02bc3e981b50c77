package source

import "strings"

// Cut cuts a text that somebody may make as long as he likes to n bytes, fewer where a
// character would be cut, and marks the place.
func Cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}
