package format

import (
	"strings"
	"unicode/utf8"
)

func isURI(s string) bool { return isReference(s, false, true) }

func isURIReference(s string) bool { return isReference(s, false, false) }

func isIRI(s string) bool { return isReference(s, true, true) }

func isIRIReference(s string) bool { return isReference(s, true, false) }

// isReference checks RFC 3986 section 4.1, for IRIs RFC 3987 section 2.2;
// absolute demands a scheme.
func isReference(s string, international, absolute bool) bool {
	rest, scheme := cutScheme(s)
	if absolute && !scheme {
		return false
	}
	rest, fragment, _ := strings.Cut(rest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	if !isPart(fragment, "/?", international, false) || !isPart(query, "/?", international, true) {
		return false
	}
	if authority, ok := strings.CutPrefix(rest, "//"); ok {
		slash := strings.IndexByte(authority, '/')
		if slash < 0 {
			slash = len(authority)
		}
		return isAuthority(authority[:slash], international) && isPart(authority[slash:], "/", international, false)
	}
	if !scheme {
		// A colon in the first segment would make it a scheme.
		first, _, _ := strings.Cut(rest, "/")
		if strings.Contains(first, ":") {
			return false
		}
	}
	return isPart(rest, "/", international, false)
}

func cutScheme(s string) (rest string, ok bool) {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ':' && i > 0 {
			return s[i+1:], true
		}
		if !isLetter(c) && (i == 0 || !isDigit(c) && c != '+' && c != '-' && c != '.') {
			break
		}
	}
	return s, false
}

func isAuthority(s string, international bool) bool {
	if at := strings.IndexByte(s, '@'); at >= 0 {
		if !isPart(s[:at], "", international, false) {
			return false
		}
		s = s[at+1:]
	}
	host, port := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 || !isIPLiteral(s[1:end]) {
			return false
		}
		host, port = "", s[end+1:]
		if port != "" && port[0] != ':' {
			return false
		}
	} else if colon := strings.IndexByte(s, ':'); colon >= 0 {
		host, port = s[:colon], s[colon:]
	}
	for i := 1; i < len(port); i++ {
		if !isDigit(port[i]) {
			return false
		}
	}
	return isPart(host, "", international, false) && !strings.ContainsAny(host, "@")
}

// isIPLiteral checks what stands in brackets: IPv6, or the IPvFuture of RFC 3986.
func isIPLiteral(s string) bool {
	if s == "" || s[0]|0x20 != 'v' {
		return isIPv6(s)
	}
	version, address, ok := strings.Cut(s[1:], ".")
	if !ok || version == "" || address == "" {
		return false
	}
	for i := 0; i < len(version); i++ {
		if !isHex(version[i]) {
			return false
		}
	}
	return isPart(address, "", false, false) && !strings.ContainsAny(address, "%@")
}

// isPart checks that s holds pchar of RFC 3986 section 3.3 and the extra
// characters only; private admits the private use characters of IRI queries.
func isPart(s, extra string, international, private bool) bool {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !international || !isIRIChar(r, private) || r == utf8.RuneError && size == 1 {
				return false
			}
			i += size
			continue
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case !isLetter(c) && !isDigit(c) && strings.IndexByte("-._~!$&'()*+,;=:@", c) < 0 && strings.IndexByte(extra, c) < 0:
			return false
		}
		i++
	}
	return true
}

// isIRIChar is ucschar of RFC 3987 section 2.2, and iprivate if asked for.
func isIRIChar(r rune, private bool) bool {
	switch {
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000:
		return private && r&0xfffe != 0xfffe
	case r >= 0xfdd0 && r <= 0xfdef, r >= 0xfff0 && r <= 0xffff, r&0xfffe == 0xfffe:
		return false
	case r >= 0xe0000 && r < 0xe1000:
		return false
	}
	return r >= 0xa0
}

// isURITemplate checks RFC 6570 section 2.
func isURITemplate(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 || !isTemplateExpression(s[i+1:i+end]) {
				return false
			}
			i += end
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case c <= ' ' || c == 0x7f || strings.IndexByte("\"<>\\^`|}", c) >= 0:
			return false
		}
		i++
	}
	return utf8.ValidString(s)
}

func isTemplateExpression(s string) bool {
	if s != "" && strings.IndexByte("+#./;?&", s[0]) >= 0 {
		s = s[1:]
	}
	for variable := range strings.SplitSeq(s, ",") {
		if !isTemplateVariable(variable) {
			return false
		}
	}
	return true
}

// isTemplateVariable checks a varspec: a name with an optional modifier.
func isTemplateVariable(s string) bool {
	if name, length, ok := strings.Cut(s, ":"); ok {
		if length == "" || len(length) > 4 || length[0] == '0' {
			return false
		}
		if _, digits := number(length); !digits {
			return false
		}
		s = name
	} else {
		s = strings.TrimSuffix(s, "*")
	}
	if s == "" || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
				return false
			}
			i += 2
		case !isLetter(c) && !isDigit(c) && c != '_' && c != '.':
			return false
		}
	}
	return true
}
