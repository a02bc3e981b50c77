package pattern

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translate writes the expression for Go's regexp; false where that cannot
// express it. Groups lose their captures: only whether it matches is asked.
func translate(n *node) (string, bool) {
	var b strings.Builder
	ok := n.translate(&b)
	return b.String(), ok
}

func (n *node) translate(b *strings.Builder) bool {
	switch n.op {
	case opSet:
		n.set.translate(b)
	case opConcat, opAlternate, opGroup:
		return n.translateSubs(b)
	case opRepeat:
		return n.translateRepeat(b)
	case opBegin:
		b.WriteString(atLines(n, `^`))
	case opEnd:
		b.WriteString(atLines(n, `$`))
	case opBoundary:
		b.WriteString(map[bool]string{false: `\b`, true: `\B`}[n.not])
	case opLook, opBackref:
		return false
	}
	return true
}

func atLines(n *node, anchor string) string {
	if n.lines {
		return "(?m:" + anchor + ")"
	}
	return anchor
}

func (n *node) translateSubs(b *strings.Builder) bool {
	b.WriteString("(?:")
	for i, sub := range n.subs {
		if i > 0 && n.op == opAlternate {
			b.WriteByte('|')
		}
		if !sub.translate(b) {
			return false
		}
	}
	b.WriteByte(')')
	return true
}

func (n *node) translateRepeat(b *strings.Builder) bool {
	b.WriteString("(?:")
	if !n.subs[0].translate(b) {
		return false
	}
	b.WriteString("){" + strconv.Itoa(n.min))
	if n.max != n.min {
		b.WriteByte(',')
		if n.max != unlimited {
			b.WriteString(strconv.Itoa(n.max))
		}
	}
	b.WriteByte('}')
	return true
}

// translate writes the set as a bracket expression of Go's regexp.
func (s *set) translate(b *strings.Builder) {
	if s.fold {
		b.WriteString("(?i:")
		defer b.WriteByte(')')
	}
	switch {
	case len(s.items) == 0 && s.negate:
		b.WriteString(`[\x{0}-\x{10ffff}]`)
		return
	case len(s.items) == 0:
		b.WriteString(`[^\x{0}-\x{10ffff}]`)
		return
	}
	b.WriteByte('[')
	if s.negate {
		b.WriteByte('^')
	}
	for _, i := range s.items {
		i.translate(b)
	}
	b.WriteByte(']')
}

func (i item) translate(b *strings.Builder) {
	switch {
	case i.property != "" && i.not:
		fmt.Fprintf(b, `\P{%s}`, i.property)
	case i.property != "":
		fmt.Fprintf(b, `\p{%s}`, i.property)
	case i.lo == i.hi:
		fmt.Fprintf(b, `\x{%x}`, i.lo)
	default:
		fmt.Fprintf(b, `\x{%x}-\x{%x}`, i.lo, i.hi)
	}
}

// charRun is the matcher for ^[…]{min,max}$, the form of most patterns for ids,
// names and hashes. It needs no automaton.
type charRun struct {
	chars    *charset
	min, max int
}

func asCharRun(n *node) *charRun {
	if n.op != opConcat || len(n.subs) != 3 || n.subs[0].op != opBegin || n.subs[0].lines || n.subs[2].op != opEnd || n.subs[2].lines {
		return nil
	}
	middle := n.subs[1]
	if middle.op == opConcat && len(middle.subs) == 1 {
		middle = middle.subs[0]
	}
	if middle.op == opSet {
		return &charRun{chars: middle.set.charset(), min: 1, max: 1}
	}
	if middle.op != opRepeat || middle.subs[0].op != opSet {
		return nil
	}
	return &charRun{chars: middle.subs[0].set.charset(), min: middle.min, max: middle.max}
}

func (c *charRun) match(s string) bool {
	count := 0
	for i := 0; i < len(s); count++ {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if !c.chars.has(r) {
			return false
		}
		i += size
	}
	return count >= c.min && (c.max == unlimited || count <= c.max)
}
