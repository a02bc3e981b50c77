// Package source knows where something stands in a file and how a mistake
// there is shown.
//
// A File holds the text, a Node is one value of its raw tree: the order of
// members, the text of numbers and the position of every key and value are kept,
// because struct decoding loses all three. A Diagnostic is one finding about a
// place in a file; this package alone turns findings into text.
//
// Parse makes trees of YAML and JSON, New and Link make them of parts. A finished tree
// is never changed, so that all requests can read it at the same time; Link copies what
// it is given of another one.
package source

import (
	"bytes"
	"sort"
	"strconv"
	"sync"
	"unicode/utf8"
)

// File is one text that was read, with the name under which it is shown. It is
// immutable and safe for concurrent use.
type File struct {
	// Name is what diagnostics print: a path relative to the working directory
	// where there is one, or a URL.
	Name string
	// Data is the text as read.
	Data []byte

	indexOnce sync.Once
	starts    []uint32 // offset of the first byte of each line
	marksOnce sync.Once
	marks     []mark // about every markEvery bytes
}

// mark tells how many characters of the file stand before the one at off.
type mark struct{ off, characters uint32 }

// markEvery is the distance between marks, in bytes.
const markEvery = 4096

// Position is a place in a file for people: both numbers start at 1 and columns
// count characters, not bytes. The zero Position means "nowhere known".
type Position struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

// String gives file:line:col, and the file's name alone where no line is known.
func (p Position) String() string { return string(p.append(make([]byte, 0, 64))) }

func (p Position) append(b []byte) []byte {
	b = append(b, p.File...)
	if p.Line == 0 {
		return b
	}
	b = strconv.AppendInt(append(b, ':'), int64(p.Line), 10)
	return strconv.AppendInt(append(b, ':'), int64(p.Col), 10)
}

// Span is a stretch of bytes of one file. The zero Span means "nowhere known".
// Computing its Position is left to the one who shows it, so spans are cheap to
// keep with every compiled rule.
type Span struct {
	File *File
	Off  uint32
	Len  uint32
}

// Position says where the span begins.
func (s Span) Position() Position {
	if s.File == nil {
		return Position{}
	}
	line, lineStart := s.File.line(s.Off)
	return Position{File: s.File.Name, Line: line, Col: 1 + s.File.characters(lineStart, min(int(s.Off), len(s.File.Data)))}
}

// Columns counts the characters of the span, at least 1.
func (s Span) Columns() int {
	if s.File == nil {
		return 1
	}
	from := min(int(s.Off), len(s.File.Data))
	return max(1, utf8.RuneCount(s.File.Data[from:min(from+int(s.Len), len(s.File.Data))]))
}

// String gives the span's position as file:line:col.
func (s Span) String() string { return s.Position().String() }

// Append appends what String gives.
func (s Span) Append(b []byte) []byte { return s.Position().append(b) }

func (f *File) lineStarts() []uint32 {
	f.indexOnce.Do(func() {
		f.starts = append(make([]uint32, 0, 1+bytes.Count(f.Data, []byte{'\n'})), 0)
		for off, b := range f.Data {
			if b == '\n' {
				f.starts = append(f.starts, uint32(off+1))
			}
		}
	})
	return f.starts
}

// characters counts those between the beginning of a line and a place in it. All of a
// minified file is one line, in which thousands of places may be asked for.
func (f *File) characters(from, to int) int {
	if to-from <= markEvery {
		return utf8.RuneCount(f.Data[from:to])
	}
	f.marksOnce.Do(func() {
		n := uint32(0)
		for off := 0; off < len(f.Data); n++ {
			if len(f.marks)*markEvery <= off {
				f.marks = append(f.marks, mark{uint32(off), n})
			}
			_, size := utf8.DecodeRune(f.Data[off:])
			off += size
		}
	})
	before := func(off int) int {
		m := f.marks[sort.Search(len(f.marks), func(i int) bool { return int(f.marks[i].off) > off })-1]
		return int(m.characters) + utf8.RuneCount(f.Data[m.off:off])
	}
	return before(to) - before(from)
}

