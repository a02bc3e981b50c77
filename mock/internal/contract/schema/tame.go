package schema

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// The largest number of digits, and the largest exponent, that jsonschema is given: it
// writes numbers out, so that 1e1000000000 would take a gigabyte, and reads digits in a
// time that grows with their square. Our own checker needs no limit.
const (
	maxDigits   = 1_000
	maxExponent = 9_999
)

// tame cuts the digits and the exponent of a number. The number stays as far from the
// bounds of any sensible schema as it was, and an integer if it was one.
func tame(number string) string {
	at := strings.IndexAny(number, "eE")
	if len(number) <= maxDigits && (at < 0 || len(number)-at <= len("e9999")) {
		return number
	}
	d, ok := decimal.Parse(number)
	if !ok {
		return number
	}
	return d.Abridged(maxDigits, maxExponent)
}

// tameAll gives the value for jsonschema: all numbers tame and as json.Number, a stand-in
// for each measured string. The value itself is not changed; where nothing needs a change
// it is given back.
func tameAll(value any) any {
	if isTame(value) {
		return value
	}
	return tameCopy(value)
}

func isTame(value any) bool {
	return each(value, func(part any) bool {
		switch v := part.(type) {
		case string, bool, nil, []any, map[string]any:
			return true
		case json.Number:
			return tame(string(v)) == string(v)
		}
		return false
	})
}

// hasLongNumber tells whether jsonschema is given another number than there is, because
// it has so many digits.
func hasLongNumber(value any) bool {
	return !each(value, func(part any) bool {
		n, ok := part.(json.Number)
		return !ok || len(n) <= maxDigits
	})
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

// tooDeep gives the first place that is nested deeper than may be looked into, the last token
// first; of members the one that is first by name.
func tooDeep(value any, left int) (place []string, ok bool) {
	if left == 0 {
		return nil, true
	}
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			if place, ok = tooDeep(item, left-1); ok {
				return append(place, strconv.Itoa(i)), true
			}
		}
	case map[string]any:
		first := ""
		for name, member := range v {
			if below, is := tooDeep(member, left-1); is && (!ok || name < first) {
				first, place, ok = name, below, true
			}
		}
		if ok {
			place = append(place, first)
		}
	}
	return place, ok
}
