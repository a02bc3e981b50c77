package source

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Value gives plain Go data: map[string]any, []any, string, bool, nil, and
// json.Number with the number's own text. Each call builds it anew.
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		items := make([]any, len(n.Kids))
		for i := range n.Kids {
			items[i] = n.Kids[i].Value()
		}
		return items
	case Object:
		members := make(map[string]any, len(n.Kids))
		for i := range n.Kids {
			members[n.Kids[i].Key] = n.Kids[i].Value()
		}
		return members
	}
	return nil
}

// AppendJSON appends the value as compact JSON: members in file order, numbers
// as written, no HTML escaping.
func (n *Node) AppendJSON(dst []byte) []byte {
	if n == nil {
		return append(dst, "null"...)
	}
	switch n.Kind {
	case Bool, Number:
		return append(dst, n.Text...)
	case String:
		return AppendJSONString(dst, n.Text)
	case Array:
		dst = append(dst, '[')
		for i := range n.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = n.Kids[i].AppendJSON(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i := range n.Kids {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendJSONString(dst, n.Kids[i].Key), ':')
			dst = n.Kids[i].AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// AppendJSONString appends s as a JSON string. Bytes that are not UTF-8 become
// the replacement character, as JSON cannot hold them.
func AppendJSONString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
