package format

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The parameters of Punycode (RFC 3492 section 5).
const (
	punyBase    = 36
	punyTMin    = 1
	punyTMax    = 26
	punySkew    = 38
	punyDamp    = 700
	punyBias    = 72
	punyInitial = 128
)

func punyThreshold(k, bias int) int { return min(max(k-bias, punyTMin), punyTMax) }

func punyAdapt(delta, points int, first bool) int {
	if first {
		delta /= punyDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (punyBase-punyTMin)*punyTMax/2 {
		delta /= punyBase - punyTMin
		k += punyBase
	}
	return k + (punyBase-punyTMin+1)*delta/(delta+punySkew)
}

// decodePunycode reads lower-case Punycode (RFC 3492 section 6.2).
func decodePunycode(s string) (string, bool) {
	var out []rune
	if hyphen := strings.LastIndexByte(s, '-'); hyphen >= 0 {
		out, s = []rune(s[:hyphen]), s[hyphen+1:]
	}
	n, i, bias := punyInitial, 0, punyBias
	for s != "" {
		delta, rest, ok := punyInteger(s, bias)
		if !ok {
			return "", false
		}
		i, s = i+delta, rest
		bias = punyAdapt(delta, len(out)+1, len(out)+1 == 1+asciiCount(out) && n == punyInitial)
		n += i / (len(out) + 1)
		i %= len(out) + 1
		if n > utf8.MaxRune {
			return "", false
		}
		out = slices.Insert(out, i, rune(n))
		i++
	}
	return string(out), len(out) > 0
}

// asciiCount counts the basic code points: while there are no others, the first
// delta has not been read.
func asciiCount(runes []rune) int {
	n := 0
	for _, r := range runes {
		if r < utf8.RuneSelf {
			n++
		}
	}
	return n
}

// punyInteger reads one variable-length integer.
func punyInteger(s string, bias int) (value int, rest string, ok bool) {
	weight := 1
	for k := punyBase; ; k += punyBase {
		if s == "" {
			return 0, "", false
		}
		digit := punyDigit(s[0])
		s = s[1:]
		if digit < 0 || value > 1<<30 || weight > 1<<30 {
			return 0, "", false
		}
		value += digit * weight
		t := punyThreshold(k, bias)
		if digit < t {
			return value, s, true
		}
		weight *= punyBase - t
	}
}

func punyDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c-'0') + 26
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	}
	return -1
}

// encodePunycode writes Punycode (RFC 3492 section 6.3).
func encodePunycode(s string) string {
	runes := []rune(s)
	var out []byte
	for _, r := range runes {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
		}
	}
	done := len(out)
	basic := done
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(punyInitial), 0, punyBias
	for done < len(runes) {
		least := rune(utf8.MaxRune)
		for _, r := range runes {
			if r >= n {
				least = min(least, r)
			}
		}
		delta += int(least-n) * (done + 1)
		n = least
		for _, r := range runes {
			if r < n {
				delta++
			}
			if r == n {
				out = appendPunyInteger(out, delta, bias)
				bias = punyAdapt(delta, done+1, done == basic)
				delta, done = 0, done+1
			}
		}
		delta, n = delta+1, n+1
	}
	return string(out)
}

func appendPunyInteger(dst []byte, q, bias int) []byte {
	const digits = "abcdefghijklmnopqrstuvwxyz0123456789"
	for k := punyBase; ; k += punyBase {
		t := punyThreshold(k, bias)
		if q < t {
			return append(dst, digits[q])
		}
		dst = append(dst, digits[t+(q-t)%(punyBase-t)])
		q = (q - t) / (punyBase - t)
	}
}
