package schema

import (
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
)

// textRules are the rules for strings.
type textRules struct {
	min, max int
	pattern  *pattern.Pattern
	format   *format.Format
}

func (t *textRules) valid(s string) bool {
	// A character takes one to four bytes, so most lengths need no counting.
	if len(s) < t.min || len(s) > t.max || t.min > 0 && len(s) < t.min*utf8.UTFMax {
		if !t.admits(utf8.RuneCountInString(s)) {
			return false
		}
	}
	return (t.pattern == nil || t.pattern.MatchString(s)) && (t.format == nil || t.format.FitsText(s))
}

// admits tells whether a string may have so many characters.
func (t *textRules) admits(length int) bool { return length >= t.min && length <= t.max }

// numberRules are the rules for numbers. A nil limit is none.
type numberRules struct {
	min, max, above, below, multipleOf *decimal.Decimal
	format                             *format.Format
}

func (n *numberRules) valid(d decimal.Decimal) bool {
	switch {
	case n.min != nil && d.Cmp(*n.min) < 0,
		n.max != nil && d.Cmp(*n.max) > 0,
		n.above != nil && d.Cmp(*n.above) <= 0,
		n.below != nil && d.Cmp(*n.below) >= 0,
		n.multipleOf != nil && !d.IsMultipleOf(*n.multipleOf):
		return false
	}
	return n.format == nil || n.format.FitsNumber(d)
}
