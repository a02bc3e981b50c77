package contract

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Media is one media type of what an API sends, a response or a callback, with its
// schema and examples.
type Media struct {
	// Name is as described, Type the same taken apart.
	Name        string
	contentType []string
	Type        MediaType
	// SchemaNode is the raw schema, nil where none is described.
	SchemaNode *source.Node
	// Examples are in file order; the unnamed one of "example" comes first.
	Examples []*Example

	contract *Contract
	response *Response // nil for a callback's
	node     *source.Node
	once     sync.Once
	schema   *schema.Schema
	fault    error
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
	produces := p.op.node.Get("produces")
	if produces == nil {
		produces = p.op.contract.root.Get("produces")
	}
	var names []string
	for _, name := range produces.Items() {
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
	if !t.Concrete() {
		contentType = t.Nearest().String()
	}
	return &Media{Name: name, Type: t, contentType: []string{contentType}, SchemaNode: p.op.contract.follow(schemaNode), contract: p.op.contract, response: r, node: n}, true
}

// checkMedia reports what of a media type's schema is not enforced.
func (p *planner) checkMedia(m *Media) {
	switch {
	case m.SchemaNode == nil:
	case m.Type.IsJSON() || m.IsText(m.Type) || !m.Type.Concrete():
		if _, err := m.Schema(); err != nil {
			p.compileError(err, m.SchemaNode)
			return
		}
		p.found = append(p.found, p.op.contract.schemas.Unenforced(m.SchemaNode)...)
	default:
		p.add(CodeMediaNotEnforced, source.Warning, m.node.KeyAt(), fmt.Sprintf("bodies of %s are sent without a check of their schema", m.Name), "")
	}
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
			return []string{r.String()}
		}
	}
	return m.contentType
}

// As takes a value that ContentType gave apart.
func (m *Media) As(contentType []string) MediaType {
	if m.Type.Concrete() {
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
	return &Media{Name: m.Name, Type: t, contentType: []string{contentType}, SchemaNode: m.SchemaNode, Examples: m.Examples, contract: m.contract, response: m.response, node: m.node}
}

// Schema is the compiled schema, nil where none is described; the error says why
// it cannot be compiled, and then nothing is enforced.
func (m *Media) Schema() (*schema.Schema, error) {
	m.once.Do(func() {
		if m.SchemaNode != nil {
			m.schema, m.fault = m.contract.schemas.Compile(m.SchemaNode, schema.Response)
		}
	})
	return m.schema, m.fault
}

// IsText tells whether bodies of t, the media type or one below it, are text that
// the schema describes. A schema of objects says nothing about text: descriptions
// that give one schema to JSON and to text have many such.
func (m *Media) IsText(t MediaType) bool {
	return t.IsText() && m.contract.admitsText(m.SchemaNode)
}

// admitsText tells whether a string may fit a schema.
func (c *Contract) admitsText(n *source.Node) bool {
	return n == nil || c.schemas.ShapeOf(n).Types.Has(schema.TypeString)
}

// CheckValue gives the violations of a decoded body: JSON data, or a string for
// text. Bodies of other types are not looked into.
func (m *Media) CheckValue(value any) []exchange.Violation { return m.checkValueAs(m.Type, value) }

func (m *Media) checkValueAs(t MediaType, value any) []exchange.Violation {
	compiled, err := m.Schema()
	if err != nil || compiled == nil || !t.IsJSON() && !m.IsText(t) || compiled.Valid(value) {
		return nil
	}
	found := compiled.Validate(value)
	for i := range found {
		found[i].In = exchange.Body
	}
	return found
}

// CheckBytes decodes an encoded body and gives its violations.
func (m *Media) CheckBytes(body []byte) []exchange.Violation { return m.CheckBytesAs(m.Type, body) }

// CheckBytesAs decodes a body of t, the media type or one below it, and gives its
// violations.
func (m *Media) CheckBytesAs(t MediaType, body []byte) []exchange.Violation {
	switch {
	case t.IsJSON():
		value, err := jsonvalue.Decode(body)
		if err != nil {
			return []exchange.Violation{badJSON(err)}
		}
		return m.checkValueAs(t, value)
	case m.IsText(t):
		return m.checkValueAs(t, string(body))
	}
	return nil
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
func checkContent(content []*Media, contentType string, body []byte, at source.Span) []exchange.Violation {
	if len(content) == 0 {
		if len(body) > 0 {
			return []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleNotAllowed, Expected: "no body", Got: fmt.Sprintf("%d bytes", len(body)), Contract: at}}
		}
		return nil
	}
	m := MediaFor(content, contentType)
	if m == nil {
		var names []string
		for _, m := range content {
			names = append(names, m.Name)
		}
		return []exchange.Violation{{In: exchange.MediaType, Rule: exchange.RuleMediaType, Expected: strings.Join(names, " or "), Got: fmt.Sprintf("%q", contentType), Contract: at}}
	}
	t, _ := ParseMediaType(contentType) // MediaFor has read it too
	return m.CheckBytesAs(t, body)
}
