package scenario

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// A request body may have several media types, each with a schema of its own.
// Which one a request will have is not known at load, so something is wrong only
// if it is wrong against each of them.

// bodyShapes gives what the contract says of the request body, once for each
// schema; nil stands for anything. With structured those alone count whose bodies
// can be objects and lists, because text has no members. There is one at least.
func (c *compiler) bodyShapes(structured bool) []*schema.Shape {
	media := c.op.RequestBody()
	isText := func(m contract.RequestMedia) bool { return !hasMembers(m) }
	if structured && !slices.ContainsFunc(media, hasMembers) {
		structured = false
	}
	if structured {
		media = slices.DeleteFunc(media, isText)
	} else {
		slices.SortStableFunc(media, func(a, b contract.RequestMedia) int { return order(isText(a)) - order(isText(b)) })
	}
	var shapes []*schema.Shape
	for i, m := range media {
		if slices.ContainsFunc(media[:i], m.AlikeTo) {
			continue
		}
		shape := m.Shape()
		if shape == nil {
			return []*schema.Shape{nil}
		}
		shapes = append(shapes, shape)
	}
	if len(shapes) == 0 {
		return []*schema.Shape{nil}
	}
	return shapes
}

// order puts what is false first.
func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

// hasMembers tells whether bodies of a media type can be decoded into objects.
func hasMembers(m contract.RequestMedia) bool {
	return m.Data(m.Type) || !m.Type.Concrete() && m.Type.Type != "text"
}

// onlyBodyShape gives the shape of the body where there is one schema for it.
func (c *compiler) onlyBodyShape(structured bool) *schema.Shape {
	if shapes := c.bodyShapes(structured); len(shapes) == 1 {
		return shapes[0]
	}
	return nil
}

// againstBody compiles a condition on the body against each of its shapes, and
// keeps what was found against the one that it fits best.
func (c *compiler) againstBody(structured bool, compile func(c *compiler, shape *schema.Shape) matcher) matcher {
	var best matcher
	var found *findings
	for _, shape := range c.bodyShapes(structured) {
		attempt := *c
		attempt.findings = &findings{}
		m := compile(&attempt, shape)
		if found == nil || attempt.fitsBetter(found) {
			best, found = m, attempt.findings
		}
	}
	c.list = append(c.list, found.list...)
	c.faults += found.faults
	return best
}

// fitsBetter tells whether a condition seems to be meant for this attempt's schema
// rather than for another one's: nothing is wrong, or more of its names are known.
// What may be meant for a property has to be cleared up in any case.
// Of equals the first is kept: its media type is the likeliest.
func (f *findings) fitsBetter(other *findings) bool {
	if f.has(CodeMatcherOrProperty) || other.has(CodeMatcherOrProperty) {
		return !other.has(CodeMatcherOrProperty)
	}
	if len(f.list) == 0 || len(other.list) == 0 {
		return len(f.list) < len(other.list)
	}
	return f.unknownNames() < other.unknownNames()
}

func (f *findings) has(code source.Code) bool {
	return slices.ContainsFunc(f.list, func(d source.Diagnostic) bool { return d.Code == code })
}

func (f *findings) unknownNames() (count int) {
	for i := range f.list {
		if f.list[i].Code == CodeUndeclaredProperty {
			count++
		}
	}
	return count
}
