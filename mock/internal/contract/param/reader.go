package param

import (
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// reader makes one value out of text and notes what went wrong with its parts.
type reader struct {
	d *Decoder
	// faults are parts that could not be decoded; the text stands in their place.
	faults []exchange.Violation
	// repeats are members that were sent several times.
	repeats []exchange.Violation
	// choices are parts whose text has several readings.
	choices []choice
}

// place is where a part stands: an item of list or a member of object.
type place struct {
	parent string // JSON pointer of the array or object
	list   []any
	index  int
	object map[string]any
	name   string
}

func (p place) pointer() string {
	if p.object != nil {
		return p.parent + "/" + source.EscapePointer(p.name)
	}
	return p.parent + "/" + strconv.Itoa(p.index)
}

func (p place) set(value any) {
	if p.object != nil {
		p.object[p.name] = value
	} else {
		p.list[p.index] = value
	}
}

// array reads the raw items of an array that stands at pointer.
func (r *reader) array(shape *schema.Shape, raws []string, pointer string) []any {
	list := make([]any, len(raws))
	for i, raw := range raws {
		list[i] = r.part(shape.Item(i), raw, place{parent: pointer, list: list, index: i})
	}
	return list
}

// object reads the members of an object that stands at pointer.
func (r *reader) object(shape *schema.Shape, members []Pair, pointer string) map[string]any {
	object := make(map[string]any, len(members))
	for _, m := range members {
		if _, again := object[m.Name]; again {
			return r.grouped(shape, members, pointer)
		}
		object[m.Name] = r.part(shape.Member(m.Name), m.RawValue, place{parent: pointer, object: object, name: m.Name})
	}
	return object
}

// grouped is object for members of which some have the same name. It begins anew,
// and so must be asked for a whole value only.
func (r *reader) grouped(shape *schema.Shape, members []Pair, pointer string) map[string]any {
	r.faults, r.repeats, r.choices = nil, nil, nil
	raws := make(map[string][]string, len(members))
	for _, m := range members {
		raws[m.Name] = append(raws[m.Name], m.RawValue)
	}
	object := make(map[string]any, len(raws))
	for _, m := range members {
		if _, done := object[m.Name]; !done {
			object[m.Name] = r.parts(shape.Member(m.Name), raws[m.Name], place{parent: pointer, object: object, name: m.Name})
		}
	}
	return object
}

// parts reads a part that was sent one or several times: as an array where the
// shape admits one.
func (r *reader) parts(shape *schema.Shape, raws []string, at place) any {
	if len(raws) == 1 {
		return r.part(shape, raws[0], at)
	}
	if shape == nil || shape.Types.Has(schema.TypeArray) {
		return r.array(shape, raws, at.pointer())
	}
	r.repeated(at.pointer(), len(raws))
	return r.part(shape, raws[0], at)
}

// part reads one raw piece.
func (r *reader) part(shape *schema.Shape, raw string, at place) any {
	text, ok := r.d.text(raw)
	if !ok {
		r.fault(r.d.notEscaped(at.pointer(), raw))
		return raw
	}
	types, likely := meant(shape)
	if value, ok := r.scalar(shape, likely, text, at); ok {
		return value
	}
	if value, ok := r.scalar(shape, types, text, at); ok {
		return value
	}
	return r.nested(shape, types, raw, text, at)
}

// scalar reads text by the first type that it spells and the part's schema
// accepts, else by the first that it spells. Where no schema judges the part alone
// it notes whether there are more.
func (r *reader) scalar(shape *schema.Shape, types schema.Types, text string, at place) (first any, ok bool) {
	order := orders[types]
	judge := r.d.parts[shape]
	for i, t := range order {
		value, spelt := scalar(t, text)
		switch {
		case !spelt:
			continue
		case judge == nil:
			if i+1 < len(order) {
				r.choose(order[i+1:], value, text, at)
			}
			return value, true
		case judge.Valid(value):
			return value, true
		case !ok:
			first, ok = value, true
		}
	}
	return first, ok
}

// choose notes that text has further readings beside value.
func (r *reader) choose(rest []schema.Types, value any, text string, at place) {
	values := []any{value}
	for _, t := range rest {
		if other, ok := scalar(t, text); ok {
			values = append(values, other)
		}
	}
	if len(values) > 1 {
		r.choices = append(r.choices, choice{at: at, values: values})
	}
}

// nested reads a piece that no scalar type admits. The styles do not say how
// arrays and objects are written inside of others: JSON is what most clients
// write, a list with commas or the collectionFormat of its own what Swagger 2.0 does.
func (r *reader) nested(shape *schema.Shape, types schema.Types, raw, text string, at place) any {
	if types&(schema.TypeArray|schema.TypeObject) != 0 && len(text) > 1 && (text[0] == '[' || text[0] == '{') {
		if value, err := jsonvalue.Decode([]byte(text)); err == nil {
			return value
		}
	}
	switch {
	case types.Has(schema.TypeArray):
		pieces, ok := r.d.cutInside(shape).split(nil, raw)
		if !ok {
			r.fault(r.d.tooMany(at.pointer()))
			return text
		}
		if raw == "" {
			pieces = nil
		}
		return r.array(shape, pieces, at.pointer())
	case types == 0:
		return text // the schema says why
	}
	r.mistyped(at.pointer(), text, types)
	return text
}
