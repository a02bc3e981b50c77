package contract

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Schema is the compiled schema, as that of Media.
func (m RequestMedia) Schema() (*schema.Schema, error) { return m.media.compiled() }

// ItemSchema is the schema of each item of a sequence, as that of Media.
func (m RequestMedia) ItemSchema(t MediaType) (*schema.Schema, error) {
	if !m.media.as(t).IsSequence() {
		return nil, nil
	}
	return m.media.compiledItem()
}

// Data tells whether values other than text can be written as t.
func (m RequestMedia) Data(t MediaType) bool { return m.media.as(t).IsData() }

// EncodeValue writes a value as t, the media type or one below it. The error says what
// of it cannot be written. header makes the headers that parts must have, nil from what
// their schemas name alone.
func (m RequestMedia) EncodeValue(t MediaType, n *source.Node, header HeaderText) ([]byte, error) {
	return m.media.encode(t, n, header)
}

// DecodeAs gives the data that a body of t holds, the media type or one below it; ok is
// false where it cannot be read.
func (m RequestMedia) DecodeAs(t MediaType, body []byte) (value any, ok bool) {
	c, _ := m.media.decode(t, body)
	return c.Value(), c.IsDecoded()
}

// CheckBytesAs decodes a body of t, the media type or one below it, and gives its
// violations.
func (m RequestMedia) CheckBytesAs(t MediaType, body []byte) []exchange.Violation {
	return requestAs{m.media, t}.CheckBytes(body)
}

// Shape is the shape of the body as conditions see it: files among the parts of a
// multipart body have the members filename, contentType, size, sha256 and content. nil
// stands for anything.
func (m RequestMedia) Shape() *schema.Shape {
	if m.SchemaNode == nil {
		return nil
	}
	shape := m.media.shape()
	s := m.media.as(m.Type)
	switch {
	case s == Multipart:
		return shownShape(shape)
	case m.Type.Concrete() && m.Type.Syntax() == Opaque:
		return nil // a text, or where it is long a file
	case s.IsSequence() && m.media.itemNode() != nil:
		return nil
	}
	return shape
}

// AlikeTo tells whether conditions see the same of bodies of both media types.
func (m RequestMedia) AlikeTo(other RequestMedia) bool {
	plain := func(m RequestMedia) bool {
		s := m.media.as(m.Type)
		return s != Multipart && !s.IsSequence()
	}
	return m.SchemaNode == other.SchemaNode && plain(m) && plain(other)
}
