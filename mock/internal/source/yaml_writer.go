package source

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// yamlWidth is the width up to which arrays and objects are written in one line.
const yamlWidth = 100

// AppendYAML appends the value as it stands behind a key that is indented by
// indent blanks: in the same line where it is a scalar or short, else in lines of
// its own, indented by two more; so are the lines of a text of several. It begins with
// a blank or a line feed and ends without a line feed. Numbers are as written, members
// in their order. Parse gives the same value back, except for keys longer than 1,000
// characters, which YAML cannot hold.
func (n *Node) AppendYAML(dst []byte, indent int) []byte {
	if n.isLines() {
		return n.appendLines(dst, indent+2)
	}
	if text, ok := n.flow(yamlWidth - indent - utf8.RuneCountInString(n.keyText())); ok {
		return append(append(dst, ' '), text...)
	}
	for i := range n.Kids {
		kid := &n.Kids[i]
		dst = append(dst, '\n')
		dst = append(dst, strings.Repeat(" ", indent+2)...)
		if n.Kind == Object {
			dst = append(dst, YAMLKey(kid.Key)...)
			dst = append(dst, ':')
			dst = kid.AppendYAML(dst, indent+2)
			continue
		}
		dst = append(dst, '-')
		dst = kid.appendItem(dst, indent+4)
	}
	return dst
}

// isLines tells whether the value is a text of several lines that can be written as
// they are (YAML 1.2 section 8.1.2): all of it can be printed, and no blank at the
// beginning of a line can be taken for a part of the indentation.
func (n *Node) isLines() bool {
	if !n.Is(String) || !utf8.ValidString(n.Text) || strings.HasSuffix(n.Text, "\n\n") {
		return false
	}
	text := strings.TrimSuffix(n.Text, "\n")
	if !strings.Contains(text, "\n") || strings.IndexByte(" \n", text[0]) >= 0 {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "\t") || line != "" && strings.Trim(line, " \t") == "" {
			return false
		}
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) })
}

// appendLines appends a text in the literal style, with lines indented by indent blanks.
func (n *Node) appendLines(dst []byte, indent int) []byte {
	text, ended := strings.CutSuffix(n.Text, "\n")
	if dst = append(dst, " |"...); !ended {
		dst = append(dst, '-')
	}
	for line := range strings.SplitSeq(text, "\n") {
		if dst = append(dst, '\n'); line != "" {
			dst = append(append(dst, strings.Repeat(" ", indent)...), line...)
		}
	}
	return dst
}

// appendItem appends what stands behind the dash of an item whose members are
// indented by indent blanks.
func (n *Node) appendItem(dst []byte, indent int) []byte {
	start := len(dst)
	item := *n
	item.Key = ""
	dst = item.AppendYAML(dst, indent-2)
	if dst[start] != '\n' {
		return dst
	}
	// The first member stands beside the dash.
	copy(dst[start:], append([]byte{' '}, dst[start+1+indent:]...))
	return dst[:len(dst)-indent]
}

func (n *Node) keyText() string {
	if n == nil || n.Key == "" {
		return ""
	}
	return YAMLKey(n.Key) + ":"
}

// flow gives the value in one line of at most width characters; scalars, and what is
// empty, are of any length.
func (n *Node) flow(width int) (string, bool) {
	if n == nil || n.Kind != Array && n.Kind != Object {
		return n.yamlScalar(), !n.isLines()
	}
	if len(n.Kids) > 0 && width < len("[0]") {
		return "", false // before the kids are looked at, which may be nested deeply
	}
	brackets := "[]"
	if n.Kind == Object {
		brackets = "{}"
	}
	var b strings.Builder
	b.WriteByte(brackets[0])
	for i := range n.Kids {
		if i > 0 {
			b.WriteString(", ")
		}
		if n.Kind == Object {
			b.WriteString(YAMLString(n.Kids[i].Key) + ": ")
		}
		text, ok := n.Kids[i].flow(width - b.Len())
		if !ok || b.Len()+len(text) > width {
			return "", false
		}
		b.WriteString(text)
	}
	b.WriteByte(brackets[1])
	return b.String(), b.Len() <= width || len(n.Kids) == 0
}

func (n *Node) yamlScalar() string {
	switch {
	case n == nil || n.Kind == Null:
		return "null"
	case n.Kind == String:
		return YAMLString(n.Text)
	}
	return n.Text
}

var (
	// yamlPlain are the texts that are the same in every reader without quotes, in
	// the block and in the flow style.
	yamlPlain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./+=()'-]*( [A-Za-z0-9_./+=()'-]+)*$`)
	// yamlRoute are the names of operations that are plain in the block style.
	yamlRoute = regexp.MustCompile(`^[A-Z]+ (/[A-Za-z0-9_.~{}-]*)+$`)
	// yamlWords are what YAML 1.1 or 1.2 take for something else than text.
	yamlWords = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// YAMLString writes a text as a scalar: without quotes where no reader can take it
// for something else.
func YAMLString(s string) string {
	if yamlPlain.MatchString(s) && !yamlWords.MatchString(s) {
		return s
	}
	return strconv.Quote(s) // the escapes of Go are YAML's too (YAML 1.2 section 5.7)
}

// YAMLKey writes a text as the key of a mapping in the block style.
func YAMLKey(s string) string {
	if yamlRoute.MatchString(s) {
		return s
	}
	return YAMLString(s)
}
