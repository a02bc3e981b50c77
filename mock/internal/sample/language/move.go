package language

import (
	"slices"
	"unicode"
)

// move is a range of characters that all lead to the same expression.
type move struct {
	lo, hi rune
	to     *expr
	weight int
}

// cuts are where ranges begin that are told apart even if no pattern does, so that
// plain letters can be preferred.
var cuts = []rune{0, ' ', '!', '0', '9' + 1, 'A', 'Z' + 1, 'a', 'z' + 1, 0x7f, 0xa0, 0xd800, 0xe000, 0xfdd0, 0xfdf0, 0xfff0, 0x10000, unicode.MaxRune + 1}

// maxRanges bounds the ranges that are tried at one place.
const maxRanges = 600

// movesFrom lists where the characters lead, without those that lead nowhere.
func (m *maker) movesFrom(e *expr) []move {
	if moves, ok := m.moves[e]; ok {
		return moves
	}
	bounds := slices.Clone(cuts)
	m.boundaries(e, &bounds)
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var moves []move
	for i := 0; i+1 < len(bounds) && i < maxRanges && !m.spent(); i++ {
		lo, hi := bounds[i], bounds[i+1]-1
		weight := weightOf(lo, hi)
		if m.ascii && (lo < ' ' || lo > '~') || weight == 0 {
			continue
		}
		if to := m.derive(e, lo); to != m.nothing {
			moves = append(moves, move{lo, hi, to, weight})
		}
	}
	m.moves[e] = moves
	return moves
}

// weightOf prefers what people write, and of other scripts the larger ranges; 0 for
// what no text may hold.
func weightOf(first, last rune) int {
	switch {
	case first >= 'a' && first <= 'z':
		return 60
	case first >= '0' && first <= '9':
		return 20
	case first >= 'A' && first <= 'Z':
		return 12
	case first >= 0xd800 && first < 0xe000, first >= 0xfdd0 && first < 0xfdf0, first >= 0xfff0 && first < 0x10000:
		return 0
	case first > 0x7f:
		return 1 + min(int(last-first), 200)/5
	}
	return 1
}

// pick takes one of the moves by weight.
func (m *maker) pick(moves []move) move {
	total := 0
	for i := range moves {
		total += moves[i].weight
	}
	n := m.dice.IntN(total)
	for i := range moves {
		if n -= moves[i].weight; n < 0 {
			return moves[i]
		}
	}
	return moves[0]
}

// character gives one of the move's range, one that can be seen if there is one.
func (m *maker) character(v move) rune {
	var r rune
	for range 8 {
		if r = v.lo + rune(m.dice.IntN(int(v.hi-v.lo)+1)); r <= '~' || unicode.IsLetter(r) {
			break
		}
	}
	return r
}
