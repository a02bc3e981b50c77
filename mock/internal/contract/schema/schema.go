// Package schema compiles the schemas of an API description and checks decoded
// values against them.
//
// Every schema is read from the raw tree. Its keywords are taken in the meaning
// that JSON Schema 2020-12 gives them, whatever the dialect in which they are
// written, so that one dialect is all the engine knows:
//
//   - A reading is a schema object as its dialect reads it (reading.go); what it
//     cannot mean is left out and told by Unenforced.
//   - An object is a reading in a context, linked to the objects that its keywords
//     hold (object.go). The context is what readOnly, writeOnly and not make of it,
//     and which schemas $dynamicRef means there (scope.go).
//   - A checker answers whether a value is valid, made from an object (checker.go).
//   - What it rejects, santhosh-tekuri/jsonschema judges again and explains, from
//     data that is written out of the same objects (authority.go, writer.go). A
//     value that jsonschema accepts is valid. Of a large value it sees a part, in
//     which what is wrong is left (abridge.go).
package schema

import (
	"fmt"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Dialect says by which specification a schema object is read, unless a $schema
// says otherwise.
type Dialect uint8

// The dialects. OpenAPI30 stands for Swagger 2.0 too, Draft202012 for 3.1 and 3.2.
const (
	OpenAPI30 Dialect = iota
	Draft202012
)

// String gives the name of the specification.
func (d Dialect) String() string {
	if d == OpenAPI30 {
		return "OpenAPI 3.0"
	}
	return "JSON Schema 2020-12"
}

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
	docs          *document.Set
	dialect       Dialect
	assertFormats bool
	authority     *authority

	compiled sync.Map // of entry to *result

	mu       sync.Mutex // guards what follows
	readings map[*source.Node]*reading
	objects  map[objectKey]*object
	fresh    []*object // made since the last build
	dropped  map[objectKey]string
	patterns map[string]*pattern.Pattern
	dialects map[*source.File]bool
	own      map[*source.Node]manner // by metaschema
	scopes   scopes
	circles  int
	checkers map[contentKey]*checker // those that are shared
	made     uint32                  // counts the checkers
}

// Option changes how a Compiler works.
type Option func(*Compiler)

// WithoutFormats makes format an annotation that no value breaks, which is the
// default of JSON Schema 2020-12 (validation section 7.2.1).
func WithoutFormats() Option { return func(c *Compiler) { c.assertFormats = false } }

// NewCompiler makes the compiler for the schemas in docs. Formats are asserted
// unless an option says otherwise.
func NewCompiler(docs *document.Set, dialect Dialect, options ...Option) *Compiler {
	c := &Compiler{
		docs:          docs,
		dialect:       dialect,
		assertFormats: true,
		readings:      map[*source.Node]*reading{},
		objects:       map[objectKey]*object{},
		dropped:       map[objectKey]string{},
		patterns:      map[string]*pattern.Pattern{},
		dialects:      map[*source.File]bool{},
		own:           map[*source.Node]manner{},
		scopes:        newScopes(docs),
		checkers:      map[contentKey]*checker{},
	}
	for _, option := range options {
		option(c)
	}
	c.authority = newAuthority(c.assertFormats)
	return c
}

// Schema is a compiled schema. It is immutable and safe for concurrent use.
type Schema struct {
	root *object
	fast *checker
	// judge gives jsonschema's opinion. It is made when it is first needed.
	judge func() (*judge, error)
}

// entry names a compiled schema.
type entry struct {
	node *source.Node
	dir  Direction
}

type result struct {
	schema *Schema
	err    error
}

// Compile prepares the schema at n. It fails only where a reference leads nowhere,
// or where a dialect needs a vocabulary that is not known; the error is a
// source.Diagnostics that points at the places. All else that a schema cannot mean
// is left out, see Unenforced. It never panics.
func (c *Compiler) Compile(n *source.Node, dir Direction) (*Schema, error) {
	key := entry{n, dir}
	if known, ok := c.compiled.Load(key); ok {
		r := known.(*result)
		return r.schema, r.err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.compiled.Load(key); ok {
		r := known.(*result)
		return r.schema, r.err
	}
	r := &result{}
	r.schema, r.err = c.compile(n, dir)
	c.compiled.Store(key, r)
	return r.schema, r.err
}

func (c *Compiler) compile(n *source.Node, dir Direction) (s *Schema, err error) {
	defer func() {
		if p := recover(); p != nil {
			s, err = nil, unusable(n, fmt.Errorf("%v", p))
		}
	}()
	root := c.root(n, dir, false)
	fresh := c.fresh
	c.fresh = nil
	c.build(fresh)
	if found := c.finish(root); len(found) > 0 {
		return nil, found.Sort()
	}
	return c.schemaOf(root), nil
}

// schemaOf makes the schema of a finished object.
func (c *Compiler) schemaOf(root *object) *Schema {
	return &Schema{root: root, fast: root.target(), judge: sync.OnceValues(func() (*judge, error) { return c.authority.judge(root) })}
}

func unusable(n *source.Node, err error) source.Diagnostics {
	return source.Diagnostics{{Code: CodeUnusableSchema, At: n.At(), Message: fmt.Sprintf("the schema cannot be compiled: %v", err)}}
}

// Valid tells whether the value fits. Values are nil, bool, string, json.Number,
// []any, map[string]any, and Measured.
func (s *Schema) Valid(value any) bool { return s.fits(value) || len(s.explain(value)) == 0 }

// Validate gives the breaches, each once, ordered by place and at most
// MaxViolations of them, with Pointer, Rule, Expected, Got, Fix and Contract set;
// In and Name are the caller's to set. Nil when the value fits.
func (s *Schema) Validate(value any) []exchange.Violation {
	if s.fits(value) {
		return nil
	}
	return s.explain(value)
}

// fits is the quick answer; false says nothing yet.
func (s *Schema) fits(value any) bool { return s.fast.fits(value) }

// Fits is Valid for a JSON text that was taken apart, as a quick answer: where it is false,
// Validate says why for the decoded text, or that it fits after all.
func (s *Schema) Fits(f *jsonvalue.Flat) bool {
	r := run{flat: f}
	return s.fast.valid(0, &r) && !r.spent()
}
