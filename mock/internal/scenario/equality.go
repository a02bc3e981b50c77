package scenario

import (
	"encoding/json"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// equals gives the values of which an operand must be equal to one to match; ok is
// false for a matcher that other values match too, and for lists and objects. fold
// tells that case may not count.
func equals(m matcher) (nodes []*source.Node, fold, ok bool) {
	switch m := m.(type) {
	case *equalTo:
		return []*source.Node{m.node}, m.fold, isScalar.has(m.node.Kind) || m.node.Is(source.Null)
	case anyOf:
		for _, each := range m {
			more, folds, ok := equals(each)
			if !ok {
				return nil, false, false
			}
			nodes, fold = append(nodes, more...), fold || folds
		}
		return nodes, fold, len(nodes) > 0
	case all:
		for _, each := range m {
			if nodes, fold, ok = equals(each); ok {
				return nodes, fold, true
			}
		}
	}
	return nil, false, false
}

// A key is a text that values share when a matcher may take them for equal: a
// number, and a text that reads as one, by its value; booleans and null as texts;
// with fold, texts that differ in case. That values share a key does not mean that
// they are equal.

// keyOf gives the key of an expected scalar.
func keyOf(n *source.Node, fold bool) string {
	text := n.Text
	if n.Is(source.Null) {
		text = nullKey
	}
	return string(appendTextKey(nil, text, fold))
}

const nullKey = "null"

// appendKey appends the key of a value; ok is false for one that is absent, a list
// or an object.
func (o operand) appendKey(dst []byte, fold bool) (key []byte, ok bool) {
	if o.kind == textOperand {
		return appendTextKey(dst, o.text, fold), true
	}
	if o.kind == absent {
		return dst, false
	}
	switch v := o.value.(type) {
	case nil:
		return appendTextKey(dst, nullKey, fold), true
	case bool:
		return appendTextKey(dst, strconv.FormatBool(v), fold), true
	case json.Number:
		return appendTextKey(dst, string(v), fold), true
	}
	return dst, false
}

func appendTextKey(dst []byte, text string, fold bool) []byte {
	if text != "" && (text[0] == '-' || text[0]-'0' <= 9) {
		if d, ok := decimal.Parse(text); ok {
			return d.AppendKey(dst)
		}
	}
	if !fold {
		return append(dst, text...)
	}
	for _, r := range text {
		dst = utf8.AppendRune(dst, folded(r))
	}
	return dst
}

// folded gives the same character for all that strings.EqualFold takes for equal:
// the smallest of them.
func folded(r rune) rune {
	smallest := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		smallest = min(smallest, f)
	}
	return smallest
}
