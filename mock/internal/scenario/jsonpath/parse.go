package jsonpath

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads a query. The error is a *SyntaxError.
func Parse(text string) (*Path, error) {
	p := &parser{text: text}
	path := &Path{text: text}
	switch {
	case len(text) > MaxLength:
		p.fail(0, 1, fmt.Sprintf("the query is longer than %d bytes", MaxLength), "")
	case !p.take("$"):
		p.fail(0, 1, "a query begins with $", "write $ for the whole body")
	default:
		path.segments = p.segments()
		if p.err == nil && p.pos < len(text) {
			p.unexpected("a step such as .name, [0] or ..name")
		}
	}
	if p.err != nil {
		return nil, p.err
	}
	return path, nil
}

// parser reads a text from front to back. Its methods give what they read; where
// that is wrong they note the first mistake, and what they give is not to be used.
type parser struct {
	text  string
	pos   int
	depth int
	err   *SyntaxError
}

func (p *parser) fail(offset, length int, message, hint string) {
	if p.err == nil {
		p.err = &SyntaxError{offset, length, message, hint}
	}
}

// unexpected reports the character at which reading stopped.
func (p *parser) unexpected(wanted string) {
	if p.pos >= len(p.text) {
		p.fail(len(p.text), 1, "the query ends where "+wanted+" is expected", "")
		return
	}
	r, size := utf8.DecodeRuneInString(p.text[p.pos:])
	p.fail(p.pos, size, fmt.Sprintf("%q stands where %s is expected", r, wanted), "")
}

// peek gives the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// take steps over a token if it is next.
func (p *parser) take(token string) bool {
	if p.err != nil || !strings.HasPrefix(p.text[p.pos:], token) {
		return false
	}
	p.pos += len(token)
	return true
}

// blanks steps over white space (S).
func (p *parser) blanks() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// takeAfterBlanks is take behind white space, which stays where the token is not next.
func (p *parser) takeAfterBlanks(token string) bool {
	before := p.pos
	p.blanks()
	if p.take(token) {
		return true
	}
	p.pos = before
	return false
}

// enter counts what stands inside of each other.
func (p *parser) enter() bool {
	if p.depth++; p.depth > MaxDepth {
		p.fail(p.pos, 1, fmt.Sprintf("more than %d brackets and parentheses stand inside of each other", MaxDepth), "")
	}
	return p.err == nil
}

func (p *parser) leave() { p.depth-- }

func (p *parser) segments() []segment {
	var list []segment
	for p.err == nil {
		switch {
		case p.takeAfterBlanks(".."):
			list = append(list, segment{true, p.afterDots(".. needs")})
		case p.takeAfterBlanks("."):
			if p.peek() == '[' {
				p.unexpected("a name or *")
			}
			list = append(list, segment{false, p.afterDots("a dot needs")})
		case p.takeAfterBlanks("["):
			list = append(list, segment{false, p.bracketed()})
		default:
			return list
		}
	}
	return list
}

// afterDots reads what follows a dot, or two of them.
func (p *parser) afterDots(what string) []selector {
	start := p.pos
	switch {
	case p.take("["):
		return p.bracketed()
	case p.take("*"):
		return []selector{wildcardSelector{}}
	}
	if !p.name() {
		p.fail(p.pos, 1, what+" a name or * behind it", "write ['…'] around a name with other characters")
		return nil
	}
	return []selector{nameSelector{p.text[start:p.pos], start, p.pos - start}}
}

// name steps over a member-name-shorthand.
func (p *parser) name() bool {
	start := p.pos
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		switch {
		case r == utf8.RuneError && size == 1:
			return p.pos > start
		case r == '_', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= utf8.RuneSelf:
		case r >= '0' && r <= '9' && p.pos > start:
		default:
			return p.pos > start
		}
		p.pos += size
	}
	return p.pos > start
}

// bracketed reads selectors up to the closing bracket; the opening one was taken.
func (p *parser) bracketed() []selector {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	var list []selector
	for {
		p.blanks()
		list = append(list, p.selector())
		switch {
		case p.takeAfterBlanks(","):
		case p.takeAfterBlanks("]"):
			return list
		default:
			p.blanks()
			p.unexpected(", or ]")
			return nil
		}
	}
}

func (p *parser) selector() selector {
	start := p.pos
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		name := p.quoted()
		return nameSelector{name, start, p.pos - start}
	case p.take("*"):
		return wildcardSelector{}
	case p.take("?"):
		p.blanks()
		return filterSelector{p.logicalOr()}
	case c == ':' || c == '-' || isDigit(c):
		return p.indexOrSlice()
	case p.name():
		p.fail(start, p.pos-start, "a name in brackets stands in quotes", fmt.Sprintf("write ['%s']", p.text[start:p.pos]))
	default:
		p.unexpected("a name in quotes, an index, * or a filter such as ?@.name")
	}
	return nil
}

func (p *parser) indexOrSlice() selector {
	var s sliceSelector
	if p.peek() != ':' {
		s.start = p.integer()
		if !p.takeAfterBlanks(":") {
			if s.start == nil {
				return nil
			}
			return indexSelector{*s.start}
		}
	} else {
		p.pos++
	}
	s.end = p.optionalInteger()
	if p.takeAfterBlanks(":") {
		s.step = p.optionalInteger()
	}
	return s
}

func (p *parser) optionalInteger() *int64 {
	before := p.pos
	p.blanks()
	if c := p.peek(); c == '-' || isDigit(c) {
		return p.integer()
	}
	p.pos = before
	return nil
}

// maxInteger bounds indices (section 2.1, RFC 7493).
const maxInteger = 1<<53 - 1

func (p *parser) integer() *int64 {
	start := p.pos
	p.take("-")
	digits := p.pos
	for isDigit(p.peek()) {
		p.pos++
	}
	text := p.text[start:p.pos]
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case p.pos == digits:
		p.unexpected("a digit")
	case p.text[digits] == '0' && len(text) > 1:
		p.fail(start, len(text), fmt.Sprintf("%s is no index", text), "leave out leading zeros and the minus of 0")
	case err != nil || n > maxInteger || n < -maxInteger:
		p.fail(start, len(text), "the index is too large", "")
	}
	return &n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
