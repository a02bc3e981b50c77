package schema

import (
	"encoding/json"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// A schema that leads back to itself in several branches of anyOf or oneOf is looked at in
// each of them at each level of a value: a hundred bytes, nested thirty deep, stand for a
// billion checks. So the quick checker counts its steps, and jsonschema, which cannot be
// stopped, is asked only about what has been found to be little work.
const (
	// maxSteps is how often schemas may be looked at to judge a value. A large value may
	// take more: stepsPerValue for each value in it, but no more than mostSteps.
	maxSteps      = 1_000_000
	stepsPerValue = 200
	mostSteps     = 50_000_000
	// maxEffort bounds the schemas that jsonschema looks at to explain a value, and
	// maxFaults those of them that a part of the value does not fit: each takes a
	// kilobyte.
	maxEffort = 500_000
	maxFaults = 100_000
)

// spent tells whether the steps are used up. It is asked when they are more than maxSteps.
func (r *run) spent() bool {
	if r.steps <= maxSteps {
		return false
	}
	if r.most == 0 {
		values := 0
		each(r.whole, func(any) bool {
			values++
			return values < mostSteps/stepsPerValue
		})
		r.most = max(maxSteps, values*stepsPerValue)
	}
	return r.steps > r.most
}

// overworked is for values that are too much work to judge, or to explain.
func overworked(root *object, got string) []exchange.Violation {
	return []exchange.Violation{{Rule: RuleEffort, Expected: "a value that fits the schema", Got: got, Fix: "send a value that is nested less deep, or smaller", Contract: root.node.At()}}
}

// effort estimates what jsonschema does: it stops at nothing, and makes an error of each
// schema that does not fit.
type effort struct {
	run          // for schemas that are met again
	looks, fails int
	// tracked is how many members or items of the value are noted anew for each schema
	// about it, because of unevaluatedProperties or unevaluatedItems.
	tracked int
}

// notesPerLook is how many members are noted in the time of looking at one schema.
const notesPerLook = 8

// tooMuch tells whether jsonschema would have too much to do.
func tooMuch(c *checker, value any) bool {
	var e effort
	e.look(c, value)
	return e.over()
}

func (e *effort) over() bool { return e.looks > maxEffort || e.fails > maxFaults }

// look gives whether the value fits, as far as that matters: of keywords that no schema
// stands below it is only asked what is quickly told.
func (e *effort) look(c *checker, value any) bool {
	if e.looks += 1 + e.tracked/notesPerLook; e.over() {
		return false
	}
	if c.circle {
		if e.isActive(c) {
			return true
		}
		e.begin(c)
		defer e.end()
	}
	if c.rest != nil && c.rest.unevaluated != nil {
		defer func(tracked int) { e.tracked = tracked }(e.tracked)
		e.tracked = max(e.tracked, parts(value))
	}
	ok := !c.never && c.fitsAlone(value)
	switch v := value.(type) {
	case map[string]any:
		ok = e.object(c.object, v) && ok
	case []any:
		ok = e.array(c.array, v) && ok
	}
	if c.rest != nil {
		ok = e.composition(c.rest, value) && ok
	}
	if !ok {
		e.fails++
	}
	return ok
}

// below looks at a part of the value.
func (e *effort) below(c *checker, part any) bool {
	tracked := e.tracked
	e.tracked = 0
	e.depth++
	ok := e.look(c, part)
	e.depth--
	e.tracked = tracked
	return ok
}

// parts is how many members or items a value has.
func parts(value any) int {
	switch v := value.(type) {
	case map[string]any:
		return len(v)
	case []any:
		return len(v)
	}
	return 0
}

// fitsAlone looks at nothing below the value.
func (c *checker) fitsAlone(value any) bool {
	switch v := value.(type) {
	case string:
		return c.admits(TypeString) && (c.text == nil || c.text.admits(len(v)))
	case map[string]any:
		return c.admits(TypeObject) && (c.object == nil || hasAll(v, c.object.required))
	case []any:
		return c.admits(TypeArray)
	case bool:
		return c.admits(TypeBoolean)
	case nil:
		return c.admits(TypeNull)
	case json.Number:
		d, _ := decimal.Parse(string(v))
		return (c.admits(TypeNumber) || c.types&TypeInteger != 0 && d.IsInteger()) && (c.number == nil || c.number.valid(d))
	}
	return true
}

func (e *effort) object(o *objectRules, v map[string]any) bool {
	if o == nil {
		return true
	}
	ok := true
	for name, member := range v {
		if o.names != nil {
			ok = e.below(o.names, name) && ok
		}
		known := o.byName[name]
		if known != nil {
			ok = e.below(known, member) && ok
		}
		for i := range o.patterns {
			if o.patterns[i].MatchString(name) {
				known = o.patterns[i].checker
				ok = e.below(known, member) && ok
			}
		}
		if known == nil && o.others != nil {
			ok = e.below(o.others, member) && ok
		}
	}
	for i := range o.dependent {
		d := &o.dependent[i]
		if _, there := v[d.property]; there && d.schema != nil {
			ok = e.look(d.schema, v) && ok
		}
	}
	return ok
}

func (e *effort) array(a *arrayRules, v []any) bool {
	if a == nil {
		return true
	}
	ok := true
	for i, item := range v {
		switch {
		case i < len(a.prefix):
			ok = e.below(a.prefix[i], item) && ok
		case a.items != nil:
			ok = e.below(a.items, item) && ok
		}
		if a.contains != nil {
			e.below(a.contains, item)
		}
	}
	return ok
}

func (e *effort) composition(c *composition, value any) bool {
	ok := e.each(c.all, value) == len(c.all)
	ok = e.each(c.unlessNull, value) == len(c.unlessNull) && ok
	for _, b := range c.any {
		ok = e.each(b.of, value) > 0 && ok
	}
	for _, b := range c.one {
		ok = e.each(b.of, value) == 1 && ok
	}
	ok = e.each(c.not, value) == 0 && ok
	if c.condition != nil {
		next := c.condition.otherwise
		if e.look(c.condition.when, value) {
			next = c.condition.then
		}
		ok = (next == nil || e.look(next, value)) && ok
	}
	if c.choice != nil {
		selected, decided := c.choice.selected(value)
		if !decided {
			selected = c.choice.plain
		}
		ok = e.each(selected, value) > 0 && ok
	}
	if c.unevaluated != nil {
		e.unevaluated(c.unevaluated, value)
	}
	return ok
}

// unevaluated looks at all members or items, whether anything else speaks about them or not.
func (e *effort) unevaluated(u *unevaluated, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			if u.properties != nil {
				e.below(u.properties, member)
			}
		}
	case []any:
		for _, item := range v {
			if u.items != nil {
				e.below(u.items, item)
			}
		}
	}
}

// each looks at all of the schemas, and counts those that fit.
func (e *effort) each(of []*checker, value any) (fitting int) {
	for _, c := range of {
		if e.look(c, value) {
			fitting++
		}
	}
	return fitting
}
