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
	"fmt"
	"path"
	"slices"
	"strings"

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
	l := &loader{Contract: c, findings: findings{found}}
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

// findings collects what is wrong with a description while it is read.
type findings struct{ found source.Diagnostics }

func (f *findings) add(code source.Code, severity source.Severity, at source.Span, message, hint string, related ...source.Related) {
	f.found = append(f.found, source.Diagnostic{Code: code, Severity: severity, Message: message, At: at, Hint: hint, Related: related})
}

// loader puts a Contract together.
type loader struct {
	*Contract
	findings
}

func (l *loader) load() {
	if !l.version() {
		return
	}
	info := l.root.Get("info")
	l.Title, l.Version = info.Get("title").Str(), info.Get("version").Str()
	l.loadSchemes()
	l.loadPaths()
}

// version checks the specification's version and picks the dialect.
func (l *loader) version() bool {
	dialect := schema.OpenAPI30
	version := l.root.Get("openapi")
	switch text := version.Scalar(); {
	case strings.HasPrefix(text, "3.0"):
	case strings.HasPrefix(text, "3.1"), strings.HasPrefix(text, "3.2"):
		dialect = schema.Draft202012
	case l.root.Get("swagger").Scalar() == "2.0":
		l.swagger = true
	default:
		at, message := l.root.At(), "this is not an OpenAPI description: it has neither openapi nor swagger at the top"
		code := CodeNotOpenAPI
		if version != nil {
			at, message, code = version.At(), fmt.Sprintf("OpenAPI %s is not supported", text), CodeVersion
		} else if v := l.root.Get("swagger"); v != nil {
			at, message, code = v.At(), fmt.Sprintf("Swagger %s is not supported", v.Scalar()), CodeVersion
		}
		l.add(code, source.Error, at, message, `write "openapi: 3.1.0" (3.0, 3.1, 3.2 and "swagger: '2.0'" are read)`)
		return false
	}
	var options []schema.Option
	if l.opts.FormatIsAnnotation {
		options = append(options, schema.WithoutFormats())
	}
	l.schemas = schema.NewCompiler(l.docs, dialect, options...)
	return true
}

// pathItemMethods are the fixed fields of a path item that hold operations, in the order
// in which a path's methods are listed where the file does not say.
var pathItemMethods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

func (l *loader) loadPaths() {
	paths := l.root.Get("paths")
	faults := l.found.Errors()
	bases := l.serverBases(l.root.Get("servers"))
	if l.swagger {
		bases = []string{cleanBase(l.root.Get("basePath").Str())}
	}
	mountAt := func(base string) *router {
		for _, m := range l.mounts {
			if m.base == base {
				return m.routes
			}
		}
		l.mounts = append(l.mounts, mount{base, &router{}})
		return l.mounts[len(l.mounts)-1].routes
	}
	for template, entry := range paths.Members() {
		if strings.HasPrefix(template, "x-") {
			continue
		}
		if !strings.HasPrefix(template, "/") {
			l.add(CodeBadPath, source.Warning, entry.KeyAt(), fmt.Sprintf("the path %q is not served", template), "a path begins with /")
			continue
		}
		item, err := l.docs.Follow(entry)
		if err != nil {
			continue // document has told it
		}
		itemBases := bases
		if own := l.serverBases(item.Get("servers")); own != nil {
			itemBases = own
		}
		for _, op := range l.operations(template, item) {
			opBases := itemBases
			if own := l.serverBases(op.node.Get("servers")); own != nil {
				opBases = own
			}
			l.Operations = append(l.Operations, op)
			if !slices.Contains(l.methods, op.Method) {
				l.methods = append(l.methods, op.Method)
			}
			op.bases = l.mountBases(opBases)
			for _, base := range op.bases {
				if err := mountAt(base).add(op); err != nil {
					l.add(CodeBadPath, source.Error, entry.KeyAt(), err.Error(), "")
				}
			}
		}
	}
	if len(l.Operations) == 0 && l.found.Errors() == faults {
		severity, message := source.Error, "the description has no operation to serve"
		if l.root.Has("webhooks") {
			severity, message = source.Warning, "the description has webhooks alone, so no request can be answered"
		}
		l.add(CodeNoOperations, severity, l.root.KeyAt(), message, "describe at least one path with a method")
	}
	l.name()
	for _, m := range l.mounts {
		l.checkShapes(m.routes)
	}
	slices.SortStableFunc(l.mounts, func(a, b mount) int { return len(b.base) - len(a.base) })
	for _, m := range l.mounts {
		l.Bases = append(l.Bases, m.base)
	}
}

// mountBases gives where an operation is served: the user's base path takes the
// place of the servers'.
func (l *loader) mountBases(bases []string) []string {
	if l.opts.Base != "" {
		return []string{cleanBase(l.opts.Base)}
	}
	if len(bases) == 0 {
		return []string{""}
	}
	return bases
}

// operations reads a path item's methods; additionalOperations is OpenAPI 3.2's.
func (l *loader) operations(template string, item *source.Node) []*Operation {
	var ops []*Operation
	add := func(method string, n *source.Node) {
		op, err := l.docs.Follow(n)
		if err != nil || !op.Is(source.Object) {
			return
		}
		ops = append(ops, l.operation(method, template, item, op, n.KeyAt()))
	}
	for key, n := range item.Members() {
		switch {
		case slices.Contains(pathItemMethods, key):
			add(strings.ToUpper(key), n)
		case key == "additionalOperations":
			for method, n := range n.Members() {
				add(method, n)
			}
		}
	}
	return ops
}

// name fills the names by which operations can be found, and reports an
// operationId that is given twice.
func (l *loader) name() {
	for _, op := range l.Operations {
		l.byName[op.Method+" "+op.Template] = op
		if op.ID == "" {
			continue
		}
		if first := l.byName[op.ID]; first != nil {
			l.add(CodeDuplicateID, source.Warning, op.node.Get("operationId").At(), fmt.Sprintf("the operationId %q is given twice", op.ID),
				fmt.Sprintf("this one is known as %q only", op.Method+" "+op.Template),
				source.Related{At: first.node.Get("operationId").At(), Message: "it is given here first"})
			op.ID = ""
			continue
		}
		l.byName[op.ID] = op
	}
}

// sortMethods puts methods into the order of the specification's path item, each once.
func sortMethods(list []string) []string {
	slices.SortFunc(list, func(a, b string) int {
		return slices.Index(pathItemMethods, strings.ToLower(a)) - slices.Index(pathItemMethods, strings.ToLower(b))
	})
	return slices.Compact(list)
}
