package sample

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// taker puts one schema into facts.
type taker struct {
	*generator
	*facts
	item
	// subs are the schemas that count beside this one, open what has several ways.
	subs []item
	open []branching
}

// take puts a demand that is to be fulfilled into facts; ok is false where the facts
// then contradict each other.
func (g *generator) take(f *facts, it item) (subs []item, open []branching, ok bool) {
	if it.tagged || slices.Contains(f.seen, it.view) {
		return nil, nil, true // a tag is put into facts by narrow
	}
	f.seen = append(f.seen, it.view)
	f.nodes = append(f.nodes, it.view.Node())
	if admits, decided := it.view.Verdict(); decided {
		return nil, nil, admits
	}
	t := &taker{generator: g, facts: f, item: it}
	t.openScope()
	for w := range it.view.Words() {
		t.word(w)
		if f.types == 0 {
			return nil, nil, false
		}
	}
	if property, heirs := it.view.Heirs(); len(heirs) > 0 {
		t.open = append(t.open, branching{item: it, heirs: heirs, tag: property})
	}
	return t.subs, t.open, true
}

// openScope begins a scope of its own for a schema that speaks about what is left.
func (t *taker) openScope() {
	for w := range t.view.Words() {
		if name := w.Name(); name == "unevaluatedProperties" || name == "unevaluatedItems" {
			t.scopes = append(t.scopes, t.scope)
			t.scope = len(t.scopes) - 1
			return
		}
	}
}

func (t *taker) word(w schema.Word) {
	if !t.general(w) && !t.scalar(w) && !t.ofArrays(w) && !t.ofObjects(w) {
		t.combined(w)
	}
}

func (t *taker) speak(types schema.Types) { t.spoken |= types }

// general takes what may speak about values of every type.
func (t *taker) general(w schema.Word) bool {
	switch w.Name() {
	case "type":
		t.types &= w.Types()
	case "enum", "const":
		t.lists = append(t.lists, w.Listed())
	default:
		return false
	}
	return true
}

const numeric = schema.TypeNumber | schema.TypeInteger

// scalar takes what speaks about numbers and strings.
func (t *taker) scalar(w schema.Word) bool {
	switch w.Name() {
	case "multipleOf":
		t.number.multiples = append(t.number.multiples, w.Number())
		t.speak(numeric)
	case "minimum", "exclusiveMinimum":
		t.number.atLeast(newBound(w.Number(), w.Name() == "exclusiveMinimum"))
		t.speak(numeric)
	case "maximum", "exclusiveMaximum":
		t.number.atMost(newBound(w.Number(), w.Name() == "exclusiveMaximum"))
		t.speak(numeric)
	case "minLength":
		t.text.min = max(t.text.min, w.Count())
		t.speak(schema.TypeString)
	case "maxLength":
		t.text.max = min(t.text.max, w.Count())
		t.speak(schema.TypeString)
	case "pattern":
		t.text.patterns = append(t.text.patterns, w.Patterns()...)
		t.speak(schema.TypeString)
	case "format":
		t.text.formats = append(t.text.formats, w.Format())
		t.number.formats = append(t.number.formats, w.Format())
		if isNumeric(w.Format()) {
			t.speak(numeric)
		} else {
			t.speak(schema.TypeString)
		}
	default:
		return false
	}
	return true
}

// ofArrays takes what speaks about arrays.
func (t *taker) ofArrays(w schema.Word) bool {
	a := &t.array
	switch w.Name() {
	case "minItems":
		a.min = max(a.min, w.Count())
	case "maxItems":
		a.max = min(a.max, w.Count())
	case "uniqueItems":
		a.unique = a.unique || w.IsTrue()
	case "prefixItems":
		a.rules = append(a.rules, itemRule{scope: t.scope, prefix: w.Subs(), items: t.sub("items")})
	case "items":
		if _, both := t.view.Word("prefixItems"); !both {
			a.rules = append(a.rules, itemRule{scope: t.scope, items: t.sub("items")})
		}
	case "contains":
		a.contains = append(a.contains, containsRule{t.scope, t.sub("contains"), t.count("minContains", 1), t.count("maxContains", maxCount)})
	case "minContains", "maxContains":
	case "unevaluatedItems":
		a.rest = append(a.rest, restRule{t.scope, t.sub("unevaluatedItems")})
	default:
		return false
	}
	t.speak(schema.TypeArray)
	return true
}

