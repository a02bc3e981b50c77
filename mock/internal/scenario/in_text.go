package scenario

import (
	"bytes"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	exprfile "github.com/expr-lang/expr/file"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// inCode gives the place in the file of a place in an expression that stands in n: as the
// whole of it, or in ${…}, where the text around it may have the same words.
func (c *compiler) inCode(n *source.Node, code string, at exprfile.Location) source.Span {
	from := byteOffset(code, at.From)
	to := max(from+1, byteOffset(code, at.To))
	if inside := "${" + code + "}"; strings.Contains(n.Text, inside) {
		return inText(n.At(), endOf(n), inside, len("${")+from, len("${")+to)
	}
	return inText(n.At(), endOf(n), code, from, to)
}

// inText gives the place of a part of a text that stands in a file, between where within
// begins and end. What quotes, escapes and the folding of lines have made of the text in the
// file is seen through. Where it cannot be found the whole place is given.
func inText(within source.Span, end int, text string, from, to int) source.Span {
	if within.File == nil || end > len(within.File.Data) || int(within.Off) > end {
		return within
	}
	w := rawText{data: within.File.Data[within.Off:end]}
	if start := bytes.Index(w.data, []byte(text)); start >= 0 {
		return source.Span{File: within.File, Off: within.Off + uint32(start+from), Len: uint32(to - from)}
	}
	if begin, stop, ok := w.find(text, from, to); ok {
		return source.Span{File: within.File, Off: within.Off + uint32(begin), Len: uint32(stop - begin)}
	}
	return within
}

// endOf gives the offset behind a value: where what follows it in the file begins.
func endOf(n *source.Node) int {
	at := n.At()
	if at.File == nil {
		return 0
	}
	for up := n; up.Parent() != nil; up = up.Parent() {
		if end, ok := nextBehind(at, up); ok {
			return end
		}
	}
	return len(at.File.Data)
}

// nextBehind gives the offset of the first of up's siblings that begins behind a place inside
// of up. Siblings stand in the order of the file, so that it is searched for: each finding of
// a long list asks. Those that an alias stands for are elsewhere, and then all are looked at.
func nextBehind(at source.Span, up *source.Node) (end int, ok bool) {
	siblings := up.Parent().Kids
	behind := func(i int) bool {
		next := siblings[i].KeyAt()
		return next.File == at.File && next.Off > at.Off
	}
	i := sort.Search(len(siblings), behind)
	if i > 0 && &siblings[i-1] == up && up.KeyAt().Off >= up.Parent().At().Off {
		if i < len(siblings) {
			return int(siblings[i].KeyAt().Off), true
		}
		return 0, false
	}
	for i := range siblings {
		if off := int(siblings[i].KeyAt().Off); behind(i) && (!ok || off < end) {
			end, ok = off, true
		}
	}
	return end, ok
}

// endOfKey gives the offset behind the key of a member: where its value begins.
func endOfKey(n *source.Node) int {
	if at := n.At(); at.File == n.KeyAt().File && at.Off > n.KeyAt().Off {
		return int(at.Off)
	}
	return endOf(n)
}

// maxSought bounds the bytes that are compared to find a text as it is written.
const maxSought = 4 << 20

// rawText is a text as it stands in a file, with what quotes, escapes and the folding of
// lines have made of it.
type rawText struct {
	data     []byte
	compared int
}

// find gives where a part of a text begins and stops.
func (w *rawText) find(text string, from, to int) (begin, stop int, ok bool) {
	for start := range w.data {
		if begin, stop, ok = w.match(start, text, from, to); ok || w.compared > maxSought {
			return begin, stop, ok
		}
	}
	return 0, 0, false
}

// match compares the text with what is written from start on.
func (w *rawText) match(start int, text string, from, to int) (begin, stop int, ok bool) {
	at := start
	for i := 0; i < len(text); {
		if i <= from {
			begin = at
		}
		if i < to {
			stop = at
		}
		n, of := w.character(at, text[i:])
		w.compared += max(n, 1)
		if n == 0 {
			return 0, 0, false
		}
		if i < to {
			stop = at + n
		}
		at, i = at+n, i+of
	}
	return begin, stop, true
}

// character gives how many bytes at a place stand for how many at the beginning of a text;
// 0 where they are others.
func (w *rawText) character(at int, text string) (raw, of int) {
	rest := w.data[at:]
	switch {
	case len(rest) == 0:
		return 0, 0
	case isBlank(text[0]) && isBlank(rest[0]):
		return len(rest) - len(bytes.TrimLeft(rest, blanks)), len(text) - len(strings.TrimLeft(text, blanks))
	case text[0] == '\'' && bytes.HasPrefix(rest, []byte("''")) && w.data[0] == '\'':
		return 2, 1
	case rest[0] == text[0] && rest[0] != '\\':
		return 1, 1
	case rest[0] != '\\' || len(rest) < 2:
		return 0, 0
	case rest[1] == text[0] && bytes.IndexByte([]byte(`"\/`), rest[1]) >= 0 && w.data[0] == '"':
		return 2, 1
	case rest[1] == 'u' && len(rest) >= 6 && w.data[0] == '"':
		if code, err := strconv.ParseUint(string(rest[2:6]), 16, 32); err == nil {
			if r, size := utf8.DecodeRuneInString(text); r == rune(code) {
				return 6, size
			}
		}
	case (rest[1] == 'n' && text[0] == '\n' || rest[1] == 't' && text[0] == '\t') && w.data[0] == '"':
		return 2, 1
	case text[0] == '\\':
		return 1, 1
	}
	return 0, 0
}

// blanks are what the folding of lines makes one of.
const blanks = " \n\r\t"

func isBlank(c byte) bool { return strings.IndexByte(blanks, c) >= 0 }

// byteOffset turns a number of characters into bytes.
func byteOffset(s string, runes int) int {
	off := 0
	for ; runes > 0 && off < len(s); runes-- {
		_, size := utf8.DecodeRuneInString(s[off:])
		off += size
	}
	return off
}
