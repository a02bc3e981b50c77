package schema

import (
	"cmp"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Types is a set of JSON types.
type Types uint8

// The types; Integer is a subset of Number and stands beside it where the
// schema admits whole numbers only.
const (
	TypeNull Types = 1 << iota
	TypeBoolean
	TypeInteger
	TypeNumber
	TypeString
	TypeArray
	TypeObject

	AnyType = TypeNull | TypeBoolean | TypeInteger | TypeNumber | TypeString | TypeArray | TypeObject
)

// Has tells whether every type of other is in t.
func (t Types) Has(other Types) bool { return t&other == other }

// Shape is what a schema says about JSON types: as much as is needed to decode
// text by it. References and allOf, oneOf, anyOf, enum and const are looked through.
// A Shape is immutable; its parts may be shared with other shapes.
type Shape struct {
	// Types may occur; AnyType where the schema does not restrict them, 0 where it
	// admits nothing.
	Types Types
	// Likely are those of the Types that the schema speaks of, all of them as a
	// rule. They are fewer where an alternative says nothing: of anyOf with an
	// integer member in one branch and no word of it in the other, any type may
	// occur, and an integer is likely.
	Likely Types
	// Prefix are the shapes of the first array items, as prefixItems gives them.
	Prefix []*Shape
	// Items is the shape of the other array items, nil for anything.
	Items *Shape
	// Properties are the declared members of an object, nil for none.
	Properties map[string]*Shape
	// Additional is the shape of other members where the schema speaks of them
	// (additionalProperties, patternProperties, unevaluatedProperties); nil where
	// it does not, and then anything is admitted.
	Additional *Shape
	// Closed tells that members which are not declared are not admitted.
	Closed bool
	// XML is the xml object (OpenAPI 3.1 section 4.8.26) that speaks of the value, nil
	// for none.
	XML *source.Node
	// Binary tells that strings are bytes: format binary, the type file of Swagger 2.0,
	// or a contentMediaType that is no text and has no contentEncoding.
	Binary bool
	// Source is the schema that says all this, for Compile. Nil where several
	// schemas speak of the same item or member, and for anything.
	Source *source.Node
}

// Item gives the shape of the array item at index i, nil for anything.
func (s *Shape) Item(i int) *Shape {
	switch {
	case s == nil:
		return nil
	case i < len(s.Prefix):
		return s.Prefix[i]
	}
	return s.Items
}

// Member gives the shape of an object's member, nil for anything.
func (s *Shape) Member(name string) *Shape {
	if s == nil {
		return nil
	}
	if p, ok := s.Properties[name]; ok {
		return p
	}
	return s.others()
}

// others is the shape of members that are not declared, nil for anything.
func (s *Shape) others() *Shape {
	if s.Closed {
		return nothing
	}
	return s.Additional
}

// The shapes of the schemas true and false.
var (
	anything = &Shape{Types: AnyType, Likely: AnyType}
	nothing  = &Shape{}
)

// and gives the shape of values that have both shapes.
func (s *Shape) and(t *Shape) *Shape {
	switch {
	case t == anything:
		return s
	case s == anything:
		return t
	}
	both := &Shape{
		Types:      s.Types & t.Types,
		Items:      meet(s.Items, t.Items),
		Additional: meet(s.Additional, t.Additional),
		Closed:     s.Closed || t.Closed,
		Binary:     s.Binary || t.Binary,
		XML:        cmp.Or(s.XML, t.XML),
	}
	if both.Likely = s.Likely & t.Likely; both.Likely == 0 {
		both.Likely = both.Types
	}
	for i := range max(len(s.Prefix), len(t.Prefix)) {
		both.Prefix = append(both.Prefix, meet(s.Item(i), t.Item(i)))
	}
	both.Properties = merged(s, t, meet)
	return both
}

// meet is and where nil stands for anything.
func meet(a, b *Shape) *Shape {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return a.and(b)
}

// or gives the shape of values that have one of the shapes. What only one of them
// says about items and members is kept as likely: the other does not contradict
// it, and it is the best hint at what a text means.
func (s *Shape) or(t *Shape) *Shape {
	either := &Shape{Types: s.Types | t.Types, Likely: s.Likely | t.Likely, Closed: s.Closed && t.Closed, Binary: s.Binary || t.Binary, XML: cmp.Or(s.XML, t.XML)}
	switch {
	case s.Types&TypeArray == 0:
		either.Prefix, either.Items = t.Prefix, t.Items
	case t.Types&TypeArray == 0:
		either.Prefix, either.Items = s.Prefix, s.Items
	default:
		either.Items = alternative(s.Items, t.Items)
		for i := range max(len(s.Prefix), len(t.Prefix)) {
			either.Prefix = append(either.Prefix, alternative(s.Item(i), t.Item(i)))
		}
	}
	switch {
	case s.Types&TypeObject == 0:
		either.Properties, either.Additional, either.Closed = t.Properties, t.Additional, t.Closed
	case t.Types&TypeObject == 0:
		either.Properties, either.Additional, either.Closed = s.Properties, s.Additional, s.Closed
	default:
		either.Properties = merged(s, t, alternative)
		if !either.Closed {
			either.Additional = alternative(s.others(), t.others())
		}
	}
	return either
}

// alternative is or where nil stands for a shape that says nothing.
func alternative(a, b *Shape) *Shape {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil:
		return b.opened()
	case b == nil:
		return a.opened()
	}
	return a.or(b)
}

// opened gives the shape of any value, of which s is the likely one; nil where s
// admits nothing and so hints at nothing.
func (s *Shape) opened() *Shape {
	if s.Types == 0 {
		return nil
	}
	open := *s
	open.Types, open.Closed, open.Source = AnyType, false, nil
	return &open
}

// merged joins the declared members of two shapes; one that only the first
// declares is joined with what the second says about other members.
func merged(s, t *Shape, join func(a, b *Shape) *Shape) map[string]*Shape {
	if len(s.Properties) == 0 && len(t.Properties) == 0 {
		return nil
	}
	all := make(map[string]*Shape, len(s.Properties)+len(t.Properties))
	for name, p := range s.Properties {
		all[name] = join(p, t.Member(name))
	}
	for name, p := range t.Properties {
		if _, done := all[name]; !done {
			all[name] = join(s.Member(name), p)
		}
	}
	return all
}
