package schema

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Limits of ShapeOf: how deep arrays and objects are followed, and how many
// schemas one shape may be made of. Text that is decoded by a shape is never that deep.
const (
	maxShapeDepth = 8
	maxShapeNodes = 5000
)

// ShapeOf gives the shape of the schema at n, AnyType for nil. Recursive schemas
// are cut after a few levels, with AnyType below.
func (c *Compiler) ShapeOf(n *source.Node) *Shape {
	s := shaper{c: c, left: maxShapeNodes}
	return s.shape(n, 0)
}

// DefaultOf gives the default that the schema at n has, looking through
// references and allOf as far as its dialect does; ok is false for none.
func (c *Compiler) DefaultOf(n *source.Node) (value any, ok bool) {
	s := shaper{c: c, left: maxShapeNodes}
	if d := s.defaultOf(n); d != nil {
		return d.Value(), true
	}
	return nil, false
}

// shaper makes one shape.
type shaper struct {
	c *Compiler
	// busy are the schemas whose shape is being made at the current depth: meeting
	// one again adds nothing to it.
	busy []*source.Node
	left int
}

func (s *shaper) shape(n *source.Node, depth int) *Shape {
	switch {
	case n.Is(source.Bool) && !n.IsTrue():
		return nothing
	case !n.Is(source.Object), depth > maxShapeDepth, s.left == 0, slices.Contains(s.busy, n):
		return anything
	}
	s.left--
	s.busy = append(s.busy, n)
	defer func() { s.busy = s.busy[:len(s.busy)-1] }()

	whole := *s.combined(n, depth)
	whole.Source = n
	return &whole
}

// combined gives the shape by all that n says and refers to.
func (s *shaper) combined(n *source.Node, depth int) *Shape {
	target := s.target(n)
	if target != nil && s.c.dialect == OpenAPI30 {
		return s.shape(target, depth) // siblings of $ref are ignored
	}
	own := s.local(n, depth)
	if target != nil {
		own = s.shape(target, depth).and(own)
	}
	return s.unevaluated(n, own, depth)
}

// target gives the schema that n refers to, nil for none.
func (s *shaper) target(n *source.Node) *source.Node {
	ref := n.Get("$ref").Str()
	if ref == "" && s.c.dialect != OpenAPI30 {
		// The dynamic scope is not known here; what the anchor means without one
		// is the best guess.
		ref = n.Get("$dynamicRef").Str()
	}
	if ref == "" || s.c.docs == nil {
		return nil
	}
	target, err := s.c.docs.Resolve(n, ref)
	if err != nil {
		return nil
	}
	return target
}

// local gives the shape by the keywords of n other than references.
func (s *shaper) local(n *source.Node, depth int) *Shape {
	own := s.structure(n, depth)
	own.Types = s.types(n)
	own.Likely = own.Types
	for _, part := range n.Get("allOf").Items() {
		own = own.and(s.shape(part, depth))
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if branches := n.Get(keyword); branches.Is(source.Array) && len(branches.Kids) > 0 {
			own = own.and(s.union(branches.Kids, depth))
		}
	}
	if s.c.dialect != OpenAPI30 && n.Has("if") && (n.Has("then") || n.Has("else")) {
		own = own.and(s.shape(n.Get("then"), depth).or(s.shape(n.Get("else"), depth)))
	}
	return own
}

func (s *shaper) union(branches []source.Node, depth int) *Shape {
	all := s.shape(&branches[0], depth)
	for i := range branches[1:] {
		all = all.or(s.shape(&branches[1+i], depth))
	}
	return all
}

// structure reads the keywords that describe items and members. Its Types are not set.
func (s *shaper) structure(n *source.Node, depth int) *Shape {
	own := &Shape{XML: n.Get("xml"), Binary: isBinary(n)}
	below := shaper{c: s.c, left: s.left}
	items := n.Get("items")
	if items.Is(source.Object) || items.Is(source.Bool) {
		own.Items = below.shape(items, depth+1)
	}
	prefix := n.Get("prefixItems")
	if items.Is(source.Array) { // as in drafts before 2020-12, and in some 2.0 files
		prefix = items
	}
	for _, item := range prefix.Items() {
		own.Prefix = append(own.Prefix, below.shape(item, depth+1))
	}
	for name, property := range n.Get("properties").Members() {
		if own.Properties == nil {
			own.Properties = make(map[string]*Shape)
		}
		own.Properties[name] = below.shape(property, depth+1)
	}
	below.additional(n, own, depth)
	s.left = below.left
	return own
}

