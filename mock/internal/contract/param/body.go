package param

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Body reads values that a body holds as text: the fields of forms, the parts of
// multipart bodies, the elements of XML documents. Pieces of text are read as those of
// parameters are. It is immutable and safe for concurrent use.
type Body struct{ d *Decoder }

// CompileBody prepares the reader of bodies of a schema; n is nil for anything. The error
// is that of the schema, which then judges nothing.
func CompileBody(n *source.Node, c *schema.Compiler, dir schema.Direction) (*Body, error) {
	d := &Decoder{form: &form{}, Spec: Spec{In: exchange.Body, Schema: n, Node: n}, shape: c.ShapeOf(n)}
	d.types, _ = meant(d.shape)
	d.text = utf8Text
	if n == nil {
		return &Body{d}, nil
	}
	compiled, err := c.Compile(n, dir)
	if err != nil {
		return &Body{d}, err
	}
	d.schema, d.parts = compiled, compileParts(d.shape, c, dir)
	return &Body{d}, nil
}

// Shape is the shape of the whole value.
func (b *Body) Shape() *schema.Shape { return b.d.shape }

// Reading begins the reading of one body.
func (b *Body) Reading() *Reading { return &Reading{reader{d: b.d}} }

// Reading makes the value of one body. It is for one goroutine.
type Reading struct{ r reader }

// Place is where a part of the value stands.
type Place struct{ at place }

// Member is the place of a member of an object that stands at a JSON pointer.
func Member(parent string, object map[string]any, name string) Place {
	return Place{place{parent: parent, object: object, name: name}}
}

// Item is the place of an item of a list that stands at a JSON pointer. The list must
// not move any more.
func Item(parent string, list []any, index int) Place {
	return Place{place{parent: parent, list: list, index: index}}
}

// Pointer is the JSON pointer to the place.
func (p Place) Pointer() string { return p.at.pointer() }

// Meant gives the types that text is read as: those of the shape, or array or object
// where a schema without types describes one.
func Meant(s *schema.Shape) schema.Types {
	types, _ := meant(s)
	return types
}

// Text gives the value that a piece of text stands for, by the types of the shape; nil
// admits everything. Text that none of the types spells is noted as a violation and
// stays text. The value is the caller's to put at the place.
func (r *Reading) Text(shape *schema.Shape, text string, at Place) any {
	if shape != nil && shape.Types == 0 {
		return text // the schema says why
	}
	types, likely := meant(shape)
	for _, t := range []schema.Types{likely, types} {
		if value, ok := r.r.scalar(shape, t, text, at.at); ok {
			return value
		}
	}
	r.r.mistyped(at.Pointer(), text, types)
	return text
}

// Root gives the value of a body that is one piece of text.
func (r *Reading) Root(text string) any {
	var first any
	found := false
	for _, t := range orders[r.r.d.types] {
		value, ok := scalar(t, text)
		switch {
		case !ok:
		case r.r.d.valid(value):
			return value
		case !found:
			first, found = value, true
		}
	}
	if !found {
		r.r.mistyped("", text, r.r.d.types)
		return text
	}
	return first
}

// Fault notes that a part could not be read; its place is the violation's pointer.
func (r *Reading) Fault(v exchange.Violation) { r.r.fault(v) }

// Repeated notes that a part was sent count times and may be sent once.
func (r *Reading) Repeated(at Place, count int) { r.r.repeated(at.Pointer(), count) }

// Judge gives the violations of the whole value. Where text has several readings, it
// looks for ones that the schema accepts and puts them into the value.
func (r *Reading) Judge(value any) []exchange.Violation {
	if r.r.settle(value) {
		return r.r.repeats
	}
	return r.r.explain(value)
}
