package schema

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

func (c *composition) valid(value any, r *run) bool {
	for _, s := range c.all {
		if !s.valid(value, r) {
			return false
		}
	}
	if value != nil {
		for _, s := range c.unlessNull {
			if !s.valid(value, r) {
				return false
			}
		}
	}
	for i := range c.any {
		if b := &c.any[i]; !(b.unlessNull && value == nil) && !anyValid(b.of, value, r) {
			return false
		}
	}
	for i := range c.one {
		if b := &c.one[i]; !(b.unlessNull && value == nil) && !oneValid(b.of, value, r) {
			return false
		}
	}
	for _, s := range c.not {
		if s.valid(value, r) {
			return false
		}
	}
	if c.condition != nil && !c.condition.valid(value, r) {
		return false
	}
	if c.choice != nil && !c.choice.valid(value, r) {
		return false
	}
	return c.unevaluated == nil || c.unevaluated.valid(value, r)
}

func anyValid(of []*checker, value any, r *run) bool {
	for _, s := range of {
		if s.valid(value, r) {
			return true
		}
	}
	return false
}

func oneValid(of []*checker, value any, r *run) bool {
	found := false
	for _, s := range of {
		if s.valid(value, r) {
			if found {
				return false
			}
			found = true
		}
	}
	return found
}

func (c *condition) valid(value any, r *run) bool {
	next := c.otherwise
	if c.when.valid(value, r) {
		next = c.then
	}
	return next == nil || next.valid(value, r)
}

// selected gives the schemas that the value's tag selects; decided is false where
// the plain meaning of oneOf or anyOf holds.
func (c *chooser) selected(value any) (selected []*checker, decided bool) {
	v, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	tag, there := v[c.property]
	text, ok := tag.(string)
	if there && !ok {
		return nil, false
	}
	if selected, ok := c.cases[text]; ok && there {
		return selected, true
	}
	return nil, !c.open
}

func (c *chooser) valid(value any, r *run) bool {
	if c.unlessNull && value == nil {
		return true
	}
	selected, decided := c.selected(value)
	switch {
	case !decided:
		selected = c.plain
	case len(selected) == 1:
		return selected[0].valid(value, r)
	}
	if c.exclusive {
		return oneValid(selected, value, r)
	}
	return anyValid(selected, value, r)
}
