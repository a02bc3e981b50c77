// Package plausible makes values that people would believe: texts and numbers for
// names such as first_name or createdAt, and texts for formats. Everything comes from
// dice, so that equal dice give equal values. Hosts, numbers and addresses are those
// that are set aside for documentation.
package plausible

import (
	"strings"
	"unicode"
)

// Words takes a name apart: firstName, first-name, FirstName and first_name all give
// first and name. Words are in lower case.
func Words(name string) []string {
	var words []string
	runes, start := []rune(name), 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
		start = end
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			start = i + 1
		case i == start:
		case unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]), unicode.IsUpper(r) && !unicode.IsUpper(runes[i-1]):
			cut(i)
		case unicode.IsUpper(r) && i+1 < len(runes) && unicode.IsLower(runes[i+1]):
			cut(i) // the last capital of IPAddress begins a word
		}
	}
	cut(len(runes))
	return words
}

// find looks a name up by all its words, then without the first, and so on; numbers
// at its end do not count. The last word may be in the plural.
func find[T any](table map[string]T, words []string) (T, bool) {
	for len(words) > 1 && words[len(words)-1][0] <= '9' {
		words = words[:len(words)-1]
	}
	for i := range words {
		key := strings.Join(words[i:], "_")
		if v, ok := table[key]; ok {
			return v, true
		}
		if v, ok := table[singular(key)]; ok {
			return v, true
		}
	}
	var none T
	return none, false
}

func singular(word string) string {
	switch {
	case strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case strings.HasSuffix(word, "sses"), strings.HasSuffix(word, "xes"):
		return strings.TrimSuffix(word, "es")
	}
	return strings.TrimSuffix(word, "s")
}
