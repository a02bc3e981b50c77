package decimal

import (
	"math/big"
	"math/bits"
)

// IsMultipleOf tells whether d divided by e is an integer, exactly. Nothing but 0
// is a multiple of 0.
func (d Decimal) IsMultipleOf(e Decimal) bool {
	switch {
	case d.count == 0:
		return true
	case e.count == 0:
		return false
	}
	// With both written as MANTISSA times a power of ten, where no mantissa ends
	// in a zero, a divisor with the greater power leaves a fraction.
	power := d.power() - e.power()
	if power < 0 {
		return false
	}
	if m, ok := e.mantissa(); ok {
		return mulMod(d.mod(m), powMod(10, uint64(power), m), m) == 0
	}
	return d.isMultipleOfBig(e, power)
}

// power is the exponent of ten beside the mantissa.
func (d Decimal) power() int64 { return d.point - int64(d.count) }

// mantissa gives the digits as a number, if it fits.
func (d Decimal) mantissa() (uint64, bool) {
	if d.count > 19 {
		return 0, false
	}
	var m uint64
	for i := 0; i < len(d.digits); i++ {
		if c := d.digits[i]; c != '.' {
			m = m*10 + uint64(c-'0')
		}
	}
	return m, true
}

// mod gives the mantissa modulo m.
func (d Decimal) mod(m uint64) uint64 {
	var r uint64
	for i := 0; i < len(d.digits); i++ {
		c := d.digits[i]
		if c == '.' {
			continue
		}
		hi, lo := bits.Mul64(r, 10)
		lo, carry := bits.Add64(lo, uint64(c-'0'), 0)
		r = bits.Rem64(hi+carry, lo, m)
	}
	return r
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

func powMod(base, exponent, m uint64) uint64 {
	result := 1 % m
	for base %= m; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = mulMod(result, base, m)
		}
		base = mulMod(base, base, m)
	}
	return result
}

// isMultipleOfBig is for divisors of twenty digits and more.
func (d Decimal) isMultipleOfBig(e Decimal, power int64) bool {
	m := e.bigMantissa()
	tens := new(big.Int).Exp(big.NewInt(10), big.NewInt(power), m)
	rest := new(big.Int).Mul(d.bigMantissa(), tens)
	return rest.Mod(rest, m).Sign() == 0
}

func (d Decimal) bigMantissa() *big.Int {
	digits := make([]byte, 0, d.count)
	for i := 0; i < len(d.digits); i++ {
		if c := d.digits[i]; c != '.' {
			digits = append(digits, c)
		}
	}
	m, _ := new(big.Int).SetString(string(digits), 10)
	return m
}

// Int64 gives the number as an int64; false where it is none or too large.
func (d Decimal) Int64() (int64, bool) {
	if d.count == 0 {
		return 0, true
	}
	m, ok := d.mantissa()
	if !ok || !d.IsInteger() || d.point > 19 {
		return 0, false
	}
	for range d.power() {
		hi, lo := bits.Mul64(m, 10)
		if hi != 0 {
			return 0, false
		}
		m = lo
	}
	switch {
	case d.negative && m <= 1<<63:
		return -int64(m-1) - 1, true
	case !d.negative && m < 1<<63:
		return int64(m), true
	}
	return 0, false
}
