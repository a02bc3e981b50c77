package contract

import (
	"net/url"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ExampleURL is the path, with the operation's first base path and the required
// query parameters, that asks for the operation with the contract's own examples.
func (op *Operation) ExampleURL() string {
	var b strings.Builder
	b.WriteString(op.bases[0])
	rest := op.Template
	for {
		open := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if open < 0 || end < open {
			break
		}
		b.WriteString(rest[:open])
		b.WriteString(url.PathEscape(exampleText(op.Parameter(exchange.Path, rest[open+1:end]))))
		rest = rest[end+1:]
	}
	b.WriteString(rest)
	separator := "?"
	for _, p := range op.Parameters() {
		if p.In == exchange.Query && p.Required && !p.Whole {
			b.WriteString(separator + url.QueryEscape(p.Name) + "=" + url.QueryEscape(exampleText(p)))
			separator = "&"
		}
	}
	return b.String()
}

// exampleText is one scalar that a parameter may have: what the description gives
// as example, default or first enum value, else a value of its type.
func exampleText(p *param.Decoder) string {
	if p == nil {
		return "1"
	}
	for _, example := range p.Node.Get("examples").Members() {
		if text := scalarText(example.Get("value")); text != "" {
			return text
		}
	}
	first := func(n *source.Node, key string) *source.Node {
		for _, item := range n.Get(key).Items() {
			return item
		}
		return nil
	}
	for _, n := range []*source.Node{
		p.Node.Get("example"), p.Node.Get("x-example"), p.Schema.Get("example"), first(p.Schema, "examples"),
		p.Schema.Get("default"), p.Schema.Get("const"), first(p.Schema, "enum"), first(p.Schema.Get("items"), "enum"),
	} {
		if text := scalarText(n); text != "" {
			return text
		}
	}
	switch p.Schema.Get("format").Str() {
	case "uuid":
		return "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	case "date":
		return "2024-01-31"
	case "date-time":
		return "2024-01-31T10:00:00Z"
	}
	if p.Schema.Get("type").Str() == "boolean" {
		return "true"
	}
	if minimum := p.Schema.Get("minimum").Scalar(); minimum != "" {
		return minimum
	}
	return "1"
}

func scalarText(n *source.Node) string {
	if n.Is(source.Array) && len(n.Kids) > 0 {
		return scalarText(&n.Kids[0])
	}
	return n.Scalar()
}
