// Package schema compiles the schemas of an API description and checks decoded
// values against them.
//
// Every schema is read from the raw tree. OpenAPI 3.0 schemas are rewritten to
// JSON Schema 2020-12, so that one dialect is all the engine knows. A checker of
// our own answers whether a value is valid; what it rejects, and schemas with
// keywords it leaves alone, santhosh-tekuri/jsonschema judges and explains.
package schema

import (
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Dialect says by which specification a schema object is read.
type Dialect uint8

// The dialects. OpenAPI30 stands for Swagger 2.0 too, Draft202012 for 3.1 and 3.2.
const (
	OpenAPI30 Dialect = iota
	Draft202012
)

// Direction says on which way a value is: readOnly members do not belong into
// requests, writeOnly ones not into responses.
type Direction uint8

// The directions.
const (
	Request Direction = iota
	Response
)

// Compiler compiles the schemas of one description. It is safe for concurrent
// use; each schema is compiled once for each direction.
type Compiler struct {
	docs    *document.Set
	dialect Dialect
	interim interim
}

// NewCompiler makes the compiler for the schemas in docs.
func NewCompiler(docs *document.Set, dialect Dialect) *Compiler {
	return &Compiler{docs: docs, dialect: dialect}
}

// Schema is a compiled schema. It is immutable and safe for concurrent use.
type Schema struct {
	node  *source.Node
	whole *jsonschema.Schema
}

// Compile prepares the schema at n. It fails only where the schema cannot mean
// anything (a reference that leads nowhere, a keyword with a value of the wrong
// type); the error is a source.Diagnostics that points at the place.
func (c *Compiler) Compile(n *source.Node, dir Direction) (*Schema, error) {
	whole, err := c.compileWhole(n)
	if err != nil {
		return nil, refused(n, err)
	}
	return &Schema{node: n, whole: whole}, nil
}

// Valid tells whether the value fits. Values are nil, bool, string, json.Number,
// []any and map[string]any.
func (s *Schema) Valid(value any) bool { return s.whole.Validate(value) == nil }

// Validate gives every breach, each once, with Pointer, Rule, Expected, Got, Fix
// and Contract set; In and Name are the caller's to set. Nil when the value fits.
func (s *Schema) Validate(value any) []exchange.Violation { return s.explain(value) }
