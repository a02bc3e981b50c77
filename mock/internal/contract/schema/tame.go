package schema

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxExponent is the largest exponent that jsonschema is given: it writes numbers
// out, and 1e1000000000 would take a gigabyte. Our own checker needs no limit.
const maxExponent = 9_999

// tame cuts the exponent of a number. The number stays as far from the bounds of
// any sensible schema as it was.
func tame(number string) string {
	at := strings.IndexAny(number, "eE")
	if at < 0 || len(number)-at <= len("e+999") {
		return number
	}
	e, err := strconv.Atoi(strings.TrimPrefix(number[at+1:], "+"))
	switch {
	case err == nil && e >= -maxExponent && e <= maxExponent:
		return number
	case number[at+1] == '-':
		return number[:at] + "e-" + strconv.Itoa(maxExponent)
	}
	return number[:at] + "e" + strconv.Itoa(maxExponent)
}

// tameAll gives the value for jsonschema: all numbers tame and as json.Number, a stand-in for
// each measured string. The
// value itself is not changed; where nothing needs a change it is given back.
func tameAll(value any) any {
	if isTame(value) {
		return value
	}
	return tameCopy(value)
}

func isTame(value any) bool {
	switch v := value.(type) {
	case string, bool, nil:
	case json.Number:
		return len(tame(string(v))) == len(v)
	case []any:
		for _, item := range v {
			if !isTame(item) {
				return false
			}
		}
	case map[string]any:
		for _, member := range v {
			if !isTame(member) {
				return false
			}
		}
	default:
		return false
	}
	return true
}

func tameCopy(value any) any {
	switch v := value.(type) {
	case json.Number:
		return json.Number(tame(string(v)))
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = tameCopy(item)
		}
		return items
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = tameCopy(member)
		}
		return members
	}
	if m, ok := value.(Measured); ok {
		return m.standIn()
	}
	if n, ok := asNumber(value); ok {
		return json.Number(tame(string(n)))
	}
	return value
}

// isTooDeep tells whether a value is nested deeper than may be looked into.
func isTooDeep(value any, left int) bool {
	if left == 0 {
		return true
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if isTooDeep(item, left-1) {
				return true
			}
		}
	case map[string]any:
		for _, member := range v {
			if isTooDeep(member, left-1) {
				return true
			}
		}
	}
	return false
}
