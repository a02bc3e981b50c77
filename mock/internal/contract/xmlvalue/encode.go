package xmlvalue

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Encode writes a value as a document. The error says what of it cannot be written.
func (c *Codec) Encode(n *source.Node) ([]byte, error) {
	w := &writer{Codec: c}
	w.b.WriteString(xml.Header)
	root := *c.root
	root.name = cmp.Or(root.name, "root")
	if root.list {
		root.wrapped = true // a document has one root element
	}
	w.value(&root, n)
	return w.b.Bytes(), w.err
}

// writer writes one document.
type writer struct {
	*Codec
	b   bytes.Buffer
	err error
}

func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// value writes the elements of a value; arrays are several where nothing is around them.
func (w *writer) value(how *manner, n *source.Node) {
	if n.Kind == source.Array && !how.wrapped {
		for i, item := range n.Items() {
			w.value(w.itemOf(how, i), item)
		}
		return
	}
	name := w.name(how)
	w.b.WriteString("<" + name)
	w.space(how)
	switch n.Kind {
	case source.Null:
		fmt.Fprintf(&w.b, ` xmlns:xsi="%s" xsi:nil="true"/>`, instanceSpace)
		return
	case source.Object:
		w.object(how, n)
	case source.Array:
		w.b.WriteByte('>')
		for i, item := range n.Items() {
			w.value(w.itemOf(how, i), item)
		}
	default:
		w.b.WriteByte('>')
		w.text(n)
	}
	w.b.WriteString("</" + name + ">")
}

// itemOf is how an item of an array is written, an array inside of it with an element
// around its items.
func (w *writer) itemOf(how *manner, i int) *manner {
	item := manner{name: how.name}
	if how.item != nil {
		item = *how.item
		if s := w.whole(how.shape); s != nil {
			item = *mannerOf(how.item.name, w.whole(s.Item(i)))
		}
	}
	item.wrapped = true // it says nothing of what is no array
	return &item
}

// object writes attributes, then what is inside of the element.
func (w *writer) object(how *manner, n *source.Node) {
	shape := w.whole(how.shape)
	known := w.membersOf(shape)
	for name, member := range n.Members() {
		m := known.byName[name]
		if m == nil || !m.attribute {
			continue
		}
		w.b.WriteByte(' ')
		if m.space != "" && m.prefix != "" {
			fmt.Fprintf(&w.b, `xmlns:%s="`, m.prefix)
			_ = xml.EscapeText(&w.b, []byte(m.space)) // a Buffer never fails
			w.b.WriteString(`" `)
		}
		w.b.WriteString(w.name(m) + `="`)
		w.text(member)
		w.b.WriteByte('"')
	}
	w.b.WriteByte('>')
	for name, member := range n.Members() {
		m := known.byName[name]
		switch {
		case m == nil:
			m = mannerOf(name, nil)
			if shape != nil {
				m = mannerOf(name, w.whole(shape.Member(name)))
			}
			w.value(m, member)
		case m.attribute:
		case m.text:
			w.text(member)
		default:
			w.value(m, member)
		}
	}
}

// name gives the name with its prefix.
func (w *writer) name(how *manner) string {
	if !isName(how.name) || how.prefix != "" && !isName(how.prefix) {
		w.fail("%q is no name of an XML element", how.name)
	}
	if how.prefix != "" && how.space != "" {
		return how.prefix + ":" + how.name
	}
	return how.name
}

// space declares the namespace of an element.
func (w *writer) space(how *manner) {
	if how.space == "" {
		return
	}
	w.b.WriteString(" xmlns")
	if how.prefix != "" {
		w.b.WriteString(":" + how.prefix)
	}
	w.b.WriteString(`="`)
	_ = xml.EscapeText(&w.b, []byte(how.space)) // a Buffer never fails
	w.b.WriteByte('"')
}

func (w *writer) text(n *source.Node) {
	if n.Kind == source.Object || n.Kind == source.Array {
		w.fail("an attribute or a text cannot hold an object or array")
		return
	}
	text := n.Scalar()
	for _, c := range text {
		if !isChar(c) {
			w.fail("the character %U cannot stand in XML", c)
			return
		}
	}
	_ = xml.EscapeText(&w.b, []byte(text)) // a Buffer never fails
}

// isChar tells whether XML has the character (XML 1.0 section 2.2).
func isChar(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c != utf8.RuneError && c != 0xFFFE && c != 0xFFFF
}

// isName tells whether text can be the local name of an element (Namespaces in XML 1.0
// section 4).
func isName(text string) bool {
	for i, c := range text {
		letter := c == '_' || unicode.IsLetter(c)
		if !letter && (i == 0 || c != '-' && c != '.' && !unicode.IsDigit(c)) {
			return false
		}
	}
	return text != ""
}
