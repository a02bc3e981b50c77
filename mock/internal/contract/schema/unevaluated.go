package schema

import "github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"

// unevaluated are the schemas for the members and items of a value that nothing
// else in the schema, or in what it combines, has spoken about (core section 11).
//
// Nothing is recorded while a value is checked. Instead, for each member the
// schemas are asked whether they speak about it; where that depends on which
// branch fits, the branch is checked again. Most schemas have no such branches.
type unevaluated struct {
	self              *checker
	properties, items *checker
}

func (u *unevaluated) valid(at int, r *run) bool {
	switch r.flat.Nodes[at].Kind {
	case jsonvalue.Object:
		return u.properties == nil || u.validProperties(at, r)
	case jsonvalue.Array:
		return u.items == nil || u.validItems(at, r)
	}
	return true
}

func (u *unevaluated) validProperties(at int, r *run) bool {
	for member := range r.flat.Parts(at) {
		if u.self.speaksOfProperty(at, r.flat.Nodes[member].Name, r, u) {
			continue
		}
		if !r.down() {
			return false
		}
		ok := u.properties.valid(member, r)
		r.up()
		if !ok {
			return false
		}
	}
	return true
}

func (u *unevaluated) validItems(at int, r *run) bool {
	position := -1
	for item := range r.flat.Parts(at) {
		if position++; u.self.speaksOfItem(at, item, position, r, u) {
			continue
		}
		if !r.down() {
			return false
		}
		ok := u.items.valid(item, r)
		r.up()
		if !ok {
			return false
		}
	}
	return true
}

// speaksOfProperty tells whether c, for which the object at an index is valid, evaluates a member;
// asking is the one whose own rule does not count.
func (c *checker) speaksOfProperty(at int, name string, r *run, asking *unevaluated) bool {
	if o := c.object; o != nil && o.speaksOf(at, name, r) {
		return true
	}
	if c.rest == nil {
		return false
	}
	if u := c.rest.unevaluated; u != nil && u != asking && u.properties != nil {
		return true
	}
	return c.rest.eachFitting(at, r, func(s *checker) bool { return s.speaksOfProperty(at, name, r, nil) })
}

func (o *objectRules) speaksOf(at int, name string, r *run) bool {
	if o.others != nil || o.byName[name] != nil {
		return true
	}
	for i := range o.patterns {
		if o.patterns[i].MatchString(name) {
			return true
		}
	}
	for i := range o.dependent {
		d := &o.dependent[i]
		if d.schema == nil || r.flat.Member(at, d.property) == 0 {
			continue
		}
		if r.within(d.schema, func() bool { return d.schema.speaksOfProperty(at, name, r, nil) }) {
			return true
		}
	}
	return false
}

// speaksOfItem is speaksOfProperty for an item, which has a position in the array.
func (c *checker) speaksOfItem(at, item, position int, r *run, asking *unevaluated) bool {
	if a := c.array; a != nil && a.speaksOf(item, position, r) {
		return true
	}
	if c.rest == nil {
		return false
	}
	if u := c.rest.unevaluated; u != nil && u != asking && u.items != nil {
		return true
	}
	return c.rest.eachFitting(at, r, func(s *checker) bool { return s.speaksOfItem(at, item, position, r, nil) })
}

func (a *arrayRules) speaksOf(item, position int, r *run) bool {
	switch {
	case a.items != nil, position < len(a.prefix):
		return true
	case a.contains == nil || !r.down():
		return false
	}
	defer r.up()
	return a.contains.valid(item, r)
}

// eachFitting asks the combined schemas that fit the value until one says yes.
func (c *composition) eachFitting(at int, r *run, ask func(*checker) bool) bool {
	asked := func(s *checker) bool { return r.within(s, func() bool { return ask(s) }) }
	fitting := func(s *checker) bool { return s.valid(at, r) && asked(s) }
	for _, s := range c.all {
		if asked(s) {
			return true
		}
	}
	for _, s := range c.unlessNull {
		if asked(s) {
			return true
		}
	}
	for _, lists := range [][]branches{c.any, c.one} {
		for _, b := range lists {
			for _, s := range b.of {
				if fitting(s) {
					return true
				}
			}
		}
	}
	if c.choice != nil {
		selected, decided := c.choice.selected(r.flat, at)
		if !decided {
			selected = c.choice.plain
		}
		for _, s := range selected {
			if fitting(s) {
				return true
			}
		}
	}
	return c.condition != nil && c.condition.eachFitting(at, r, asked)
}

func (c *condition) eachFitting(at int, r *run, asked func(*checker) bool) bool {
	if c.when.valid(at, r) {
		return asked(c.when) || c.then != nil && asked(c.then)
	}
	return c.otherwise != nil && asked(c.otherwise)
}

// within asks a schema that is met below others about the same value. One that is
// met again has nothing to add, see findCircles. It is work like checking, and the answer
// does not matter any more once there was too much.
func (r *run) within(c *checker, ask func() bool) bool {
	if r.steps++; r.steps > maxSteps && r.spent() {
		return true
	}
	if !c.circle {
		return ask()
	}
	if r.isActive(c) {
		return false
	}
	r.begin(c)
	defer r.end()
	return ask()
}
