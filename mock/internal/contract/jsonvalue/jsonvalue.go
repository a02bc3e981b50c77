// Package jsonvalue reads JSON texts into plain Go data as the contract looks at
// it: strictly, and with the text of numbers.
package jsonvalue

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth bounds arrays and objects inside each other.
const MaxDepth = 1000

var errTooDeep = errors.New("arrays and objects are nested more than 1000 deep")

// Decode reads a JSON text (RFC 8259) into plain Go data with the text of
// numbers kept (json.Number). Duplicate names, invalid UTF-8, text behind the
// value and nesting beyond 1,000 levels are errors.
func Decode(data []byte) (any, error) {
	if !jsontext.Value(data).IsValid() {
		return nil, fault(data)
	}
	f := NewFlat()
	defer f.Release()
	// Names, strings and numbers that stand there as they mean are parts of the one copy of
	// the text, so that they need no memory of their own.
	if !f.scan(string(data)) {
		return nil, fault(data)
	}
	return f.Tree(0), nil
}

// Again decodes a text that Decode or Read has taken before, and that does not change any
// more: names, strings and numbers are parts of it.
func Again(data []byte) any {
	f := NewFlat()
	defer f.Release()
	f.scan(textOf(data))
	return f.Tree(0)
}

// fault says what is wrong with a text.
func fault(data []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(data))
	for whole := false; !whole; whole = dec.StackDepth() == 0 {
		if kind := dec.PeekKind(); (kind == '{' || kind == '[') && dec.StackDepth() == MaxDepth {
			return &jsontext.SyntacticError{ByteOffset: dec.InputOffset(), JSONPointer: dec.StackPointer(), Err: errTooDeep}
		}
		if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		} else if err != nil {
			return err
		}
	}
	if _, err := dec.ReadToken(); err != nil && err != io.EOF {
		return err
	}
	return errors.New("there is more text after the value")
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
