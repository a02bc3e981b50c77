// Package xmlvalue reads XML documents into plain Go data by the schema that describes
// them, and writes them.
//
// The xml object of a schema says what is an attribute, an element, or the text of the
// element around it, how it is called and in which namespace it is (OpenAPI 3.1 section
// 4.8.26). A property without one is an element of its name, an array without one a
// repeated element. Elements and attributes that the schema does not know become members
// of their local names, so that the schema judges them too. Text becomes numbers,
// booleans and null by the types of the schema, as that of parameters does;
// xsi:nil="true" is null.
package xmlvalue

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codec reads and writes the documents of one schema. It is safe for concurrent use.
type Codec struct {
	body    *param.Body
	shapeOf func(*source.Node) *schema.Shape
	root    *manner
	fresh   sync.Map // *source.Node → *schema.Shape
	members sync.Map // *schema.Shape → *members
}

// New makes the codec of a schema. name is that of the root element where the schema does
// not give one, "" for any; shapeOf gives the shapes of schemas, which are cut at some
// depth.
func New(body *param.Body, name string, shapeOf func(*source.Node) *schema.Shape) *Codec {
	return &Codec{body: body, shapeOf: shapeOf, root: mannerOf(name, body.Shape())}
}

// whole gives the shape with all that is below it: shapes are cut after some levels, and
// documents of recursive schemas may be deeper.
func (c *Codec) whole(s *schema.Shape) *schema.Shape {
	if s == nil || s.Source == nil || s == c.body.Shape() {
		return s
	}
	known, ok := c.fresh.Load(s.Source)
	if !ok {
		known, _ = c.fresh.LoadOrStore(s.Source, c.shapeOf(s.Source))
	}
	return known.(*schema.Shape)
}

// members are the declared properties of an object by how they are written.
type members struct {
	byName   map[string]*manner // of the property
	elements map[string]string  // element → property
	attrs    map[string]string
	text     string // the property that is the element's text, "" for none
}

func (c *Codec) membersOf(s *schema.Shape) *members {
	if s == nil {
		return &members{}
	}
	if known, ok := c.members.Load(s); ok {
		return known.(*members)
	}
	m := &members{byName: map[string]*manner{}, elements: map[string]string{}, attrs: map[string]string{}}
	// In an order, so that of two properties which are written alike always the same counts.
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		how := mannerOf(name, c.whole(s.Properties[name]))
		m.byName[name] = how
		switch {
		case how.attribute:
			m.attrs[how.name] = name
		case how.text:
			m.text = name
		default:
			m.elements[how.elementName()] = name
		}
	}
	known, _ := c.members.LoadOrStore(s, m)
	return known.(*members)
}

// Decode reads a document and gives its violations.
func (c *Codec) Decode(data []byte) (value any, decoded bool, found []exchange.Violation) {
	root, err := parse(data)
	if err != nil {
		return nil, false, []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleDecode, Expected: "XML", Got: err.Error(), Fix: "send well-formed XML"}}
	}
	r := &reading{Codec: c, Reading: c.body.Reading()}
	if c.root.shape != nil && c.root.shape.XML.Has("name") && root.name.Local != c.root.name {
		r.misnamed("", c.root.name, root)
	}
	r.inSpace("", c.root.space, root.name)
	switch shape := c.body.Shape(); {
	case r.isObject(shape, root):
		value = r.object(root, shape, "")
	case c.root.list:
		value = r.items(root.kids, c.root, "")
	case root.isNil():
	default:
		value = r.Root(spell(shape, root.text))
	}
	found = r.Judge(value)
	c.name(found)
	return value, true, found
}

// reading makes the value of one document.
type reading struct {
	*Codec
	*param.Reading
}

// isObject tells whether an element is read as an object.
func (r *reading) isObject(s *schema.Shape, e *element) bool {
	types := param.Meant(s)
	scalars := types &^ (schema.TypeObject | schema.TypeArray | schema.TypeNull)
	return types.Has(schema.TypeObject) && (len(e.kids) > 0 || len(e.data()) > 0 || scalars == 0 && !e.isNil())
}

// value reads an element.
func (r *reading) value(e *element, how *manner, at param.Place) any {
	if how.space != "" {
		r.inSpace(at.Pointer(), how.space, e.name)
	}
	shape := r.whole(how.shape)
	switch {
	case e.isNil():
		return nil
	case r.isObject(shape, e):
		return r.object(e, shape, at.Pointer())
	case how.list:
		return r.items(e.kids, how, at.Pointer())
	}
	if len(e.kids) > 0 {
		r.Fault(exchange.Violation{Pointer: at.Pointer(), Rule: "type", Expected: "text", Got: "elements", Fix: "send text in <" + e.name.Local + ">"})
		return e.text
	}
	return r.Text(shape, spell(shape, e.text), at)
}

