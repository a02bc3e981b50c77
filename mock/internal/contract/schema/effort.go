package schema

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
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
		const most = mostSteps / stepsPerValue
		values := 0
		if r.whole == nil && r.flat != nil {
			values = min(len(r.flat.Nodes), most)
		} else {
			each(r.whole, func(any) bool {
				values++
				return values < most
			})
		}
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
	f := flattened(value)
	defer f.Release()
	e := effort{run: run{flat: f}}
	e.look(c, 0)
	return e.over()
}

func (e *effort) over() bool { return e.looks > maxEffort || e.fails > maxFaults }

// look gives whether the value fits, as far as that matters: of keywords that no schema
// stands below it is only asked what is quickly told.
func (e *effort) look(c *checker, at int) bool {
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
		e.tracked = max(e.tracked, parts(&e.flat.Nodes[at]))
	}
	ok := !c.never && c.fitsAlone(e.flat, at)
	switch e.flat.Nodes[at].Kind {
	case jsonvalue.Object:
		ok = e.object(c.object, at) && ok
	case jsonvalue.Array:
		ok = e.array(c.array, at) && ok
	}
	if c.rest != nil {
		ok = e.composition(c.rest, at) && ok
	}
	if !ok {
		e.fails++
	}
	return ok
}

// below looks at a part of the value.
func (e *effort) below(c *checker, part int) bool {
	tracked := e.tracked
	e.tracked = 0
	e.depth++
	ok := e.look(c, part)
	e.depth--
	e.tracked = tracked
	return ok
}

// parts is how many members or items a value has.
func parts(n *jsonvalue.Node) int {
	if n.Kind == jsonvalue.Object || n.Kind == jsonvalue.Array {
		return n.Count
	}
	return 0
}

// fitsAlone looks at nothing below the value.
func (c *checker) fitsAlone(f *jsonvalue.Flat, at int) bool {
	switch n := &f.Nodes[at]; n.Kind {
	case jsonvalue.Text:
		return c.admits(TypeString) && (c.text == nil || c.text.admits(len(n.Text)))
	case jsonvalue.Object:
		return c.admits(TypeObject) && (c.object == nil || hasAll(f, at, c.object.required))
	case jsonvalue.Array:
		return c.admits(TypeArray)
	case jsonvalue.False, jsonvalue.True:
		return c.admits(TypeBoolean)
	case jsonvalue.Null:
		return c.admits(TypeNull)
	case jsonvalue.Number:
		d, _ := decimal.Parse(n.Text)
		return (c.admits(TypeNumber) || c.types&TypeInteger != 0 && d.IsInteger()) && (c.number == nil || c.number.valid(d))
	}
	return true
}

func (e *effort) object(o *objectRules, at int) bool {
	if o == nil {
		return true
	}
	ok := true
	for member := range e.flat.Parts(at) {
		name := e.flat.Nodes[member].Name
		if o.names != nil {
			ok = e.asValue(name, func(at int) bool { return e.below(o.names, at) }) && ok
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
		if d.schema != nil && e.flat.Member(at, d.property) > 0 {
			ok = e.look(d.schema, at) && ok
		}
	}
	return ok
}

func (e *effort) array(a *arrayRules, at int) bool {
	if a == nil {
		return true
	}
	ok := true
	position := 0
	for item := range e.flat.Parts(at) {
		switch {
		case position < len(a.prefix):
			ok = e.below(a.prefix[position], item) && ok
		case a.items != nil:
			ok = e.below(a.items, item) && ok
		}
		if a.contains != nil {
			e.below(a.contains, item)
		}
		position++
	}
	return ok
}

func (e *effort) composition(c *composition, at int) bool {
	ok := e.each(c.all, at) == len(c.all)
	ok = e.each(c.unlessNull, at) == len(c.unlessNull) && ok
	for _, b := range c.any {
		ok = e.each(b.of, at) > 0 && ok
	}
	for _, b := range c.one {
		ok = e.each(b.of, at) == 1 && ok
	}
	ok = e.each(c.not, at) == 0 && ok
	if c.condition != nil {
		next := c.condition.otherwise
		if e.look(c.condition.when, at) {
			next = c.condition.then
		}
		ok = (next == nil || e.look(next, at)) && ok
	}
	if c.choice != nil {
		selected, decided := c.choice.selected(e.flat, at)
		if !decided {
			selected = c.choice.plain
		}
		ok = e.each(selected, at) > 0 && ok
	}
	if c.unevaluated != nil {
		e.unevaluated(c.unevaluated, at)
	}
	return ok
}

// unevaluated looks at all members or items, whether anything else speaks about them or not.
func (e *effort) unevaluated(u *unevaluated, at int) {
	c := u.items
	if e.flat.Nodes[at].Kind == jsonvalue.Object {
		c = u.properties
	}
	if c == nil {
		return
	}
	for part := range e.flat.Parts(at) {
		e.below(c, part)
	}
}

// each looks at all of the schemas, and counts those that fit.
func (e *effort) each(of []*checker, at int) (fitting int) {
	for _, c := range of {
		if e.look(c, at) {
			fitting++
		}
	}
	return fitting
}
