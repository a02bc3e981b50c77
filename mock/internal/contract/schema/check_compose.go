package schema

import "github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"

// composition are the rules that combine schemas about the same value.
type composition struct {
	// all must fit: $ref and allOf; unlessNull those that null need not fit.
	all, unlessNull []*checker
	any, one        []branches
	not             []*checker
	condition       *condition
	choice          *chooser
	// unevaluated is what is checked last, nil for nothing.
	unevaluated *unevaluated
}

// branches are the schemas of one anyOf or oneOf.
type branches struct {
	of         []*checker
	unlessNull bool
}

// condition is if with then and else, which may be nil.
type condition struct{ when, then, otherwise *checker }

// chooser is a discriminator.
type chooser struct {
	property   string
	plain      []*checker // the list of oneOf or anyOf
	exclusive  bool       // oneOf
	cases      map[string][]*checker
	open       bool
	unlessNull bool
}

func (c *composition) valid(at int, r *run) bool {
	for _, s := range c.all {
		if !s.valid(at, r) {
			return false
		}
	}
	null := r.flat.Nodes[at].Kind == jsonvalue.Null
	if !null {
		for _, s := range c.unlessNull {
			if !s.valid(at, r) {
				return false
			}
		}
	}
	for i := range c.any {
		if b := &c.any[i]; !(b.unlessNull && null) && !anyValid(b.of, at, r) {
			return false
		}
	}
	for i := range c.one {
		if b := &c.one[i]; !(b.unlessNull && null) && !oneValid(b.of, at, r) {
			return false
		}
	}
	for _, s := range c.not {
		if s.valid(at, r) {
			return false
		}
	}
	if c.condition != nil && !c.condition.valid(at, r) {
		return false
	}
	if c.choice != nil && !c.choice.valid(at, r) {
		return false
	}
	return c.unevaluated == nil || c.unevaluated.valid(at, r)
}

func anyValid(of []*checker, at int, r *run) bool {
	for _, s := range of {
		if s.valid(at, r) {
			return true
		}
	}
	return false
}

func oneValid(of []*checker, at int, r *run) bool {
	found := false
	for _, s := range of {
		if s.valid(at, r) {
			if found {
				return false
			}
			found = true
		}
	}
	return found
}

func (c *condition) valid(at int, r *run) bool {
	next := c.otherwise
	if c.when.valid(at, r) {
		next = c.then
	}
	return next == nil || next.valid(at, r)
}

// selected gives the schemas that the value's tag selects; decided is false where
// the plain meaning of oneOf or anyOf holds.
func (c *chooser) selected(f *jsonvalue.Flat, at int) (selected []*checker, decided bool) {
	if f.Nodes[at].Kind != jsonvalue.Object {
		return nil, false
	}
	tag := f.Member(at, c.property)
	if tag == 0 {
		return nil, !c.open
	}
	if f.Nodes[tag].Kind != jsonvalue.Text {
		return nil, false
	}
	if selected, ok := c.cases[f.Nodes[tag].Text]; ok {
		return selected, true
	}
	return nil, !c.open
}

func (c *chooser) valid(at int, r *run) bool {
	if c.unlessNull && r.flat.Nodes[at].Kind == jsonvalue.Null {
		return true
	}
	selected, decided := c.selected(r.flat, at)
	switch {
	case !decided:
		selected = c.plain
	case len(selected) == 1:
		return selected[0].valid(at, r)
	}
	if c.exclusive {
		return oneValid(selected, at, r)
	}
	return anyValid(selected, at, r)
}
