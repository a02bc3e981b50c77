package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// scalar decides the type by the core schema of YAML 1.2 (section 10.3.2), in
// which yes, on, dates and 1_000 are text.
func (y *yamlReader) scalar(n *yaml.Node, out *Node) {
	out.Kind, out.Text = String, y.shared(n.Value)
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Tag == "!!str" && n.Style&yaml.TaggedStyle != 0 {
		return
	}
	switch n.Value {
	case "", "~", "null", "Null", "NULL":
		out.Kind, out.Text = Null, ""
		return
	case "true", "True", "TRUE":
		out.Kind, out.Text = Bool, "true"
		return
	case "false", "False", "FALSE":
		out.Kind, out.Text = Bool, "false"
		return
	}
	text, ambiguous, ok := yamlNumber(n.Value)
	if !ok {
		return
	}
	out.Kind, out.Text = Number, y.shared(text)
	if ambiguous {
		value, text := digits(n.Value), digits(text)
		d := y.add(CodeAmbiguousValue, y.leniently(), out.file.token(out.at), fmt.Sprintf("%s is read as %s by some and as text or an octal number by others", value, text))
		d.Hint = fmt.Sprintf("write %q for the text or %s for the number", value, text)
	}
}

// digits shows a number, which may be of any length.
func digits(text string) string {
	if most := 40; len(text) > most {
		return text[:most] + "…"
	}
	return text
}

var (
	yamlInt   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	yamlFloat = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// yamlNumber writes a number of YAML's core schema as a JSON literal. It is
// ambiguous where YAML 1.1 and 1.2 read it differently.
func yamlNumber(s string) (text string, ambiguous, ok bool) {
	if c := s[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return "", false, false
	}
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'o') {
		base := 16
		if s[1] == 'o' {
			base = 8
		}
		u, err := strconv.ParseUint(s[2:], base, 64)
		return strconv.FormatUint(u, 10), false, err == nil
	}
	isInt := yamlInt.MatchString(s)
	if !isInt && !yamlFloat.MatchString(s) {
		return "", false, false
	}
	sign, rest := "", s
	if rest[0] == '+' || rest[0] == '-' {
		sign, rest = strings.TrimPrefix(rest[:1], "+"), rest[1:]
	}
	digits := strings.TrimLeft(rest, "0")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		digits = "0" + digits
	}
	whole, fraction, exponent := digits, "", ""
	if i := strings.IndexAny(whole, "eE"); i >= 0 {
		whole, exponent = whole[:i], whole[i:]
	}
	if i := strings.IndexByte(whole, '.'); i >= 0 {
		whole, fraction = whole[:i], strings.TrimSuffix(whole[i:], ".")
	}
	return sign + whole + fraction + exponent, isInt && len(rest) > 1 && rest[0] == '0', true
}
