package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// operand is a value of a request that a matcher looks at. It is passed by value
// and holds text without boxing it, so that matching allocates nothing.
type operand struct {
	kind  operandKind
	text  string // of textOperand
	value any    // of valueOperand
	// lenient compares text with numbers and booleans by how they are written:
	// parameters are text before they are anything else.
	lenient bool
}

type operandKind uint8

const (
	absent operandKind = iota
	textOperand
	valueOperand
)

func textOf(s string) operand { return operand{kind: textOperand, text: s, lenient: true} }

// valueOf makes the operand of a decoded value. A string is held as text.
func valueOf(v any, lenient bool) operand {
	if s, ok := v.(string); ok {
		return operand{kind: textOperand, text: s, lenient: lenient}
	}
	return operand{kind: valueOperand, value: v, lenient: lenient}
}

// asText gives the text of a scalar, for the matchers of text.
func (o operand) asText() (string, bool) {
	if o.kind == textOperand {
		return o.text, true
	}
	switch v := o.value.(type) {
	case json.Number:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// asNumber gives the number of a value, and of a text where that is lenient.
func (o operand) asNumber() (decimal.Decimal, bool) {
	if o.kind == textOperand {
		if !o.lenient {
			return decimal.Decimal{}, false
		}
		return decimal.Parse(o.text)
	}
	if v, ok := o.value.(json.Number); ok {
		return decimal.Parse(string(v))
	}
	return decimal.Decimal{}, false
}

// items gives the elements of an array.
func (o operand) items() ([]any, bool) {
	items, ok := o.value.([]any)
	return items, ok
}

// maxShownValue bounds a value in a reason, in bytes.
const maxShownValue = 80

// String shows the value for reasons.
func (o operand) String() string {
	var text string
	switch o.kind {
	case absent:
		return "absent"
	case textOperand:
		text = strconv.Quote(shorten(o.text))
	default:
		encoded, err := json.Marshal(o.value)
		if err != nil {
			return fmt.Sprintf("%T", o.value)
		}
		text = shorten(string(encoded))
	}
	return text
}

func shorten(s string) string { return source.Cut(s, maxShownValue) }
