package author

import (
	"bytes"
	"fmt"
	"strings"
)

// Page collects the lines of a scenario file, and for each to what it belongs. The
// zero value is empty.
type Page[T any] struct {
	// Owner is to what the lines belong that are added from now on.
	Owner  T
	text   []byte
	owners []T
}

// Line adds a line, or several with line feeds between.
func (p *Page[T]) Line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	p.text = append(append(p.text, text...), '\n')
	for range 1 + strings.Count(text, "\n") {
		p.owners = append(p.owners, p.Owner)
	}
}

// Text is the file, which ends with one line feed.
func (p *Page[T]) Text() []byte {
	text := bytes.TrimRight(p.text, "\n")
	return append(text[:len(text):len(text)], '\n')
}

// Owners has the owner of each line; the first line has index 0.
func (p *Page[T]) Owners() []T { return p.owners }

// maxComment bounds a comment in characters.
const maxComment = 100

// Comment makes a text fit for the rest of a line behind a #: one line of at most 100
// characters.
func Comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxComment {
		return string(runes[:maxComment-1]) + "…"
	}
	return text
}

// Behind is a comment behind what a line says, with the blank before it; "" for none.
func Behind(text string) string {
	if text == "" {
		return ""
	}
	return " # " + Comment(text)
}
