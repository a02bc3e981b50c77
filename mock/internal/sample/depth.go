package sample

import "github.com/understudy-mock/understudy/mock/internal/contract/schema"

// depths are how deep arrays and objects must at least be nested in values of a
// schema. They are worked out when a schema leads back to itself: what is flattest
// ends.
type depths map[schema.View]int

// endless is the depth of schemas whose values would never end.
const endless = 1 << 20

// of gives the depth of a schema, endless where it has none.
func (d depths) of(v schema.View) int {
	if known, ok := d[v]; ok {
		return known
	}
	var order []schema.View
	d.reach(v, &order)
	// Values only become smaller, from the leaves up: mostly two rounds will do.
	for changed, rounds := true, 0; changed && rounds < maxRounds; rounds++ {
		changed = false
		for _, v := range order {
			if next := d.least(v); next < d[v] {
				d[v], changed = next, true
			}
		}
	}
	return d[v]
}

// maxRounds bounds the work; beyond it schemas are taken for deeper than they are.
const maxRounds = 200

// reach enters all schemas below v, those that are held before those that hold.
func (d depths) reach(v schema.View, order *[]schema.View) {
	type frame struct {
		view schema.View
		subs []schema.View
	}
	below := func(v schema.View) frame {
		d[v] = endless
		return frame{v, held(v)}
	}
	stack := []frame{below(v)}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.subs) == 0 {
			*order = append(*order, top.view)
			stack = stack[:len(stack)-1]
			continue
		}
		next := top.subs[0]
		top.subs = top.subs[1:]
		if _, known := d[next]; !known {
			stack = append(stack, below(next))
		}
	}
}

// least works out the depth of v from those of its parts.
func (d depths) least(v schema.View) int {
	if admits, decided := v.Verdict(); decided {
		if admits {
			return 0
		}
		return endless
	}
	depth := d.own(v)
	for w := range v.Words() {
		switch w.Name() {
		case "$ref", "$dynamicRef", "$recursiveRef", "allOf":
			if w.UnlessNull() {
				continue
			}
			for _, sub := range w.Subs() {
				depth = max(depth, d[sub])
			}
		case "anyOf", "oneOf", "discriminator":
			best := endless
			for _, sub := range w.Subs() {
				best = min(best, d[sub])
			}
			if !w.UnlessNull() {
				depth = max(depth, best)
			}
		}
	}
	return depth
}

// own is the depth by the schema's own type and structure.
func (d depths) own(v schema.View) int {
	types := schema.AnyType
	if w, ok := v.Word("type"); ok {
		types = w.Types()
	}
	for _, name := range []string{"enum", "const"} {
		if _, ok := v.Word(name); ok {
			return 0
		}
	}
	if types&^(schema.TypeArray|schema.TypeObject) != 0 {
		return 0
	}
	depth := endless
	if types.Has(schema.TypeObject) {
		depth = min(depth, d.ofObject(v))
	}
	if types.Has(schema.TypeArray) {
		depth = min(depth, d.ofArray(v))
	}
	return depth
}

func (d depths) ofObject(v schema.View) int {
	required := map[string]bool{}
	if w, ok := v.Word("required"); ok {
		for _, name := range w.Required() {
			required[name] = true
		}
	}
	depth := 0
	if w, ok := v.Word("properties"); ok {
		for i := range w.Len() {
			if name, sub := w.Sub(i); required[name] {
				depth = max(depth, 1+d[sub])
			}
		}
	}
	return depth
}

func (d depths) ofArray(v schema.View) int {
	least := 0
	if w, ok := v.Word("minItems"); ok {
		least = w.Count()
	}
	if least == 0 {
		return 0
	}
	prefix, depth := 0, 0
	if w, ok := v.Word("prefixItems"); ok {
		prefix = w.Len()
		for i, sub := range w.Subs() {
			if i < least {
				depth = max(depth, 1+d[sub])
			}
		}
	}
	if w, ok := v.Word("items"); ok && least > prefix {
		depth = max(depth, 1+d[w.Subs()[0]])
	}
	return depth
}
