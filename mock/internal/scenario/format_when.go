package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// whenSpec is a stub's conditions as they are written.
type whenSpec struct {
	node       *source.Node   // nil where there is nothing
	parameters []*source.Node // path, query, headers and cookies, as stated
	body       *source.Node
	jsonPath   *source.Node
	state      *source.Node
	expression *source.Node
	valid      *source.Node
	violates   *source.Node
	places     []exchange.Location
}

// validity says which requests a stub answers.
type validity uint8

const (
	validOnly validity = iota
	invalidOnly
	validOrNot
)

var validWords = []string{"true", "false", "any"}

var violatesWords = []string{
	string(exchange.Path), string(exchange.Query), string(exchange.Header), string(exchange.Cookie),
	string(exchange.Body), string(exchange.Security), string(exchange.MediaType), string(exchange.Accept),
}

// parameterPlaces are the keys of when that hold conditions by parameter name.
var parameterPlaces = map[string]exchange.Location{
	"path": exchange.Path, "query": exchange.Query, "headers": exchange.Header, "cookies": exchange.Cookie,
}

var whenObject = newWhenObject()

func newWhenObject() *object[whenSpec] {
	parameters := func(_ *decoder, n *source.Node, w *whenSpec) { w.parameters = append(w.parameters, n) }
	return &object[whenSpec]{what: "when", fields: []field[whenSpec]{
		{name: "path", kinds: isObject, doc: "Conditions on path parameters.", page: "conditions.md#parameters", schema: holds("condition"), read: parameters},
		{name: "query", kinds: isObject, doc: "Conditions on query parameters.", page: "conditions.md#parameters", schema: holds("condition"), read: parameters},
		{name: "headers", kinds: isObject, doc: "Conditions on headers; case does not count in their names, but in their values, also in the scheme of Authorization, unless caseInsensitive says otherwise.", page: "conditions.md#parameters", schema: holds("condition"), read: parameters},
		{name: "cookies", kinds: isObject, doc: "Conditions on cookies.", page: "conditions.md#parameters", schema: holds("condition"), read: parameters},
		{name: "body", kinds: isAny, doc: "What the decoded body must have; more than that is allowed.", page: "conditions.md#body", schema: is("condition"),
			read: func(_ *decoder, n *source.Node, w *whenSpec) { w.body = n }},
		{name: "jsonPath", kinds: isObject, doc: "Conditions on what JSONPath (RFC 9535) selects in the decoded body; one of the nodes must fulfil them.", page: "conditions.md#jsonpath",
			schema: func(s *jsonSchema) {
				holds("condition")(s)
				s.PropertyNames = &jsonSchema{Pattern: `^\$`}
			},
			read: func(_ *decoder, n *source.Node, w *whenSpec) { w.jsonPath = n }},
		{name: "state", kinds: isObject, doc: "The current values of states.", page: "conditions.md#state", schema: holdsScalars(),
			read: func(_ *decoder, n *source.Node, w *whenSpec) { w.state = n }},
		{name: "valid", kinds: isBool | isText, words: validWords, doc: "Whether the request keeps to the contract: true, false or any.", preset: true, page: "conditions.md#requests-that-break-the-contract",
			read: func(_ *decoder, n *source.Node, w *whenSpec) { w.valid = n }},
		{name: "violates", kinds: isText | isList, words: violatesWords, doc: "Places of which one must break the contract, beside valid: false.", page: "conditions.md#requests-that-break-the-contract", schema: func(s *jsonSchema) { s.AnyOf[1].MinItems = 1 }, read: readViolates},
		{name: "expr", kinds: isText, doc: "An expression that must be true.", page: "conditions.md#expressions",
			read: func(_ *decoder, n *source.Node, w *whenSpec) { w.expression = n }},
	}, schema: func(s *jsonSchema) {
		s.If = &jsonSchema{Required: []string{"violates"}}
		s.Then = &jsonSchema{Required: []string{"valid"}, Properties: members{{"valid", &jsonSchema{Enum: []any{false, "false"}}}}}
	}}
}

func readViolates(d *decoder, n *source.Node, w *whenSpec) {
	w.violates = n
	for _, word := range d.words(n, violatesWords) {
		w.places = append(w.places, exchange.Location(word))
	}
	if n.Is(source.Array) && len(n.Kids) == 0 {
		d.fault(CodeBadValue, n.At(), "violates lists no place", "write one such as query, or leave it out: valid: false alone stands for any")
	}
}

// validity gives what valid and violates say together.
func (w *whenSpec) validity(d *findings) validity {
	v := validOnly
	switch {
	case w.valid.IsTrue() || w.valid.Scalar() == "true":
	case w.valid.Scalar() == "false":
		v = invalidOnly
	case w.valid.Scalar() == "any":
		v = validOrNot
	}
	if w.violates != nil && v != invalidOnly {
		d.fault(CodeMisplacedKey, w.violates.KeyAt(), `"violates" says nothing here: the stub does not answer invalid requests alone`, "write valid: false beside it")
	}
	return v
}