// spell takes white space off where text is no string.
func spell(s *schema.Shape, text string) string {
	if param.Meant(s)&schema.TypeString == 0 {
		return strings.TrimSpace(text)
	}
	return text
}

// items reads the elements of an array that stands at pointer.
func (r *reading) items(kids []*element, how *manner, pointer string) []any {
	list := make([]any, len(kids))
	for i, kid := range kids {
		at := param.Item(pointer, list, i)
		item := how.item
		if s := r.whole(how.shape); s != nil && len(s.Prefix) > 0 {
			item = mannerOf(how.item.name, s.Item(i))
		}
		if kid.name.Local != item.name && item.name != "" && how.wrapped {
			r.misnamed(at.Pointer(), item.name, kid)
		}
		list[i] = r.value(kid, item, at)
	}
	return list
}

// object reads an element with members.
func (r *reading) object(e *element, shape *schema.Shape, pointer string) map[string]any {
	object := make(map[string]any, len(e.kids))
	known := r.membersOf(shape)
	for _, a := range e.data() {
		name, declared := known.attrs[a.Name.Local]
		if !declared {
			name = a.Name.Local
		}
		how := r.manner(known, shape, name)
		at := param.Member(pointer, object, name)
		if declared {
			r.inSpace(at.Pointer(), how.space, a.Name)
		}
		object[name] = r.Text(how.shape, spell(how.shape, a.Value), at)
	}
	groups, order := map[string][]*element{}, []string{}
	for i, kid := range e.kids {
		name, ok := known.elements[kid.name.Local]
		if !ok {
			name = kid.name.Local
		}
		if group := groups[name]; group != nil {
			groups[name] = append(group, kid)
		} else {
			groups[name] = e.kids[i : i+1 : i+1] // most names come once
			order = append(order, name)
		}
	}
	for _, name := range order {
		at := param.Member(pointer, object, name)
		if _, taken := object[name]; taken {
			r.Repeated(at, len(groups[name])+1)
			continue
		}
		object[name] = r.member(groups[name], r.manner(known, shape, name), at)
	}
	r.text(e, known, object, pointer)
	return object
}

func (r *reading) manner(known *members, shape *schema.Shape, name string) *manner {
	if how := known.byName[name]; how != nil {
		return how
	}
	return mannerOf(name, r.whole(shape.Member(name)))
}

// member reads the elements of one property.
func (r *reading) member(kids []*element, how *manner, at param.Place) any {
	switch {
	case how.list && !how.wrapped:
		return r.items(kids, how, at.Pointer())
	case len(kids) == 1:
		return r.value(kids[0], how, at)
	case how.shape == nil || how.shape.Types == schema.AnyType:
		return r.items(kids, &manner{name: how.name, shape: how.shape, item: how}, at.Pointer())
	}
	r.Repeated(at, len(kids))
	return r.value(kids[0], how, at)
}

// text reads the character data of an element with members.
func (r *reading) text(e *element, known *members, object map[string]any, pointer string) {
	switch {
	case known.text != "":
		how := known.byName[known.text]
		if _, taken := object[known.text]; !taken {
			object[known.text] = r.Text(how.shape, spell(how.shape, e.text), param.Member(pointer, object, known.text))
		}
	case strings.TrimSpace(e.text) != "":
		r.Fault(exchange.Violation{Pointer: pointer, Rule: exchange.RuleUnknown, Expected: "elements alone", Got: "text between them", Fix: "leave out the text in <" + e.name.Local + ">"})
	}
}

func (r *reading) misnamed(pointer, want string, e *element) {
	r.Fault(exchange.Violation{Pointer: pointer, Rule: exchange.RuleDecode, Expected: "<" + want + ">", Got: "<" + clip(e.name.Local) + ">", Fix: "call the element " + want})
}

// inSpace notes a name that is not in the namespace that the schema gives; "" is any.
func (r *reading) inSpace(pointer, want string, name xml.Name) {
	if want != "" && name.Space != want {
		r.Fault(exchange.Violation{Pointer: pointer, Rule: exchange.RuleDecode, Expected: fmt.Sprintf("in the namespace %q", want), Got: fmt.Sprintf("%q", clip(name.Space)), Fix: fmt.Sprintf("put %s into the namespace %s", clip(name.Local), want)})
	}
}

func clip(text string) string { return source.Cut(text, 80) }
