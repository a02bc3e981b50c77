package sample

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ErrMediaType is returned for media types whose bodies are not made.
var ErrMediaType = errors.New("only bodies of JSON and of text are made")

// Body makes an encoded body of a response; a range is made as the nearest type that can
// be sent, JSON for all types. JSON is compact, with the members in the schema's order.
// Where no schema is described, it is an empty object or text. The error is ErrMediaType,
// an *Unsatisfiable, or what keeps the schema from being compiled.
func Body(m *contract.Media, o Options) ([]byte, error) { return BodyAs(m, m.Type.Nearest(), o) }

// BodyAs makes a body as one of the types that a described range admits. Text whose
// schema admits no string is JSON, if the contract lets it pass.
func BodyAs(m *contract.Media, t contract.MediaType, o Options) ([]byte, error) {
	if !t.IsJSON() && !t.IsText() {
		return nil, fmt.Errorf("%s: %w", m.Name, ErrMediaType)
	}
	compiled, err := m.Schema()
	if err != nil {
		return nil, err
	}
	return encodedFor(m.CheckBytesAs, compiled, t, o, task{})
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
	if failed != nil || len(check(t, []byte(textOf(&v.node)))) > 0 {
		return nil, err
	}
	return []byte(textOf(&v.node)), nil
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
	return []byte(textOf(&v.node)), nil
}

// textOf is the text of a scalar, and JSON for the rest.
func textOf(n *source.Node) string {
	if n.Is(source.Array) || n.Is(source.Object) {
		return string(n.AppendJSON(nil))
	}
	return n.Scalar()
}
