package schema

import "github.com/understudy-mock/understudy/mock/internal/source"

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

// Shape is what a schema says about JSON types: as much as is needed to decode
// text by it. References and allOf, oneOf, anyOf, enum and const are looked through.
type Shape struct {
	// Types may occur; AnyType where the schema does not restrict them.
	Types Types
	// Items is the shape of array items, nil for anything.
	Items *Shape
	// Properties are the declared members of an object.
	Properties map[string]*Shape
	// Additional is the shape of other members, nil for anything.
	Additional *Shape
	// Closed tells that members which are not declared are not admitted.
	Closed bool
}

// ShapeOf gives the shape of the schema at n. Recursive schemas are cut after a
// few levels, with AnyType below.
func (c *Compiler) ShapeOf(n *source.Node) *Shape { panic("not written yet") }