// maxCount is more than anything has.
const maxCount = 1 << 30

// sub gives the schema of a keyword that holds one; the zero View for none.
func (t *taker) sub(name string) schema.View {
	w, ok := t.view.Word(name)
	if !ok {
		return schema.View{}
	}
	_, sub := w.Sub(0)
	return sub
}

func (t *taker) count(name string, otherwise int) int {
	if w, ok := t.view.Word(name); ok {
		return w.Count()
	}
	return otherwise
}

// ofObjects takes what speaks about objects.
func (t *taker) ofObjects(w schema.Word) bool {
	o := &t.object
	switch w.Name() {
	case "minProperties":
		o.min = max(o.min, w.Count())
	case "maxProperties":
		o.max = min(o.max, w.Count())
	case "required":
		for _, name := range w.Required() {
			o.require(name)
		}
	case "properties":
		for i := range w.Len() {
			name, sub := w.Sub(i)
			o.members = append(o.members, memberRule{t.scope, name, demand{view: sub}})
		}
	case "patternProperties":
		for i, p := range w.Patterns() {
			_, sub := w.Sub(i)
			o.patterns = append(o.patterns, patternRule{t.scope, p, demand{view: sub}})
		}
	case "additionalProperties":
		o.others = append(o.others, othersRule{t.scope, t.declared(t.view), demand{view: t.sub("additionalProperties")}})
	case "unevaluatedProperties":
		o.rest = append(o.rest, restRule{t.scope, t.sub("unevaluatedProperties")})
	case "propertyNames":
		o.names = append(o.names, demand{view: t.sub("propertyNames")})
	case "dependentRequired":
		o.dependents = append(o.dependents, w.Dependencies()...)
	default:
		return false
	}
	t.speak(schema.TypeObject)
	return true
}

// few is up to which number names are looked for one by one.
const few = 32

func (o *objectFacts) require(name string) {
	if len(o.required) < few {
		if !slices.Contains(o.required, name) {
			o.required = append(o.required, name)
		}
		return
	}
	if o.isRequired == nil {
		o.isRequired = make(map[string]bool, len(o.required))
		for _, known := range o.required {
			o.isRequired[known] = true
		}
	}
	if !o.isRequired[name] {
		o.isRequired[name] = true
		o.required = append(o.required, name)
	}
}

// declared gives the names that a schema claims.
func (g *generator) declared(v schema.View) *declared {
	if d, ok := g.owners[v]; ok {
		return d
	}
	d := &declared{names: map[string]bool{}}
	for w := range v.Words() {
		switch w.Name() {
		case "properties":
			for i := range w.Len() {
				name, _ := w.Sub(i)
				d.names[name] = true
			}
		case "patternProperties":
			d.patterns = w.Patterns()
		}
	}
	g.owners[v] = d
	return d
}

// combined takes what combines schemas.
func (t *taker) combined(w schema.Word) {
	switch w.Name() {
	case "$ref", "$dynamicRef", "$recursiveRef", "allOf":
		if w.UnlessNull() && t.types.Has(schema.TypeNull) {
			t.open = append(t.open, branching{item: t.item, word: w})
			return
		}
		t.subs = append(t.subs, t.items(w.Subs())...)
	case "anyOf", "oneOf", "discriminator":
		t.open = append(t.open, branching{item: t.item, word: w})
	case "not":
		t.watches = append(t.watches, watch{kind: watchNot, scope: t.scope, view: t.sub("not")})
	case "if":
		t.watches = append(t.watches, watch{kind: watchIf, scope: t.scope, view: t.sub("if"), then: t.sub("then"), otherwise: t.sub("else")})
	case "dependentSchemas":
		for i := range w.Len() {
			name, sub := w.Sub(i)
			t.watches = append(t.watches, watch{kind: watchMember, scope: t.scope, name: name, view: sub})
		}
		t.speak(schema.TypeObject)
	}
}

// items gives the demands for schemas about the same value.
func (it item) items(views []schema.View) []item {
	list := make([]item, len(views))
	for i, v := range views {
		list[i] = item{demand{view: v}, it.scope}
	}
	return list
}
