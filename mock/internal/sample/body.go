package sample

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ErrMediaType is returned for media types whose bodies are not made.
var ErrMediaType = errors.New("only bodies of JSON and of text are made")

// Body makes an encoded body of a response; a range is made as what Media.ContentType
// says. JSON is compact, with the members in the
// schema's order. Where no schema is described, it is an empty object or text. The
// error is ErrMediaType, an *Unsatisfiable, or what keeps the schema from being
// compiled.
func Body(m *contract.Media, o Options) ([]byte, error) { return BodyAs(m, sendable(m), o) }

// BodyAs makes a body as one of the types that a described range admits.
func BodyAs(m *contract.Media, t contract.MediaType, o Options) ([]byte, error) {
	if !t.IsJSON() && !m.IsText(t) {
		return nil, fmt.Errorf("%s: %w", m.Name, ErrMediaType)
	}
	compiled, err := m.Schema()
	if err != nil {
		return nil, err
	}
	return encoded(compiled, t, o, task{})
}

// sendable is the type as which a body is sent, where a range is described.
func sendable(m *contract.Media) contract.MediaType {
	if m.Type.Concrete() {
		return m.Type
	}
	t, _ := contract.ParseMediaType(m.ContentType(nil)[0])
	return t
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
