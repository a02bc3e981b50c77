package scenario

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// What stands under provider is for tests of the API itself, which bring a stub's
// situation about. A mock does not use it; only its form is checked.

// providerSpec stands for what is under provider.
type providerSpec struct{}

// providerCallSpec is a call that brings a situation about, or clears it away.
type providerCallSpec struct{ method, path, operation *source.Node }

var providerObject, providerCallObject = newProviderObject(), newProviderCallObject()

func newProviderObject() *object[providerSpec] {
	return &object[providerSpec]{what: "provider", fields: []field[providerSpec]{
		{name: "setup", kinds: isList, doc: "Calls that bring the situation about.", instead: writeProviderCalls, schema: holds("providerCall"), read: readProviderCalls},
		{name: "teardown", kinds: isList, doc: "Calls that clear it away afterwards.", instead: writeProviderCalls, schema: holds("providerCall"), read: readProviderCalls},
		{name: "skip", kinds: isText, doc: "Why the stub is not tested.", instead: `write the reason, such as skip: "needs a real card"`, schema: atLeastOne(nil),
			read: func(d *decoder, n *source.Node, _ *providerSpec) {
				if n.Text == "" {
					d.fault(CodeBadValue, n.At(), "skip needs a reason", `write why, such as skip: "needs a real card"`)
				}
			}},
		{name: "exact", kinds: isBool, doc: "Whether the API must answer the very body of the stub.", read: func(*decoder, *source.Node, *providerSpec) {}},
	}}
}

const writeProviderCalls = "write a list of calls, such as [{method: POST, path: /orders, body: {…}}]"

func newProviderCallObject() *object[providerCallSpec] {
	return &object[providerCallSpec]{what: "a call", fields: []field[providerCallSpec]{
		{name: "method", kinds: isText, doc: "The method; GET where none is stated.", read: func(_ *decoder, n *source.Node, c *providerCallSpec) { c.method = n }},
		{name: "path", kinds: isText, doc: "The path, which begins with a slash, with the query.", schema: func(s *jsonSchema) { s.Pattern = "^/" },
			read: func(d *decoder, n *source.Node, c *providerCallSpec) {
				c.path = n
				if !strings.HasPrefix(n.Text, "/") {
					d.fault(CodeBadValue, n.At(), fmt.Sprintf("%q is no path", n.Text), "write a path that begins with a slash")
				}
			}},
		{name: "operation", kinds: isText, doc: "An operation in place of method and path.", schema: atLeastOne(nil), read: func(_ *decoder, n *source.Node, c *providerCallSpec) { c.operation = n }},
		{name: "headers", kinds: isObject, doc: "Headers of the call.", schema: headersSchema, read: readProviderHeaders},
		{name: "body", kinds: isAny, doc: "The body as data.", read: func(*decoder, *source.Node, *providerCallSpec) {}},
	}, schema: func(s *jsonSchema) {
		s.If = &jsonSchema{Required: []string{"operation"}}
		s.Then = &jsonSchema{Properties: members{{"method", nil}, {"path", nil}}}
		s.Else = &jsonSchema{Required: []string{"path"}}
	}}
}

func readProvider(d *decoder, n *source.Node, _ *stubSpec) {
	providerObject.decode(d, n, &providerSpec{})
}

func readProviderCalls(d *decoder, n *source.Node, _ *providerSpec) {
	for _, item := range n.Items() {
		if !d.expectOr(item, isObject, "each call", "write {method: POST, path: /orders}, or {operation: operationId}") {
			continue
		}
		before := d.faults
		var call providerCallSpec
		providerCallObject.decode(d, item, &call)
		switch {
		case d.faults > before: // a key may be misspelt
		case call.operation == nil && call.path == nil:
			d.fault(CodeBadValue, item.At(), "the call says neither a path nor an operation", "write {method: POST, path: /orders}, or {operation: operationId}")
		case call.operation != nil && (call.path != nil || call.method != nil):
			d.fault(CodeMisplacedKey, call.operation.KeyAt(), "an operation has its own method and path", "keep the operation alone, or method and path")
		}
	}
}

func readProviderHeaders(d *decoder, n *source.Node, _ *providerCallSpec) {
	for name, entry := range n.Members() {
		if d.expect(entry, isScalar|isList, fmt.Sprintf("the header %s", name)) && !isToken(name) {
			d.fault(CodeBadHeader, entry.KeyAt(), fmt.Sprintf("%q cannot be the name of a header", name), "a name has letters, digits and dashes")
		}
		for _, line := range entry.Items() {
			d.expect(line, isScalar, "each line of the header")
		}
	}
}
