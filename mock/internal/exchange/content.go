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
	read    bool // value is there
	text    []byte
	again   func(text []byte) any // nil where value does not come from text
}

// Decoded is a Content that was decoded: map[string]any, []any, string, json.Number, bool
// or nil for JSON.
func Decoded(value any) Content { return Content{value: value, decoded: true, read: true} }

// DecodedFrom is a Content that was decoded from a JSON text, which must not change any
// more. again reads the text once more.
func DecodedFrom(text []byte, value any, again func(text []byte) any) Content {
	return Content{value: value, decoded: true, read: true, text: text, again: again}
}

// Unread is a Content of a JSON text that is known to be well-formed, which must not change
// any more. again gives the value.
func Unread(text []byte, again func(text []byte) any) Content {
	return Content{decoded: true, text: text, again: again}
}

// Value gives the decoded body. It is shared and read-only; nil where nothing was decoded.
func (c *Content) Value() any {
	if !c.read && c.again != nil {
		c.value, c.read = c.again(c.text), true
	}
	return c.value
}

// Forget gives the memory of a value back that can be read again.
func (c *Content) Forget() {
	if c.again != nil {
		c.value, c.read = nil, false
	}
}

// IsDecoded tells a JSON null from a body that is absent or could not be decoded.
func (c *Content) IsDecoded() bool { return c.decoded }

// Text gives the JSON text that says all of it; nil where there is none.
func (c *Content) Text() []byte { return c.text }
