package importer

import (
	"encoding/json"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Both WireMock and Mockoon fill in answers with Handlebars, each with helpers of its
// own. What a helper gives is carried over as an expression where there is one.

// phrase is what stands between braces, as an expression.
type phrase struct {
	code string
	// text tells that it always gives a text, fixed that code is not an expression but
	// the text itself.
	text, fixed bool
	// number is an expression for a text of digits as a number, which stands in JSON
	// outside of a string; "" for none.
	number string
}

// translator gives the expression for what stands between braces. ok is false for what
// cannot be said as one.
type translator func(words []string) (p phrase, ok bool)

// translate turns a text with helpers into one with expressions. failed is the first
// helper that has no expression, "" where all have one. changed tells whether there
// were any. Where the text is JSON, a helper outside of a string becomes a string of
// one expression, which keeps its type.
func translate(template string, isJSON bool, helper translator) (result, failed string, changed bool) {
	var b strings.Builder
	inString := false
	for rest := template; rest != ""; {
		open := strings.Index(rest, "{{")
		if open < 0 {
			b.WriteString(escaped(rest))
			break
		}
		b.WriteString(escaped(rest[:open]))
		inString = endsInString(rest[:open], inString)
		inner, after, ok := cutHelper(rest[open:])
		if !ok {
			return "", shortened(rest[open:]), true
		}
		rest, changed = after, true
		if strings.HasPrefix(inner, "!") { // a comment
			continue
		}
		words, ok := helperWords(inner)
		if !ok || len(words) == 0 {
			return "", "{{" + inner + "}}", true
		}
		p, ok := helper(words)
		if !ok {
			return "", "{{" + inner + "}}", true
		}
		alone := strings.HasSuffix(b.String(), `"`) && strings.HasPrefix(rest, `"`)
		b.WriteString(p.written(isJSON, inString, alone))
	}
	return b.String(), "", changed
}

// written is the phrase as the text of an answer has it. Inside of a JSON string it is
// a text, also where it is all of the string; outside of one it is a value.
func (p phrase) written(isJSON, inString, alone bool) string {
	code := p.code
	switch {
	case p.fixed && (!isJSON || inString):
		code = escaped(code)
	case p.fixed:
		return code
	case isJSON && !inString && p.number != "":
		code = "${" + p.number + "}"
	case isJSON && !inString && p.text:
		code = "${fromJSON(" + code + ")}"
	case isJSON && inString && alone && !p.text:
		code = "${string(" + code + ")}"
	default:
		code = "${" + code + "}"
	}
	if !isJSON {
		return code
	}
	quoted, _ := json.Marshal(code)
	if inString {
		quoted = quoted[1 : len(quoted)-1]
	}
	return unescapeHTML(string(quoted))
}

// unescapeHTML takes back what json.Marshal does for HTML.
func unescapeHTML(s string) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(s)
}

// cutHelper takes {{…}} or {{{…}}} off the beginning of a text.
func cutHelper(text string) (inner, after string, ok bool) {
	closing, skip := "}}", 2
	if strings.HasPrefix(text, "{{{") {
		closing, skip = "}}}", 3
	}
	end := strings.Index(text[skip:], closing)
	if end < 0 {
		return "", "", false
	}
	inner = strings.Trim(text[skip:skip+end], " \t\r\n~")
	return inner, text[skip+end+len(closing):], true
}

func shortened(text string) string { return source.Cut(text, 40) }

// endsInString tells whether a piece of JSON ends inside of a string.
func endsInString(piece string, inString bool) bool {
	for i := 0; i < len(piece); i++ {
		switch {
		case piece[i] == '\\' && inString:
			i++
		case piece[i] == '"':
			inString = !inString
		}
	}
	return inString
}

// helperWords takes the inside of braces apart at blanks. Texts in quotes keep one
// quote in front, so that they are known; blocks and calls inside of calls are not
// read.
func helperWords(inner string) ([]string, bool) {
	var words []string
	for i := 0; i < len(inner); {
		switch c := inner[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '(' || c == ')' || c == '#' && i == 0 || c == '/' && i == 0 || c == '>' && i == 0 || c == '^' && i == 0:
			return nil, false
		default:
			word, n, ok := helperWord(inner[i:])
			if !ok {
				return nil, false
			}
			words = append(words, word)
			i += n
		}
	}
	return words, len(words) <= 16
}

// helperWord reads one word: 'text', "text", name='text', or what has no blank.
func helperWord(s string) (word string, n int, ok bool) {
	var b strings.Builder
	for n < len(s) {
		c := s[n]
		switch {
		case c == '\'' || c == '"':
			end := strings.IndexByte(s[n+1:], c)
			if end < 0 || strings.ContainsRune(s[n+1:n+1+end], '\\') {
				return "", 0, false
			}
			b.WriteString("'" + s[n+1:n+1+end])
			return b.String(), n + end + 2, true
		case c == '[': // a name with blanks or dots: [X-Request Id]
			end := strings.IndexByte(s[n:], ']')
			if end < 0 {
				return "", 0, false
			}
			b.WriteString(s[n : n+end+1])
			n += end + 1
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			return b.String(), n, true
		case c == '(' || c == ')' || c == '|':
			return "", 0, false
		default:
			b.WriteByte(c)
			n++
		}
	}
	return b.String(), n, true
}

// quoted tells whether a word is a text, and gives it.
func quoted(word string) (string, bool) { return strings.CutPrefix(word, "'") }

// option finds name=value among words.
func option(words []string, name string) (string, bool) {
	for _, w := range words {
		if value, ok := strings.CutPrefix(w, name+"="); ok {
			return strings.TrimPrefix(value, "'"), true
		}
	}
	return "", false
}

// optionsAre tells whether no other options are given than these.
func optionsAre(words []string, names ...string) bool {
	for _, w := range words {
		name, _, ok := strings.Cut(w, "=")
		if _, isText := quoted(w); isText || !ok {
			return false
		}
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			return false
		}
	}
	return true
}
