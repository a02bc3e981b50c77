package scenario

import (
	"fmt"
	"iter"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// maxSchemaDepth bounds how deep allOf and references are followed for what holds
// of every value.
const maxSchemaDepth = 16

// words iterates over the keywords that every value of a shape must fulfil: those
// of its schema, through references and allOf. None where several schemas speak.
func (c *compiler) words(shape *schema.Shape) iter.Seq[schema.Word] {
	return func(yield func(schema.Word) bool) {
		if shape == nil || shape.Source == nil {
			return
		}
		if compiled := c.requestSchema(shape.Source); compiled != nil {
			eachWord(compiled.View(), maxSchemaDepth, yield)
		}
	}
}

func eachWord(v schema.View, depth int, yield func(schema.Word) bool) bool {
	for w := range v.Words() {
		if name := w.Name(); name != "$ref" && name != "allOf" {
			if !yield(w) {
				return false
			}
			continue
		}
		for _, sub := range w.Subs() {
			if depth > 0 && !eachWord(sub, depth-1, yield) {
				return false
			}
		}
	}
	return true
}

// limit is an end of a range of numbers: of a condition, or of the contract.
type limit struct {
	at   decimal.Decimal
	text string
	open bool         // the limit itself is left out
	by   matcher      // nil where the contract says it
	word *schema.Word // nil where a condition says it
}

// magnitudes looks for a number between the limits of conditions and contract.
func (w *wanted) magnitudes() bool {
	var least, most *limit
	tighten := func(greater bool, l *limit) {
		end := &most
		if greater {
			end = &least
		}
		if old := *end; old != nil {
			c := l.at.Cmp(old.at)
			if c == 0 && (old.open || !l.open) || c != 0 && (c > 0) != greater {
				return // says nothing new
			}
		}
		*end = l
	}
	asked := false
	for _, m := range w.matchers {
		if m, ok := m.(*magnitude); ok {
			asked = true
			tighten(m.greater, &limit{at: m.limit, text: m.written, open: true, by: m})
		}
	}
	if !asked {
		return false
	}
	whole := false
	if types := w.types(); w.valid && types != 0 && types&^(schema.TypeInteger|schema.TypeNumber|schema.TypeNull) == 0 {
		whole = types&schema.TypeNumber == 0
		for word := range w.words(w.shape) {
			switch name := word.Name(); name {
			case "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum":
				if at, ok := decimal.Parse(word.Number()); ok {
					tighten(name == "minimum" || name == "exclusiveMinimum", &limit{at: at, text: word.Number(), open: name[0] == 'e', word: &word})
				}
			}
		}
	}
	if least == nil || most == nil || !emptyRange(least, most, whole) {
		return false
	}
	return w.outOfRange(least, most, whole)
}

func (w *wanted) types() schema.Types {
	if w.shape == nil {
		return 0
	}
	return w.shape.Types
}

// outOfRange reports that no number lies between two limits.
func (w *wanted) outOfRange(least, most *limit, whole bool) bool {
	what := "a number"
	if whole {
		what = "a whole number"
	}
	switch {
	case least.by != nil && most.by != nil:
		return w.clash(least.by, most.by)
	case least.by != nil:
		return w.refused(least.by, fmt.Sprintf("no valid request has %s in %s", least.by, w.place), fmt.Sprintf("it is %s up to %s", what, most.text), most.word.At().At())
	case most.by != nil:
		return w.refused(most.by, fmt.Sprintf("no valid request has %s in %s", most.by, w.place), fmt.Sprintf("it is %s from %s", what, least.text), least.word.At().At())
	}
	return false // the contract admits no number itself, which is told elsewhere
}

// emptyRange tells whether no number lies between two limits; of whole numbers that
// is known for limits that are short enough.
func emptyRange(least, most *limit, whole bool) bool {
	if c := least.at.Cmp(most.at); c > 0 || c == 0 && (least.open || most.open) {
		return true
	}
	a, aErr := strconv.ParseInt(least.text, 10, 32)
	b, bErr := strconv.ParseInt(most.text, 10, 32)
	if !whole || aErr != nil || bErr != nil {
		return false
	}
	if least.open {
		a++
	}
	if most.open {
		b--
	}
	return a > b
}
