package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// messageSpec is what a response and a call have in common, as it is written.
type messageSpec struct {
	node        *source.Node
	headers     *source.Node
	body        *source.Node // the keyword that states the body: body, merge, example …
	example     *source.Node // the example that merge patches
	mediaType   *source.Node
	dribble     *source.Node // of responses alone
	dribbled    Dribble
	offContract *source.Node
}

// bodyKeywords are the keys of which a message may have one; example may stand
// beside merge.
var bodyKeywords = []string{"body", "merge", "example", "file", "text", "base64", "generate"}

// messageFields are the keys of a message inside of a larger object.
func messageFields[T any](of func(*T) *messageSpec) []field[T] {
	body := func(_ *decoder, n *source.Node, o *T) { of(o).body = n }
	return []field[T]{
		{name: "headers", kinds: isObject, doc: "Headers beside those that the body brings.", page: "responses.md#status-headers-and-body", schema: headersSchema,
			read: func(_ *decoder, n *source.Node, o *T) { of(o).headers = n }},
		{name: "body", kinds: isAny, doc: "The body as data.", page: "responses.md#status-headers-and-body", read: body},
		{name: "merge", kinds: isObject, doc: "What differs from the example (RFC 7396), or from the generated body where there is none.", page: "responses.md#status-headers-and-body", read: body},
		{name: "example", kinds: isText, doc: "The name of one of the contract's examples.", page: "responses.md#status-headers-and-body",
			read: func(_ *decoder, n *source.Node, o *T) { of(o).example = n }},
		{name: "file", kinds: isText, doc: "A file beside the scenario file that holds the body.", page: "responses.md#status-headers-and-body", read: body},
		{name: "text", kinds: isText, doc: "The body as text, sent as it is.", page: "responses.md#status-headers-and-body", read: body},
		{name: "base64", kinds: isText, doc: "The body's bytes in base64.", page: "responses.md#status-headers-and-body", read: body},
		{name: "generate", kinds: isBool, doc: "true: the body is generated from the schema.", page: "bodies.md#what-generated-values-look-like", schema: func(s *jsonSchema) { s.Const = true },
			read: func(d *decoder, n *source.Node, o *T) { readGenerate(d, n, of(o)) }},
		{name: "mediaType", kinds: isText, doc: "Which of the described media types the body has.", page: "bodies.md#which-media-type",
			read: func(_ *decoder, n *source.Node, o *T) { of(o).mediaType = n }},
		{name: "offContract", kinds: isText, doc: "Why this may depart from the contract.", page: "responses.md#status-headers-and-body", schema: atLeastOne(nil),
			read: func(d *decoder, n *source.Node, o *T) { readOffContract(d, n, of(o)) }},
	}
}

// headersSchema says that a header is a value, or a list of its lines.
func headersSchema(s *jsonSchema) {
	s.AdditionalProperties = &jsonSchema{Type: typesOf(isScalar | isList), Items: &jsonSchema{Type: typesOf(isScalar)}}
}

// settle brings the body keywords together once all of them were read.
func (m *messageSpec) settle(d *decoder, what string) {
	if m.body == nil && m.example != nil {
		m.body, m.example = m.example, nil
	}
	if !oneBody(d, m.node, what) {
		m.body = nil
	}
}

// oneBody reports a body that is stated twice.
func oneBody(d *decoder, n *source.Node, what string) bool {
	ok := true
	var first *source.Node
	for _, keyword := range bodyKeywords {
		again := n.Get(keyword)
		switch {
		case again == nil, first != nil && first.Key == "merge" && keyword == "example":
		case first == nil:
			first = again
		default:
			ok = false
			d.fault(CodeSeveralBodies, again.KeyAt(), fmt.Sprintf("%s has %q and %q: it can have one body only", what, first.Key, keyword), "keep one of them",
				related(first.KeyAt(), "the other one")...)
		}
	}
	return ok
}

func readGenerate(d *decoder, n *source.Node, m *messageSpec) {
	if !n.IsTrue() {
		d.fault(CodeBadValue, n.At(), "generate can be true only", "write generate: true, or leave it out")
		return
	}
	m.body = n
}

func readOffContract(d *decoder, n *source.Node, m *messageSpec) {
	if n.Text == "" {
		d.fault(CodeBadValue, n.At(), "offContract needs a reason", `write why, such as offContract: "the gateway answers this"`)
		return
	}
	if hasExpressions(n.Text) {
		d.fault(CodeMisplacedExpression, n.At(), "an expression cannot stand in the reason for departing from the contract", "the reason is for people who read the file: write it as it is")
		return
	}
	m.offContract = n
}