// additional reads what is said about members that are not declared.
func (s *shaper) additional(n *source.Node, own *Shape, depth int) {
	for _, pattern := range n.Get("patternProperties").Members() {
		own.Additional = join(own.Additional, s.shape(pattern, depth+1))
	}
	patterns := own.Additional != nil
	switch rest := n.Get("additionalProperties"); {
	case rest.Is(source.Bool) && !rest.IsTrue():
		own.Closed = !patterns
	case rest != nil:
		own.Additional = join(own.Additional, s.shape(rest, depth+1))
	case patterns:
		own.Additional = own.Additional.or(anything)
	}
}

// join is the union where nil stands for nothing.
func join(a, b *Shape) *Shape {
	if a == nil {
		return b
	}
	return a.or(b)
}

// unevaluated applies unevaluatedProperties, which sees what the parts of the
// schema declared, and unevaluatedItems likewise.
func (s *shaper) unevaluated(n *source.Node, own *Shape, depth int) *Shape {
	rest, items := n.Get("unevaluatedProperties"), n.Get("unevaluatedItems")
	if s.c.dialect == OpenAPI30 || rest == nil && items == nil {
		return own
	}
	whole := *own
	if rest != nil && own.Additional == nil && !own.Closed {
		if rest.Is(source.Bool) && !rest.IsTrue() {
			whole.Closed = true
		} else {
			whole.Additional = s.shape(rest, depth+1)
		}
	}
	if items != nil && own.Items == nil {
		whole.Items = s.shape(items, depth+1)
	}
	return &whole
}

// types gives the types by type, enum and const.
func (s *shaper) types(n *source.Node) Types {
	named := AnyType
	switch t := n.Get("type"); {
	case t.Is(source.String):
		named = typeNamed(t.Text)
	case t.Is(source.Array):
		named = 0
		for _, name := range t.Items() {
			named |= typeNamed(name.Str())
		}
	}
	if enum := n.Get("enum"); enum.Is(source.Array) {
		var listed Types
		for _, value := range enum.Items() {
			listed |= typeOf(value)
		}
		named &= listed
	}
	if s.c.dialect == OpenAPI30 {
		if n.Get("nullable").IsTrue() {
			named |= TypeNull
		}
		return named
	}
	if value := n.Get("const"); value != nil {
		named &= typeOf(value)
	}
	return named
}

// typeNamed reads one word of the type keyword. A word that no version knows does
// not restrict anything, so that the text is at least kept.
func typeNamed(name string) Types {
	switch name {
	case "null":
		return TypeNull
	case "boolean":
		return TypeBoolean
	case "integer":
		return TypeInteger
	case "number":
		return TypeInteger | TypeNumber
	case "string", "file":
		return TypeString
	case "array":
		return TypeArray
	case "object":
		return TypeObject
	}
	return AnyType
}

// typeOf gives the type of a value that the schema lists.
func typeOf(value *source.Node) Types {
	switch value.Kind {
	case source.Null:
		return TypeNull
	case source.Bool:
		return TypeBoolean
	case source.Number:
		return TypeInteger | TypeNumber
	case source.String:
		return TypeString
	case source.Array:
		return TypeArray
	}
	return TypeObject
}

func (s *shaper) defaultOf(n *source.Node) *source.Node {
	if !n.Is(source.Object) || s.left == 0 || slices.Contains(s.busy, n) {
		return nil
	}
	s.left--
	s.busy = append(s.busy, n)
	defer func() { s.busy = s.busy[:len(s.busy)-1] }()

	target := s.target(n)
	if own := n.Get("default"); own != nil && (target == nil || s.c.dialect != OpenAPI30) {
		return own
	}
	if d := s.defaultOf(target); d != nil {
		return d
	}
	for _, part := range n.Get("allOf").Items() {
		if d := s.defaultOf(part); d != nil {
			return d
		}
	}
	return nil
}

// isBinary tells whether a schema speaks of strings that are bytes (OpenAPI 3.1 section
// 4.8.24.4).
func isBinary(n *source.Node) bool {
	if n.Get("format").Str() == "binary" || n.Get("type").Str() == "file" {
		return true
	}
	media := n.Get("contentMediaType").Str()
	return media != "" && !n.Has("contentEncoding") && !strings.HasPrefix(media, "text/") && !strings.HasSuffix(media, "json") && !strings.HasSuffix(media, "xml")
}
