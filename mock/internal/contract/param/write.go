package param

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Write writes a value by the style of the parameter: the name and the raw text of each
// part; outside of queries, cookies and forms there is one. What is written may be
// ambiguous: Decode tells.
func (d *Decoder) Write(n *source.Node) []Pair {
	switch {
	case d.MediaType != "":
		text := n.Scalar()
		if n.Kind != source.String || strings.HasSuffix(d.MediaType, "json") {
			text = string(n.AppendJSON(nil))
		}
		return d.single(d.escape(text))
	case d.Style == "deepObject":
		return d.deep(nil, d.Name, n)
	case n.Kind == source.Array:
		return d.array(n)
	case n.Kind == source.Object:
		return d.object(n)
	}
	return d.single(d.prefix() + d.escape(n.Scalar()))
}

func (d *Decoder) single(raw string) []Pair { return []Pair{{Name: d.Name, RawValue: raw}} }

// prefix is what stands before a value that has one text.
func (d *Decoder) prefix() string {
	switch d.Style {
	case "label":
		return "."
	case "matrix":
		return ";" + d.Name + "="
	}
	return ""
}

// separator stands between the parts of one text; "" where each part has a pair of its
// own.
func (d *Decoder) separator() string {
	switch {
	case d.Style == "spaceDelimited":
		return "%20"
	case d.Style == "pipeDelimited":
		return "%7C"
	case d.Style == "tsv":
		return "%09"
	case d.Style == "label" && d.Explode:
		return "."
	case d.Explode && (d.Style == "form" || d.Style == "cookie"):
		return ""
	}
	return ","
}

func (d *Decoder) array(n *source.Node) []Pair {
	raws := make([]string, len(n.Kids))
	for i, item := range n.Items() {
		raws[i] = d.escape(TextOf(item))
	}
	separator := d.separator()
	switch {
	case d.Style == "matrix" && d.Explode:
		separator = d.prefix()
	case separator == "":
		var pairs []Pair
		for _, raw := range raws {
			pairs = append(pairs, Pair{Name: d.Name, RawValue: raw})
		}
		return pairs
	}
	return d.single(d.prefix() + strings.Join(raws, separator))
}

func (d *Decoder) object(n *source.Node) []Pair {
	var members []Pair
	for name, member := range n.Members() {
		members = append(members, Pair{Name: name, RawValue: d.escape(TextOf(member))})
	}
	separator, between, start := d.separator(), ",", d.prefix()
	switch {
	case d.Explode && (d.inPairs() || d.In == exchange.Cookie):
		return members
	case d.Explode && d.Style == "matrix":
		separator, between, start = ";", "=", ";"
	case d.Explode:
		between = "="
	default:
		between = separator
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = d.escape(m.Name) + between + m.RawValue
	}
	return d.single(start + strings.Join(parts, separator))
}

// deep writes name[member]=value to any depth.
func (d *Decoder) deep(pairs []Pair, name string, n *source.Node) []Pair {
	for i, item := range n.Items() {
		pairs = d.deep(pairs, fmt.Sprintf("%s[%d]", name, i), item)
	}
	for key, member := range n.Members() {
		pairs = d.deep(pairs, name+"["+key+"]", member)
	}
	if n.Kind != source.Array && n.Kind != source.Object {
		pairs = append(pairs, Pair{Name: name, RawValue: d.escape(n.Scalar())})
	}
	return pairs
}

// escape writes text so that no character of it has a meaning; headers have no way to
// do so.
func (d *Decoder) escape(text string) string {
	if d.In == exchange.Header || d.In == exchange.Cookie && d.Style == styleCookie || d.unescaped {
		return text
	}
	return Escape(text)
}

// Escape percent-encodes all but the unreserved characters (RFC 3986 section 2.3).
func Escape(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// TextOf is the text of a scalar, and JSON for the rest.
func TextOf(n *source.Node) string {
	if n.Is(source.Array) || n.Is(source.Object) {
		return string(n.AppendJSON(nil))
	}
	return n.Scalar()
}
