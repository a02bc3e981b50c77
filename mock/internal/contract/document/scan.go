package document

import (
	"context"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// isData tells whether a member holds data of the API, in which "$ref" and
// "$id" are ordinary members. A schema's property may have any of these names.
func isData(n *source.Node) bool {
	switch n.Key {
	case "example", "enum", "const", "default", "value", "dataValue":
	case "examples":
		// A list in schemas, a map of example objects elsewhere.
		if n.Kind != source.Array {
			return false
		}
	default:
		return strings.HasPrefix(n.Key, "x-") && !namesChildren(n.Parent())
	}
	return !namesChildren(n.Parent())
}

// namesChildren tells whether the members of n are names that the author chose,
// not words of the specification.
func namesChildren(n *source.Node) bool {
	switch n.Key {
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas", "examples",
		"parameters", "responses", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "mediaTypes":
		return n.Parent() == nil || !namesChildren(n.Parent())
	}
	return false
}

// scan follows every reference of a document once, which reads the files it
// leads to, and reports those that lead nowhere.
func (s *Set) scan(ctx context.Context, d *document) {
	var walk func(n *source.Node)
	walk = func(n *source.Node) {
		for i := range n.Kids {
			kid := &n.Kids[i]
			if isData(kid) {
				continue
			}
			isRef := kid.Key == "$ref" || kid.Key == "$dynamicRef"
			if isRef && kid.Kind == source.String && !namesChildren(n) {
				target, err := s.resolve(ctx, n, kid.Text, new(int))
				if err == nil && target.Has("$ref") && kid.Key == "$ref" {
					_, err = s.chase(ctx, n)
				}
				if err != nil {
					s.report(kid, err)
				}
				continue
			}
			walk(kid)
		}
	}
	walk(d.root)
}

func (s *Set) report(ref *source.Node, err error) {
	s.found = append(s.found, Unfollowed(ref, err))
}
