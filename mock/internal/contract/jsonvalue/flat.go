package jsonvalue

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is what a Node is.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota
	False
	True
	Text
	Number
	Array
	Object
	// Long is a string of which only the length and a digest are known, and Foreign what is
	// no JSON value. No text has one.
	Long
	Foreign
)

// Node is a value in a Flat.
type Node struct {
	// Name is that of a member.
	Name string
	// Text is what a string says, the digits of a number, or the digest of a Long.
	Text string
	// Count is the number of items or members, or the length of a Long in characters.
	Count int
	// Next is the index behind the value with all that is in it: of its neighbour.
	Next int32
	Kind Kind
}

// Flat is a value taken apart: each array and object stands before its items and members,
// one behind the other in one slice. It says as much as a tree of maps and slices does, and
// takes no memory of its own for a text that is read into one that was used before. The
// zero value is empty. Only one goroutine may use a Flat.
type Flat struct {
	Nodes []Node

	names map[int]map[string]int32 // of large objects, by their indexes
}

// manyMembers is from where on a map is faster than looking at one member after the other.
const manyMembers = 16

// Parts gives the indexes of the items or members of the value at an index. Nodes may be
// appended meanwhile.
func (f *Flat) Parts(at int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, end := at+1, int(f.Nodes[at].Next); i < end; i = int(f.Nodes[i].Next) {
			if !yield(i) {
				return
			}
		}
	}
}

// Member gives the index of a member of the object at an index, 0 where it has none of that
// name.
func (f *Flat) Member(at int, name string) int {
	if f.Nodes[at].Count > manyMembers {
		return f.memberOfMany(at, name)
	}
	for i := range f.Parts(at) {
		if f.Nodes[i].Name == name {
			return i
		}
	}
	return 0
}

func (f *Flat) memberOfMany(at int, name string) int {
	if f.names == nil {
		f.names = map[int]map[string]int32{}
	}
	members := f.names[at]
	if members == nil {
		members = make(map[string]int32, f.Nodes[at].Count)
		for i := range f.Parts(at) {
			members[f.Nodes[i].Name] = int32(i)
		}
		f.names[at] = members
	}
	return int(members[name])
}

const (
	// maxSpare bounds the nodes for which a Flat holds memory for the next text.
	maxSpare = 8192
	// largeText is from where on the values of a text are counted before it is taken apart,
	// in bytes: to make room again and again would take several times the memory.
	largeText = 16 << 10
)

var flats = sync.Pool{New: func() any { return new(Flat) }}

// NewFlat gives an empty Flat, which Release takes back.
func NewFlat() *Flat { return flats.Get().(*Flat) }

// Release gives the memory of a Flat to others. Nobody may use it any more.
func (f *Flat) Release() {
	clear(f.Nodes) // texts must not stay in memory for it
	f.names = nil
	if f.Nodes = f.Nodes[:0]; cap(f.Nodes) <= maxSpare {
		flats.Put(f)
	}
}

// Read takes a JSON text apart, as the first value of an empty Flat; false where Decode
// says what is wrong with it. The text must not change as long as the Flat, or a Tree of it,
// is used: names, strings and numbers that stand there as they mean are parts of it.
func (f *Flat) Read(text []byte) bool {
	return jsontext.Value(text).IsValid() && f.scan(textOf(text))
}

// textOf gives bytes that do not change any more as a string, without a copy.
func textOf(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }

// scan takes a well-formed text apart; false where it is nested too deep.
func (f *Flat) scan(text string) bool {
	if len(text) > largeText {
		f.Nodes = slices.Grow(f.Nodes, mostValues(text))
	}
	return f.value(text, skipSpace(text, 0), "", 0) >= 0
}

// mostValues bounds the values in a well-formed text: all but the first stand behind a
// comma, or are the first in an array or object.
func mostValues(text string) int {
	n := 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ',', '[', '{':
			n++
		case '"':
			i = stringEnd(text, i) - 1
		}
	}
	return n
}

// value appends the value at i, and gives the index behind it in the text; -1 where it is
// nested too deep.
func (f *Flat) value(text string, i int, name string, depth int) int {
	at := len(f.Nodes)
	n := Node{Name: name, Next: int32(at + 1)}
	switch text[i] {
	case '{', '[':
		return f.compound(text, i, n, depth+1)
	case '"':
		n.Kind = Text
		n.Text, i = plainString(text, i)
	case 'n':
		i += len("null")
	case 'f':
		n.Kind = False
		i += len("false")
	case 't':
		n.Kind = True
		i += len("true")
	default:
		start := i
		for i < len(text) && text[i] > ' ' && text[i] != ',' && text[i] != ']' && text[i] != '}' {
			i++
		}
		n.Kind, n.Text = Number, text[start:i]
	}
	f.Nodes = append(f.Nodes, n)
	return i
}

// compound appends the array or object n that begins at i.
func (f *Flat) compound(text string, i int, n Node, depth int) int {
	if depth > MaxDepth {
		return -1
	}
	at, end := len(f.Nodes), byte(']')
	if n.Kind = Array; text[i] == '{' {
		n.Kind, end = Object, '}'
	}
	f.Nodes = append(f.Nodes, n)
	i = skipSpace(text, i+1)
	for text[i] != end {
		if text[i] == ',' {
			i = skipSpace(text, i+1)
		}
		name := ""
		if n.Kind == Object {
			name, i = plainString(text, i)
			i = skipSpace(text, skipSpace(text, i)+len(":"))
		}
		if i = f.value(text, i, name, depth); i < 0 {
			return i
		}
		i = skipSpace(text, i)
		n.Count++
	}
	f.Nodes[at].Count, f.Nodes[at].Next = n.Count, int32(len(f.Nodes))
	return i + 1
}

func skipSpace(text string, i int) int {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	return i
}

// stringEnd gives the index behind the string at i.
func stringEnd(text string, i int) int {
	end := i + 1 + strings.IndexByte(text[i+1:], '"')
	if strings.IndexByte(text[i:end], '\\') < 0 {
		return end + 1
	}
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// plainString gives what the string at i says, and the index behind it.
func plainString(text string, i int) (string, int) {
	end := stringEnd(text, i)
	if plain := text[i+1 : end-1]; strings.IndexByte(plain, '\\') < 0 {
		return plain, end
	}
	plain, _ := jsontext.AppendUnquote(nil, text[i:end]) // the text is well-formed
	return string(plain), end
}

// Tree gives the value at an index as plain Go data.
func (f *Flat) Tree(at int) any {
	switch n := &f.Nodes[at]; n.Kind {
	case False, True:
		return n.Kind == True
	case Text:
		return n.Text
	case Number:
		return json.Number(n.Text)
	case Array:
		items := make([]any, 0, n.Count)
		for i := range f.Parts(at) {
			items = append(items, f.Tree(i))
		}
		return items
	case Object:
		members := make(map[string]any, n.Count)
		for i := range f.Parts(at) {
			members[f.Nodes[i].Name] = f.Tree(i)
		}
		return members
	}
	return nil
}
