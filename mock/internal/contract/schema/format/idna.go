package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/secure/bidirule"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// isIDNHostname checks RFC 5890 section 2.3.2.3. The four dots of RFC 3490
// section 3.1 separate labels.
func isIDNHostname(s string) bool {
	ascii := true
	for i := 0; i < len(s) && ascii; i++ {
		ascii = s[i] < utf8.RuneSelf
	}
	if ascii && !strings.Contains(strings.ToLower(s), "xn--") {
		return isHostname(s)
	}
	if utf8.RuneCountInString(s) > maxHostname {
		return false // in ASCII form it is no shorter, and making that takes time by the square
	}
	labels := strings.FieldsFunc(s, isDot)
	separators, total := 0, len(labels)-1
	for _, r := range s {
		if isDot(r) {
			separators++
		}
	}
	if separators != len(labels)-1 {
		return false // an empty label
	}
	rightToLeft := false
	for i, label := range labels {
		unicode, length, ok := uLabel(label)
		if !ok {
			return false
		}
		labels[i], total = unicode, total+length
		rightToLeft = rightToLeft || isRightToLeft(unicode)
	}
	return total <= maxHostname && (!rightToLeft || fitBidiRule(labels))
}

func isDot(r rune) bool { return r == '.' || r == '。' || r == '．' || r == '｡' }

// uLabel checks a label of any kind and gives its Unicode form, and its length
// in ASCII form.
func uLabel(label string) (string, int, bool) {
	if isALabel(label) {
		decoded, ok := decodeALabel(label)
		return decoded, len(label), ok && len(label) <= maxLabel
	}
	if isASCII(label) {
		return label, len(label), isLabel(label)
	}
	encoded := len("xn--") + len(encodePunycode(label))
	return label, encoded, encoded <= maxLabel && validULabel(label)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isALabel(label string) bool { return len(label) >= 4 && strings.EqualFold(label[:4], "xn--") }

func validALabel(label string) bool {
	_, ok := decodeALabel(label)
	return ok
}

// decodeALabel gives the Unicode form of a label that begins with xn--.
func decodeALabel(label string) (string, bool) {
	encoded := strings.ToLower(label[4:])
	decoded, ok := decodePunycode(encoded)
	if !ok || isASCII(decoded) || encodePunycode(decoded) != encoded {
		return "", false
	}
	if isRightToLeft(decoded) && !fitBidiRule([]string{decoded}) {
		return "", false
	}
	return decoded, validULabel(decoded)
}

// validULabel checks RFC 5891 section 4.2.3.
func validULabel(label string) bool {
	runes := []rune(label)
	switch {
	case !utf8.ValidString(label), !norm.NFC.IsNormalString(label):
		return false
	case runes[0] == '-', runes[len(runes)-1] == '-':
		return false
	case len(runes) > 3 && runes[2] == '-' && runes[3] == '-':
		return false
	case unicode.IsMark(runes[0]):
		return false
	}
	for i := range runes {
		if !validAt(runes, i) {
			return false
		}
	}
	return true
}

// validAt tells whether the character is allowed where it stands (RFC 5892
// section 3, with the contextual rules of appendix A).
func validAt(label []rune, i int) bool {
	prev, next := rune(-1), rune(-1)
	if i > 0 {
		prev = label[i-1]
	}
	if i+1 < len(label) {
		next = label[i+1]
	}
	switch r := label[i]; {
	case r == 'ß', r == 'ς', r == 0x06fd, r == 0x06fe, r == 0x0f0b, r == 0x3007:
		return true
	case r == 0x0640, r == 0x07fa, r >= 0x302e && r <= 0x302f, r >= 0x3031 && r <= 0x3035, r == 0x303b:
		return false
	case r == '·':
		return prev == 'l' && next == 'l'
	case r == 0x0375:
		return unicode.Is(unicode.Greek, next)
	case r == 0x05f3, r == 0x05f4:
		return unicode.Is(unicode.Hebrew, prev)
	case r == '・':
		return holds(label, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) && r != '・' })
	case r >= 0x0660 && r <= 0x0669:
		return !holds(label, func(r rune) bool { return r >= 0x06f0 && r <= 0x06f9 })
	case r >= 0x06f0 && r <= 0x06f9:
		return !holds(label, func(r rune) bool { return r >= 0x0660 && r <= 0x0669 })
	case r == 0x200d:
		return isVirama(prev)
	case r == 0x200c:
		return isVirama(prev) || joins(label[:i], true) && joins(label[i+1:], false)
	default:
		return isProtocolValid(r)
	}
}

func holds(label []rune, f func(rune) bool) bool {
	for _, r := range label {
		if f(r) {
			return true
		}
	}
	return false
}

func isVirama(r rune) bool { return r > 0 && norm.NFC.PropertiesString(string(r)).CCC() == 9 }

// joins tells whether the nearest letter belongs to a script whose letters join.
// The joining types of single letters are in no package that we use.
func joins(part []rune, fromEnd bool) bool {
	for i := range part {
		r := part[i]
		if fromEnd {
			r = part[len(part)-1-i]
		}
		if !unicode.Is(unicode.Mn, r) {
			return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Mongolian, unicode.Nko, unicode.Phags_Pa, unicode.Manichaean, unicode.Adlam)
		}
	}
	return false
}

// isProtocolValid is the category PVALID of RFC 5892: letters, digits and marks
// that normalisation and case folding leave as they are.
func isProtocolValid(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z'
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff:
		return false // old Hangul jamo
	case !unicode.In(r, unicode.Ll, unicode.Lo, unicode.Lm, unicode.Mn, unicode.Mc, unicode.Nd):
		return false
	}
	s := string(r)
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s))) == s
}

func isRightToLeft(s string) bool {
	for i := 0; i < len(s); {
		p, size := bidi.LookupString(s[i:])
		if c := p.Class(); c == bidi.R || c == bidi.AL || c == bidi.AN {
			return true
		}
		i += max(size, 1)
	}
	return false
}

// fitBidiRule checks RFC 5893 section 2 for a name with a right-to-left label.
func fitBidiRule(labels []string) bool {
	for _, label := range labels {
		p, _ := bidi.LookupString(label)
		if c := p.Class(); c != bidi.L && c != bidi.R && c != bidi.AL || !bidirule.ValidString(label) {
			return false
		}
	}
	return true
}
