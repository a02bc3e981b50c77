package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// matching compiles the matchers of one condition.
type matching struct {
	*findings
	op *contract.Operation
	// shape is what the contract says of the value, nil for anything.
	shape *schema.Shape
	// admits reports an expected value that no valid request has; nil where that is
	// not asked. admitsPart is the same for parts of the value.
	admits, admitsPart func(where string, shape *schema.Shape, n *source.Node)
	// where names the value for people.
	where string
	// fold and negated are set below caseInsensitive and not.
	fold, negated bool
	// quiet leaves out the warnings about properties that are not declared.
	quiet bool
}

// admit checks an expected value, except below not and where case does not count.
func (c *matching) admit(n *source.Node) {
	if c.admits != nil && !c.negated && !c.fold {
		c.admits(c.where, c.shape, n)
	}
}

// part gives the matching of an item or member.
func (c *matching) part(token string, shape *schema.Shape) *matching {
	inner := *c
	inner.shape, inner.admits, inner.where = shape, c.admitsPart, below(c.where, token)
	return &inner
}

// value compiles a condition: a matcher, or a plain value that is compared. It
// gives nil where it has reported why it cannot.
func (c *matching) value(n *source.Node) matcher {
	switch n.Kind {
	case source.Object:
		return c.object(n)
	case source.Array:
		return c.array(n)
	}
	c.admit(n)
	return &equalTo{n, c.fold}
}

// array compiles a list. It is compared as a whole where it has no objects, so that the
// contract can be asked for the list, unless something is wrong with an element already.
func (c *matching) array(n *source.Node) matcher {
	wrong := c.faults
	list := make(elements, 0, len(n.Kids))
	for i, item := range n.Items() {
		m := c.part(strconv.Itoa(i), c.shape.Item(i)).value(item)
		if m == nil {
			return nil
		}
		list = append(list, m)
	}
	if c.faults == wrong && !slices.ContainsFunc(n.Kids, hasObject) {
		c.admit(n)
	}
	return list
}

func hasObject(n source.Node) bool {
	return n.Is(source.Object) || slices.ContainsFunc(n.Kids, hasObject)
}

func (c *matching) object(n *source.Node) matcher {
	if isMatcher(n) {
		if c.isProperty(n) {
			return nil
		}
		return c.words(n)
	}
	if c.shape != nil && c.shape.Types != 0 && !c.shape.Types.Has(schema.TypeObject) {
		c.notAnObject(n)
		return nil
	}
	list := make(subset, 0, len(n.Kids))
	for name, entry := range n.Members() {
		c.declared(name, entry.KeyAt())
		m := c.part(name, c.shape.Member(name)).value(entry)
		if m == nil {
			return nil
		}
		list = append(list, member{name, m})
	}
	return list
}

// isProperty reports an object that reads as a matcher where the contract has a
// property of that name.
func (c *matching) isProperty(n *source.Node) bool {
	if c.shape == nil {
		return false
	}
	for key, entry := range n.Members() {
		if _, ok := c.shape.Properties[key]; ok {
			c.fault(CodeMatcherOrProperty, entry.KeyAt(), fmt.Sprintf("%q is a matcher, and the contract has a property of that name here", key),
				propertyHint(key, entry))
			return true
		}
	}
	return false
}

// propertyHint says how to mean the property and not the matcher.
func propertyHint(key string, entry *source.Node) string {
	if entry.Is(source.Object) {
		return fmt.Sprintf("for the property write equalTo: {%s: …}, or a matcher of it under jsonPath", key)
	}
	return "write equalTo: {…} around the object to mean the property"
}

// notAnObject reports an object that is no matcher where the value is no object:
// mostly a matcher with a typing mistake.
func (c *matching) notAnObject(n *source.Node) {
	for key, entry := range n.Members() {
		if key == caseInsensitive || findMatcher(key) != nil {
			continue
		}
		c.fault(CodeUnknownMatcher, entry.KeyAt(), fmt.Sprintf("there is no matcher %q", key), source.DidYouMean(key, matcherNames()))
		return
	}
	c.fault(CodeUnknownMatcher, n.At(), "this is no matcher, and the value is no object", "write a value, or a matcher such as {contains: text}")
}

// declared warns of a property that the schema of the body does not have.
func (c *matching) declared(name string, at source.Span) {
	if c.quiet || c.shape == nil || len(c.shape.Properties) == 0 || c.shape.Additional != nil {
		return
	}
	if _, ok := c.shape.Properties[name]; ok {
		return
	}
	known := slices.Sorted(maps.Keys(c.shape.Properties)) // so that of two that are as near the same one is told each time
	c.warn(CodeUndeclaredProperty, at, fmt.Sprintf("the contract declares no property %q here", name), source.DidYouMean(name, known))
}
