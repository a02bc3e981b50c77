package scenario

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario/jsonpath"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// fit changes a value so that a matcher accepts it. made and the result are nil for no
// value; s is what the contract says of it, nil for anything.
func (a *asking) fit(m matcher, made *source.Node, s *schema.Shape) (*source.Node, error) {
	if a.accepts(m, made) && (made != nil || !wantsValue(m)) {
		return made, nil
	}
	switch m := m.(type) {
	case all:
		return a.fitAll(m, made, s)
	case anyOf:
		return a.fitAny(m, made, s)
	case *equalTo:
		return a.equal(m.node, s), nil
	case subset:
		return a.fitMembers(m, made, s)
	case elements:
		return a.fitItems(m, made, s)
	case *contains:
		if m.part == nil || s != nil && s.Types&schema.TypeArray != 0 && s.Types&schema.TypeString == 0 || made.Is(source.Array) {
			return a.fitOneItem(m.element, made, s)
		}
	case presence:
		if !m.want {
			return nil, nil
		}
		return a.any(s), nil
	}
	return a.leaf([]matcher{m}, made, s)
}

// wantsValue tells of matchers that also accept no value whether one should be sent: a
// value is easier to see in a report.
func wantsValue(m matcher) bool { _, negated := m.(not); return negated && !wantsNothing(m) }

// accepts tells whether a matcher accepts a value.
func (a *asking) accepts(m matcher, n *source.Node) bool {
	if n == nil {
		return m.match(operand{})
	}
	return m.match(valueOf(n.Value(), !a.strict))
}

// fitAll fits the structure first, and then what is said of the value as a whole.
func (a *asking) fitAll(list all, made *source.Node, s *schema.Shape) (*source.Node, error) {
	var leaves []matcher
	n := made
	for _, m := range list {
		switch m := m.(type) {
		case *textTest, *pattern, *magnitude, *moment, *conforms, not:
			leaves = append(leaves, m)
			continue
		case *contains:
			if m.part != nil && !n.Is(source.Array) && (s == nil || s.Types&schema.TypeString != 0) {
				leaves = append(leaves, m.part)
				continue
			}
		}
		var err error
		if n, err = a.fit(m, n, s); err != nil {
			return nil, err
		}
	}
	if len(leaves) == 0 || a.accepts(all(leaves), n) {
		return n, nil
	}
	return a.leaf(leaves, n, s)
}

