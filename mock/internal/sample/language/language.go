// Package language makes strings that some patterns match and others do not.
//
// Patterns are brought into one expression that is taken apart by derivatives
// (Brzozowski, "Derivatives of regular expressions", 1964): what may follow after a
// character is an expression again. So conjunction, complement and lookahead cost
// nothing extra, and lengths are counted on the way. What no regular expression can
// say (word boundaries, lookbehind, back-references) is left out, and the caller
// has to check the string.
package language

import (
	"cmp"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// Limits on the work for one string.
const (
	// MaxStates bounds the expressions that are kept.
	MaxStates = 20_000
	// MaxWork bounds the expressions that are looked at, each time counted.
	MaxWork = 400_000
)

// Wanted says which strings are wanted.
type Wanted struct {
	// All must match and None must not. The first of All is taken to describe the
	// whole string, even without anchors, where the others admit that.
	All, None []*pattern.Pattern
	// Min and Max bound the number of characters.
	Min, Max int
	// Likely is the length to aim at where the patterns leave it open.
	Likely int
	// Work bounds the work where that is less than MaxWork; 0 is MaxWork.
	Work int
}

// Make gives a string of the language, or false where none was found within the
// limits; work tells how much of MaxWork it took. Equal dice give equal strings.
func Make(w Wanted, d *dice.Dice) (s string, work int, ok bool) {
	for _, plain := range []bool{true, false} {
		m := &maker{Wanted: w, dice: d, builder: newBuilder()}
		m.work, m.most = work, min(cmp.Or(w.Work, MaxWork), MaxWork)
		start := m.language(plain)
		for _, m.ascii = range []bool{true, false} {
			m.moves = map[*expr][]move{}
			if s, ok = m.make(start); ok {
				return s, m.work, true
			}
		}
		work = m.work
	}
	return "", work, false
}

// maker searches one string.
type maker struct {
	Wanted
	*builder
	dice *dice.Dice
	// ascii limits the characters to those that can be read everywhere.
	ascii bool
	moves map[*expr][]move
}

// language gives the expression for all that is wanted; plain takes the first of
// All for the whole string.
func (m *maker) language(plain bool) *expr {
	var parts []*expr
	for i, p := range m.All {
		tree := p.Expr()
		if i == 0 && plain {
			parts = append(parts, m.whole(tree))
		} else {
			parts = append(parts, m.anywhere(tree))
		}
	}
	for _, p := range m.None {
		parts = append(parts, m.not(m.anywhere(p.Expr())))
	}
	return m.and(parts...)
}

// make walks at random up to the likely length, and takes the shortest way to an
// end from there; where there is none, from the start.
func (m *maker) make(start *expr) (string, bool) {
	at, text := start, []rune(nil)
	likely := min(max(m.Min, m.Likely), m.Max)
	for len(text) < likely && !m.spent() {
		moves := m.movesFrom(at)
		if len(moves) == 0 {
			break
		}
		next := m.pick(moves)
		text = append(text, m.character(next))
		at = next.to
	}
	if rest, ok := m.shortest(at, len(text)); ok {
		return string(append(text, rest...)), true
	}
	rest, ok := m.shortest(start, 0)
	return string(rest), ok
}

// step is a state that shortest has reached.
type step struct {
	at     *expr
	length int
	from   int // index of the step before
	char   rune
}

// place is what tells steps apart: beyond the least length, the way there does not
// matter any more.
type place struct {
	at     *expr
	length int
}

// shortest finds the fewest characters that lead from an expression, behind length
// characters, to the end of a string.
func (m *maker) shortest(from *expr, length int) ([]rune, bool) {
	steps := []step{{at: from, length: length, from: -1}}
	seen := map[place]bool{}
	for i := 0; i < len(steps) && !m.spent(); i++ {
		s := steps[i]
		if s.length >= m.Min && s.length <= m.Max && m.accepts(s.at) && !m.spent() {
			return spell(steps, i), true
		}
		if s.length >= m.Max {
			continue
		}
		for _, move := range m.movesFrom(s.at) {
			p := place{move.to, min(s.length+1, m.Min)}
			if seen[p] {
				continue
			}
			seen[p] = true
			steps = append(steps, step{move.to, s.length + 1, i, m.character(move)})
		}
	}
	return nil, false
}

func spell(steps []step, at int) []rune {
	var text []rune
	for ; steps[at].from >= 0; at = steps[at].from {
		text = append(text, steps[at].char)
	}
	slices.Reverse(text)
	return text
}
