// Package decimal compares the numbers of JSON texts without losing a digit and
// without writing out exponents: 9007199254740993 differs from
// 9007199254740992, 1.0 is an integer, and 1e1000000000 costs no memory.
package decimal

import (
	"cmp"
	"strconv"
	"strings"
)

// Decimal is the number that a JSON text stands for. It keeps pieces of the text
// and allocates nothing. The zero Decimal is 0.
type Decimal struct {
	negative bool
	// digits runs from the first to the last digit that is not zero. It may hold
	// the decimal point. Empty for the number 0.
	digits string
	// count is the number of digits in digits.
	count int
	// point tells the magnitude: the number is 0.DIGITS times ten to the point.
	point int64
}

// maxExponent is where exponents are cut, so that sums of them cannot overflow.
// No text that fits into memory has digits enough to make up for it.
const maxExponent = 1 << 59

// Parse reads a number as RFC 8259 section 6 writes it; false for any other text.
func Parse(text string) (Decimal, bool) {
	var d Decimal
	s := text
	if s != "" && s[0] == '-' {
		d.negative, s = true, s[1:]
	}
	whole := digitsAt(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return Decimal{}, false
	}
	end := whole
	if end < len(s) && s[end] == '.' {
		fraction := digitsAt(s[end+1:])
		if fraction == 0 {
			return Decimal{}, false
		}
		end += 1 + fraction
	}
	exponent, ok := parseExponent(s[end:])
	if !ok {
		return Decimal{}, false
	}
	d.trim(s[:end], whole, exponent)
	return d, true
}

// digitsAt counts the digits with which s begins.
func digitsAt(s string) int {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return n
}

func parseExponent(s string) (int64, bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	s = s[1:]
	negative := false
	if s != "" && (s[0] == '+' || s[0] == '-') {
		negative, s = s[0] == '-', s[1:]
	}
	if s == "" || digitsAt(s) != len(s) {
		return 0, false
	}
	var e int64
	for i := 0; i < len(s) && e < maxExponent; i++ {
		e = e*10 + int64(s[i]-'0')
	}
	e = min(e, maxExponent)
	if negative {
		e = -e
	}
	return e, true
}

// trim takes the zeros off both ends of the mantissa s, whose decimal point
// stands behind whole digits.
func (d *Decimal) trim(s string, whole int, exponent int64) {
	first, last := 0, len(s)
	for first < last && (s[first] == '0' || s[first] == '.') {
		first++
	}
	for last > first && (s[last-1] == '0' || s[last-1] == '.') {
		last--
	}
	if first == last {
		*d = Decimal{}
		return
	}
	d.digits, d.count = s[first:last], last-first
	if first < whole && last > whole {
		d.count-- // the point is not a digit
	}
	d.point = int64(whole-first) + exponent
	if first > whole {
		d.point++ // zeros behind the point, which itself was stepped over
	}
}

// MustParse is Parse for literals in programs; it panics on other texts.
func MustParse(text string) Decimal {
	d, ok := Parse(text)
	if !ok {
		panic("decimal: not a number: " + text)
	}
	return d
}

// Sign gives -1, 0 or 1.
func (d Decimal) Sign() int {
	switch {
	case d.count == 0:
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// IsInteger tells whether the number has no fractional part: true for 1.0 and 1e2.
func (d Decimal) IsInteger() bool { return int64(d.count) <= d.point || d.count == 0 }

// Cmp gives -1 if d is less than e, 0 if they are equal, and 1 if d is greater.
func (d Decimal) Cmp(e Decimal) int {
	sign := d.Sign()
	if c := cmp.Compare(sign, e.Sign()); c != 0 || sign == 0 {
		return c
	}
	c := cmp.Compare(d.point, e.point)
	if c == 0 {
		c = compareDigits(d, e)
	}
	return c * sign
}

// compareDigits compares 0.DIGITS of both.
func compareDigits(d, e Decimal) int {
	if len(d.digits) == d.count && len(e.digits) == e.count {
		return strings.Compare(d.digits, e.digits)
	}
	i, j := 0, 0
	for i < len(d.digits) && j < len(e.digits) {
		a, b := d.digits[i], e.digits[j]
		switch {
		case a == '.':
			i++
		case b == '.':
			j++
		case a != b:
			return cmp.Compare(a, b)
		default:
			i, j = i+1, j+1
		}
	}
	return cmp.Compare(d.count, e.count)
}

// AppendKey appends a text that two decimals share only when they are equal.
func (d Decimal) AppendKey(dst []byte) []byte {
	if d.count == 0 {
		return append(dst, '0')
	}
	if d.negative {
		dst = append(dst, '-')
	}
	for i := 0; i < len(d.digits); i++ {
		if d.digits[i] != '.' {
			dst = append(dst, d.digits[i])
		}
	}
	dst = append(dst, 'e')
	for shift := 56; shift >= 0; shift -= 8 {
		dst = append(dst, byte(d.point>>shift))
	}
	return dst
}

// Abridged gives the text of a number with at most n digits, 2 at least, and an exponent
// from -most to most: of d itself where it has no more. Else it is another one that has
// d's sign, is an integer if d is one and else none, and is about as large as d, as far as
// that goes.
func (d Decimal) Abridged(n int, most int64) string {
	if d.count == 0 {
		return "0"
	}
	text := make([]byte, 0, min(d.count, n)+len("-0.e-9999"))
	if d.negative {
		text = append(text, '-')
	}
	text = append(text, "0."...)
	left, point := n, d.point
	if d.count > n {
		left-- // of what is cut off remains that it is not 0
	}
	for i := 0; i < len(d.digits) && left > 0; i++ {
		if d.digits[i] != '.' {
			text = append(text, d.digits[i])
			left--
		}
	}
	if d.count > n {
		text = append(text, '1')
		if !d.IsInteger() {
			point = min(point, int64(n)-1)
		}
	}
	text = append(text, 'e')
	return string(strconv.AppendInt(text, max(-most, min(point, most)), 10))
}
