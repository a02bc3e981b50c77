package sample

import (
	"iter"
	"math/big"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema/format"
	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
	"github.com/understudy-mock/understudy/mock/internal/sample/plausible"
)

// isNumeric tells whether a format speaks about numbers.
func isNumeric(f *format.Format) bool {
	_, ok := ranges[f.Name]
	return ok || f.Name == "float" || f.Name == "double"
}

// ranges are the least and the greatest of the formats for whole numbers.
var ranges = map[string][2]string{
	"int8": {"-128", "127"}, "int16": {"-32768", "32767"}, "int32": {"-2147483648", "2147483647"}, "int64": {"-9223372036854775808", "9223372036854775807"},
	"uint8": {"0", "255"}, "uint16": {"0", "65535"}, "uint32": {"0", "4294967295"}, "uint64": {"0", "18446744073709551615"},
}

// maxNumberTries bounds the numbers that are tried one after the other.
const maxNumberTries = 300

// numbers gives candidates: plausible ones, then those of the lattice around them, and
// the bounds themselves.
func (g *generator) numbers(p *place, f *facts) iter.Seq[value] {
	return func(yield func(value) bool) {
		l, ok := newLattice(f)
		d := p.dice("")
		if ok && l.empty() {
			g.fail(p, f.node(), "the bounds leave no number")
			return
		}
		if ok {
			if k, ok := g.plausibleNumber(p, f, l, d); ok && !yield(number(l.text(k))) {
				return
			}
			if !l.around(g.start(p, l, d), yield) {
				return
			}
		}
		for _, text := range boundTexts(f) {
			if !yield(number(text)) {
				return
			}
		}
	}
}

// plausibleNumber gives the point of the lattice that is nearest to what the name
// suggests.
func (g *generator) plausibleNumber(p *place, f *facts, l *lattice, d *dice.Dice) (*big.Int, bool) {
	text, ok := g.problemStatus(p)
	for _, n := range f.nodes {
		if ok {
			break
		}
		if text, ok = plausible.Number(n.Get("title").Str(), l.whole, d); ok {
			break
		}
	}
	if !ok {
		text, ok = plausible.Number(p.name, l.whole, d)
	}
	if !ok {
		return nil, false
	}
	k := l.nearest(text)
	return k, k != nil && l.has(k)
}

// maxSpread bounds the ranges of which numbers are taken from anywhere: beyond it they
// say what can be stored, not what is usual.
const maxSpread = 1_000_000

// start is the point at which the search begins: a small positive one or one near a
// bound, behind those that are taken; with Dynamic anywhere between bounds.
func (g *generator) start(p *place, l *lattice, d *dice.Dice) *big.Int {
	offset, base := big.NewInt(int64(len(p.taken))), big.NewInt(1)
	if len(p.taken) == 0 {
		offset.SetInt64(int64(d.IntN(100)))
	}
	var width *big.Int
	if l.lo != nil && l.hi != nil {
		width = new(big.Int).Sub(l.hi, l.lo)
	}
	switch {
	case g.dynamic && width != nil && width.Cmp(big.NewInt(maxSpread)) < 0:
		base = l.lo
		offset.Add(offset, big.NewInt(int64(d.IntN(maxSpread))))
	case l.has(base):
	case l.lo != nil:
		base = l.lo
	default:
		return offset.Sub(l.hi, offset)
	}
	if l.hi != nil {
		room := new(big.Int).Sub(l.hi, base)
		offset.Mod(offset, room.Add(room, big.NewInt(1)))
	}
	return offset.Add(offset, base)
}

// boundTexts are the bounds and what lies close to them, for numbers that are too far
// from 0 to be counted.
func boundTexts(f *facts) []string {
	var list []string
	for _, b := range []*bound{f.number.lo, f.number.hi} {
		if b != nil {
			list = append(list, b.text, scaled(b.text, "11"), scaled(b.text, "9"), scaled(b.text, "20"))
		}
	}
	return append(list, "0", "0.5")
}

// scaled gives a number times tenths, as text, without writing out the exponent.
func scaled(text, tenths string) string {
	mantissa, exponent := text, "0"
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i+1:]
	}
	m, ok1 := parseExact(mantissa)
	e, ok2 := new(big.Int).SetString(exponent, 10)
	if !ok1 || !ok2 {
		return text
	}
	factor, _ := new(big.Int).SetString(tenths, 10)
	m.n.Mul(m.n, factor)
	e.Sub(e, big.NewInt(int64(m.scale+1)))
	return m.n.String() + "e" + e.String()
}
