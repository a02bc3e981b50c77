package scenario

import (
	"regexp"
	"strings"
)

// goTypes are the names of types in messages of the library that runs expressions,
// with what people call them.
var goTypes = []struct {
	name *regexp.Regexp
	noun string
}{
	{regexp.MustCompile(`\bmap\[string\](interface \{\}|any)`), "a mapping"},
	{regexp.MustCompile(`\[\](interface \{\}|any|string)`), "a list"},
	{regexp.MustCompile(`<nil>|\bnil\b`), "nothing"},
	{regexp.MustCompile(`\bjson\.Number\b|\bu?int(8|16|32|64)?\b(?:[^(]|$)|\bfloat(32|64)\b(?:[^(]|$)`), "a number"},
	{regexp.MustCompile(`\btime\.Time\b`), "a time"},
	{regexp.MustCompile(`\btime\.Duration\b`), "a span of time"},
	{regexp.MustCompile(`\bstring\b(?:[^(]|$)`), "text"},
	{regexp.MustCompile(`\bbool\b(?:[^(]|$)`), "true/false"},
}

var notConverted = regexp.MustCompile(`^invalid operation: (int|int64|float|bool)\((.*)\)$`)

// plainMessage says what the library says of an expression in words of our own where
// it speaks of Go.
func plainMessage(message string) string {
	message = strings.TrimSpace(firstLine(message))
	if strings.Contains(message, "reflect") {
		return "a value is not there, or of a type that this cannot take"
	}
	if m := notConverted.FindStringSubmatch(message); m != nil {
		noun := plainTypes(m[2])
		if noun == m[2] && noun != "a number" {
			noun = "this text"
		}
		return m[1] + " cannot convert " + noun
	}
	return plainTypes(message)
}

func plainTypes(message string) string {
	for _, t := range goTypes {
		message = t.name.ReplaceAllStringFunc(message, func(found string) string {
			if last := found[len(found)-1]; strings.IndexByte(" ,;:)]", last) >= 0 {
				return t.noun + string(last)
			}
			return t.noun
		})
	}
	return message
}
