package pattern

// Kind is what an Expr stands for.
type Kind uint8

// The kinds of an Expr.
const (
	KindEmpty     = Kind(opEmpty)
	KindChars     = Kind(opSet)       // one character out of Chars
	KindConcat    = Kind(opConcat)    // Subs one behind the other
	KindAlternate = Kind(opAlternate) // one of Subs
	KindRepeat    = Kind(opRepeat)    // Subs[0] from Min to Max times
	KindGroup     = Kind(opGroup)     // Subs[0], captured as Index
	KindBegin     = Kind(opBegin)     // start of the text, or with Lines of a line
	KindEnd       = Kind(opEnd)       // end of the text, or with Lines of a line
	KindBoundary  = Kind(opBoundary)  // a word begins or ends here, or with Not: does not
	KindLook      = Kind(opLook)      // Subs[0] fits here; with Behind: what stands before fits
	KindBackref   = Kind(opBackref)   // what the group Index captured
)

// Unlimited is the Max of a repeat without an upper bound.
const Unlimited = unlimited

// Expr is a piece of an expression, for those who make strings that match.
type Expr struct {
	Kind Kind
	Subs []*Expr
	// Chars are ranges of characters, first and last of each in turn, sorted.
	Chars              []rune
	Min, Max, Index    int
	Not, Behind, Lines bool
}

// Expr gives the expression taken apart. It is made once and shared: read-only.
func (p *Pattern) Expr() *Expr {
	p.apart.Do(func() {
		p.expr = &Expr{}
		if tree, _, err := parse(p.source, false); err == nil { // it was read before
			p.expr = tree.expr()
		}
	})
	return p.expr
}

func (n *node) expr() *Expr {
	e := &Expr{Kind: Kind(n.op), Min: n.min, Max: n.max, Index: n.index, Not: n.not, Behind: n.behind, Lines: n.lines}
	if n.op == opSet {
		e.Chars = n.set.charset().ranges
	}
	for _, sub := range n.subs {
		e.Subs = append(e.Subs, sub.expr())
	}
	return e
}
