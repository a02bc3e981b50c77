package param

import (
	"encoding/json"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// The types of which a value is one piece of text.
const scalarTypes = schema.TypeNull | schema.TypeBoolean | schema.TypeInteger | schema.TypeNumber | schema.TypeString

// scalar reads text as one type; ok is false when it does not spell a value of
// that type.
func scalar(t schema.Types, text string) (value any, ok bool) {
	switch t {
	case schema.TypeNull:
		return nil, text == "" || text == "null"
	case schema.TypeBoolean:
		return text == "true", text == "true" || text == "false"
	case schema.TypeInteger:
		if isNumber, isInteger := numeric(text); isNumber && isInteger {
			return json.Number(text), true
		}
	case schema.TypeNumber:
		if isNumber, _ := numeric(text); isNumber {
			return json.Number(text), true
		}
	case schema.TypeString:
		return text, true
	}
	return nil, false
}

// orders holds scalarOrder of every set of types.
var orders = func() (all [schema.AnyType + 1][]schema.Types) {
	for types := range all {
		all[types] = scalarOrder(schema.Types(types))
	}
	return all
}()

// scalarOrder lists the scalar types of a set in the order in which a text is
// tried: null, boolean, integer or number, string. A schema that admits
// everything means text as a string first.
func scalarOrder(types schema.Types) []schema.Types {
	order := make([]schema.Types, 0, 4)
	if types == schema.AnyType {
		order = append(order, schema.TypeString)
	}
	for _, t := range []schema.Types{schema.TypeNull, schema.TypeBoolean, schema.TypeNumber, schema.TypeInteger, schema.TypeString} {
		switch {
		case types&t == 0,
			t == schema.TypeInteger && types&schema.TypeNumber != 0, // a number already
			t == schema.TypeString && types == schema.AnyType:       // tried first
			continue
		}
		order = append(order, t)
	}
	return order
}

// numeric tells whether text is a number by the JSON grammar (RFC 8259 section 6)
// and whether its value is whole, as "1.0" and "1e2" are by JSON Schema
// (validation section 6.1.1). Nothing is computed, so that a huge exponent costs
// nothing.
func numeric(text string) (isNumber, isInteger bool) {
	i := 0
	if i < len(text) && text[i] == '-' {
		i++
	}
	whole := digits(text, i)
	if whole == i || text[i] == '0' && whole > i+1 {
		return false, false
	}
	if whole == len(text) {
		return true, true
	}
	intPart, fraction := text[i:whole], ""
	i = whole
	if text[i] == '.' {
		end := digits(text, i+1)
		if end == i+1 {
			return false, false
		}
		fraction, i = text[i+1:end], end
	}
	exponent := ""
	if i < len(text) {
		if text[i] != 'e' && text[i] != 'E' {
			return false, false
		}
		exponent = text[i+1:]
		start := 0
		if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
			start = 1
		}
		if end := digits(exponent, start); end == start || end != len(exponent) {
			return false, false
		}
	}
	return true, isWhole(intPart, fraction, exponent)
}

// digits gives the index behind the digits of text that begin at i.
func digits(text string, i int) int {
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	return i
}

// isWhole tells whether the number of the given parts has no fraction. It moves
// the point by the exponent and looks whether a digit other than 0 stands behind it.
func isWhole(intPart, fraction, exponent string) bool {
	for fraction != "" && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	if exponent == "" {
		return fraction == ""
	}
	negative := exponent[0] == '-'
	if exponent[0] == '-' || exponent[0] == '+' {
		exponent = exponent[1:]
	}
	shift := 0
	for i := 0; i < len(exponent) && shift < 1<<30; i++ {
		shift = shift*10 + int(exponent[i]-'0')
	}
	if !negative {
		return len(fraction) <= shift
	}
	zeros := 0
	for zeros < len(intPart) && intPart[len(intPart)-1-zeros] == '0' {
		zeros++
	}
	return fraction == "" && (zeros >= shift || intPart == "0")
}
