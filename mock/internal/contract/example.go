package contract

import (
	"encoding/json"
	"sync/atomic"

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

	forms [syntaxes]atomic.Pointer[form]
}

// form is an example as it is sent. A range may be sent in several forms; most examples are
// sent in one, and many never.
type form struct {
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

// checker writes the bodies of a media type and tells what is wrong with them.
type checker interface {
	CheckValue(value any) []exchange.Violation
	CheckBytes(body []byte) []exchange.Violation
	encode(t MediaType, n *source.Node) ([]byte, error)
}

// Encode gives the example as it is sent, and its violations. The bytes are made
// once and shared: they must not be changed.
func (m *Media) Encode(e *Example) ([]byte, []exchange.Violation) { return m.EncodeAs(m.Type, e) }

// EncodeAs is Encode for t, the media type or one below it.
func (m *Media) EncodeAs(t MediaType, e *Example) ([]byte, []exchange.Violation) {
	at := &e.forms[t.Syntax()]
	f := at.Load()
	if f == nil {
		f = &form{}
		f.body, f.violations = e.encode(t, sentAs{m, t})
		if !at.CompareAndSwap(nil, f) {
			f = at.Load() // two requests were first
		}
	}
	return f.body, f.violations
}

// CheckExample gives the violations of an example, as t, and keeps nothing of it: for
// those who look at all examples of a description, which has more than are ever sent.
func (m *Media) CheckExample(t MediaType, e *Example) []exchange.Violation {
	_, found := e.encode(t, sentAs{m, t})
	return found
}

// sentAs checks bodies of a type below a media type.
type sentAs struct {
	*Media
	t MediaType
}

func (s sentAs) CheckValue(value any) []exchange.Violation { return s.checkValueAs(s.t, value) }

func (s sentAs) CheckBytes(body []byte) []exchange.Violation { return s.CheckBytesAs(s.t, body) }

func (s sentAs) encode(t MediaType, n *source.Node) ([]byte, error) {
	return s.payload.encode(t, n, nil)
}

// EncodeAs gives an example of the request body as it is sent as t, the media type or
// one below it, and its violations.
func (m RequestMedia) EncodeAs(t MediaType, e *Example) ([]byte, []exchange.Violation) {
	return e.encode(t, requestAs{m.media, t})
}

func (e *Example) encode(t MediaType, c checker) ([]byte, []exchange.Violation) {
	compound := e.Node.Is(source.Object) || e.Node.Is(source.Array)
	switch {
	case t.IsJSON() && !e.Serialized:
		found := c.CheckValue(e.Node.Value())
		if len(found) > 0 && e.Node.Is(source.String) && json.Valid([]byte(e.Node.Text)) {
			// Many descriptions write their examples as encoded JSON text.
			if text := []byte(e.Node.Text); len(c.CheckBytes(text)) == 0 {
				return text, nil
			}
		}
		return e.Node.AppendJSON(nil), found
	case !compound:
		body := []byte(e.Node.Scalar())
		return body, c.CheckBytes(body)
	case e.Serialized || !t.Syntax().IsData():
		body := e.Node.AppendJSON(nil)
		return body, c.CheckBytes(body)
	}
	body, err := c.encode(t, e.Node)
	if err != nil {
		return nil, []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleDecode, Expected: "data that can be written as " + t.String(), Got: err.Error()}}
	}
	return body, c.CheckBytes(body)
}
