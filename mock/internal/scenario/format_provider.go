package scenario

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// What stands under provider is for tests of the API itself, which bring a stub's
// situation about. A mock does not use it.

// providerSpec stands for what is under provider.
type providerSpec struct {
	setup, teardown []*providerCallSpec
	skip            string
	exact           bool
}

// providerCallSpec is a call that brings a situation about, or clears it away.
type providerCallSpec struct{ node, method, path, operation, headers, body *source.Node }

var providerObject, providerCallObject = newProviderObject(), newProviderCallObject()

func newProviderObject() *object[providerSpec] {
	return &object[providerSpec]{what: "provider", fields: []field[providerSpec]{
		{name: "setup", kinds: isList, doc: "Calls that bring the situation about.", page: "verify.md#how-situations-come-about", instead: writeProviderCalls, schema: holds("providerCall"),
			read: func(d *decoder, n *source.Node, p *providerSpec) { p.setup = readProviderCalls(d, n) }},
		{name: "teardown", kinds: isList, doc: "Calls that clear it away afterwards.", page: "verify.md#how-situations-come-about", instead: writeProviderCalls, schema: holds("providerCall"),
			read: func(d *decoder, n *source.Node, p *providerSpec) { p.teardown = readProviderCalls(d, n) }},
		{name: "skip", kinds: isText, doc: "Why the stub is not tested.", page: "verify.md#not-provable", instead: `write the reason, such as skip: "needs a real card"`, schema: atLeastOne(nil),
			read: func(d *decoder, n *source.Node, p *providerSpec) {
				p.skip = n.Text
				if n.Text == "" {
					d.fault(CodeBadValue, n.At(), "skip needs a reason", `write why, such as skip: "needs a real card"`)
				}
			}},
		{name: "exact", kinds: isBool, doc: "Whether the API must answer the very values that the stub states.", preset: false, page: "verify.md#what-is-compared", read: func(_ *decoder, n *source.Node, p *providerSpec) { p.exact = n.IsTrue() }},
	}}
}

const writeProviderCalls = "write a list of calls, such as [{method: POST, path: /orders, body: {…}}]"

func newProviderCallObject() *object[providerCallSpec] {
	return &object[providerCallSpec]{what: "a call", fields: []field[providerCallSpec]{
		{name: "method", kinds: isText, doc: "The method.", preset: "GET", schema: func(s *jsonSchema) { s.Pattern = tokenPattern }, read: readProviderMethod},
		{name: "path", kinds: isText, doc: "The path, which begins with a slash, with the query.", schema: func(s *jsonSchema) { s.Pattern = "^/" },
			read: func(d *decoder, n *source.Node, c *providerCallSpec) {
				c.path = n
				if !strings.HasPrefix(n.Text, "/") {
					d.fault(CodeBadValue, n.At(), fmt.Sprintf("%q is no path", n.Text), "write a path that begins with a slash")
				}
			}},
		{name: "operation", kinds: isText, doc: "An operation in place of method and path.", schema: atLeastOne(nil), read: func(_ *decoder, n *source.Node, c *providerCallSpec) { c.operation = n }},
		{name: "headers", kinds: isObject, doc: "Headers of the call.", schema: headersSchema, read: readProviderHeaders},
		{name: "body", kinds: isAny, doc: "The body as data.", read: func(_ *decoder, n *source.Node, c *providerCallSpec) { c.body = n }},
	}, schema: func(s *jsonSchema) {
		s.If = &jsonSchema{Required: []string{"operation"}}
		s.Then = &jsonSchema{Properties: members{{"method", nil}, {"path", nil}}}
		s.Else = &jsonSchema{Required: []string{"path"}}
	}}
}

func readProvider(d *decoder, n *source.Node) *providerSpec {
	p := &providerSpec{}
	providerObject.decode(d, n, p)
	return p
}

func readProviderCalls(d *decoder, n *source.Node) []*providerCallSpec {
	var list []*providerCallSpec
	for _, item := range n.Items() {
		if !d.expectOr(item, isObject, "each call", "write {method: POST, path: /orders}, or {operation: operationId}") {
			continue
		}
		before := d.faults
		call := &providerCallSpec{node: item}
		providerCallObject.decode(d, item, call)
		switch {
		case d.faults > before: // a key may be misspelt
		case call.operation == nil && call.path == nil:
			d.fault(CodeBadValue, item.At(), "the call says neither a path nor an operation", "write {method: POST, path: /orders}, or {operation: operationId}")
		case call.operation != nil && (call.path != nil || call.method != nil):
			d.fault(CodeMisplacedKey, call.operation.KeyAt(), "an operation has its own method and path", "keep the operation alone, or method and path")
		default:
			list = append(list, call)
		}
	}
	return list
}

func readProviderHeaders(d *decoder, n *source.Node, c *providerCallSpec) {
	c.headers = n
	for name, entry := range n.Members() {
		if !d.expect(entry, isScalar|isList, fmt.Sprintf("the header %s", name)) {
			continue
		}
		if !isToken(name) {
			d.fault(CodeBadHeader, entry.KeyAt(), fmt.Sprintf("%q cannot be the name of a header", name), "a name has letters, digits and dashes")
		}
		if entry.Kind != source.Array {
			readProviderHeaderLine(d, name, entry)
		}
		for _, line := range entry.Items() {
			if d.expect(line, isScalar, "each line of the header") {
				readProviderHeaderLine(d, name, line)
			}
		}
	}
}

func readProviderHeaderLine(d *decoder, name string, line *source.Node) {
	if !isHeaderValue(line.Text) {
		d.fault(CodeBadHeader, line.At(), fmt.Sprintf("the header %s cannot have this value", name), badHeaderValue)
	}
}

// tokenPattern is that of methods (RFC 9110 section 9.1).
const tokenPattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

func readProviderMethod(d *decoder, n *source.Node, c *providerCallSpec) {
	c.method = n
	if !isToken(n.Text) {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("%q is no method", n.Text), "write a method such as POST")
	}
}
