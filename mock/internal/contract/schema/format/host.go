package format

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// Limits of RFC 1035 section 2.3.4, in characters as they are written.
const (
	maxHostname = 253
	maxLabel    = 63
)

// isHostname checks RFC 1123 section 2.1; labels that begin with xn-- must hold
// a valid internationalised label (RFC 5890 section 2.3.2.1).
func isHostname(s string) bool {
	if len(s) > maxHostname {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if !isLabel(label) || isALabel(label) && !validALabel(label) {
			return false
		}
	}
	return true
}

// isLabel checks letters, digits and hyphens, the latter not at the ends.
func isLabel(s string) bool {
	if s == "" || len(s) > maxLabel || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

func isIPv4(s string) bool {
	rest := s
	for part := range 4 {
		n := 0
		for n < len(rest) && n < 4 && isDigit(rest[n]) {
			n++
		}
		value, _ := number(rest[:n])
		if n == 0 || n > 3 || value > 255 || n > 1 && rest[0] == '0' {
			return false
		}
		if rest = rest[n:]; part < 3 {
			if rest == "" || rest[0] != '.' {
				return false
			}
			rest = rest[1:]
		}
	}
	return rest == ""
}

// isIPv6 checks RFC 4291 section 2.2; a zone is not part of an address.
func isIPv6(s string) bool {
	if !strings.Contains(s, ":") || strings.Contains(s, "%") {
		return false
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

// Limits of RFC 5321 section 4.5.3.1, in octets.
const (
	maxAddress   = 254
	maxLocalPart = 64
)

// isEmail checks the Mailbox of RFC 5321 section 4.1.2.
func isEmail(s string) bool { return isMailbox(s, false) }

// isIDNEmail checks RFC 6531 section 3.3, which adds characters beyond ASCII.
func isIDNEmail(s string) bool { return isMailbox(s, true) }

func isMailbox(s string, international bool) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > maxLocalPart || len(s) > maxAddress {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if !isLocalPart(local, international) {
		return false
	}
	if literal, ok := strings.CutPrefix(domain, "["); ok {
		return isAddressLiteral(literal)
	}
	if !international {
		return isHostname(domain)
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !isLenientLabel(label) {
			return false
		}
	}
	return true
}

func isAddressLiteral(s string) bool {
	s, ok := strings.CutSuffix(s, "]")
	if !ok {
		return false
	}
	if v6, ok := strings.CutPrefix(s, "IPv6:"); ok {
		return isIPv6(v6)
	}
	return isIPv4(s)
}

func isLocalPart(s string, international bool) bool {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return isQuoted(s[1:len(s)-1], international)
	}
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf && international || isLetter(c) || isDigit(c) {
			continue
		}
		if strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", c) < 0 {
			return false
		}
	}
	return true
}

func isQuoted(s string, international bool) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			if i++; i == len(s) || s[i] < ' ' || s[i] > '~' {
				return false
			}
		case c >= utf8.RuneSelf && international:
		case c < ' ' || c > '~' || c == '"':
			return false
		}
	}
	return true
}

// isLenientLabel is the check of labels in addresses, which need not be in the
// form in which they are looked up.
func isLenientLabel(s string) bool {
	if s == "" || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < utf8.RuneSelf && !isLetter(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}
