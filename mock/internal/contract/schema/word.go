package schema

import (
	"math"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// The argument of a word in the type that its keyword gives it.

func (w *word) decimal() *decimal.Decimal {
	d := w.arg.(bound).Decimal
	return &d
}

// limit is a count that values must not exceed.
func (w *word) limit() int {
	if n := w.arg.(int); n < maxCount {
		return n
	}
	return math.MaxInt
}

// listed are the values of enum, or the one of const.
func (w *word) listed() []any {
	if w.name == "const" {
		return []any{w.arg.(*source.Node).Value()}
	}
	return w.arg.(*source.Node).Value().([]any)
}

func (w *word) pattern() *pattern.Pattern { return w.arg.(*pattern.Pattern) }

func (w *word) patterns() []*pattern.Pattern { return w.arg.([]*pattern.Pattern) }

func (w *word) format() *format.Format { return w.arg.(*format.Format) }
