package pattern

// op is the kind of a node.
type op uint8

const (
	opEmpty     op = iota
	opSet          // one character out of set
	opConcat       // subs one behind the other
	opAlternate    // one of subs, the first that leads to a match
	opRepeat       // subs[0] from min to max times
	opGroup        // subs[0], captured as index
	opBegin        // start of the text, or of a line
	opEnd          // end of the text, or of a line
	opBoundary     // a word begins or ends here, or with not: does not
	opLook         // subs[0] fits here; with behind: what was read before fits
	opBackref      // what group index captured
)

// unlimited is the max of a repeat without an upper bound.
const unlimited = -1

// node is a piece of an expression.
type node struct {
	op       op
	subs     []*node
	set      *set
	min, max int
	lazy     bool
	index    int
	name     string // of a back-reference whose group is not known yet
	not      bool
	behind   bool
	lines    bool // opBegin and opEnd: at lines too
}

// set is a set of characters, as ranges and Unicode properties.
type set struct {
	items  []item
	negate bool
	fold   bool // upper and lower case are the same
}

// item is a range of characters or, where property is set, a Unicode property.
type item struct {
	lo, hi   rune
	property string
	not      bool
}

func single(r rune) *set { return &set{items: []item{{lo: r, hi: r}}} }

// The character classes of ECMA-262 section 22.2.2.9.
var (
	digits     = []item{{lo: '0', hi: '9'}}
	wordChars  = []item{{lo: '0', hi: '9'}, {lo: 'A', hi: 'Z'}, {lo: '_', hi: '_'}, {lo: 'a', hi: 'z'}}
	whiteSpace = []item{
		{lo: '\t', hi: '\r'}, {lo: ' ', hi: ' '}, {lo: 0xa0, hi: 0xa0}, {lo: 0x1680, hi: 0x1680}, {lo: 0x2000, hi: 0x200a},
		{lo: 0x2028, hi: 0x2029}, {lo: 0x202f, hi: 0x202f}, {lo: 0x205f, hi: 0x205f}, {lo: 0x3000, hi: 0x3000}, {lo: 0xfeff, hi: 0xfeff},
	}
	lineEnds = []item{{lo: '\n', hi: '\n'}, {lo: '\r', hi: '\r'}, {lo: 0x2028, hi: 0x2029}}
)

// complement gives the ranges between sorted ranges.
func complement(items []item) []item {
	var out []item
	next := rune(0)
	for _, i := range items {
		if i.lo > next {
			out = append(out, item{lo: next, hi: i.lo - 1})
		}
		next = i.hi + 1
	}
	return append(out, item{lo: next, hi: 0x10ffff})
}

// anchored tells whether the node can only match at the start of the text.
func (n *node) anchored() bool {
	switch n.op {
	case opBegin:
		return !n.lines
	case opConcat:
		return len(n.subs) > 0 && n.subs[0].anchored()
	case opAlternate:
		for _, sub := range n.subs {
			if !sub.anchored() {
				return false
			}
		}
		return true
	case opGroup:
		return n.subs[0].anchored()
	}
	return false
}

// eachGroup calls f with the index of every group in n.
func (n *node) eachGroup(f func(index int)) {
	if n.op == opGroup {
		f(n.index)
	}
	for _, sub := range n.subs {
		sub.eachGroup(f)
	}
}
