package contract

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// findings collects what is wrong with a description while it is read.
type findings struct{ found source.Diagnostics }

func (f *findings) add(code source.Code, severity source.Severity, at source.Span, message, hint string, related ...source.Related) {
	f.found = append(f.found, source.Diagnostic{Code: code, Severity: severity, Message: message, At: at, Hint: hint, Related: related})
}

// compileError turns the faults of a schema into warnings: the operation is
// served, what cannot be compiled is not enforced.
func (f *findings) compileError(err error, n *source.Node) {
	var found source.Diagnostics
	if !errors.As(err, &found) {
		f.add(CodeNotReadable, source.Warning, n.At(), "this schema is not enforced: "+firstLine(err), "")
		return
	}
	for _, d := range found {
		d.Severity = source.Warning
		f.found = append(f.found, d)
	}
}

// loader puts a Contract together.
type loader struct {
	*Contract
	findings
	texts map[string]string
}

// shared gives a text that equal ones share: the names of paths are parts of their paths,
// and are compared by every request.
func (l *loader) shared(text string) string {
	if known, ok := l.texts[text]; ok {
		return known
	}
	text = strings.Clone(text)
	l.texts[text] = text
	return text
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
	for template, entry := range paths.Members() {
		if strings.HasPrefix(template, "x-") {
			continue
		}
		if !strings.HasPrefix(template, "/") {
			l.add(CodeBadPath, source.Warning, entry.KeyAt(), fmt.Sprintf("the path %q is not served", template), "a path begins with /")
			continue
		}
		l.loadPath(template, entry, bases)
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

// loadPath takes in a path's operations. bases are where it is served unless it, or one of
// its operations, has servers of its own.
func (l *loader) loadPath(template string, entry *source.Node, bases []string) {
	item, err := l.docs.Follow(entry)
	if err != nil {
		return // document has told it
	}
	if own := l.serverBases(item.Get("servers")); own != nil {
		bases = own
	}
	for _, op := range l.operations(template, item) {
		opBases := bases
		if own := l.serverBases(op.node.Get("servers")); own != nil {
			opBases = own
		}
		l.Operations = append(l.Operations, op)
		op.number = int32(len(l.Operations))
		if !slices.Contains(l.methods, op.Method) {
			l.methods = append(l.methods, op.Method)
		}
		op.bases = l.mountBases(opBases)
		for _, base := range op.bases {
			if err := l.mount(base).add(op, l.shared); err != nil {
				l.add(CodeBadPath, source.Error, entry.KeyAt(), err.Error(), "")
			}
		}
	}
}

// mount gives the router of a base path, and makes it where there is none.
func (l *loader) mount(base string) *router {
	for _, m := range l.mounts {
		if m.base == base {
			return m.routes
		}
	}
	l.mounts = append(l.mounts, mount{base, &router{}})
	return l.mounts[len(l.mounts)-1].routes
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
		ops = append(ops, l.operation(l.shared(method), template, item, op, n.KeyAt()))
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
