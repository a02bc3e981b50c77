package language

import (
	"math"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// expr is a set of strings. Equal ones that are made the same way are one pointer.
type expr struct {
	id   int
	kind kind
	// chars are the characters of a kindChars, next is what follows them, or follows
	// a kindLoop.
	chars []rune
	next  *expr
	subs  []*expr // of kindOr, kindAnd and kindNot
	// body is repeated by a kindLoop.
	body     *pattern.Expr
	min, max int
	unfolded *expr
	busy     bool // a kindLoop that is being unfolded

	known, accepts bool // the answer of builder.accepts
}

type kind uint8

const (
	kindNothing kind = iota
	kindEmpty        // the empty string
	kindAny          // every string
	kindChars        // one of chars, then next
	kindLoop         // body from min to max times, then next
	kindOr
	kindAnd
	kindNot
)

// builder makes expressions and simplifies them.
type builder struct {
	table                map[key]*expr
	nothing, empty, any_ *expr
	groups               map[*pattern.Expr]*pattern.Expr // by back-reference
	refs                 int                             // back-references that are being read
	busy                 int                             // loops that are being unfolded
	work                 int                             // expressions that were looked at
	most                 int                             // bounds work
}

// key is what makes an expression.
type key struct {
	kind     kind
	body     *pattern.Expr
	next     int
	min, max int
	subs     string
}

// spent tells that nothing more is to be looked at: what is asked then is answered at once,
// and no answer is to be used.
func (b *builder) spent() bool { return b.work > b.most || len(b.table) > MaxStates }

func newBuilder() *builder {
	b := &builder{table: map[key]*expr{}, groups: map[*pattern.Expr]*pattern.Expr{}}
	b.nothing = b.intern(key{kind: kindNothing}, expr{})
	b.empty = b.intern(key{kind: kindEmpty}, expr{})
	b.any_ = b.intern(key{kind: kindAny}, expr{})
	return b
}

func (b *builder) intern(k key, e expr) *expr {
	if known, ok := b.table[k]; ok {
		return known
	}
	e.id, e.kind = len(b.table), k.kind
	b.table[k] = &e
	return &e
}

// chars is one character of the set n, then next.
func (b *builder) chars(n *pattern.Expr, next *expr) *expr {
	if next == b.nothing || len(n.Chars) == 0 {
		return b.nothing
	}
	return b.intern(key{kind: kindChars, body: n, next: next.id}, expr{chars: n.Chars, next: next})
}

// loop is body from min to max times, then next.
func (b *builder) loop(body *pattern.Expr, min, max int, next *expr) *expr {
	switch {
	case next == b.nothing:
		return b.nothing
	case max == 0:
		return next
	}
	return b.intern(key{kind: kindLoop, body: body, next: next.id, min: min, max: max}, expr{body: body, min: min, max: max, next: next})
}

func (b *builder) or(subs ...*expr) *expr { return b.combine(kindOr, b.any_, b.nothing, subs) }

func (b *builder) and(subs ...*expr) *expr { return b.combine(kindAnd, b.nothing, b.any_, subs) }

// combine makes an or or an and: winner decides alone, neutral does not count.
func (b *builder) combine(k kind, winner, neutral *expr, subs []*expr) *expr {
	var flat []*expr
	for _, s := range subs {
		switch {
		case s == winner:
			return winner
		case s == neutral:
		case s.kind == k:
			flat = append(flat, s.subs...)
		default:
			flat = append(flat, s)
		}
	}
	slices.SortFunc(flat, func(x, y *expr) int { return x.id - y.id })
	flat = slices.Compact(flat)
	for _, s := range flat {
		if s.kind == kindNot && slices.Contains(flat, s.subs[0]) {
			return winner
		}
	}
	switch len(flat) {
	case 0:
		return neutral
	case 1:
		return flat[0]
	}
	return b.intern(key{kind: k, subs: ids(flat)}, expr{subs: flat})
}

func ids(list []*expr) string {
	text := make([]byte, 0, 4*len(list))
	for _, e := range list {
		text = append(text, byte(e.id), byte(e.id>>8), byte(e.id>>16), byte(e.id>>24))
	}
	return string(text)
}

func (b *builder) not(e *expr) *expr {
	switch {
	case e == b.nothing:
		return b.any_
	case e == b.any_:
		return b.nothing
	case e.kind == kindNot:
		return e.subs[0]
	}
	return b.intern(key{kind: kindNot, next: e.id}, expr{subs: []*expr{e}})
}

// unfold writes a loop's first round out.
func (b *builder) unfold(e *expr) *expr {
	if e.unfolded != nil {
		return e.unfolded
	}
	fewer := e.max
	if fewer != pattern.Unlimited {
		fewer--
	}
	e.unfolded = b.then(e.body, b.loop(e.body, max(e.min-1, 0), fewer, e.next), false)
	if e.min == 0 {
		e.unfolded = b.or(e.next, e.unfolded)
	}
	return e.unfolded
}

// inLoop does f on the unfolded loop. A loop that is met again before a character
// was read adds nothing: otherwise is the answer then.
func inLoop[T any](b *builder, e *expr, otherwise T, f func(*expr) T) T {
	if e.busy {
		return otherwise
	}
	e.busy = true
	b.busy++
	defer func() { e.busy = false; b.busy-- }()
	return f(b.unfold(e))
}

// accepts tells whether the empty string belongs to e.
func (b *builder) accepts(e *expr) bool {
	if e.known {
		return e.accepts
	}
	if b.work++; b.spent() {
		return false // loops in loops that read nothing take for ever
	}
	yes := false
	switch e.kind {
	case kindEmpty, kindAny:
		yes = true
	case kindLoop:
		yes = inLoop(b, e, false, b.accepts)
	case kindOr:
		yes = slices.ContainsFunc(e.subs, b.accepts)
	case kindAnd:
		yes = !slices.ContainsFunc(e.subs, func(s *expr) bool { return !b.accepts(s) })
	case kindNot:
		yes = !b.accepts(e.subs[0])
	}
	if b.busy == 0 && !b.spent() {
		e.known, e.accepts = true, yes
	}
	return yes
}

// derive gives the strings that follow after the character.
func (b *builder) derive(e *expr, r rune) *expr {
	if b.work++; b.spent() {
		return b.nothing
	}
	switch e.kind {
	case kindAny:
		return e
	case kindChars:
		if has(e.chars, r) {
			return e.next
		}
	case kindLoop:
		return inLoop(b, e, b.nothing, func(unfolded *expr) *expr { return b.derive(unfolded, r) })
	case kindNot:
		return b.not(b.derive(e.subs[0], r))
	case kindOr, kindAnd:
		subs := make([]*expr, len(e.subs))
		for i, s := range e.subs {
			subs[i] = b.derive(s, r)
		}
		if e.kind == kindOr {
			return b.or(subs...)
		}
		return b.and(subs...)
	}
	return b.nothing
}

func has(chars []rune, r rune) bool {
	lo, hi := 0, len(chars)/2
	for lo < hi {
		switch mid := (lo + hi) / 2; {
		case r < chars[2*mid]:
			hi = mid
		case r > chars[2*mid+1]:
			lo = mid + 1
		default:
			return true
		}
	}
	return false
}

// boundaries adds where the sets begin and end that decide about the next character.
func (b *builder) boundaries(e *expr, bounds *[]rune) {
	if b.work++; b.spent() {
		return
	}
	switch e.kind {
	case kindChars:
		for i := 0; i+1 < len(e.chars) && len(*bounds) < 2*maxRanges; i += 2 {
			*bounds = append(*bounds, e.chars[i], min(e.chars[i+1], math.MaxInt32-1)+1)
		}
	case kindLoop:
		inLoop(b, e, 0, func(unfolded *expr) int { b.boundaries(unfolded, bounds); return 0 })
	default:
		for _, s := range e.subs {
			b.boundaries(s, bounds)
		}
	}
}
