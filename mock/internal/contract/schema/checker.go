package schema

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// checker answers whether a value is valid, and nothing else. It is made once
// from an object, then immutable; it allocates nothing for usual values.
type checker struct {
	// types are the admitted types, 0 for all; never sets it to admit nothing.
	types Types
	never bool
	// enums are one for enum and one for const; an object may have both.
	enums  []*enumeration
	text   *textRules
	number *numberRules
	array  *arrayRules
	object *objectRules
	rest   *composition

	// circle is set for schemas that may be met again while the value is being
	// checked against them.
	circle bool
}

// maxValueDepth bounds the nesting of values; deeper ones fit no schema that
// looks into them. Parsers refuse them long before.
const maxValueDepth = 10_000

// run is the state of checking one value. It lives on the caller's stack.
type run struct {
	depth int
	// active are the checkers in circles that are at work, outermost first, with
	// the depth of their value.
	active []activation
	// tooDeep is set when maxValueDepth was exceeded.
	tooDeep bool
	// steps counts the schemas that were looked at, most is how many may be, 0 before it
	// matters. whole is the value on which that depends, nil for a small one.
	steps, most int
	whole       any
}

type activation struct {
	c     *checker
	depth int
}

// valid tells whether the value fits.
func (c *checker) valid(value any, r *run) bool {
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
	switch v := value.(type) {
	case string:
		return c.admits(TypeString) && c.listed(v) && (c.text == nil || c.text.valid(v)) && c.composed(v, r)
	case map[string]any:
		return c.admits(TypeObject) && c.listed(v) && (c.object == nil || c.object.valid(v, r)) && c.composed(v, r)
	case []any:
		return c.admits(TypeArray) && c.listed(v) && (c.array == nil || c.array.valid(v, r)) && c.composed(v, r)
	case json.Number:
		return c.validNumber(v, r)
	case bool:
		return c.admits(TypeBoolean) && c.listed(v) && c.composed(v, r)
	case Measured:
		return c.admits(TypeString) && len(c.enums) == 0 && (c.text == nil || c.text.admits(v.Length)) && c.composed(v, r)
	case nil:
		return c.admits(TypeNull) && c.listed(v) && c.composed(v, r)
	}
	n, ok := asNumber(value)
	return ok && c.validNumber(n, r)
}

func (c *checker) admits(t Types) bool { return c.types == 0 || c.types&t != 0 }

func (c *checker) listed(value any) bool {
	for _, e := range c.enums {
		if !e.has(value) {
			return false
		}
	}
	return true
}

func (c *checker) composed(value any, r *run) bool { return c.rest == nil || c.rest.valid(value, r) }

func (c *checker) validNumber(n json.Number, r *run) bool {
	if c.types == 0 && c.number == nil && c.enums == nil && c.rest == nil {
		return true
	}
	d, ok := decimal.Parse(string(n))
	switch {
	case !ok, !c.admits(TypeNumber) && (c.types&TypeInteger == 0 || !d.IsInteger()):
		return false
	case c.number != nil && !c.number.valid(d):
		return false
	}
	return c.listed(n) && c.composed(n, r)
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

// down notes that a part of the value is looked at; false where it is too deep.
func (r *run) down() bool {
	r.depth++
	if r.depth > maxValueDepth {
		r.tooDeep = true
	}
	return !r.tooDeep
}

func (r *run) up() { r.depth-- }

// asNumber takes the number types of Go programs, which decoded JSON never holds.
func asNumber(value any) (json.Number, bool) {
	switch v := value.(type) {
	case int:
		return json.Number(strconv.Itoa(v)), true
	case int32:
		return json.Number(strconv.FormatInt(int64(v), 10)), true
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), true
	case uint64:
		return json.Number(strconv.FormatUint(v, 10)), true
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "", false
		}
		return json.Number(strconv.FormatFloat(v, 'g', -1, 64)), true
	}
	return "", false
}