// fitAny takes the alternatives in turn, beginning with another one in each variant.
func (a *asking) fitAny(list anyOf, made *source.Node, s *schema.Shape) (n *source.Node, err error) {
	var first error
	for i := range list {
		m := list[(i+int(a.variant))%len(list)]
		if n, err = a.fit(m, made, s); err == nil {
			return n, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// equal gives the value that is wanted, in the type that the contract wants: what is
// written as a number may be text.
func (a *asking) equal(want *source.Node, s *schema.Shape) *source.Node {
	if a.strict || a.valid(s, want) || !isScalar.has(want.Kind) && !want.Is(source.Array) {
		return want
	}
	for _, as := range []source.Kind{source.String, source.Number, source.Bool} {
		if _, ok := reread(want, as); !ok {
			continue
		}
		other := retyped(want, as)
		if a.valid(s, &other) {
			return &other
		}
	}
	return want
}

// retyped is a scalar, or a list of scalars, as if it were written as another kind.
func retyped(n *source.Node, as source.Kind) source.Node {
	if !n.Is(source.Array) {
		return source.New(n, as, n.Key, n.Text)
	}
	kids := make([]source.Node, len(n.Kids))
	for i := range n.Kids {
		kids[i] = retyped(&n.Kids[i], as)
	}
	return source.New(n, source.Array, n.Key, "", kids...)
}

func (a *asking) fitMembers(list subset, made *source.Node, s *schema.Shape) (*source.Node, error) {
	if !made.Is(source.Object) {
		made = a.any(s)
	}
	var kids []source.Node
	if made.Is(source.Object) {
		kids = slices.Clone(made.Kids)
	}
	for i := range list {
		name := list[i].name
		at := indexOf(kids, name)
		before := (*source.Node)(nil)
		if at >= 0 {
			before = &kids[at]
		}
		n, err := a.fit(list[i].matcher, before, s.Member(name))
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case n == nil && at >= 0:
			kids = slices.Delete(kids, at, at+1)
		case n != nil && at >= 0:
			kids[at] = n.Renamed(name)
		case n != nil:
			kids = append(kids, n.Renamed(name))
		}
	}
	return rooted(source.Object, kids), nil
}

// rooted gives a copy of the parts with a root of their own.
func rooted(kind source.Kind, kids []source.Node) *source.Node {
	root := source.New(nil, kind, "", "", kids...)
	return root.Clone()
}

func (a *asking) fitItems(list elements, made *source.Node, s *schema.Shape) (*source.Node, error) {
	kids := make([]source.Node, len(list))
	for i, m := range list {
		n, err := a.fit(m, a.item(made, i, s), s.Item(i))
		if err != nil {
			return nil, err
		}
		if n == nil {
			return nil, fmt.Errorf("an item cannot be %s", m)
		}
		kids[i] = n.Renamed("")
	}
	return rooted(source.Array, kids), nil
}

// item gives an item to begin with.
func (a *asking) item(list *source.Node, i int, s *schema.Shape) *source.Node {
	if list.Is(source.Array) && len(list.Kids) > 0 {
		return &list.Kids[min(i, len(list.Kids)-1)]
	}
	return a.any(s.Item(i))
}

func (a *asking) fitOneItem(m matcher, made *source.Node, s *schema.Shape) (*source.Node, error) {
	n, err := a.fit(m, a.item(made, 0, s), s.Item(0))
	if err != nil {
		return nil, err
	}
	if n == nil {
		return nil, fmt.Errorf("an item cannot be %s", m)
	}
	kids := []source.Node{n.Renamed("")}
	if made.Is(source.Array) && len(made.Kids) > 1 {
		kids = append(kids, made.Kids[1:]...)
	}
	return rooted(source.Array, kids), nil
}

// any makes a value that fits what the contract says.
func (a *asking) any(s *schema.Shape) *source.Node {
	if s != nil && s.Source != nil {
		if compiled, err := a.op.Contract().RequestSchema(s.Source); err == nil {
			if n, err := sample.Value(compiled, sample.Options{Dynamic: a.variant > 1, Seed: a.variant}); err == nil {
				return n
			}
		}
	}
	types := schema.AnyType
	if s != nil {
		types = s.Types
	}
	n := source.New(nil, source.String, "", "text")
	switch {
	case types.Has(schema.TypeString):
	case types&(schema.TypeNumber|schema.TypeInteger) != 0:
		n = source.New(nil, source.Number, "", "1")
	case types.Has(schema.TypeObject):
		n = source.New(nil, source.Object, "", "")
	case types.Has(schema.TypeArray):
		n = source.New(nil, source.Array, "", "")
	case types.Has(schema.TypeBoolean):
		n = source.New(nil, source.Bool, "", "true")
	}
	return &n
}

// valid tells whether the contract admits a value, as far as one schema speaks of it.
func (a *asking) valid(s *schema.Shape, n *source.Node) bool {
	if s == nil || s.Source == nil {
		return true
	}
	compiled, err := a.op.Contract().RequestSchema(s.Source)
	return err != nil || compiled.Valid(n.Value())
}

// alongPath turns a query of names and indices into a condition on the whole body; ok is
// false for other queries.
func alongPath(c *jsonPathCondition) (m matcher, ok bool) {
	steps, whole := c.path.Lead()
	if !whole {
		return nil, false
	}
	return within(steps, c.matcher), true
}

func within(steps []jsonpath.Step, m matcher) matcher {
	for _, s := range slices.Backward(steps) {
		if s.Name != "" {
			m = subset{{s.Name, m}}
		} else {
			m = &contains{element: m}
		}
	}
	return m
}
