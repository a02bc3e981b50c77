package jsonpath

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string literal in single or double quotes (section 2.3.1.1).
func (p *parser) quoted() string {
	start := p.pos
	quote := p.peek()
	p.pos++
	var b strings.Builder
	for p.err == nil {
		if p.pos >= len(p.text) {
			p.fail(start, len(p.text)-start, "the text in quotes does not end", "write the quote that began it behind it")
			break
		}
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		switch {
		case p.text[p.pos] == quote:
			p.pos++
			return b.String()
		case r == '\\':
			p.pos++
			b.WriteRune(p.escape(quote))
			continue
		case r == utf8.RuneError && size == 1:
			p.fail(p.pos, 1, "the text in quotes is not UTF-8", "")
		case r < ' ':
			p.fail(p.pos, 1, "a control character cannot stand in quotes", `write it as \n, \t or \u0000`)
		}
		b.WriteRune(r)
		p.pos += size
	}
	return ""
}

const simpleEscapes = "b\bf\fn\nr\rt\t//\\\\"

// escape reads what follows a backslash.
func (p *parser) escape(quote byte) rune {
	c := p.peek()
	if c == quote && c != 0 {
		p.pos++
		return rune(c)
	}
	for i := 0; i < len(simpleEscapes); i += 2 {
		if c == simpleEscapes[i] {
			p.pos++
			return rune(simpleEscapes[i+1])
		}
	}
	if c != 'u' {
		p.fail(p.pos-1, 2, "there is no such escape", `the escapes are \b \f \n \r \t \/ \\ \uXXXX and that of the quote`)
		return 0
	}
	start := p.pos - 1
	r := p.hex()
	if utf16.IsSurrogate(r) {
		if strings.HasPrefix(p.text[p.pos:], `\u`) {
			p.pos++
			r = utf16.DecodeRune(r, p.hex())
		} else {
			r = utf8.RuneError
		}
		if r == utf8.RuneError {
			p.fail(start, p.pos-start, "this is half of a character", `write both halves, as in \uD83D\uDE00`)
		}
	}
	return r
}

// hex reads u and four hexadecimal digits.
func (p *parser) hex() rune {
	p.pos++
	if p.pos+4 <= len(p.text) {
		if n, err := strconv.ParseUint(p.text[p.pos:p.pos+4], 16, 16); err == nil {
			p.pos += 4
			return rune(n)
		}
	}
	digits := 0
	for p.pos+digits < len(p.text) && isHex(p.text[p.pos+digits]) {
		digits++
	}
	p.fail(p.pos-2, 2+digits, `\u needs four hexadecimal digits`, "")
	return utf8.RuneError
}

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
