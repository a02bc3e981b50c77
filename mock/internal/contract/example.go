package contract

import (
	"encoding/json"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Example is one example of a media type.
type Example struct {
	// Name is "" for the one that the description does not name.
	Name    string
	Summary string
	// Node is the value.
	Node *source.Node
	// Serialized tells that the value is the text to send, not what it encodes.
	Serialized bool

	once       sync.Once
	body       []byte
	violations []exchange.Violation
}

// examples reads example and examples of a media type. What stands elsewhere
// (externalValue) is not fetched.
func (p *planner) examples(media *source.Node) []*Example {
	var all []*Example
	if value := media.Get("example"); value != nil {
		all = append(all, &Example{Node: value})
	}
	for name, entry := range media.Get("examples").Members() {
		n, err := p.op.contract.docs.Follow(entry)
		if err != nil {
			continue
		}
		e := &Example{Name: name, Summary: n.Get("summary").Str(), Node: n.Get("value")}
		if e.Node == nil {
			e.Node = n.Get("dataValue")
		}
		if e.Node == nil && n.Has("serializedValue") {
			e.Node, e.Serialized = n.Get("serializedValue"), true
		}
		if e.Node != nil {
			all = append(all, e)
		}
	}
	return all
}

// checker tells what is wrong with the bodies of a media type.
type checker interface {
	CheckValue(value any) []exchange.Violation
	CheckBytes(body []byte) []exchange.Violation
}

// Encode gives the example as it is sent, and its violations. The bytes are made
// once and shared: they must not be changed.
func (m *Media) Encode(e *Example) ([]byte, []exchange.Violation) {
	e.once.Do(func() { e.body, e.violations = e.encode(m.Type, m) })
	return e.body, e.violations
}

// CheckExample gives the violations of an example and keeps nothing of it: for those
// who look at all examples of a description, which has more of them than are ever sent.
func (m *Media) CheckExample(e *Example) []exchange.Violation {
	_, found := e.encode(m.Type, m)
	return found
}

// CheckBytes decodes an encoded body and gives its violations. Bodies that are neither
// JSON nor text are not looked into.
func (m RequestMedia) CheckBytes(body []byte) []exchange.Violation { return m.media.CheckBytes(body) }

// Encode gives an example of the request body as it is sent, and its violations.
func (m RequestMedia) Encode(e *Example) ([]byte, []exchange.Violation) {
	return e.encode(m.Type, m.media)
}

func (e *Example) encode(t MediaType, c checker) ([]byte, []exchange.Violation) {
	if t.IsJSON() && !e.Serialized {
		found := c.CheckValue(e.Node.Value())
		if len(found) > 0 && e.Node.Is(source.String) && json.Valid([]byte(e.Node.Text)) {
			// Many descriptions write their examples as encoded JSON text.
			if text := []byte(e.Node.Text); len(c.CheckBytes(text)) == 0 {
				return text, nil
			}
		}
		return e.Node.AppendJSON(nil), found
	}
	body := []byte(e.Node.Scalar())
	if e.Node.Is(source.Object) || e.Node.Is(source.Array) {
		body = e.Node.AppendJSON(nil)
	}
	return body, c.CheckBytes(body)
}
