package param

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Encoding is how one property of a form is sent (OpenAPI 3.1 section 4.8.15).
type Encoding struct {
	// Style and Explode are those of query parameters; "" where none of the keywords
	// style, explode and allowReserved is there.
	Style   string
	Explode bool
	// JSON tells that values of the property are JSON texts.
	JSON bool
	// Node is the encoding object, for positions.
	Node *source.Node
}

// Form reads forms: bodies whose parts have names. A property without an encoding is one
// field, and an array a field for each of its items; text that an array or object is read
// from is JSON. It is immutable and safe for concurrent use.
type Form struct {
	Body
	encodings map[string]Encoding
	// styled are the properties that a style spreads over fields.
	styled  []*Decoder
	escaped bool
}

// Field is a part of a form. Raw is as sent.
type Field struct {
	Name string
	Raw  string
	// Decoded tells that Value is what the field holds, whatever Raw is.
	Decoded bool
	Value   any
}

// CompileForm prepares the reader of forms with a schema, nil for anything, and the
// encodings of properties. escaped tells that values are sent as
// application/x-www-form-urlencoded has them. The findings are what is not enforced; the
// error is that of the schema.
func CompileForm(n *source.Node, encodings map[string]Encoding, escaped bool, c *schema.Compiler, dir schema.Direction) (*Form, source.Diagnostics, error) {
	body, err := CompileBody(n, c, dir)
	f := &Form{Body: *body, encodings: encodings, escaped: escaped}
	f.d.spread = true
	if escaped {
		f.d.text = plusPercent
	}
	var found source.Diagnostics
	for name, e := range encodings {
		if e.Style == "" {
			continue
		}
		shape := f.d.shape.Member(name)
		if shape == nil {
			shape = c.ShapeOf(nil)
		}
		d, told := compile(Spec{In: exchange.Body, Name: name, Style: e.Style, Explode: e.Explode, Schema: shape.Source, Node: e.Node}, shape, c, dir)
		if !escaped {
			d.text, d.unescaped = utf8Text, true
		}
		found = append(found, told...)
		f.styled = append(f.styled, d)
	}
	slices.SortFunc(f.styled, func(a, b *Decoder) int { return cmp.Compare(a.Name, b.Name) })
	Bind(f.styled)
	return f, found, err
}

// Decode gives the object that the fields stand for, and its violations.
func (f *Form) Decode(fields []Field) (value any, found []exchange.Violation) {
	if len(fields) > MaxMembers {
		return nil, []exchange.Violation{f.d.complete(f.d.tooMany(""))}
	}
	r := f.Reading()
	object := make(map[string]any, len(fields))
	rest := f.readStyled(r, fields, object)
	byName := make(map[string][]Field, len(rest))
	for i, field := range rest {
		if of := byName[field.Name]; of != nil {
			byName[field.Name] = append(of, field)
		} else {
			byName[field.Name] = rest[i : i+1 : i+1] // most names come once
		}
	}
	for _, field := range rest { // in their order, so that violations are told in it
		if _, done := object[field.Name]; !done {
			object[field.Name] = f.property(&r.r, byName[field.Name], place{object: object, name: field.Name})
		}
	}
	found = r.Judge(object)
	f.hintBrackets(object, found)
	return object, found
}

// listBrackets end the names of fields by which PHP, Rails and the libraries made for them
// send lists.
const listBrackets = "[]"

// undeclaredList tells whether a field of which the schema says nothing is an item of a
// list by its name.
func (f *Form) undeclaredList(name string) bool {
	_, declared := f.d.shape.Properties[name]
	types, _ := meant(f.d.shape.Member(name))
	return !declared && types == schema.AnyType && strings.HasSuffix(name, listBrackets)
}

// hintBrackets says what to do where a property is missing and its name with brackets was
// sent: the brackets are a part of the name, and belong into the description.
func (f *Form) hintBrackets(object map[string]any, found []exchange.Violation) {
	for i := range found {
		v := &found[i]
		if v.Rule != "required" || v.Pointer != "" {
			continue
		}
		for name := range object {
			plain, ok := strings.CutSuffix(name, listBrackets)
			if ok && v.Fix == "add the property "+strconv.Quote(plain) {
				v.Fix = fmt.Sprintf("send the field %q as %q, or describe it as %q", name, plain, name)
			}
		}
	}
}

