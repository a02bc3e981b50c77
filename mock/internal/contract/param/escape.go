package param

import (
	"strings"
	"unicode/utf8"
)

// An unescape gives the text that a piece of a request stands for; ok is false
// where its escapes are wrong or do not give UTF-8.
type unescape func(raw string) (text string, ok bool)

// percent decodes percent-encoding (RFC 3986 section 2.1), for paths and cookies.
func percent(raw string) (string, bool) {
	if strings.IndexByte(raw, '%') < 0 {
		return raw, utf8.ValidString(raw)
	}
	return decodePercent(raw, false)
}

// plusPercent also reads + as a space, which only queries do (OpenAPI 3.1.2
// section 4.8.12.5, "URL Percent-Encoding").
func plusPercent(raw string) (string, bool) {
	if strings.IndexByte(raw, '%') < 0 && strings.IndexByte(raw, '+') < 0 {
		return raw, utf8.ValidString(raw)
	}
	return decodePercent(raw, true)
}

// verbatim is for the cookie style, which knows no escapes. Octets beyond ASCII
// are opaque in headers (RFC 9110 section 5.5), so they are not judged.
func verbatim(raw string) (string, bool) { return raw, true }

// trimmed is for headers, where white space around a value and around the
// members of a list is no part of it (RFC 9110 sections 5.5 and 5.6.1).
func trimmed(raw string) (string, bool) { return strings.Trim(raw, " \t"), true }

func decodePercent(raw string, plus bool) (string, bool) {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '%':
			if i+2 >= len(raw) {
				return "", false
			}
			high, low := hexDigit(raw[i+1]), hexDigit(raw[i+2])
			if high > 15 || low > 15 {
				return "", false
			}
			b.WriteByte(high<<4 | low)
			i += 2
		case c == '+' && plus:
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
	}
	text := b.String()
	return text, utf8.ValidString(text)
}

// hexDigit gives the value of a hexadecimal digit, above 15 for anything else.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// utf8Text is for bodies, where text stands as it is.
func utf8Text(raw string) (string, bool) { return raw, utf8.ValidString(raw) }
