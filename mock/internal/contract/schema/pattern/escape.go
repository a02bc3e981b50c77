package pattern

import (
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escape reads what follows a backslash outside of a class.
func (p *parser) escape() *node {
	if !p.more() {
		p.fail("the expression ends in a backslash")
	}
	switch c := p.text[p.pos]; {
	case c == 'b' || c == 'B':
		p.pos++
		return &node{op: opBoundary, not: c == 'B'}
	case c == 'k':
		p.pos++
		if !p.take("<") {
			p.fail(`\k needs the name of a group: \k<name>`)
		}
		return p.reference(&node{op: opBackref, name: p.groupName()})
	case c >= '1' && c <= '9':
		index, _ := p.number()
		return p.reference(&node{op: opBackref, index: index})
	}
	if items, ok := p.classEscape(); ok {
		return p.ofSet(&set{items: items})
	}
	return p.ofSet(single(p.characterEscape()))
}

func (p *parser) reference(n *node) *node {
	if p.flags.fold {
		p.fail("back-references do not work with (?i)")
	}
	p.refs = append(p.refs, n)
	return n
}

// classEscape reads \d, \s, \w, \p and their opposites.
func (p *parser) classEscape() ([]item, bool) {
	c := p.text[p.pos]
	var items []item
	switch c {
	case 'd', 'D':
		items = digits
	case 'w', 'W':
		items = wordChars
	case 's', 'S':
		items = whiteSpace
	case 'p', 'P':
		p.pos++
		return []item{{property: p.property(), not: c == 'P'}}, true
	default:
		return nil, false
	}
	p.pos++
	if c < 'a' {
		return complement(items), true
	}
	return items, true
}

// property reads the {…} of \p and gives the name that Go's regexp knows it by.
func (p *parser) property() string {
	end := strings.IndexByte(p.text[p.pos:], '}')
	if !p.peek("{") || end < 2 {
		p.fail(`\p needs the name of a property: \p{L}`)
	}
	written := p.text[p.pos+1 : p.pos+end]
	name := written
	if key, value, ok := strings.Cut(written, "="); ok {
		if !slices.Contains([]string{"General_Category", "gc", "Script", "sc", "Script_Extensions", "scx"}, key) {
			p.fail("there is no Unicode property %q", written)
		}
		name = value
	}
	if _, err := syntax.Parse(`\p{`+name+`}`, syntax.Perl); err != nil {
		p.fail("the Unicode property %q is not known", written)
	}
	p.pos += end + 1
	return name
}

// characterEscape reads an escape that stands for one character.
func (p *parser) characterEscape() rune {
	at := p.pos
	r := p.next()
	switch r {
	case 't':
		return '\t'
	case 'n':
		return '\n'
	case 'v':
		return '\v'
	case 'f':
		return '\f'
	case 'r':
		return '\r'
	case '0':
		if p.more() && p.text[p.pos]-'0' <= 9 {
			p.fail("octal escapes are not allowed")
		}
		return 0
	case 'c':
		return p.controlEscape()
	case 'x':
		return p.hexEscape()
	case 'u':
		return p.unicodeEscape()
	}
	if r < utf8.RuneSelf && (isLetter(byte(r)) || r >= '1' && r <= '9') {
		p.pos = at
		p.fail(`\%c is no escape of ECMA-262`, r)
	}
	return r
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func (p *parser) controlEscape() rune {
	if !p.more() || !isLetter(p.text[p.pos]) {
		p.fail(`\c needs a letter`)
	}
	return p.next() % 32
}

func (p *parser) hexEscape() rune {
	if !p.strict && p.peek("{") {
		return p.bracedCodePoint()
	}
	return p.hex(2)
}

func (p *parser) unicodeEscape() rune {
	if p.peek("{") {
		return p.bracedCodePoint()
	}
	r := p.hex(4)
	if utf16.IsSurrogate(r) && p.peek(`\u`) {
		at := p.pos
		p.pos += 2
		if full := utf16.DecodeRune(r, p.hex(4)); full != utf8.RuneError {
			return full
		}
		p.pos = at
	}
	return r
}

func (p *parser) bracedCodePoint() rune {
	end := strings.IndexByte(p.text[p.pos:], '}')
	if end < 2 {
		p.fail("the code point in braces is missing")
	}
	n, err := strconv.ParseUint(p.text[p.pos+1:p.pos+end], 16, 32)
	if err != nil || n > utf8.MaxRune {
		p.fail("there is no such code point")
	}
	p.pos += end + 1
	return rune(n)
}

func (p *parser) hex(digits int) rune {
	if len(p.text)-p.pos < digits {
		p.fail("%d hexadecimal digits are needed", digits)
	}
	n, err := strconv.ParseUint(p.text[p.pos:p.pos+digits], 16, 32)
	if err != nil {
		p.fail("%d hexadecimal digits are needed", digits)
	}
	p.pos += digits
	return rune(n)
}

// class reads a class up to and with its closing bracket.
func (p *parser) class() *set {
	start := p.pos - 1
	if p.peek("[:") {
		p.fail("ECMA-262 knows no classes like [:alpha:]")
	}
	s := &set{negate: p.take("^")}
	for !p.take("]") {
		if !p.more() {
			p.pos = start
			p.fail("this [ is never closed")
		}
		p.classItem(s)
	}
	return s
}

// classItem reads a character, a range or a class escape.
func (p *parser) classItem(s *set) {
	lo, items := p.classAtom()
	if items != nil {
		s.items = append(s.items, items...)
		return
	}
	at := p.pos
	if p.take("-") && p.more() && !p.peek("]") {
		hi, items := p.classAtom()
		if items == nil {
			if hi < lo {
				p.pos = at
				p.fail("the range is out of order")
			}
			s.items = append(s.items, item{lo: lo, hi: hi})
			return
		}
	}
	// A hyphen that makes no range stands for itself.
	p.pos = at
	s.items = append(s.items, item{lo: lo, hi: lo})
}

func (p *parser) classAtom() (rune, []item) {
	if !p.take(`\`) {
		if p.peek("[:") {
			p.fail("ECMA-262 knows no classes like [:alpha:]")
		}
		return p.next(), nil
	}
	if !p.more() {
		p.fail("the expression ends in a backslash")
	}
	if p.take("b") {
		return '\b', nil
	}
	if items, ok := p.classEscape(); ok {
		return 0, items
	}
	return p.characterEscape(), nil
}