// readStyled reads the properties with a style, and gives the fields that are left.
func (f *Form) readStyled(r *Reading, fields []Field, object map[string]any) []Field {
	if len(f.styled) == 0 {
		return fields
	}
	var in Input
	var rest []Field
	for _, field := range fields {
		if slices.ContainsFunc(f.styled, func(d *Decoder) bool { return d.claims(d, field.Name) }) {
			in.Query = append(in.Query, Pair{field.Name, field.Raw})
		} else {
			rest = append(rest, field)
		}
	}
	for _, d := range f.styled {
		var out exchange.Parameter
		for _, v := range d.Decode(&in, &out) {
			v.Pointer, v.Name = "/"+source.EscapePointer(d.Name)+v.Pointer, ""
			r.r.fault(v)
		}
		if out.Present {
			object[d.Name] = out.Value
		}
	}
	return rest
}

// property reads the fields of one name.
func (f *Form) property(r *reader, fields []Field, at place) any {
	shape := f.d.shape.Member(at.name)
	types, _ := meant(shape)
	if len(fields) == 1 && !f.undeclaredList(at.name) {
		if !types.Has(schema.TypeArray) || types&scalarTypes&^schema.TypeNull != 0 {
			return f.value(r, shape, fields[0], at)
		}
		if list, ok := f.wholeList(shape, fields[0], at.name); ok {
			return list
		}
	} else if !types.Has(schema.TypeArray) {
		r.repeated(at.pointer(), len(fields))
		return f.value(r, shape, fields[0], at)
	}
	list := make([]any, len(fields))
	for i, field := range fields {
		list[i] = f.value(r, shape.Item(i), field, place{parent: at.pointer(), list: list, index: i, name: at.name})
	}
	return list
}

// wholeList takes a field that holds all of an array as JSON, unless an item may be
// that text itself.
func (f *Form) wholeList(shape *schema.Shape, field Field, name string) (list any, ok bool) {
	if field.Decoded {
		_, isList := field.Value.([]any)
		inner, _ := meant(shape.Item(0))
		return field.Value, isList && inner&schema.TypeArray == 0 || isList && shape.Item(0) == nil
	}
	text, ok := f.d.text(field.Raw)
	item, _ := meant(shape.Item(0))
	if !ok || text == "" || text[0] != '[' || item.Has(schema.TypeString) && !f.encodings[name].JSON {
		return nil, false
	}
	value, err := jsonvalue.Decode([]byte(text))
	list, ok = value.([]any)
	return list, err == nil && ok
}

// value reads one field.
func (f *Form) value(r *reader, shape *schema.Shape, field Field, at place) any {
	if field.Decoded {
		return field.Value
	}
	if !f.encodings[at.name].JSON {
		return r.part(shape, field.Raw, at)
	}
	text, ok := r.d.text(field.Raw)
	if !ok {
		r.fault(r.d.notEscaped(at.pointer(), field.Raw))
		return field.Raw
	}
	value, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		reason, _, _ := jsonvalue.Reason(err)
		r.fault(decodeFault(at.pointer(), "JSON", quoted(text), "send "+r.d.part(at.pointer())+" as JSON: "+reason))
		return text
	}
	return value
}

// Styled tells whether a style says how a property is sent.
func (f *Form) Styled(name string) bool { return f.encodings[name].Style != "" }

// Fields writes an object: the fields of each member, in order. Raw is percent-encoded
// where the form is.
func (f *Form) Fields(n *source.Node) []Field {
	var list []Field
	for name, member := range n.Members() {
		if i := slices.IndexFunc(f.styled, func(d *Decoder) bool { return d.Name == name }); i >= 0 {
			for _, p := range f.styled[i].Write(member) {
				list = append(list, Field{Name: p.Name, Raw: p.RawValue})
			}
			continue
		}
		if member.Kind != source.Array {
			list = append(list, f.field(name, member))
			continue
		}
		for _, item := range member.Items() {
			list = append(list, f.field(name, item))
		}
	}
	return list
}

func (f *Form) field(name string, n *source.Node) Field {
	text := TextOf(n)
	if f.encodings[name].JSON {
		text = string(n.AppendJSON(nil))
	}
	if f.escaped {
		text = Escape(text)
	}
	return Field{Name: name, Raw: text}
}
