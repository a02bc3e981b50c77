package pattern

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// maxNesting bounds groups within groups, so that no text exhausts the stack.
const maxNesting = 250

type parser struct {
	text   string
	strict bool // refuse what only other engines know
	pos    int
	depth  int
	groups int
	names  map[string]int
	refs   []*node // back-references, to be checked when all groups are known
	flags  flags
}

// parse reads an expression; groups is the number of capturing groups.
func parse(text string, strict bool) (tree *node, groups int, err error) {
	p := &parser{text: text, strict: strict, names: map[string]int{}}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			tree, err = nil, e
		}
	}()
	tree = p.alternatives()
	if p.more() {
		p.fail("this ) closes nothing")
	}
	p.resolveRefs()
	return tree, p.groups, nil
}

func (p *parser) fail(format string, args ...any) {
	panic(&Error{Offset: utf8.RuneCountInString(p.text[:min(p.pos, len(p.text))]), Reason: fmt.Sprintf(format, args...)})
}

func (p *parser) more() bool { return p.pos < len(p.text) }

func (p *parser) peek(s string) bool { return strings.HasPrefix(p.text[p.pos:], s) }

func (p *parser) take(s string) bool {
	if p.peek(s) {
		p.pos += len(s)
		return true
	}
	return false
}

// next reads one character.
func (p *parser) next() rune {
	r, size := utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += size
	return r
}

func (p *parser) resolveRefs() {
	for _, ref := range p.refs {
		if ref.name != "" {
			index, ok := p.names[ref.name]
			if !ok {
				p.fail("there is no group named %q", ref.name)
			}
			ref.index = index
		}
		if ref.index > p.groups {
			p.fail("\\%d refers to a group that is not there", ref.index)
		}
	}
}

func (p *parser) alternatives() *node {
	if p.depth++; p.depth > maxNesting {
		p.fail("groups are nested more than %d deep", maxNesting)
	}
	defer func() { p.depth-- }()
	subs := []*node{p.sequence()}
	for p.take("|") {
		subs = append(subs, p.sequence())
	}
	if len(subs) == 1 {
		return subs[0]
	}
	return &node{op: opAlternate, subs: subs}
}

func (p *parser) sequence() *node {
	var subs []*node
	for p.more() && !p.peek("|") && !p.peek(")") {
		if p.setFlags() {
			continue
		}
		subs = append(subs, p.quantified(p.term()))
	}
	if len(subs) == 1 {
		return subs[0]
	}
	return &node{op: opConcat, subs: subs}
}

// quantified reads the quantifier behind n, if there is one.
func (p *parser) quantified(n *node) *node {
	at := p.pos
	min, max, ok := p.quantifier()
	if !ok {
		return n
	}
	if n.op == opBegin || n.op == opEnd || n.op == opBoundary {
		p.pos = at
		p.fail("there is nothing to repeat")
	}
	repeat := &node{op: opRepeat, subs: []*node{n}, min: min, max: max, lazy: p.take("?")}
	at = p.pos
	if _, _, ok := p.quantifier(); ok {
		p.pos = at
		p.fail("a repeat cannot be repeated")
	}
	return repeat
}

func (p *parser) quantifier() (min, max int, ok bool) {
	switch {
	case p.take("*"):
		return 0, unlimited, true
	case p.take("+"):
		return 1, unlimited, true
	case p.take("?"):
		return 0, 1, true
	case p.peek("{"):
		return p.braces()
	}
	return 0, 0, false
}

// braces reads {n}, {n,} or {n,m}. Other text in braces stands for itself.
func (p *parser) braces() (min, max int, ok bool) {
	start := p.pos
	p.pos++
	min, ok = p.number()
	max = min
	if ok && p.take(",") {
		if max, ok = p.number(); !ok {
			max, ok = unlimited, true
		}
	}
	if !ok || !p.take("}") {
		p.pos = start
		return 0, 0, false
	}
	if max != unlimited && max < min {
		p.fail("the repeat counts are out of order")
	}
	return min, max, true
}

// number reads digits; more than any text is long counts as that.
func (p *parser) number() (int, bool) {
	n, start := 0, p.pos
	for p.more() && p.text[p.pos]-'0' <= 9 {
		n = min(n*10+int(p.text[p.pos]-'0'), math.MaxInt32)
		p.pos++
	}
	return n, p.pos > start
}

func (p *parser) term() *node {
	at := p.pos
	switch r := p.next(); r {
	case '(':
		p.pos = at
		return p.group()
	case '[':
		return p.ofSet(p.class())
	case '.':
		if p.flags.dotAll {
			return p.ofSet(&set{negate: true})
		}
		return p.ofSet(&set{items: lineEnds, negate: true})
	case '^':
		return &node{op: opBegin, lines: p.flags.lines}
	case '$':
		return &node{op: opEnd, lines: p.flags.lines}
	case '\\':
		return p.escape()
	case '*', '+', '?':
		p.pos = at
		p.fail("there is nothing to repeat")
	case '{':
		p.pos = at
		if _, _, ok := p.braces(); ok {
			p.pos = at
			p.fail("there is nothing to repeat")
		}
		p.pos++
		return p.ofSet(single('{'))
	default:
		return p.ofSet(single(r))
	}
	return nil
}

func (p *parser) ofSet(s *set) *node {
	s.fold = p.flags.fold
	return &node{op: opSet, set: s}
}
