package exchange

import (
	"fmt"
	"strconv"
	"strings"
)

// maxHeaderList bounds a list in a header, in bytes: many servers and proxies refuse
// header lines beyond 8 KiB.
const maxHeaderList = 4096

// HeaderList joins n entries for a header value: whole ones, as far as there is room,
// and the number of the others.
func HeaderList(n int, entry func(i int) string) string {
	l := newHeaderList(n)
	for i := range n {
		if !addEntry(l, entry(i)) {
			break
		}
	}
	return l.text.String()
}

// headerList is a list for a header value while it is written.
type headerList struct {
	text strings.Builder
	left int // entries that were not added
}

func newHeaderList(n int) *headerList {
	l := &headerList{left: n}
	l.text.Grow(min(n*96, maxHeaderList))
	return l
}

// addEntry gives false where there was no room, and no more is to be added.
func addEntry[T string | []byte](l *headerList, entry T) bool {
	if !isHeaderText(entry) {
		entry = T(HeaderText(string(entry)))
	}
	if l.text.Len()+len(entry) > maxHeaderList {
		l.text.WriteString("; and " + strconv.Itoa(l.left) + " more")
		return false
	}
	if l.text.Len() > 0 {
		l.text.WriteString("; ")
	}
	l.text.Write([]byte(entry))
	l.left--
	return true
}

// HeaderText makes text fit for a header value: control characters and what is
// not ASCII are written as escapes (RFC 9110 section 5.5).
func HeaderText(text string) string {
	if isHeaderText(text) {
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

func isHeaderText[T string | []byte](text T) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
