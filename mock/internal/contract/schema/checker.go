package schema

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// checker answers whether a value is valid, and nothing else. It is made once
// from an object, for all that ask the same, then immutable; it allocates nothing for usual
// values.
//
// Values are those of a jsonvalue.Flat, by their index: so a text is checked without a tree
// being made of it, and a tree is taken apart first.
type checker struct {
	// types are the admitted types, 0 for all; never sets it to admit nothing.
	types Types
	never bool
	// circle is set for schemas that may be met again while the value is being
	// checked against them.
	circle bool
	// serial tells the checkers of a Compiler apart.
	serial uint32
	// enums are one for enum and one for const; an object may have both.
	enums  []*enumeration
	text   *textRules
	number *numberRules
	array  *arrayRules
	object *objectRules
	rest   *composition
}

// maxValueDepth bounds the nesting of values; deeper ones fit no schema that
// looks into them. Parsers refuse them long before.
const maxValueDepth = 10_000

// run is the state of checking one value. It lives on the caller's stack.
type run struct {
	flat  *jsonvalue.Flat
	depth int
	// active are the checkers in circles that are at work, outermost first, with
	// the depth of their value.
	active []activation
	// tooDeep is set when maxValueDepth was exceeded.
	tooDeep bool
	// steps counts the schemas that were looked at, most is how many may be, 0 before it
	// matters. whole is the value on which that depends, nil where it is all of flat.
	steps, most int
	whole       any
}

type activation struct {
	c     *checker
	depth int
}

// valid tells whether the value at an index fits.
func (c *checker) valid(at int, r *run) bool {
	if c.never {
		return false
	}
	if r.steps++; r.steps > maxSteps && r.spent() {
		return false
	}
	if c.circle {
		if r.isActive(c) {
			return true
		}
		r.begin(c)
		defer r.end()
	}
	switch n := &r.flat.Nodes[at]; n.Kind {
	case jsonvalue.Text:
		return c.validText(n.Text) && c.composed(at, r)
	case jsonvalue.Object:
		return c.admits(TypeObject) && c.listed(at, r) && (c.object == nil || c.object.valid(at, r)) && c.composed(at, r)
	case jsonvalue.Array:
		return c.admits(TypeArray) && c.listed(at, r) && (c.array == nil || c.array.valid(at, r)) && c.composed(at, r)
	case jsonvalue.Number:
		return c.validNumber(n.Text) && c.composed(at, r)
	case jsonvalue.False, jsonvalue.True:
		return c.admits(TypeBoolean) && c.listed(at, r) && c.composed(at, r)
	case jsonvalue.Long:
		return c.admits(TypeString) && len(c.enums) == 0 && (c.text == nil || c.text.admits(n.Count)) && c.composed(at, r)
	case jsonvalue.Null:
		return c.admits(TypeNull) && c.listed(at, r) && c.composed(at, r)
	}
	return false
}

func (c *checker) admits(t Types) bool { return c.types == 0 || c.types&t != 0 }

func (c *checker) listed(at int, r *run) bool {
	for _, e := range c.enums {
		if !e.has(r.flat, at) {
			return false
		}
	}
	return true
}

func (c *checker) composed(at int, r *run) bool { return c.rest == nil || c.rest.valid(at, r) }

func (c *checker) validText(text string) bool {
	if !c.admits(TypeString) {
		return false
	}
	for _, e := range c.enums {
		if !e.hasText(text) {
			return false
		}
	}
	return c.text == nil || c.text.valid(text)
}

func (c *checker) validNumber(text string) bool {
	if c.types == 0 && c.number == nil && c.enums == nil {
		return true
	}
	d, ok := decimal.Parse(text)
	switch {
	case !ok, !c.admits(TypeNumber) && (c.types&TypeInteger == 0 || !d.IsInteger()):
		return false
	case c.number != nil && !c.number.valid(d):
		return false
	}
	for _, e := range c.enums {
		if !e.hasNumber(d) {
			return false
		}
	}
	return true
}

// isActive tells whether c is at work on the very value that is now checked.
func (r *run) isActive(c *checker) bool {
	for i := len(r.active) - 1; i >= 0 && r.active[i].depth == r.depth; i-- {
		if r.active[i].c == c {
			return true
		}
	}
	return false
}

func (r *run) begin(c *checker) { r.active = append(r.active, activation{c, r.depth}) }

func (r *run) end() { r.active = r.active[:len(r.active)-1] }

// asValue has a name looked at, which is a value for as long as that takes.
func (r *run) asValue(name string, look func(at int) bool) bool {
	at := len(r.flat.Nodes)
	r.flat.Nodes = append(r.flat.Nodes, jsonvalue.Node{Kind: jsonvalue.Text, Text: name, Next: int32(at + 1)})
	ok := look(at)
	r.flat.Nodes[at] = jsonvalue.Node{}
	r.flat.Nodes = r.flat.Nodes[:at]
	return ok
}

// down notes that a part of the value is looked at; false where it is too deep.
func (r *run) down() bool {
	r.depth++
	if r.depth > maxValueDepth {
		r.tooDeep = true
	}
	return !r.tooDeep
}

func (r *run) up() { r.depth-- }
