package param_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// This file writes values by the styles, so that what was decoded can be sent again.

// encode puts a value where the decoder reads it; ok is false for values whose
// text would be ambiguous.
func encode(d *param.Decoder, value any) (in *param.Input, ok bool) {
	if d.MediaType != "" {
		return encodeContent(d, value), true
	}
	if !isScalar(value) && len(d.Schema.Kids) == 0 {
		return nil, false // an untyped schema reads text as a string first
	}
	switch v := value.(type) {
	case []any:
		return encodeArray(d, v)
	case map[string]any:
		return encodeObject(d, v)
	}
	return place(d, []param.Pair{{Name: d.Name, RawValue: prefixed(d, escaped(d, value))}}), true
}

func encodeContent(d *param.Decoder, value any) *param.Input {
	text, isText := value.(string)
	if !isText || strings.HasSuffix(d.MediaType, "json") {
		data, _ := json.Marshal(value)
		text = string(data)
	}
	return place(d, []param.Pair{{Name: d.Name, RawValue: escapeText(d, text)}})
}

// place puts pairs into the query or cookies, and the first value elsewhere.
func place(d *param.Decoder, pairs []param.Pair) *param.Input {
	switch d.In {
	case exchange.Query:
		return &param.Input{Query: pairs}
	case exchange.Cookie:
		return &param.Input{Cookies: pairs}
	case exchange.Header:
		return &param.Input{Header: http.Header{http.CanonicalHeaderKey(d.Name): {pairs[0].RawValue}}}
	}
	return &param.Input{Path: param.PathText(pairs[0].RawValue)}
}

// prefixed adds what the path styles put in front of a value without members of
// its own.
func prefixed(d *param.Decoder, raw string) string {
	switch d.Style {
	case "label":
		return "." + raw
	case "matrix":
		return ";" + d.Name + "=" + raw
	}
	return raw
}

// escaped writes a scalar; null is no text.
func escaped(d *param.Decoder, value any) string {
	if value == nil {
		return ""
	}
	return escapeText(d, fmt.Sprint(value))
}

func escapeText(d *param.Decoder, text string) string {
	content := d.MediaType != "" && !strings.HasSuffix(d.MediaType, "json")
	if d.In == exchange.Header || d.In == exchange.Cookie && (d.Style == "cookie" || content) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// delimiter separates the items that the style writes into one text; "" where
// each has a pair of its own.
func delimiter(d *param.Decoder) string {
	switch d.Style {
	case "spaceDelimited":
		return "%20"
	case "pipeDelimited":
		return "%7C"
	case "tsv":
		return "%09"
	case "label":
		if d.Explode {
			return "."
		}
	case "form", "cookie":
		if d.Explode {
			return ""
		}
	}
	return ","
}

func isScalar(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

func isEmpty(value any) bool { return value == nil || value == "" }

// plain tells whether a list can be written: arrays without items and with one
// empty item look alike, and items that are arrays have no written form.
func plain(list []any) bool {
	return len(list) > 0 && !(len(list) == 1 && isEmpty(list[0])) && !slices.ContainsFunc(list, func(v any) bool { return !isScalar(v) })
}

func encodeArray(d *param.Decoder, list []any) (*param.Input, bool) {
	if !plain(list) {
		return nil, false
	}
	if d.Style == "deepObject" {
		return encodeDeep(d, list)
	}
	raws := make([]string, len(list))
	for i, item := range list {
		raws[i] = escaped(d, item)
	}
	if d.Style == "matrix" && d.Explode {
		return place(d, []param.Pair{{RawValue: ";" + d.Name + "=" + strings.Join(raws, ";"+d.Name+"=")}}), true
	}
	if separator := delimiter(d); separator != "" {
		return place(d, []param.Pair{{Name: d.Name, RawValue: prefixed(d, strings.Join(raws, separator))}}), true
	}
	pairs := make([]param.Pair, len(raws))
	for i, raw := range raws {
		pairs[i] = param.Pair{Name: d.Name, RawValue: raw}
	}
	return place(d, pairs), true
}

// membersOf lists the members of an object in the order of their names; arrays as
// repeated names.
func membersOf(d *param.Decoder, object map[string]any) (members []param.Pair, ok bool) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		values, isList := object[name].([]any)
		if !isList {
			values = []any{object[name]}
		}
		if isList && !plain(values) || !isScalar(values[0]) {
			return nil, false
		}
		for _, value := range values {
			members = append(members, param.Pair{Name: name, RawValue: escaped(d, value)})
		}
	}
	return members, len(members) > 0
}

func encodeObject(d *param.Decoder, object map[string]any) (*param.Input, bool) {
	if d.Style == "deepObject" {
		return encodeDeep(d, object)
	}
	members, ok := membersOf(d, object)
	if !ok {
		return nil, false
	}
	separator := delimiter(d)
	if separator == "" || d.Explode && (d.In == exchange.Query || d.In == exchange.Cookie) {
		return place(d, members), true
	}
	between, start := separator, prefixed(d, "")
	if d.Explode {
		between, start = "=", strings.TrimSuffix(start, d.Name+"=")
		if d.Style == "matrix" {
			separator = ";"
		}
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = escapeText(d, m.Name) + between + m.RawValue
	}
	return place(d, []param.Pair{{Name: d.Name, RawValue: start + strings.Join(parts, separator)}}), true
}

func encodeDeep(d *param.Decoder, value any) (*param.Input, bool) {
	var pairs []param.Pair
	ok := true
	var grow func(name string, value any)
	grow = func(name string, value any) {
		switch v := value.(type) {
		case []any:
			ok = ok && len(v) > 0 && !(len(v) == 1 && isEmpty(v[0]))
			for i, item := range v {
				grow(fmt.Sprintf("%s[%d]", name, i), item)
			}
		case map[string]any:
			ok = ok && len(v) > 0
			for _, key := range slices.Sorted(maps.Keys(v)) {
				grow(name+"["+key+"]", v[key])
			}
		default:
			pairs = append(pairs, param.Pair{Name: name, RawValue: escaped(d, v)})
		}
	}
	grow(d.Name, value)
	return place(d, pairs), ok
}
