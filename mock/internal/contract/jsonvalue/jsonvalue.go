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

// jsonDecoder keeps the buffers of a decoder between bodies.
type jsonDecoder struct {
	dec    jsontext.Decoder
	reader bytes.Reader
}

func (d *jsonDecoder) decode(data []byte) (any, error) {
	d.reader.Reset(data)
	d.dec.Reset(&d.reader)
	defer d.reader.Reset(nil)
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
	case '0':
		raw, err := d.dec.ReadValue()
		return json.Number(raw), err
	}
	token, err := d.dec.ReadToken()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
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
		name, err := d.dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if members[key], err = d.value(depth); err != nil {
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
		return "the text ends too early", pointer, offset
	}
	return strings.TrimPrefix(err.Error(), "jsontext: "), pointer, offset
}

// IsDuplicate tells whether a text was refused because an object names a member
// twice.
func IsDuplicate(err error) bool { return errors.Is(err, jsontext.ErrDuplicateName) }
