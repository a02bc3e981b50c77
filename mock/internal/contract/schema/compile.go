package schema

import "math"

// build makes the checkers of new objects, after circles among them were found.
func (c *Compiler) build(fresh []*object) {
	c.findCircles(fresh)
	for _, o := range fresh {
		c.check(o)
	}
}

// compile fills in the checker of o. Those of the objects that it links to are there, and
// may be filled in later.
func (o *object) compile() {
	c := o.checker
	if o.forbidden || o.verdict != nil && !*o.verdict {
		c.never = true
		return
	}
	for i := range o.words {
		w := &o.words[i]
		if !c.limitWord(w) && !c.valueWord(o, w) {
			c.schemaWord(o, w, i)
		}
	}
	if c.object != nil {
		c.object.settle()
	}
}

// target gives the checker that does the work: that of the schema referred to
// where o is a mere reference.
func (o *object) target() *checker {
	for len(o.words) == 1 && isReference(o.words[0].name) && !o.words[0].unlessNull && o.circle == 0 && !o.forbidden {
		o = o.links[0][0]
	}
	return o.checker
}

func targets(objects []*object) []*checker {
	all := make([]*checker, len(objects))
	for i, o := range objects {
		all[i] = o.target()
	}
	return all
}

// limitWord takes over a keyword that limits a number or a count; false for others.
func (c *checker) limitWord(w *word) bool {
	switch w.name {
	case "multipleOf":
		c.numberRules().multipleOf = w.decimal()
	case "maximum":
		c.numberRules().max = w.decimal()
	case "exclusiveMaximum":
		c.numberRules().below = w.decimal()
	case "exclusiveMinimum":
		c.numberRules().above = w.decimal()
	case "minimum":
		c.numberRules().min = w.decimal()
	case "maxLength":
		c.textRules().max = w.limit()
	case "minLength":
		c.textRules().min = w.arg.(int)
	case "maxItems":
		c.arrayRules().max = w.limit()
	case "minItems":
		c.arrayRules().min = w.arg.(int)
	case "maxContains":
		c.arrayRules().atMost = w.limit()
	case "minContains":
		c.arrayRules().atLeast = w.arg.(int)
	case "maxProperties":
		c.objectRules().max = w.limit()
	case "minProperties":
		c.objectRules().min = w.arg.(int)
	default:
		return false
	}
	return true
}

// valueWord takes over any other keyword that holds no schemas; false for others.
func (c *checker) valueWord(o *object, w *word) bool {
	switch w.name {
	case "type":
		c.types = w.arg.(Types)
	case "enum", "const":
		c.enums = append(c.enums, newEnumeration(w.listed()))
	case "uniqueItems":
		c.arrayRules().unique = w.arg.(bool)
	case "pattern":
		c.textRules().pattern = w.pattern()
	case "format":
		f := w.format()
		c.textRules().format, c.numberRules().format = f, f
	case "required":
		c.objectRules().required = o.demanded(w.arg.([]requirement))
	case "dependentRequired":
		for _, d := range w.arg.([]dependency) {
			rules := c.objectRules()
			rules.dependent = append(rules.dependent, dependentRule{property: d.property, required: o.demanded(d.names)})
		}
	default:
		return false
	}
	return true
}

// demanded gives the names on which required insists in the context of o.
func (o *object) demanded(names []requirement) []string {
	var kept []string
	for _, r := range names {
		if o.demands(r.name) {
			kept = append(kept, r.name)
		}
	}
	return kept
}

// schemaWord takes over a keyword that holds schemas, the i-th of o.
func (c *checker) schemaWord(o *object, w *word, i int) {
	of := targets(o.links[i])
	switch w.name {
	case "$ref", "$dynamicRef", "$recursiveRef", "allOf":
		if w.unlessNull {
			c.composition().unlessNull = append(c.composition().unlessNull, of...)
		} else {
			c.composition().all = append(c.composition().all, of...)
		}
	case "anyOf":
		c.composition().any = append(c.composition().any, branches{of, w.unlessNull})
	case "oneOf":
		c.composition().one = append(c.composition().one, branches{of, w.unlessNull})
	case "not":
		c.composition().not = append(c.composition().not, of...)
	case "if":
		c.conditionRules().when = of[0]
	case "then":
		c.conditionRules().then = of[0]
	case "else":
		c.conditionRules().otherwise = of[0]
	case "discriminator":
		c.composition().choice = newChooser(w, of)
	case "unevaluatedProperties":
		c.unevaluatedRules().properties = of[0]
	case "unevaluatedItems":
		c.unevaluatedRules().items = of[0]
	case "prefixItems":
		c.arrayRules().prefix = of
	case "items":
		c.arrayRules().items = of[0]
	case "contains":
		c.arrayRules().contains = of[0]
	default:
		c.memberWord(w, of)
	}
}

// memberWord takes over a keyword about the members of objects.
func (c *checker) memberWord(w *word, of []*checker) {
	o := c.objectRules()
	switch w.name {
	case "properties":
		o.byName = make(map[string]*checker, len(of))
		for i, s := range w.subs {
			o.properties = append(o.properties, property{name: s.key, checker: of[i]})
			o.byName[s.key] = of[i]
		}
	case "patternProperties":
		for i, p := range w.patterns() {
			o.patterns = append(o.patterns, patternRule{p, of[i]})
		}
	case "additionalProperties":
		o.others = of[0]
	case "propertyNames":
		o.names = of[0]
	case "dependentSchemas":
		for i, s := range w.subs {
			o.dependent = append(o.dependent, dependentRule{property: s.key, schema: of[i]})
		}
	}
}

func newChooser(w *word, of []*checker) *chooser {
	d := w.arg.(*choice)
	c := &chooser{property: d.property, plain: of[:d.branches], exclusive: d.keyword == "oneOf", open: d.open, unlessNull: w.unlessNull, cases: map[string][]*checker{}}
	for tag, selected := range d.cases {
		for _, at := range selected {
			c.cases[tag] = append(c.cases[tag], of[at])
		}
	}
	return c
}

// The rules of c, new where there are none yet.

func (c *checker) textRules() *textRules {
	if c.text == nil {
		c.text = &textRules{max: math.MaxInt}
	}
	return c.text
}

func (c *checker) numberRules() *numberRules {
	if c.number == nil {
		c.number = &numberRules{}
	}
	return c.number
}

func (c *checker) arrayRules() *arrayRules {
	if c.array == nil {
		c.array = &arrayRules{max: math.MaxInt, atLeast: 1, atMost: math.MaxInt}
	}
	return c.array
}

func (c *checker) objectRules() *objectRules {
	if c.object == nil {
		c.object = &objectRules{max: math.MaxInt}
	}
	return c.object
}

func (c *checker) composition() *composition {
	if c.rest == nil {
		c.rest = &composition{}
	}
	return c.rest
}

func (c *checker) conditionRules() *condition {
	if c.composition().condition == nil {
		c.rest.condition = &condition{}
	}
	return c.rest.condition
}

func (c *checker) unevaluatedRules() *unevaluated {
	if c.composition().unevaluated == nil {
		c.rest.unevaluated = &unevaluated{self: c}
	}
	return c.rest.unevaluated
}
