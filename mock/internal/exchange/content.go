package exchange

// Content is what the body of a request says. What a JSON text says is read when it is
// first asked for: most requests are answered without it. The zero value says nothing:
// there is no body, or it could not be decoded.
//
// Only one goroutine may ask a Content at a time, as everything of an Exchange belongs to
// one. A copy is a Content of its own.
type Content struct {
	value   any
	decoded bool
	text    []byte
	read    func(text []byte) any // nil once value is there
}

// Decoded is a Content that was decoded: map[string]any, []any, string, json.Number, bool
// or nil for JSON.
func Decoded(value any) Content { return Content{value: value, decoded: true} }

// DecodedFrom is a Content that was decoded from a JSON text, which must not change any
// more.
func DecodedFrom(text []byte, value any) Content {
	return Content{value: value, decoded: true, text: text}
}

// Unread is a Content of a JSON text that is known to be well-formed, which must not change
// any more. read gives the value.
func Unread(text []byte, read func(text []byte) any) Content {
	return Content{decoded: true, text: text, read: read}
}

// Value gives the decoded body. It is shared and read-only; nil where nothing was decoded.
func (c *Content) Value() any {
	if c.read != nil {
		c.value, c.read = c.read(c.text), nil
	}
	return c.value
}

// IsDecoded tells a JSON null from a body that is absent or could not be decoded.
func (c *Content) IsDecoded() bool { return c.decoded }

// Text gives the JSON text that says all of it; nil where there is none.
func (c *Content) Text() []byte { return c.text }
