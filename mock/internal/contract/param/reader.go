package param

import (
	"strconv"
	"strings"

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
func (r *reader) object(shape *schema.Shape, members []member, pointer string) map[string]any {
	object := make(map[string]any, len(members))
	for _, m := range members {
		if _, again := object[m.name]; again {
			return r.grouped(shape, members, pointer)
		}
		object[m.name] = r.part(shape.Member(m.name), m.raw, place{parent: pointer, object: object, name: m.name})
	}
	return object
}

// grouped is object for members of which some have the same name. It begins anew,
// and so must be asked for a whole value only.
func (r *reader) grouped(shape *schema.Shape, members []member, pointer string) map[string]any {
	r.faults, r.repeats, r.choices = nil, nil, nil
	raws := make(map[string][]string, len(members))
	for _, m := range members {
		raws[m.name] = append(raws[m.name], m.raw)
	}
	object := make(map[string]any, len(raws))
	for _, m := range members {
		if _, done := object[m.name]; !done {
			object[m.name] = r.parts(shape.Member(m.name), raws[m.name], place{parent: pointer, object: object, name: m.name})
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
	if value, ok := r.scalar(likely, text, at); ok {
		return value
	}
	if value, ok := r.scalar(types, text, at); ok {
		return value
	}
	return r.nested(shape, types, raw, text, at)
}

// scalar reads text by the first type that it spells and notes whether there are more.
func (r *reader) scalar(types schema.Types, text string, at place) (any, bool) {
	order := orders[types]
	for i, t := range order {
		if value, ok := scalar(t, text); ok {
			if i+1 < len(order) {
				r.choose(order[i+1:], value, text, at)
			}
			return value, true
		}
	}
	return nil, false
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
// write, a list with commas what Swagger 2.0 does.
func (r *reader) nested(shape *schema.Shape, types schema.Types, raw, text string, at place) any {
	if types&(schema.TypeArray|schema.TypeObject) != 0 && len(text) > 1 && (text[0] == '[' || text[0] == '{') {
		if value, err := parseJSON(text); err == nil {
			return value
		}
	}
	switch {
	case types.Has(schema.TypeArray):
		pieces, ok := cut(cutComma).split(nil, raw)
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

// choice is a part with several readings.
type choice struct {
	at     place
	values []any // in order of preference
	now    int
}

func (c *choice) take(i int) {
	c.now = i
	c.at.set(c.values[i])
}

// Limits of the search for readings that the schema accepts.
const (
	maxReadings     = 4   // of one part
	maxCombinations = 256 // of all parts together
)

// settle tells whether the schema accepts the value. Where parts have several
// readings it looks for ones that it accepts, and else goes back to the first.
// Only parts that the schema blames are read otherwise: [1, "1"] is no way to make
// the items of 1,1 unique.
func (r *reader) settle(value any) bool {
	if len(r.faults) > 0 {
		return false
	}
	if r.d.valid(value) {
		return true
	}
	if len(r.choices) == 0 {
		return false
	}
	if r.settleBlamed(value) {
		return true
	}
	for i := range r.choices {
		r.choices[i].take(0)
	}
	return false
}

// settleBlamed moves the parts that the schema complains of to their next
// reading, until it is content or nothing moves. Complaints of the whole, such as
// oneOf over objects, may come from any part; then all combinations are tried
// where they are few.
func (r *reader) settleBlamed(value any) bool {
	for range maxReadings {
		moved, whole := false, true
		blamed := make(map[string]bool)
		for _, v := range r.d.schema.Validate(value) {
			blamed[v.Pointer] = true
			whole = whole && combines(v.Rule)
		}
		if whole && r.settleCombined(value) {
			return true
		}
		for i := range r.choices {
			c := &r.choices[i]
			if c.now+1 < len(c.values) && blamed[c.at.pointer()] {
				c.take(c.now + 1)
				moved = true
			}
		}
		if !moved {
			return false
		}
		if r.d.valid(value) {
			return true
		}
	}
	return false
}

// settleCombined tries all combinations of readings, unless there are too many.
// It leaves the readings as they were when none is accepted.
func (r *reader) settleCombined(value any) bool {
	combinations := 1
	for i := range r.choices {
		if combinations *= len(r.choices[i].values); combinations > maxCombinations {
			return false
		}
	}
	for range combinations {
		if r.d.valid(value) {
			return true
		}
		for i := len(r.choices) - 1; i >= 0; i-- {
			c := &r.choices[i]
			if c.now+1 < len(c.values) {
				c.take(c.now + 1)
				break
			}
			c.take(0)
		}
	}
	return false
}

// explain gives all violations of a value that was not accepted: what could not
// be decoded is told once and not again by the schema.
func (r *reader) explain(value any) []exchange.Violation {
	var judged []exchange.Violation
	if r.d.schema != nil {
		for _, v := range r.d.schema.Validate(value) {
			if !r.covered(v) {
				judged = append(judged, r.d.complete(v))
			}
		}
	}
	all := make([]exchange.Violation, 0, len(r.faults)+len(r.repeats)+len(judged))
	for _, f := range r.faults {
		all = append(all, r.d.complete(f))
	}
	return append(append(all, r.repeats...), judged...)
}

// covered tells whether a fault already speaks of what v complains of. The first
// violation of the same value lends its place in the contract to the fault.
func (r *reader) covered(v exchange.Violation) bool {
	for i := range r.faults {
		f := &r.faults[i]
		switch rest, below := strings.CutPrefix(v.Pointer, f.Pointer); {
		case below && rest == "":
			if f.Rule == "type" && (v.Rule == "type" || f.Contract == nil) {
				f.Contract = v.Contract
			}
			return true
		case below && rest[0] == '/':
			return true
		case combines(v.Rule) && strings.HasPrefix(f.Pointer, v.Pointer):
			return true
		}
	}
	return false
}

// combines tells whether a keyword judges by other schemas, so that a part that
// could not be decoded may be all it complains of.
func combines(rule string) bool {
	switch rule {
	case "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contains":
		return true
	}
	return false
}
