package language

import (
	"unicode"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// anyChar is one character, whichever.
var anyChar = &pattern.Expr{Kind: pattern.KindChars, Chars: []rune{0, unicode.MaxRune}}

// maxRefs bounds back-references within what they refer to.
const maxRefs = 8

// whole gives the strings that the pattern describes from end to end.
func (b *builder) whole(p *pattern.Expr) *expr {
	b.index(p)
	return b.then(p, b.empty, true)
}

// anywhere gives the strings in which the pattern matches.
func (b *builder) anywhere(p *pattern.Expr) *expr {
	b.index(p)
	later := b.then(p, b.any_, false)
	return b.or(b.then(p, b.any_, true), b.chars(anyChar, b.loop(anyChar, 0, pattern.Unlimited, later)))
}

// index notes what the back-references of a pattern refer to.
func (b *builder) index(p *pattern.Expr) {
	groups := map[int]*pattern.Expr{}
	var refs []*pattern.Expr
	var walk func(p *pattern.Expr)
	walk = func(p *pattern.Expr) {
		switch p.Kind {
		case pattern.KindGroup:
			groups[p.Index] = p
		case pattern.KindBackref:
			refs = append(refs, p)
		}
		for _, sub := range p.Subs {
			walk(sub)
		}
	}
	walk(p)
	for _, ref := range refs {
		b.groups[ref] = groups[ref.Index]
	}
}

// then gives the strings that begin with what p matches and go on with next;
// atStart tells that nothing stands before.
func (b *builder) then(p *pattern.Expr, next *expr, atStart bool) *expr {
	switch p.Kind {
	case pattern.KindChars:
		return b.chars(p, next)
	case pattern.KindConcat:
		for i := len(p.Subs) - 1; i >= 0; i-- {
			next = b.then(p.Subs[i], next, atStart && allVoid(p.Subs[:i]))
		}
		return next
	case pattern.KindAlternate:
		subs := make([]*expr, len(p.Subs))
		for i, sub := range p.Subs {
			subs[i] = b.then(sub, next, atStart)
		}
		return b.or(subs...)
	case pattern.KindRepeat:
		return b.repeat(p, next, atStart)
	case pattern.KindGroup:
		return b.then(p.Subs[0], next, atStart)
	case pattern.KindBegin:
		if !atStart {
			return b.nothing
		}
	case pattern.KindEnd:
		if !b.accepts(next) {
			return b.nothing
		}
		return b.empty
	case pattern.KindLook:
		return b.look(p, next, atStart)
	case pattern.KindBackref:
		return b.again(p, next)
	}
	return next
}

// repeat writes the first round out where an anchor may count in it.
func (b *builder) repeat(p *pattern.Expr, next *expr, atStart bool) *expr {
	body := p.Subs[0]
	if !atStart || p.Max == 0 || isSimple(body) {
		return b.loop(body, p.Min, p.Max, next)
	}
	fewer := p.Max
	if fewer != pattern.Unlimited {
		fewer--
	}
	more := b.then(body, b.loop(body, max(p.Min-1, 0), fewer, next), true)
	if p.Min == 0 {
		return b.or(next, more)
	}
	return more
}

func isSimple(p *pattern.Expr) bool { return p.Kind == pattern.KindChars }

// look reads lookahead. Lookbehind is left to the caller's check.
func (b *builder) look(p *pattern.Expr, next *expr, atStart bool) *expr {
	if p.Behind {
		return next
	}
	ahead := b.then(p.Subs[0], b.any_, atStart)
	if p.Not {
		ahead = b.not(ahead)
	}
	return b.and(ahead, next)
}

// again reads a back-reference as the group itself, which is right where the group
// can match one string only.
func (b *builder) again(p *pattern.Expr, next *expr) *expr {
	group := b.groups[p]
	if group == nil || b.refs > maxRefs {
		return next
	}
	b.refs++
	defer func() { b.refs-- }()
	return b.then(group, next, false)
}

// allVoid tells whether none of the pieces can read a character.
func allVoid(pieces []*pattern.Expr) bool {
	for _, p := range pieces {
		switch p.Kind {
		case pattern.KindChars, pattern.KindBackref:
			return false
		case pattern.KindRepeat:
			if p.Max != 0 && !allVoid(p.Subs) {
				return false
			}
		case pattern.KindConcat, pattern.KindAlternate, pattern.KindGroup:
			if !allVoid(p.Subs) {
				return false
			}
		}
	}
	return true
}
