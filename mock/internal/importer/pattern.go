package importer

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario/fullmatch"
)

// maxPattern bounds a regular expression that is carried over, in bytes.
const maxPattern = 2000

// compile reads a regular expression of another mock. The error says why it is none here.
func compile(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("it is longer than %d bytes", maxPattern)
	}
	re, err := fullmatch.Compile(pattern, false)
	switch failed := (*syntax.Error)(nil); {
	case !errors.As(err, &failed):
	case failed.Code == syntax.ErrInvalidPerlOp, failed.Code == syntax.ErrInvalidEscape:
		err = fmt.Errorf("RE2 has no %s: no look-around and no back-references", failed.Expr)
	default:
		err = errors.New(failed.Code.String())
	}
	return re, err
}

// anywhere makes a regular expression that may match a part of a text one for the
// whole of it.
func anywhere(pattern string) string {
	if strings.ContainsAny(pattern, "|(") {
		return "(?s:.*)(?:" + pattern + ")(?s:.*)"
	}
	before, after := "(?s:.*)", "(?s:.*)"
	if rest, ok := strings.CutPrefix(pattern, "^"); ok {
		before, pattern = "", rest
	}
	if rest, ok := strings.CutSuffix(pattern, "$"); ok && !endsEscaped(rest) {
		after, pattern = "", rest
	}
	return before + pattern + after
}

// endsEscaped tells whether what follows the beginning of a pattern stands behind a backslash
// that is no text itself.
func endsEscaped(before string) bool {
	return (len(before)-len(strings.TrimRight(before, `\`)))%2 == 1
}

// cutPattern takes the regular expression of a path apart at its slashes. ok is false
// where an alternative or a group reaches over one.
func cutPattern(pattern string) (path []segment, ok bool) {
	pattern = strings.TrimPrefix(pattern, "^")
	if before, ok := strings.CutSuffix(pattern, "$"); ok && !endsEscaped(before) {
		pattern = before
	}
	if !strings.HasPrefix(pattern, "/") {
		return nil, false
	}
	depth, start := 0, 1
	var parts []string
	for i := 1; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			if i+1 < len(pattern) && pattern[i+1] == '/' && depth > 0 {
				return nil, false
			}
			if i+1 < len(pattern) && pattern[i+1] == '/' {
				parts, start = append(parts, pattern[start:i]), i+2
			}
			i++
		case '[':
			end := classEnd(pattern, i)
			if end < 0 || strings.Contains(pattern[i:end], "/") && !strings.HasPrefix(pattern[i:], "[^") {
				return nil, false
			}
			i = end
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				return nil, false
			}
		case '?', '*', '+', '{':
			if i == start && i > 0 { // it repeats the slash
				return nil, false
			}
		case '/':
			if depth > 0 {
				return nil, false
			}
			parts, start = append(parts, pattern[start:i]), i+1
		}
	}
	for _, part := range append(parts, pattern[start:]) {
		s, ok := segmentOf(part)
		if !ok {
			return nil, false
		}
		path = append(path, s)
	}
	return path, true
}

// classEnd is the index of the bracket that ends a class, -1 for none.
func classEnd(pattern string, i int) int {
	for j := i + 1; j < len(pattern); j++ {
		switch {
		case pattern[j] == '\\':
			j++
		case pattern[j] == ']' && j > i+1:
			return j
		}
	}
	return -1
}

// segmentOf reads the part of a pattern between two slashes.
func segmentOf(part string) (segment, bool) {
	if fixed, ok := unquoted(part); ok {
		return segment{fixed: fixed}, true
	}
	re, err := compile(part)
	if err != nil {
		return segment{}, false
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(part, "("), ")")
	s := segment{pattern: re, written: part, spans: re.MatchString("a/b")}
	switch bare {
	case ".*", ".+", "[^/]+", "[^/]*", `[^\/]+`, "[^/?]+", ".*?", ".+?":
		s.any = true
	}
	return s, true
}

// unquoted gives the text that a pattern without operators stands for.
func unquoted(part string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		c := part[i]
		switch {
		case c == '\\' && i+1 < len(part) && !isWordByte(part[i+1]):
			i++
			b.WriteByte(part[i])
		case strings.IndexByte(`\.+*?()|[]{}^$`, c) >= 0:
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}
