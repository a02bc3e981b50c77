package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxShown bounds a value in a message, in characters.
const maxShown = 60

// brief gives a value as compact JSON, cut to maxShown. Members are sorted.
func brief(value any) string { return shorten(string(appendBrief(nil, value))) }

// shorten cuts a text to maxShown characters.
func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return string([]rune(s)[:maxShown-1]) + "…"
}

// appendBrief stops soon after enough was written.
func appendBrief(dst []byte, value any) []byte {
	if len(dst) > maxShown*utf8.UTFMax {
		return dst
	}
	switch v := value.(type) {
	case string:
		return source.AppendJSONString(dst, v[:min(len(v), maxShown*utf8.UTFMax)])
	case json.Number:
		return append(dst, v...)
	case bool:
		return strconv.AppendBool(dst, v)
	case Measured:
		return append(dst, "a string of "+source.Count(v.Length, "character")...)
	case nil:
		return append(dst, "null"...)
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst = appendBrief(dst, item); len(dst) > maxShown*utf8.UTFMax {
				break
			}
		}
		return append(dst, ']')
	case map[string]any:
		return appendBriefObject(dst, v)
	}
	return fmt.Append(dst, value)
}

func appendBriefObject(dst []byte, v map[string]any) []byte {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	dst = append(dst, '{')
	for i, name := range names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(source.AppendJSONString(dst, name), ':')
		if dst = appendBrief(dst, v[name]); len(dst) > maxShown*utf8.UTFMax {
			break
		}
	}
	return append(dst, '}')
}

func quote(s string) string { return brief(s) }

// article puts a or an before a word.
func article(word string) string {
	if word == "null" {
		return word
	}
	if strings.IndexByte("aeiou", word[0]) >= 0 {
		return "an " + word
	}
	return "a " + word
}

// either joins alternatives: a, b or c.
func either(alternatives []string) string {
	if len(alternatives) < 2 {
		return strings.Join(alternatives, "")
	}
	last := len(alternatives) - 1
	return strings.Join(alternatives[:last], ", ") + " or " + alternatives[last]
}

// maxListed bounds how many admitted values a message lists.
const maxListed = 12

// oneOf lists admitted values.
func oneOf(values []string) string {
	switch {
	case len(values) == 0:
		return "absent: no value is admitted"
	case len(values) == 1:
		return values[0]
	case len(values) > maxListed:
		return fmt.Sprintf("one of %s … (%d more)", strings.Join(values[:maxListed], ", "), len(values)-maxListed)
	}
	return "one of " + strings.Join(values, ", ")
}
