package contract

import (
	"fmt"
	"strings"
)

// canonical writes a piece of a path in the one form in which equivalent ones are compared
// (RFC 3986 section 6.2.2): unreserved characters as they are, whatever else is
// percent-encoded in capitals, and so is what cannot stand in a path. An encoded delimiter
// such as %2F stays another thing than the delimiter.
func canonical(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r == '%' || !inPath(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c, encoded := text[i], false
		if c == '%' {
			var d byte
			if d, encoded = octet(text[i:]); encoded {
				c, i = d, i+2
			}
		}
		switch {
		case isPlain(c), !encoded && c != '%' && inPath(rune(c)):
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// cutBase takes a base path in its canonical form off the beginning of an escaped path, and
// leaves the rest as it was sent.
func cutBase(path, base string) (rest string, ok bool) {
	i := 0
	for j := 0; j < len(base); {
		if i == len(path) {
			return "", false
		}
		c, n := path[i], 1
		if c == '%' {
			if d, ok := octet(path[i:]); ok {
				c, n = d, 3
				if !isPlain(d) {
					if had, ok := octet(base[j:]); !ok || had != d {
						return "", false
					}
					i, j = i+3, j+3
					continue
				}
			}
		}
		if c != base[j] {
			return "", false
		}
		i, j = i+n, j+1
	}
	return path[i:], true
}

// octet reads the percent-encoded octet that a text begins with.
func octet(text string) (byte, bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	high, low := hexDigit(text[1]), hexDigit(text[2])
	return high<<4 | low&0xf, high < 16 && low < 16
}

// hexDigit is the value of a digit, 16 for what is none.
func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// isPlain tells the characters that are compared as they are, encoded or not: those that mean
// the same (RFC 3986 section 2.3), and brackets, which must be encoded and often are not.
func isPlain(c byte) bool { return isUnreserved(c) || c == '[' || c == ']' }

// isUnreserved tells the characters that mean the same encoded or not.
func isUnreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// inPath tells the characters that stand in a path as they are: those of segments (RFC 3986
// section 3.3) and the slash between them.
func inPath(r rune) bool {
	return r < 0x80 && (isPlain(byte(r)) || strings.IndexByte("!$&'()*+,;=:@/", byte(r)) >= 0)
}
