package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Media is one media type of what an API sends, a response or a callback, with its
// schema and examples.
type Media struct {
	// Type is Name taken apart.
	Type        MediaType
	contentType []string
	// Examples are in file order; the unnamed one of "example" comes first.
	Examples []*Example
	// Name is as described.
	Name string
	// SchemaNode is the raw schema, nil where none is described.
	SchemaNode *source.Node

	contract *Contract
	response *Response // nil for a callback's
	node     *source.Node
	payload  *payload
}

// content reads the media types of a response, or for nil of a callback.
func (p *planner) content(r *Response, content *source.Node) []*Media {
	var list []*Media
	for name, entry := range content.Members() {
		n, err := p.op.contract.docs.Follow(entry)
		if err != nil {
			continue
		}
		m, ok := p.media(r, name, n.Get("schema"), entry)
		if !ok {
			continue
		}
		m.payload.media, m.payload.item = n, p.op.contract.follow(n.Get("itemSchema"))
		m.Examples = p.examples(n)
		list = append(list, m)
	}
	return list
}

// content2 reads a 2.0 response: one schema for all of produces.
func (p *planner) content2(r *Response, n *source.Node) []*Media {
	schemaNode := n.Get("schema")
	if schemaNode == nil {
		return nil
	}
	var names []string
	for _, name := range p.produces().Items() {
		names = append(names, name.Scalar())
	}
	for name := range n.Get("examples").Members() {
		if strings.Contains(name, "/") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = []string{"application/json"}
	}
	var list []*Media
	for _, name := range names {
		m, ok := p.media(r, name, schemaNode, n)
		if !ok {
			continue
		}
		if value := n.Get("examples").Get(name); value != nil {
			m.Examples = []*Example{{Node: value}}
		}
		list = append(list, m)
	}
	return list
}

func (p *planner) media(r *Response, name string, schemaNode, n *source.Node) (*Media, bool) {
	t, ok := ParseMediaType(name)
	if !ok {
		p.add(CodeNotReadable, source.Warning, n.KeyAt(), fmt.Sprintf("%q is not a media type and is ignored", name), "write it as type/subtype")
		return nil, false
	}
	contentType := name
	if !t.Concrete() || t.Syntax() == Multipart {
		contentType = t.Nearest().String()
	}
	c := p.op.contract
	m := &Media{Name: name, Type: t, contentType: []string{contentType}, SchemaNode: c.follow(schemaNode), contract: c, response: r, node: n}
	m.payload = &payload{contract: c, dir: schema.Response, node: m.SchemaNode}
	return m, true
}

// checkMedia reports what of a media type's schema is not enforced.
func (p *planner) checkMedia(m *Media) {
	p.found = append(p.found, m.payload.findings()...)
	if m.payload.enforces(m.Type) || !m.Type.Concrete() {
		return
	}
	at, hint := m.node.KeyAt(), "describe the bytes as a string, or leave the schema out"
	if item := p.produced(m.Name); item != nil {
		at, hint = item.At(), "a schema of Swagger 2.0 is for all that is produced: take this out where it is not, or leave it unchecked"
	}
	p.add(CodeMediaNotEnforced, source.Warning, at, fmt.Sprintf("bodies of %s are sent without a check of their schema", m.Name), hint)
}

// produced is where a 2.0 operation says that it produces a media type: the place of what
// is said of all its responses, and often of all operations.
func (p *planner) produced(name string) *source.Node {
	if !p.op.contract.swagger {
		return nil
	}
	for _, item := range p.produces().Items() {
		if item.Scalar() == name {
			return item
		}
	}
	return nil
}

// produces lists the media types of a 2.0 operation, nil where there are none.
func (p *planner) produces() *source.Node {
	if produces := p.op.node.Get("produces"); produces != nil {
		return produces
	}
	return p.op.contract.root.Get("produces")
}

// ContentType is the value of the Content-Type header for the media type. A range
// is sent as what the client's Accept lines name below it, else as the nearest
// concrete type. The slice is shared and read-only.
func (m *Media) ContentType(accept []string) []string {
	if m.Type.Concrete() {
		return m.contentType
	}
	for _, r := range parseAccept(accept) {
		if _, ok := m.Type.Admits(r.MediaType); ok && r.q > 0 && r.Concrete() {
			if r.Syntax() == Multipart {
				r.Params = nil // the boundary is ours to choose
			}
			return []string{r.Nearest().String()}
		}
	}
	return m.contentType
}

// As takes a value that ContentType gave apart.
func (m *Media) As(contentType []string) MediaType {
	if m.Type.Concrete() && m.Type.Syntax() != Multipart {
		return m.Type
	}
	t, _ := ParseMediaType(contentType[0]) // nobody else has written it
	return t
}

