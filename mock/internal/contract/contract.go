// Package contract reads an OpenAPI description once and then answers quickly
// what it says: which operation a request is for, what is wrong with it, which
// responses are documented and whether an answer conforms.
//
// The raw trees of package document are the truth: order, number text and
// positions come from there. kin-openapi's types give the model of parameters,
// headers, servers and security, read from the tree piece by piece when an
// operation is first used, so that a description of a thousand operations costs
// little more to load than to parse.
package contract

import (
	"cmp"
	"context"
	"path"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Codes of the findings about descriptions. Those of package document and
// package schema come with them.
const (
	CodeNotOpenAPI       source.Code = "not-openapi"
	CodeVersion          source.Code = "unsupported-version"
	CodeNoOperations     source.Code = "no-operations"
	CodeAmbiguousPath    source.Code = "ambiguous-path"
	CodeDuplicateID      source.Code = "duplicate-operation-id"
	CodeBadPath          source.Code = "bad-path"
	CodePathParameter    source.Code = "undeclared-path-parameter"
	CodeNotReadable      source.Code = "not-readable"
	CodeBadStatus        source.Code = "bad-status"
	CodeNoResponses      source.Code = "no-responses"
	CodeUnknownScheme    source.Code = "unknown-security-scheme"
	CodeMediaNotEnforced source.Code = "media-type-not-enforced"
)

// Options says how a description is read and enforced. The zero value is the
// strict default.
type Options struct {
	document.Options
	// Base is the base path under which the API is served, "" for the paths of its
	// servers.
	Base string
	// Name takes the place of the contract's own name; "" leaves it.
	Name string
	// StrictQuery makes query parameters that are not declared violations.
	StrictQuery bool
	// FormatIsAnnotation leaves format unchecked, as JSON Schema has it by default.
	FormatIsAnnotation bool
	// NoSecurity leaves security requirements unchecked.
	NoSecurity bool
	// MaxHeld bounds what is held of the parts of one multipart body, in bytes; 0 means
	// DefaultMaxHeld.
	MaxHeld int64
}

// Contract is a loaded description. It is immutable for its users and safe for
// concurrent use; what is compiled lazily inside is compiled once.
type Contract struct {
	// Name tells APIs apart where several are served: the base path given by the
	// user, else the file's name, without slashes and extension.
	Name string
	// Title and Version are the description's own.
	Title, Version string
	// Location is what was asked to be loaded.
	Location string
	// Operations are all operations in file order.
	Operations []*Operation
	// Bases are the base paths under which the API is served, longest first; ""
	// for the root.
	Bases []string
	// Warnings are the findings that do not keep the description from being served.
	Warnings source.Diagnostics

	opts    Options
	docs    *document.Set
	root    *source.Node
	swagger bool // version 2.0
	schemas *schema.Compiler
	byName  map[string]*Operation
	mounts  []mount
	methods []string // all methods that occur, each once
	schemes map[string]*scheme
	// parameters are *source.Node → *parameter: most descriptions refer to the same ones
	// from many operations.
	parameters sync.Map

	webhooks callbacks
}

// mount is a base path with the paths below it.
type mount struct {
	base   string
	routes *router
}

// Load reads the description at location, a path or URL, with all files that it
// refers to. The error is a source.Diagnostics with every fault that keeps the
// description from being served; lesser ones become Warnings.
func Load(ctx context.Context, location string, opts Options) (*Contract, error) {
	docs, found := document.Load(ctx, location, opts.Options)
	if docs == nil {
		return nil, found
	}
	c := &Contract{
		Location: location,
		opts:     opts,
		docs:     docs,
		root:     docs.Main,
		byName:   map[string]*Operation{},
		Name:     cmp.Or(opts.Name, apiName(location, opts.Base)),
	}
	l := &loader{Contract: c, findings: findings{found}, texts: map[string]string{}}
	l.load()
	l.found = l.found.Sort()
	if err := l.found.Err(); err != nil {
		return nil, err
	}
	c.Warnings = l.found
	return c, nil
}

// Root is the raw tree of the main file, for those who compare texts.
func (c *Contract) Root() *source.Node { return c.root }

func apiName(location, base string) string {
	if base = strings.Trim(base, "/"); base != "" {
		return strings.ReplaceAll(base, "/", "-")
	}
	return NameOf(location)
}

// NameOf is the name of a description that is served under its own base paths: its
// file's, without extension.
func NameOf(location string) string {
	name := path.Base(strings.ReplaceAll(location, "\\", "/"))
	return strings.TrimSuffix(name, path.Ext(name))
}

// Operation finds an operation by operationId or by "METHOD /path/{template}".
// It gives nil for an unknown name.
func (c *Contract) Operation(name string) *Operation { return c.byName[name] }

// OperationNames lists the names by which scenario files may call the operations.
func (c *Contract) OperationNames() []string {
	names := make([]string, len(c.Operations))
	for i, op := range c.Operations {
		names[i] = op.Name()
	}
	return names
}