// line gives the 1-based number of the line that holds off, and the offset at
// which that line begins.
func (f *File) line(off uint32) (number, start int) {
	starts := f.lineStarts()
	i := sort.Search(len(starts), func(i int) bool { return starts[i] > off }) - 1
	return i + 1, int(starts[i])
}

// lineText gives line number (from 1) without its line break. It is a part of Data: all of a
// minified file is one line, and thousands of places in it may be shown.
func (f *File) lineText(number int) []byte {
	starts := f.lineStarts()
	if number < 1 || number > len(starts) {
		return nil
	}
	end := len(f.Data)
	if number < len(starts) {
		end = int(starts[number]) - 1
	}
	return bytes.TrimSuffix(f.Data[starts[number-1]:end], []byte("\r"))
}

// SpanAt gives the token at a 1-based line and character column.
func (f *File) SpanAt(line, col int) Span {
	at := cursor{file: f}
	return f.token(at.offset(line, col))
}

// cursor turns the 1-based lines and character columns of a YAML reader into
// byte offsets. It remembers the last place, and places on the way, because a file may be
// one long line, in which aliases and keys lead back and forth.
type cursor struct {
	file      *File
	line, col int
	off       int
	// marks are the offsets of every stride-th character of a line, as far as it was
	// passed.
	marks map[int][]int
}

// stride is how many characters lie between two marks.
const stride = 256

// offset gives the byte offset of a place; one behind the end of a line is cut to
// its end.
func (c *cursor) offset(line, col int) uint32 {
	starts := c.file.lineStarts()
	if line < 1 {
		return 0
	}
	if line > len(starts) {
		return uint32(len(c.file.Data))
	}
	if line != c.line || col < c.col {
		c.line, c.col, c.off = line, 1, int(starts[line-1])
	}
	if marks := c.marks[line]; col-c.col > stride && len(marks) > 0 {
		if last := min((col-1)/stride, len(marks)); 1+last*stride > c.col {
			c.col, c.off = 1+last*stride, marks[last-1]
		}
	}
	for data := c.file.Data; c.col < col && c.off < len(data) && data[c.off] != '\n'; {
		_, size := utf8.DecodeRune(data[c.off:])
		c.off += size
		c.col++
		if (c.col-1)%stride == 0 && (c.col-1)/stride == len(c.marks[line])+1 {
			if c.marks == nil {
				c.marks = map[int][]int{}
			}
			c.marks[line] = append(c.marks[line], c.off)
		}
	}
	return uint32(c.off)
}

// token guesses the extent of the token at off for the caret: a quoted string,
// else a run of characters up to what ends a plain word in YAML or JSON.
func (f *File) token(off uint32) Span {
	data := f.Data[min(int(off), len(f.Data)):]
	if len(data) == 0 {
		return Span{File: f, Off: off}
	}
	if line := bytes.IndexByte(data, '\n'); line >= 0 {
		data = data[:line]
	}
	n := 0
	if len(data) > 0 && (data[0] == '"' || data[0] == '\'') {
		for n = 1; n < len(data) && data[n] != data[0]; n++ {
			if data[n] == '\\' && data[0] == '"' {
				n++
			}
		}
		n = min(n+1, len(data))
	} else {
		for n < len(data) {
			c := data[n]
			if c == '\r' || c == ',' || c == '}' || c == ']' || (c == ':' && (n+1 == len(data) || data[n+1] == ' ' || data[n+1] == '\r')) || (c == '#' && n > 0 && data[n-1] == ' ') {
				break
			}
			n++
		}
		n = len(bytes.TrimRight(data[:n], " \t\r"))
		if n > 60 {
			n = 60
		}
	}
	return Span{File: f, Off: off, Len: uint32(max(n, 1))}
}
