package sample

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// writer writes a value by the style of a parameter (OpenAPI 3.1 section 4.8.12). What
// it writes may be ambiguous: the decoder is asked afterwards.
type writer struct{ *param.Decoder }

// pairs gives the name and the raw text of each part; outside of queries and cookies
// there is one, without a name.
func (w writer) pairs(n *source.Node) []param.Pair {
	switch {
	case w.MediaType != "":
		text := n.Scalar()
		if n.Kind != source.String || strings.HasSuffix(w.MediaType, "json") {
			text = string(n.AppendJSON(nil))
		}
		return w.one(w.escape(text))
	case w.Style == "deepObject":
		return w.deep(nil, w.Name, n)
	case n.Kind == source.Array:
		return w.array(n)
	case n.Kind == source.Object:
		return w.object(n)
	}
	return w.one(w.prefix() + w.escape(n.Scalar()))
}

func (w writer) one(raw string) []param.Pair { return []param.Pair{{Name: w.Name, RawValue: raw}} }

// prefix is what stands before a value that has one text.
func (w writer) prefix() string {
	switch w.Style {
	case "label":
		return "."
	case "matrix":
		return ";" + w.Name + "="
	}
	return ""
}

// separator stands between the parts of one text; "" where each part has a pair of its
// own.
func (w writer) separator() string {
	switch {
	case w.Style == "spaceDelimited":
		return "%20"
	case w.Style == "pipeDelimited":
		return "%7C"
	case w.Style == "tsv":
		return "%09"
	case w.Style == "label" && w.Explode:
		return "."
	case w.Explode && (w.Style == "form" || w.Style == "cookie"):
		return ""
	}
	return ","
}

func (w writer) array(n *source.Node) []param.Pair {
	raws := make([]string, len(n.Kids))
	for i, item := range n.Items() {
		raws[i] = w.escape(textOf(item))
	}
	separator := w.separator()
	switch {
	case w.Style == "matrix" && w.Explode:
		separator = w.prefix()
	case separator == "":
		var pairs []param.Pair
		for _, raw := range raws {
			pairs = append(pairs, param.Pair{Name: w.Name, RawValue: raw})
		}
		return pairs
	}
	return w.one(w.prefix() + strings.Join(raws, separator))
}

func (w writer) object(n *source.Node) []param.Pair {
	var members []param.Pair
	for name, member := range n.Members() {
		members = append(members, param.Pair{Name: name, RawValue: w.escape(textOf(member))})
	}
	separator, between, start := w.separator(), ",", w.prefix()
	switch {
	case w.Explode && (w.In == exchange.Query || w.In == exchange.Cookie):
		return members
	case w.Explode && w.Style == "matrix":
		separator, between, start = ";", "=", ";"
	case w.Explode:
		between = "="
	default:
		between = separator
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = w.escape(m.Name) + between + m.RawValue
	}
	return w.one(start + strings.Join(parts, separator))
}

// deep writes name[member]=value to any depth.
func (w writer) deep(pairs []param.Pair, name string, n *source.Node) []param.Pair {
	for i, item := range n.Items() {
		pairs = w.deep(pairs, fmt.Sprintf("%s[%d]", name, i), item)
	}
	for key, member := range n.Members() {
		pairs = w.deep(pairs, name+"["+key+"]", member)
	}
	if n.Kind != source.Array && n.Kind != source.Object {
		pairs = append(pairs, param.Pair{Name: name, RawValue: w.escape(n.Scalar())})
	}
	return pairs
}

// escape writes text so that no character of it has a meaning; headers have no way to
// do so.
func (w writer) escape(text string) string {
	if w.In == exchange.Header || w.In == exchange.Cookie && w.Style == "cookie" {
		return text
	}
	return escape(text)
}

// escape percent-encodes all but the unreserved characters (RFC 3986 section 2.3).
func escape(text string) string {
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

// readBack gives the violations that the decoder finds in the pairs.
func (w writer) readBack(pairs []param.Pair) []exchange.Violation {
	var in param.Input
	switch w.In {
	case exchange.Query:
		in.Query = pairs
		if w.Whole && len(pairs) > 0 {
			in.RawQuery = pairs[0].RawValue
		}
	case exchange.Cookie:
		in.Cookies = pairs
	case exchange.Header:
		if len(pairs) > 0 {
			in.Header = http.Header{http.CanonicalHeaderKey(w.Name): {pairs[0].RawValue}}
		}
	default:
		in.PathValue = func(string) string {
			if len(pairs) == 0 {
				return ""
			}
			return pairs[0].RawValue
		}
	}
	var out exchange.Parameter
	return w.Decode(&in, &out)
}
