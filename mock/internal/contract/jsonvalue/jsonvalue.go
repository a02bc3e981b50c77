// Package jsonvalue reads JSON texts into plain Go data as the contract looks at
// it: strictly, and with the text of numbers.
package jsonvalue

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds arrays and objects inside each other.
const MaxDepth = 1000

var errTooDeep = errors.New("arrays and objects are nested more than 1000 deep")

var decoders = sync.Pool{New: func() any { return new(jsonDecoder) }}

// Decode reads a JSON text (RFC 8259) into plain Go data with the text of
// numbers kept (json.Number). Duplicate names, invalid UTF-8, text behind the
// value and nesting beyond 1,000 levels are errors.
func Decode(data []byte) (any, error) {
	d := decoders.Get().(*jsonDecoder)
	defer decoders.Put(d)
	return d.decode(data)
}

// Again decodes a text that Decode has taken before.
func Again(data []byte) any {
	value, _ := Decode(data)
	return value
}

// jsonDecoder keeps the buffers of a decoder between bodies.
type jsonDecoder struct {
	dec    jsontext.Decoder
	reader bytes.Reader
	// text is all that is read. Names, strings and numbers that stand there as they mean
	// are parts of it, so that they need no memory of their own.
	text string
}

func (d *jsonDecoder) decode(data []byte) (any, error) {
	d.reader.Reset(data)
	d.dec.Reset(&d.reader)
	d.text = string(data)
	defer func() {
		d.reader.Reset(nil)
		d.text = ""
	}()
	value, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := d.dec.ReadToken(); err != io.EOF {
		if err == nil {
			err = errors.New("there is more text after the value")
		}
		return nil, err
	}
	return value, nil
}

func (d *jsonDecoder) value(depth int) (any, error) {
	switch d.dec.PeekKind() {
	case '{':
		return d.object(depth + 1)
	case '[':
		return d.array(depth + 1)
	case '"':
		return d.string()
	case '0':
		raw, err := d.dec.ReadValue()
		return json.Number(d.behind(raw)), err
	}
	token, err := d.dec.ReadToken()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if kind := token.Kind(); kind == 't' || kind == 'f' {
		return token.Bool(), nil
	}
	return nil, nil
}

// string reads a string or a name.
func (d *jsonDecoder) string() (string, error) {
	raw, err := d.dec.ReadValue()
	if err != nil {
		return "", err
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		text := d.behind(raw)
		return text[1 : len(text)-1], nil
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	return string(plain), err
}

// behind gives the part of the text that was read last.
func (d *jsonDecoder) behind(raw jsontext.Value) string {
	end := int(d.dec.InputOffset())
	return d.text[end-len(raw) : end]
}

func (d *jsonDecoder) object(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errTooDeep
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, err
	}
	members := make(map[string]any)
	for d.dec.PeekKind() != '}' {
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		if members[name], err = d.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := d.dec.ReadToken()
	return members, err
}

func (d *jsonDecoder) array(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, errTooDeep
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return nil, err
	}
	items := []any{}
	for d.dec.PeekKind() != ']' {
		item, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := d.dec.ReadToken()
	return items, err
}

// Reason says in a few words why a text could not be decoded, and where: the
// pointer to the value that was being read and the byte at which reading stopped
// (-1 where that is not known).
func Reason(err error) (reason, pointer string, offset int64) {
	offset = -1
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && syntax.Err != nil {
		pointer, offset, err = string(syntax.JSONPointer), syntax.ByteOffset, syntax.Err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "a text that ends too early", pointer, offset
	}
	return strings.TrimPrefix(err.Error(), "jsontext: "), pointer, offset
}

// IsDuplicate tells whether a text was refused because an object names a member
// twice.
func IsDuplicate(err error) bool { return errors.Is(err, jsontext.ErrDuplicateName) }
