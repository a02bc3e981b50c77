package source

import "unicode/utf8"

// Cut cuts a text that somebody may make as long as he likes to n bytes, fewer where a
// character would be cut, and marks the place.
func Cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	end := n
	for end > 0 && end > n-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