// Sent gives the media type for bodies that are sent with a Content-Type: the same, or
// for a range the type below it, with the schema and the examples of the range. nil
// gives nil.
func (m *Media) Sent(contentType string) *Media {
	if m == nil || m.Type.Concrete() {
		return m
	}
	t, ok := ParseMediaType(contentType)
	if !ok || !t.Concrete() {
		return m
	}
	return &Media{Name: m.Name, Type: t, contentType: []string{contentType}, SchemaNode: m.SchemaNode, Examples: m.Examples, contract: m.contract, response: m.response, node: m.node, payload: m.payload}
}

// Schema is the compiled schema, nil where none is described; the error says why
// it cannot be compiled, and then nothing is enforced.
func (m *Media) Schema() (*schema.Schema, error) { return m.payload.compiled() }

// ItemSchema is the schema of each item where bodies of t are a sequence that the schema
// does not describe as a whole; nil for others.
func (m *Media) ItemSchema(t MediaType) (*schema.Schema, error) {
	if !m.payload.as(t).IsSequence() {
		return nil, nil
	}
	return m.payload.compiledItem()
}

// IsText tells whether bodies of t, the media type or one below it, are text that
// the schema describes. A schema of objects says nothing about text: descriptions
// that give one schema to JSON and to text have many such.
func (m *Media) IsText(t MediaType) bool {
	return t.IsText() && m.payload.admitsText()
}

// CheckValue gives the violations of a decoded body: JSON data, or a string for
// text. Values of other types are judged as they are sent, see CheckBytes.
func (m *Media) CheckValue(value any) []exchange.Violation { return m.checkValueAs(m.Type, value) }

func (m *Media) checkValueAs(t MediaType, value any) []exchange.Violation {
	if s := m.payload.as(t); s != JSON && s != Text {
		return nil
	}
	return m.payload.check(value)
}

// CheckBytes decodes an encoded body and gives its violations.
func (m *Media) CheckBytes(body []byte) []exchange.Violation {
	return m.CheckBytesAs(m.As(m.contentType), body)
}

// CheckBytesAs decodes a body of t, the media type or one below it, and gives its
// violations.
func (m *Media) CheckBytesAs(t MediaType, body []byte) []exchange.Violation {
	_, found := m.payload.decode(t, body)
	return found
}

// DecodeAs gives the data that a body of t holds, the media type or one below it; ok is
// false where it cannot be read.
func (m *Media) DecodeAs(t MediaType, body []byte) (value any, ok bool) {
	c, _ := m.payload.decode(t, body)
	return c.Value(), c.IsDecoded()
}

// Data tells whether values other than text can be written as t.
func (m *Media) Data(t MediaType) bool { return m.payload.as(t).IsData() }

// EncodeValue writes a value as t, the media type or one below it. The error says what
// of it cannot be written. header makes the headers that parts must have, nil from what
// their schemas name alone.
func (m *Media) EncodeValue(t MediaType, n *source.Node, header HeaderText) ([]byte, error) {
	return m.payload.encode(t, n, header)
}

// Example finds an example by name; "" is the unnamed one. It gives nil for an
// unknown name.
func (m *Media) Example(name string) *Example {
	for _, e := range m.Examples {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Media finds the described media type or range that a Content-Type falls under;
// nil where none does.
func (r *Response) Media(contentType string) *Media {
	return MediaFor(r.Content(), contentType)
}

// MediaFor finds the media type or range that a Content-Type falls under, the most
// exact one of several; nil where none does.
func MediaFor(content []*Media, contentType string) *Media {
	t, ok := ParseMediaType(contentType)
	if !ok {
		return nil
	}
	if i := mostExact(content, func(m *Media) MediaType { return m.Type }, t); i >= 0 {
		return content[i]
	}
	return nil
}

// Response gives the response that describes the media type, nil for a callback's.
func (m *Media) Response() *Response { return m.response }

// At is where the media type stands in the description.
func (m *Media) At() source.Span { return m.node.KeyAt() }

// checkContent gives the violations of a body among described media types.
func checkContent(content []*Media, h http.Header, body []byte, at source.Span) []exchange.Violation {
	if len(content) == 0 {
		if len(body) > 0 {
			return []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleNotAllowed, Expected: "empty", Got: fmt.Sprintf("%d bytes", len(body)), Contract: at}}
		}
		return nil
	}
	contentType, found, ok := contentTypeOf(h, at)
	if !ok {
		return found
	}
	m := MediaFor(content, contentType)
	if m == nil {
		return append(found, undescribedMedia(content, contentType, at))
	}
	t, _ := ParseMediaType(contentType) // MediaFor has read it too
	return append(found, m.CheckBytesAs(t, body)...)
}

func undescribedMedia(content []*Media, contentType string, at source.Span) exchange.Violation {
	var names []string
	for _, m := range content {
		names = append(names, m.Name)
	}
	return exchange.Violation{In: exchange.MediaType, Rule: exchange.RuleMediaType, Expected: strings.Join(names, " or "), Got: fmt.Sprintf("%q", shorten(contentType)), Contract: at}
}
