package pattern

import "strings"

// flags are the modifiers that hold from here to the end of the group.
type flags struct{ fold, lines, dotAll bool }

// setFlags reads (?i), which holds for the rest of the group.
func (p *parser) setFlags() bool {
	rest, ok := strings.CutPrefix(p.text[p.pos:], "(?")
	if !ok || p.strict {
		return false
	}
	end := strings.IndexByte(rest, ')')
	if end < 1 || strings.Trim(rest[:end], "ims-") != "" {
		return false
	}
	p.applyFlags(rest[:end])
	p.pos += len("(?") + end + 1
	return true
}

func (p *parser) applyFlags(text string) {
	on := true
	for _, f := range text {
		switch f {
		case '-':
			on = false
		case 'i':
			p.flags.fold = on
		case 'm':
			p.flags.lines = on
		case 's':
			p.flags.dotAll = on
		}
	}
}

// group reads a parenthesis.
func (p *parser) group() *node {
	outer := p.flags
	defer func() { p.flags = outer }()
	start := p.pos
	n := p.groupHead()
	body := p.alternatives()
	if !p.take(")") {
		p.pos = start
		p.fail("this ( is never closed")
	}
	if n == nil {
		// An alternation must not spread beyond the parenthesis.
		return &node{op: opConcat, subs: []*node{body}}
	}
	n.subs = []*node{body}
	return n
}

// groupHead reads up to the body of the group; nil where it only groups.
func (p *parser) groupHead() *node {
	switch {
	case p.take("(?:"):
		return nil
	case p.take("(?="):
		return &node{op: opLook}
	case p.take("(?!"):
		return &node{op: opLook, not: true}
	case p.take("(?<="):
		return &node{op: opLook, behind: true}
	case p.take("(?<!"):
		return &node{op: opLook, not: true, behind: true}
	case p.take("(?<"), !p.strict && p.take("(?P<"):
		n := p.capture()
		name := p.groupName()
		if _, again := p.names[name]; !again {
			p.names[name] = n.index
		}
		return n
	case p.peek("(?"):
		colon := strings.IndexByte(p.text[p.pos:], ':')
		if colon < 2 || strings.Trim(p.text[p.pos+2:p.pos+colon], "ims-") != "" {
			p.fail("ECMA-262 knows no group that begins like this")
		}
		p.applyFlags(p.text[p.pos+2 : p.pos+colon])
		p.pos += colon + 1
		return nil
	}
	p.pos++
	return p.capture()
}

func (p *parser) capture() *node {
	p.groups++
	return &node{op: opGroup, index: p.groups}
}

func (p *parser) groupName() string {
	end := strings.IndexByte(p.text[p.pos:], '>')
	if end < 1 {
		p.fail("the name of the group is missing")
	}
	name := p.text[p.pos : p.pos+end]
	p.pos += end + 1
	return name
}
