package sample

import (
	"math"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// denier lists the ways in which a value can fail to fit a schema: it is enough to
// break one of its keywords.
type denier struct {
	*generator
	item
	ways []way
}

// denials gives the ways to break the schema of it.
func (g *generator) denials(it item) []way {
	d := &denier{generator: g, item: it}
	if admits, decided := it.view.Verdict(); decided {
		if !admits {
			d.narrow(nil) // nothing fits it anyhow
		}
		return d.ways
	}
	for w := range it.view.Words() {
		switch name := w.Name(); {
		case w.UnlessNull():
			d.combined(w)
			for i := range d.ways {
				d.ways[i].narrow = both(except(schema.TypeNull), d.ways[i].narrow)
			}
		case name == "type":
			d.narrow(except(w.Types()))
		case name == "enum", name == "const":
			d.unlisted(w.Listed())
		default:
			if !d.scalar(w) && !d.ofArrays(w) && !d.ofObjects(w) {
				d.combined(w)
			}
		}
	}
	return d.ways
}

// narrow adds a way that needs no more than narrower facts.
func (d *denier) narrow(steps ...func(*facts) bool) {
	var all func(*facts) bool
	for _, s := range steps {
		all = both(all, s)
	}
	d.ways = append(d.ways, way{narrow: all})
}

// change adds a way for values of a type.
func (d *denier) change(t schema.Types, f func(*facts)) {
	d.narrow(only(t), func(x *facts) bool { f(x); return true })
}

// unlisted keeps away from values; those of other types than the listed are the
// easiest.
func (d *denier) unlisted(listed []*source.Node) {
	var types schema.Types
	for _, n := range listed {
		types |= typeOf(n)
	}
	avoid := func(f *facts) bool { f.unlisted = append(f.unlisted, listed...); return true }
	d.narrow(avoid)
	d.narrow(except(types))
}

func typeOf(n *source.Node) schema.Types {
	switch n.Kind {
	case source.Null:
		return schema.TypeNull
	case source.Bool:
		return schema.TypeBoolean
	case source.Number:
		return numeric
	case source.String:
		return schema.TypeString
	case source.Array:
		return schema.TypeArray
	}
	return schema.TypeObject
}

// scalar breaks what speaks about numbers and strings.
func (d *denier) scalar(w schema.Word) bool {
	switch w.Name() {
	case "minimum", "exclusiveMinimum":
		d.change(numeric, func(f *facts) { f.number.atMost(newBound(w.Number(), w.Name() == "minimum")) })
	case "maximum", "exclusiveMaximum":
		d.change(numeric, func(f *facts) { f.number.atLeast(newBound(w.Number(), w.Name() == "maximum")) })
	case "multipleOf":
		d.change(numeric, func(*facts) {})
	case "minLength":
		d.change(schema.TypeString, func(f *facts) { f.text.max = min(f.text.max, w.Count()-1) })
	case "maxLength":
		d.change(schema.TypeString, func(f *facts) { f.text.min = max(f.text.min, beyond(w.Count())) })
	case "pattern":
		d.change(schema.TypeString, func(f *facts) { f.text.noPatterns = append(f.text.noPatterns, w.Patterns()...) })
	case "format":
		if isNumeric(w.Format()) {
			d.change(numeric, func(*facts) {})
		} else {
			d.change(schema.TypeString, func(*facts) {})
		}
	default:
		return false
	}
	return true
}

// beyond is one more, and no count for what has no limit.
func beyond(n int) int {
	if n == math.MaxInt {
		return n
	}
	return n + 1
}

// ofArrays breaks what speaks about arrays.
func (d *denier) ofArrays(w schema.Word) bool {
	const t = schema.TypeArray
	switch w.Name() {
	case "minItems":
		d.change(t, func(f *facts) { f.array.max = min(f.array.max, w.Count()-1) })
	case "maxItems":
		d.change(t, func(f *facts) { f.array.min = max(f.array.min, beyond(w.Count())) })
	case "uniqueItems":
		if w.IsTrue() {
			d.change(t, func(f *facts) { f.array.twins, f.array.min = true, max(f.array.min, 2) })
		}
	case "prefixItems":
		for i, v := range w.Subs() {
			d.place(i, v)
		}
	case "items":
		first := 0
		if prefix, ok := d.view.Word("prefixItems"); ok {
			first = prefix.Len()
		}
		d.place(first, w.Subs()[0])
	case "unevaluatedItems":
		for i := range 4 {
			d.place(i, w.Subs()[0])
		}
	case "contains":
		d.contains(w)
	case "minContains", "maxContains":
	default:
		return false
	}
	return true
}

// place adds a way in which the item at index i does not fit v.
func (d *denier) place(i int, v schema.View) {
	d.change(schema.TypeArray, func(f *facts) {
		f.array.min = max(f.array.min, i+1)
		f.array.placed = append(f.array.placed, placedDemand{i, demand{view: v, not: true}})
	})
}

// contains adds the ways to have too few or too many of the items.
func (d *denier) contains(w schema.Word) {
	t := &taker{generator: d.generator, item: d.item}
	least, most, sub := t.count("minContains", 1), t.count("maxContains", maxCount), w.Subs()[0]
	if least > 0 {
		d.change(schema.TypeArray, func(f *facts) {
			f.array.contains = append(f.array.contains, containsRule{d.scope, sub, 0, least - 1})
		})
	}
	if most < maxCount {
		d.change(schema.TypeArray, func(f *facts) {
			f.array.contains = append(f.array.contains, containsRule{d.scope, sub, most + 1, maxCount})
		})
	}
}

// ofObjects breaks what speaks about objects.
func (d *denier) ofObjects(w schema.Word) bool {
	const t = schema.TypeObject
	switch w.Name() {
	case "minProperties":
		d.change(t, func(f *facts) { f.object.max = min(f.object.max, w.Count()-1) })
	case "maxProperties":
		d.change(t, func(f *facts) { f.object.min = max(f.object.min, beyond(w.Count())) })
	case "required":
		for _, name := range w.Required() {
			d.narrow(only(t), withoutMember(name))
		}
	case "properties":
		for i := range w.Len() {
			name, v := w.Sub(i)
			d.narrow(withMember(name), d.memberFails(name, v))
		}
	case "patternProperties":
		for i, p := range w.Patterns() {
			_, v := w.Sub(i)
			d.fresh(freshRule{pattern: p, demand: demand{view: v, not: true}})
		}
	case "additionalProperties":
		d.fresh(freshRule{owner: d.declared(d.view), demand: demand{view: w.Subs()[0], not: true}})
	case "unevaluatedProperties":
		d.fresh(freshRule{owner: &declared{}, demand: demand{view: w.Subs()[0], not: true}})
	case "propertyNames":
		d.fresh(freshRule{name: demand{view: w.Subs()[0], not: true}, named: true})
	case "dependentRequired":
		for _, dep := range w.Dependencies() {
			for _, name := range dep.Required {
				d.narrow(withMember(dep.Property), withoutMember(name))
			}
		}
	case "dependentSchemas":
		for i := range w.Len() {
			name, v := w.Sub(i)
			d.ways = append(d.ways, way{items: []item{d.about(v, true)}, narrow: withMember(name)})
		}
	default:
		return false
	}
	return true
}

// memberFails makes a member one that does not fit v.
func (d *denier) memberFails(name string, v schema.View) func(*facts) bool {
	return func(f *facts) bool {
		f.object.members = append(f.object.members, memberRule{d.scope, name, demand{view: v, not: true}})
		return true
	}
}

// fresh adds a way in which a member is added.
func (d *denier) fresh(r freshRule) {
	d.change(schema.TypeObject, func(f *facts) { f.object.fresh = append(f.object.fresh, r) })
}

// about is a demand on the same value.
func (d *denier) about(v schema.View, not bool) item { return item{demand{view: v, not: not}, d.scope} }
