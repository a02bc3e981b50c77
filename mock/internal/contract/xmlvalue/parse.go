package xmlvalue

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits on one document; beyond them it is not read.
const (
	// MaxDepth bounds elements inside each other.
	MaxDepth = 256
	// MaxNodes bounds elements and attributes together.
	MaxNodes = 100_000
	// MaxAttributes bounds the attributes of one element.
	MaxAttributes = 256
	// MaxName bounds the name of an element or attribute, in bytes.
	MaxName = 1024
)

// instanceSpace is the namespace of xsi:nil (XML Schema part 1, section 2.6).
const instanceSpace = "http://www.w3.org/2001/XMLSchema-instance"

// element is an element with its content; text is all of its own character data joined.
type element struct {
	name  xml.Name
	attrs []xml.Attr
	kids  []*element
	chars []byte // of text in several pieces, because comments may stand between any two
	text  string
}

// add adds character data. Most elements have one piece of it.
func (e *element) add(t []byte) {
	switch {
	case e.chars != nil:
		e.chars = append(e.chars, t...)
	case e.text != "":
		e.chars = append([]byte(e.text), t...)
	default:
		e.text = string(t)
	}
}

// isNil tells whether the element says xsi:nil="true".
func (e *element) isNil() bool {
	for _, a := range e.attrs {
		if a.Name.Space == instanceSpace && a.Name.Local == "nil" {
			return a.Value == "true" || a.Value == "1"
		}
	}
	return false
}

// data gives the attributes that are neither namespaces nor XML Schema's.
func (e *element) data() []xml.Attr {
	var list []xml.Attr
	for _, a := range e.attrs {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" && a.Name.Space != instanceSpace {
			list = append(list, a)
		}
	}
	return list
}

// parse reads a document. Document types are refused, so that no entity but the five of
// XML itself is ever expanded.
func parse(data []byte) (*element, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("it is not UTF-8")
	}
	if crowded(data) {
		return nil, fmt.Errorf("an element has more than %d attributes", MaxAttributes)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	var root *element
	var open []*element
	nodes := 0
	for {
		token, err := d.Token()
		if err == io.EOF && root != nil && len(open) == 0 {
			return root, nil
		}
		if err == io.EOF {
			return nil, errors.New("there is no element")
		}
		if err != nil {
			return nil, errors.New(strings.TrimPrefix(err.Error(), "XML syntax error on "))
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("it has a document type, and none is read")
		case xml.StartElement:
			if nodes += 1 + len(t.Attr); nodes > MaxNodes {
				return nil, fmt.Errorf("it has more than %d elements and attributes", MaxNodes)
			}
			if err := bounded(t, len(open)); err != nil {
				return nil, err
			}
			e := &element{name: t.Name, attrs: t.Copy().Attr}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.kids = append(parent.kids, e)
			case root != nil:
				return nil, errors.New("it has more than one root element")
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			e := open[len(open)-1]
			if e.chars != nil {
				e.text, e.chars = string(e.chars), nil
			}
			open = open[:len(open)-1]
		case xml.CharData:
			switch {
			case len(open) > 0:
				open[len(open)-1].add(t)
			case len(bytes.TrimSpace(bytes.TrimPrefix(t, []byte("\ufeff")))) > 0:
				return nil, errors.New("there is text outside of the root element")
			}
		}
	}
}

func bounded(t xml.StartElement, depth int) error {
	switch {
	case depth >= MaxDepth:
		return fmt.Errorf("elements are nested more than %d deep", MaxDepth)
	case len(t.Name.Local) > MaxName:
		return fmt.Errorf("a name is longer than %d bytes", MaxName)
	}
	for i, a := range t.Attr {
		if len(a.Name.Local) > MaxName {
			return fmt.Errorf("a name is longer than %d bytes", MaxName)
		}
		if slices.ContainsFunc(t.Attr[:i], func(b xml.Attr) bool { return a.Name == b.Name }) {
			return fmt.Errorf("an element has the attribute %s twice", a.Name.Local) // XML section 3.1
		}
	}
	return nil
}
