package pattern

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// charset is a set ready for matching.
type charset struct {
	ascii  [2]uint64
	ranges []rune // pairs, sorted
}

// charset works out the ranges. Go's regexp parser knows the Unicode tables and
// case folding, so the work is left to it.
func (s *set) charset() *charset {
	var b strings.Builder
	s.translate(&b)
	c := &charset{}
	re, err := syntax.Parse(b.String(), syntax.Perl)
	if err != nil {
		return c // cannot be: every part of the text was made by us
	}
	switch re.Op {
	case syntax.OpLiteral:
		c.ranges = literalRanges(re)
	case syntax.OpAnyChar:
		c.ranges = []rune{0, utf8.MaxRune}
	case syntax.OpAnyCharNotNL:
		c.ranges = []rune{0, '\n' - 1, '\n' + 1, utf8.MaxRune}
	case syntax.OpCharClass:
		c.ranges = re.Rune
	}
	for r := rune(0); r < utf8.RuneSelf; r++ {
		if c.search(r) {
			c.ascii[r/64] |= 1 << (r % 64)
		}
	}
	return c
}

// literalRanges gives the characters that a literal of one character stands for.
func literalRanges(re *syntax.Regexp) []rune {
	r := re.Rune[0]
	if re.Flags&syntax.FoldCase == 0 {
		return []rune{r, r}
	}
	return foldRanges(r)
}

func (c *charset) has(r rune) bool {
	if r < utf8.RuneSelf {
		return c.ascii[r/64]&(1<<(r%64)) != 0
	}
	return c.search(r)
}

func (c *charset) search(r rune) bool {
	lo, hi := 0, len(c.ranges)/2
	for lo < hi {
		mid := (lo + hi) / 2
		switch {
		case r < c.ranges[2*mid]:
			hi = mid
		case r > c.ranges[2*mid+1]:
			lo = mid + 1
		default:
			return true
		}
	}
	return false
}
