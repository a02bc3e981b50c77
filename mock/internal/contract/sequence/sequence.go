// Package sequence reads and writes bodies that are a sequence of values: JSON lines,
// JSON text sequences and event streams (OpenAPI 3.2 section 4.14.2).
package sequence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// MaxItems bounds the items of one body; beyond it the body is not read.
const MaxItems = 100_000

// recordSeparator begins each text of a JSON text sequence (RFC 7464 section 2.2).
const recordSeparator = 0x1e

// ItemError tells which item of a body cannot be read.
type ItemError struct {
	Index int
	Err   error
}

// Error gives the reason; the item is the caller's to show.
func (e *ItemError) Error() string { return e.Err.Error() }

// Unwrap gives the reason.
func (e *ItemError) Unwrap() error { return e.Err }

var errTooMany = fmt.Errorf("there are more than %d items", MaxItems)

// Lines reads JSON lines: a JSON text on each line. Empty lines are passed over. The
// error is an *ItemError for the first line that is none; the items before it are given
// with it.
func Lines(body []byte) ([]any, error) {
	return texts(bytes.SplitSeq(body, []byte("\n")), false)
}

// Records reads a JSON text sequence (RFC 7464), with errors as Lines.
func Records(body []byte) ([]any, error) {
	if rest := bytes.TrimSpace(body); len(rest) > 0 && rest[0] != recordSeparator {
		return nil, &ItemError{0, errors.New("a text must begin with the record separator, byte 0x1E")}
	}
	return texts(bytes.SplitSeq(body, []byte{recordSeparator}), true)
}

func texts(pieces func(func([]byte) bool), endInLine bool) ([]any, error) {
	list := []any{}
	for piece := range pieces {
		text := bytes.TrimSpace(piece)
		if len(text) == 0 {
			continue
		}
		if len(list) >= MaxItems {
			return list, errTooMany
		}
		value, err := jsonvalue.Decode(text)
		if err == nil && endInLine && len(piece) == len(text) && '0' <= text[len(text)-1] && text[len(text)-1] <= '9' {
			err = errors.New("a number must end with a line feed") // it may have been cut, section 2.4
		}
		if err != nil {
			return list, &ItemError{len(list), err}
		}
		list = append(list, value)
	}
	return list, nil
}

// Events reads an event stream (WHATWG HTML section 9.2.6) into objects with the members
// data, event, id and retry, as far as they are sent. Comments are no events, and neither
// is what has no field.
func Events(body []byte) ([]any, error) {
	if !utf8.Valid(body) {
		return nil, &ItemError{0, errors.New("it is not UTF-8")}
	}
	list := []any{}
	event := map[string]any{}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(body), "\ufeff"))
	var data []byte // each line with its end, nil for none
	flush := func() error {
		if data != nil {
			event["data"] = string(data[:len(data)-1])
		}
		if len(event) > 0 {
			if len(list) >= MaxItems {
				return errTooMany
			}
			list = append(list, event)
			event, data = map[string]any{}, nil
		}
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			if err := flush(); err != nil {
				return list, err
			}
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "data":
			data = append(append(data, value...), '\n')
		case "event":
			event[name] = value
		case "id":
			if strings.IndexByte(value, 0) < 0 {
				event[name] = value
			}
		case "retry":
			if value != "" && strings.Trim(value, "0123456789") == "" {
				event[name] = json.Number(strings.TrimLeft(value[:len(value)-1], "0") + value[len(value)-1:])
			}
		}
	}
	return list, flush()
}

// AppendLine writes one value of JSON lines.
func AppendLine(dst []byte, n *source.Node) []byte { return append(n.AppendJSON(dst), '\n') }

// AppendRecord writes one value of a JSON text sequence.
func AppendRecord(dst []byte, n *source.Node) []byte {
	return append(n.AppendJSON(append(dst, recordSeparator)), '\n')
}

// AppendEvent writes an event: an object with the fields of Events, or data alone.
func AppendEvent(dst []byte, n *source.Node) []byte {
	if n.Kind != source.Object {
		return append(appendField(dst, "data", n), '\n')
	}
	for _, name := range []string{"event", "id", "retry", "data"} {
		if member := n.Get(name); member != nil {
			dst = appendField(dst, name, member)
		}
	}
	return append(dst, '\n')
}

func appendField(dst []byte, name string, n *source.Node) []byte {
	text := n.Scalar()
	if n.Kind == source.Object || n.Kind == source.Array {
		text = string(n.AppendJSON(nil))
	}
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		dst = append(append(append(append(dst, name...), ": "...), line...), '\n')
	}
	return dst
}
