package sample

import (
	"math/big"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/decimal"
)

// exact is the number n divided by ten to the scale.
type exact struct {
	n     *big.Int
	scale int
}

// maxDigits bounds the digits that are written out.
const maxDigits = 60

// parseExact reads a number of a JSON text; false for those with too many digits.
func parseExact(text string) (exact, bool) {
	if _, ok := decimal.Parse(text); !ok || len(text) > maxDigits {
		return exact{}, false
	}
	mantissa, power := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		e, ok := new(big.Int).SetString(text[i+1:], 10)
		if !ok || !e.IsInt64() || e.Int64() > maxDigits || e.Int64() < -maxDigits {
			return exact{}, false
		}
		power = int(e.Int64())
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	n, _ := new(big.Int).SetString(whole+fraction, 10)
	e := exact{n, len(fraction) - power}
	if e.scale < 0 {
		e.n.Mul(e.n, tens(-e.scale))
		e.scale = 0
	}
	return e, true
}

func tens(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// at gives the number in units of ten to the minus scale, which is not less than its own.
func (e exact) at(scale int) *big.Int { return new(big.Int).Mul(e.n, tens(scale-e.scale)) }

// lattice is the numbers that facts leave: the multiples of a step between two bounds.
type lattice struct {
	step   *big.Int // in units of ten to the minus scale
	scale  int
	lo, hi *big.Int // of the multiple; nil for none
	whole  bool     // all are integers
}

// newLattice works the numbers out; false where they have too many digits.
func newLattice(f *facts) (*lattice, bool) {
	l := &lattice{whole: !f.types.Has(schema.TypeNumber)}
	lo, hi := f.number.lo, f.number.hi
	for _, form := range f.number.formats {
		if r, ok := ranges[form.Name]; ok {
			l.whole = true
			n := numberFacts{lo: lo, hi: hi}
			n.atLeast(newBound(r[0], false))
			n.atMost(newBound(r[1], false))
			lo, hi = n.lo, n.hi
		}
	}
	limits, ok := exactly(boundsText(lo, hi))
	multiples, ok2 := exactly(f.number.multiples)
	if !ok || !ok2 {
		return nil, false
	}
	for _, e := range append(slices.Clone(limits), multiples...) {
		l.scale = max(l.scale, e.scale)
	}
	l.setStep(multiples, limits, lo != nil && hi != nil)
	l.setBounds(lo, hi)
	return l, true
}

func boundsText(bounds ...*bound) []string {
	var list []string
	for _, b := range bounds {
		if b != nil {
			list = append(list, b.text)
		}
	}
	return list
}

func exactly(texts []string) ([]exact, bool) {
	var list []exact
	for _, text := range texts {
		e, ok := parseExact(text)
		if !ok {
			return nil, false
		}
		list = append(list, e)
	}
	return list, true
}

// setStep takes the least common multiple; without multipleOf, integers or two digits
// behind the point, and more where the bounds are close to each other.
func (l *lattice) setStep(multiples, limits []exact, closed bool) {
	if len(multiples) == 0 && !l.whole {
		l.scale = max(l.scale, 1)
		if closed {
			width := new(big.Int).Sub(limits[1].at(l.scale), limits[0].at(l.scale))
			for ; width.Sign() > 0 && width.Cmp(big.NewInt(100)) < 0; l.scale++ {
				width.Mul(width, big.NewInt(10))
			}
		}
		l.step = big.NewInt(1)
		if l.scale > 2 && !closed {
			l.step = tens(l.scale - 2)
		}
		return
	}
	if l.whole {
		multiples = append(multiples, exact{big.NewInt(1), 0})
	}
	l.step = multiples[0].at(l.scale)
	for _, m := range multiples[1:] {
		n := m.at(l.scale)
		gcd := new(big.Int).GCD(nil, nil, l.step, n)
		l.step.Mul(l.step, n.Div(n, gcd))
	}
}

func (l *lattice) setBounds(lo, hi *bound) {
	one := big.NewInt(1)
	if lo != nil {
		e, _ := parseExact(lo.text)
		at := e.at(l.scale)
		k, rest := new(big.Int).DivMod(at, l.step, new(big.Int)) // rounded down
		if rest.Sign() > 0 || lo.open {
			k.Add(k, one)
		}
		l.lo = k
	}
	if hi != nil {
		e, _ := parseExact(hi.text)
		k, rest := new(big.Int).DivMod(e.at(l.scale), l.step, new(big.Int))
		if rest.Sign() == 0 && hi.open {
			k.Sub(k, one)
		}
		l.hi = k
	}
}

// empty tells that the bounds leave no number.
func (l *lattice) empty() bool { return l.lo != nil && l.hi != nil && l.lo.Cmp(l.hi) > 0 }

func (l *lattice) has(k *big.Int) bool {
	return (l.lo == nil || k.Cmp(l.lo) >= 0) && (l.hi == nil || k.Cmp(l.hi) <= 0)
}

// nearest gives the multiple that is closest below a number; nil where it cannot be
// written.
func (l *lattice) nearest(text string) *big.Int {
	e, ok := parseExact(text)
	if !ok {
		return nil
	}
	fine := max(e.scale, l.scale)
	step := new(big.Int).Mul(l.step, tens(fine-l.scale))
	return new(big.Int).Div(e.at(fine), step)
}

// around yields k, then what lies about it in both directions, and in the end from the
// bounds on; false when yield had enough.
func (l *lattice) around(k *big.Int, yield func(value) bool) bool {
	for i := range maxNumberTries {
		away := int64(i+1) / 2
		if i%2 == 1 {
			away = -away
		}
		at := new(big.Int).Add(k, big.NewInt(away))
		if l.has(at) && !yield(number(l.text(at))) {
			return false
		}
	}
	return true
}

// text writes the k-th multiple of the step.
func (l *lattice) text(k *big.Int) string {
	n := new(big.Int).Mul(k, l.step)
	if l.scale == 0 {
		return n.String()
	}
	digits := new(big.Int).Abs(n).String()
	if len(digits) <= l.scale {
		digits = strings.Repeat("0", l.scale+1-len(digits)) + digits
	}
	at := len(digits) - l.scale
	text := digits[:at]
	if fraction := strings.TrimRight(digits[at:], "0"); fraction != "" {
		text += "." + fraction
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
