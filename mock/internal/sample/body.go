package sample

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ErrMediaType is returned for media types whose bodies are not made: bytes of which
// nothing is said.
var ErrMediaType = errors.New("only bodies of data and of text are made")

const emptyXML = "<root/>"

// media is a media type of a request or response.
type media interface {
	Schema() (*schema.Schema, error)
	ItemSchema(contract.MediaType) (*schema.Schema, error)
	Data(contract.MediaType) bool
	EncodeValue(contract.MediaType, *source.Node, contract.HeaderText) ([]byte, error)
	CheckBytesAs(contract.MediaType, []byte) []exchange.Violation
	EventData(event any) (isJSON bool, schemas []*schema.Schema)
}

// Body makes an encoded body of a response; a range is made as the nearest type that can
// be sent, JSON for all types. JSON is compact, with the members in the schema's order.
// Where no schema is described, it is an empty object or text. The error is ErrMediaType,
// an *Unsatisfiable, or what keeps the schema from being compiled.
func Body(m *contract.Media, o Options) ([]byte, error) { return BodyAs(m, m.Type.Nearest(), o) }

// BodyAs makes a body as one of the types that a described range admits. Text whose
// schema admits no string is JSON, if the contract lets it pass.
func BodyAs(m *contract.Media, t contract.MediaType, o Options) ([]byte, error) {
	body, err := bodyAs(m, t, o, task{types: schema.AnyType, problem: problemOf(m, t, o)})
	if errors.Is(err, ErrMediaType) {
		err = fmt.Errorf("%s: %w", m.Name, err)
	}
	return body, err
}

func bodyAs(m media, t contract.MediaType, o Options, work task) ([]byte, error) {
	compiled, err := m.Schema()
	switch {
	case err != nil:
		return nil, err
	case t.IsJSON() || t.IsText():
		return encodedFor(m.CheckBytesAs, compiled, t, o, work)
	case m.Data(t):
		return written(m, compiled, t, o, work)
	case t.IsXML() && len(m.CheckBytesAs(t, []byte(emptyXML))) == 0:
		return []byte(emptyXML), nil // the schema calls the document a string
	case compiled == nil || len(m.CheckBytesAs(t, nil)) == 0:
		return nil, ErrMediaType
	}
	work.types = schema.TypeString
	return written(m, compiled, t, o, work)
}

// written makes a body that is neither JSON nor plain text. What is written is read
// again: not every text can be told apart in every syntax.
func written(m media, s *schema.Schema, t contract.MediaType, o Options, work task) ([]byte, error) {
	if !m.Data(t) {
		work.types = schema.TypeString
	}
	item, err := m.ItemSchema(t)
	if err != nil {
		return nil, err
	}
	var first error
	salt := work.salt
	for i, chars := range []*pattern.Pattern{nil, printable, harmless} {
		for again := range uint64(2) {
			work.chars, work.salt = chars, salt*8+uint64(i)*2+again
			n, err := dataFor(s, item, o, work)
			var body []byte
			if err == nil && t.Syntax() == contract.EventStream {
				n, err = withEventData(m, n, o, work)
			}
			if err == nil {
				body, err = m.EncodeValue(t, n, PartHeader(o))
			}
			if err == nil {
				found := m.CheckBytesAs(t, body)
				if len(found) == 0 {
					return body, nil
				}
				err = &Unsatisfiable{At: atOf(s, item), Pointer: found[0].Pointer, Reason: "no value was found that can be written as " + t.String() + ": " + found[0].String(), Limited: true}
			}
			if first == nil {
				first = err
			}
		}
	}
	var u *Unsatisfiable
	if !errors.As(first, &u) {
		first = &Unsatisfiable{At: atOf(s, item), Reason: first.Error(), Limited: true}
	}
	return nil, first
}

// withEventData puts JSON into the data of generated events that are described so.
func withEventData(m media, n *source.Node, o Options, work task) (*source.Node, error) {
	if n.Is(source.Array) {
		list := make([]source.Node, len(n.Kids))
		for i := range n.Kids {
			event, err := withEventData(m, &n.Kids[i], o, work)
			if err != nil {
				return nil, err
			}
			list[i] = *event
		}
		all := source.New(n, source.Array, "", "", list...)
		return source.Link(&all), nil
	}
	isJSON, schemas := m.EventData(n.Value())
	if !isJSON {
		return n, nil
	}
	text := "{}"
	if len(schemas) > 0 { // of several the first: what is made is checked by all
		work.types = schema.AnyType
		v, err := build(schemas[0], o, work)
		if err != nil {
			return nil, err
		}
		text = string(v.node.AppendJSON(nil))
	}
	members := make([]source.Node, len(n.Kids))
	for i := range n.Kids {
		if members[i] = n.Kids[i]; n.Kids[i].Key == "data" {
			members[i] = source.New(&n.Kids[i], source.String, "data", text)
		}
	}
	event := source.New(n, source.Object, "", "", members...)
	return source.Link(&event), nil
}

// dataFor makes the value of a body: an object for no schema, one item for a sequence.
func dataFor(s, item *schema.Schema, o Options, work task) (*source.Node, error) {
	if item != nil {
		s = item
	}
	if s == nil {
		empty := source.New(nil, source.Object, "", "")
		return &empty, nil
	}
	v, err := build(s, o, work)
	if err != nil {
		return nil, err
	}
	n := source.Link(&v.node)
	if item != nil && n.Is(source.Array) { // one item, and not the items
		list := source.New(n, source.Array, "", "", *n)
		n = source.Link(&list)
	}
	return n, nil
}

func atOf(s, item *schema.Schema) source.Span {
	if s == nil {
		s = item
	}
	if s == nil {
		return source.Span{}
	}
	return s.View().Node().At()
}

// encodedFor makes a body of JSON or text; text whose schema admits no string is JSON,
// if check lets it pass.
func encodedFor(check func(contract.MediaType, []byte) []exchange.Violation, s *schema.Schema, t contract.MediaType, o Options, work task) ([]byte, error) {
	body, err := encoded(s, t, o, work)
	if err == nil || t.IsJSON() {
		return body, err
	}
	work.types = schema.AnyType
	v, failed := build(s, o, work)
	if failed != nil || len(check(t, []byte(param.TextOf(&v.node)))) > 0 {
		return nil, err
	}
	return []byte(param.TextOf(&v.node)), nil
}

// encoded makes a body of JSON or text.
func encoded(s *schema.Schema, t contract.MediaType, o Options, work task) ([]byte, error) {
	switch {
	case s == nil && t.IsJSON():
		return []byte("{}"), nil
	case s == nil:
		return nil, nil
	case t.IsJSON():
		work.types = schema.AnyType
		v, err := build(s, o, work)
		if err != nil {
			return nil, err
		}
		return v.node.AppendJSON(nil), nil
	}
	work.types = schema.TypeString
	v, err := build(s, o, work)
	if err != nil {
		return nil, fmt.Errorf("a body of text must be a string: %w", err)
	}
	return []byte(param.TextOf(&v.node)), nil
}
