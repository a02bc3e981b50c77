package contract

import (
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// RequestMedia is one media type or range of a described request body.
type RequestMedia struct {
	Name string
	Type MediaType
	// SchemaNode is the raw schema, nil for anything.
	SchemaNode *source.Node
	// Examples are in file order; the unnamed one of "example" comes first.
	Examples []*Example

	media *bodyMedia
}

// RequestBody lists the media types of the operation's request body in file
// order; none where no body is described.
func (op *Operation) RequestBody() []RequestMedia {
	b := op.compiled().body
	if b == nil {
		return nil
	}
	list := make([]RequestMedia, len(b.media))
	for i, m := range b.media {
		list[i] = RequestMedia{Name: m.name, Type: m.Type, SchemaNode: m.node, Examples: m.examples, media: m}
	}
	return list
}

// RequestBodyRequired tells whether requests must have a body, and where that is said.
func (op *Operation) RequestBodyRequired() (at source.Span, required bool) {
	b := op.compiled().body
	if b == nil {
		return source.Span{}, false
	}
	return b.at, b.required
}

// ChecksSecurity tells whether requests are held to the security requirements.
func (c *Contract) ChecksSecurity() bool { return !c.opts.NoSecurity }

// RequiresBody tells whether a request without a body breaks the contract.
func (op *Operation) RequiresBody() bool {
	b := op.compiled().body
	return b != nil && b.required
}

// ShapeOf gives the shape of a schema of this description.
func (c *Contract) ShapeOf(n *source.Node) *schema.Shape { return c.schemas.ShapeOf(n) }

// RequestSchema compiles a schema of this description for values in requests.
func (c *Contract) RequestSchema(n *source.Node) (*schema.Schema, error) {
	return c.schemas.Compile(n, schema.Request)
}

// SchemaNames lists the named schemas of the main file in file order.
func (c *Contract) SchemaNames() []string {
	var names []string
	for name := range c.namedSchemas().Members() {
		names = append(names, name)
	}
	return names
}

// NamedSchema finds a schema by its name in the main file, nil for an unknown one.
func (c *Contract) NamedSchema(name string) *source.Node { return c.namedSchemas().Get(name) }

func (c *Contract) namedSchemas() *source.Node {
	if c.swagger {
		return c.root.Get("definitions")
	}
	return c.root.Find("/components/schemas")
}

// KeyNames lists the names under which API keys are sent in a place.
func (c *Contract) KeyNames(in exchange.Location) []string {
	var names []string
	for _, s := range c.schemes {
		if s.in == in && s.key != "" {
			names = append(names, s.key)
		}
	}
	slices.Sort(names)
	return names
}

// entangling are the keywords by which one part of a value decides what another
// part may be.
var entangling = map[string]bool{
	"anyOf": true, "oneOf": true, "not": true, "if": true, "contains": true,
	"dependentSchemas": true, "dependentRequired": true, "dependencies": true,
	"unevaluatedProperties": true, "unevaluatedItems": true, "$dynamicRef": true, "$recursiveRef": true,
}

// JudgesByPart tells whether the schema of the media type judges each part of a
// body by itself, so that what is wrong with one part is wrong whatever the others
// are. Schemas behind references count.
func (m *Media) JudgesByPart() bool {
	docs, seen := m.contract.docs, map[*source.Node]bool{}
	var walk func(n *source.Node) bool
	walk = func(n *source.Node) bool {
		if n == nil || seen[n] {
			return true
		}
		seen[n] = true
		for key, member := range n.Members() {
			if key == "$ref" && member.Is(source.String) {
				target, err := docs.Resolve(n, member.Text)
				if err != nil || !walk(target) {
					return false
				}
			} else if entangling[key] && n.Key != "properties" || !walk(member) {
				return false
			}
		}
		for _, item := range n.Items() {
			if !walk(item) {
				return false
			}
		}
		return true
	}
	return walk(m.SchemaNode)
}
