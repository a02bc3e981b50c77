package contract

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Swagger 2.0 is read where it stands instead of being converted: a conversion
// would lose the positions, the order, and the collection formats tsv, ssv and
// pipes. A 2.0 parameter other than a body is its own schema.

// spec2 reads a 2.0 parameter; bodies and form fields are not parameters here.
func (p *planner) spec2(n *source.Node) (param.Spec, bool) {
	spec := param.Spec{
		In:              exchange.Location(n.Get("in").Scalar()),
		Name:            n.Get("name").Scalar(),
		Required:        n.Get("required").IsTrue(),
		AllowEmptyValue: n.Get("allowEmptyValue").IsTrue(),
		Schema:          n,
		Node:            n,
	}
	spec.Style, spec.Explode = collectionFormat(spec.In, n.Get("collectionFormat").Scalar())
	return spec, knownPlace(spec.In)
}

// collectionFormat gives the style and explode that read a 2.0 array.
func collectionFormat(in exchange.Location, format string) (style string, explode bool) {
	style = openapi3.SerializationSimple
	if in == exchange.Query {
		style = openapi3.SerializationForm
	}
	switch format {
	case "multi":
		return style, true
	case "ssv":
		return openapi3.SerializationSpaceDelimited, false
	case "pipes":
		return openapi3.SerializationPipeDelimited, false
	case "tsv":
		return "tsv", false
	}
	return style, false
}

// body2 finds the body parameter or the form fields of a 2.0 operation.
func (p *planner) body2() *body {
	c := p.op.contract
	b := &body{at: p.op.at}
	var form bool
	for _, list := range []*source.Node{p.op.node.Get("parameters"), p.op.item.Get("parameters")} {
		for _, entry := range list.Items() {
			n, err := c.docs.Follow(entry)
			if err != nil {
				continue
			}
			switch n.Get("in").Scalar() {
			case "body":
				b.schema, b.at = c.follow(n.Get("schema")), n.At()
				b.required = n.Get("required").IsTrue()
				p.consume(b, "application/json")
				return b
			case "formData":
				form = true
				b.required = b.required || n.Get("required").IsTrue()
			}
		}
	}
	if !form {
		return nil
	}
	p.consume(b, "application/x-www-form-urlencoded")
	return b
}

// consume gives a body the media types of the operation's or the description's
// consumes, fallback where there are none.
func (p *planner) consume(b *body, fallback string) {
	list := p.op.node.Get("consumes")
	if list == nil {
		list = p.op.contract.root.Get("consumes")
	}
	for _, n := range list.Items() {
		p.bodyMedia(b, n.Scalar(), b.schema, n.At(), nil)
	}
	if len(b.media) == 0 {
		p.bodyMedia(b, fallback, b.schema, b.at, nil)
	}
}
