package jsonpath

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario/fullmatch"
)

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// matches is the functions match and search. The expression is compiled when the
// query is read if it is written out, else for each node.
type matches struct {
	text, pattern comparable
	re            *regexp.Regexp // nil where the pattern comes from the value
	whole         bool
}

// maxPattern bounds a regular expression that comes from a value, in bytes.
const maxPattern = 1000

func (f matches) holds(e *evaluation, current any) bool {
	v, _ := f.text.value(e, current)
	text, ok := v.(string)
	if !ok || !e.step(1+len(text)/8) { // a regular expression is slower than a comparison
		return false
	}
	re := f.re
	if re == nil {
		v, _ := f.pattern.value(e, current)
		pattern, ok := v.(string)
		if !ok || len(pattern) > maxPattern || !e.step(1000+10*len(pattern)) {
			return false
		}
		var err error
		if re, err = compilePattern(pattern, f.whole); err != nil {
			return false
		}
	}
	return re.MatchString(text)
}

// compilePattern reads an I-Regexp as RE2 (RFC 9485 section 5.4).
func compilePattern(pattern string, whole bool) (*regexp.Regexp, error) {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '\\' && i+1 < len(pattern):
			b.WriteByte(c)
			i++
			c = pattern[i]
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '.' && !inClass:
			b.WriteString(`[^\n\r]`)
			continue
		}
		b.WriteByte(c)
	}
	if !whole {
		return regexp.Compile(b.String())
	}
	return fullmatch.Compile(b.String(), false)
}
