package contract

import (
	"slices"

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
		In:              place(n.Get("in").Scalar()),
		Name:            n.Get("name").Scalar(),
		Required:        n.Get("required").IsTrue(),
		AllowEmptyValue: n.Get("allowEmptyValue").IsTrue(),
		Schema:          n,
		Node:            n,
	}
	spec.Style, spec.Explode = collectionFormat(spec.In, n.Get("collectionFormat").Scalar())
	return spec, spec.In != ""
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
	var fields []*source.Node
	for _, list := range []*source.Node{p.op.node.Get("parameters"), p.op.item.Get("parameters")} {
		for _, entry := range list.Items() {
			n, err := c.docs.Follow(entry)
			if err != nil {
				continue
			}
			switch n.Get("in").Scalar() {
			case "body":
				b.at, b.required = n.At(), n.Get("required").IsTrue()
				p.consume(b, &payload{node: c.follow(n.Get("schema"))}, "application/json")
				return b
			case "formData":
				if !slices.ContainsFunc(fields, func(f *source.Node) bool { return f.Get("name").Scalar() == n.Get("name").Scalar() }) {
					fields = append(fields, n)
				}
				b.required = b.required || n.Get("required").IsTrue()
			}
		}
	}
	if len(fields) == 0 {
		return nil
	}
	form, fallback := p.form2(fields), "application/x-www-form-urlencoded"
	if slices.ContainsFunc(fields, func(n *source.Node) bool { return n.Get("type").Str() == "file" }) {
		fallback = "multipart/form-data"
	}
	p.consume(b, form, fallback)
	return b
}

// form2 makes the schema of an object out of form fields, which are its properties.
func (p *planner) form2(fields []*source.Node) *payload {
	first := fields[0]
	properties := source.New(first, source.Object, "properties", "")
	required := source.New(first, source.Array, "required", "")
	says := &payload{encodings: map[string]param.Encoding{}}
	for _, n := range fields {
		name := n.Get("name").Scalar()
		property := source.New(n, source.Object, name, "")
		for key, kid := range n.Members() {
			switch key {
			case "name", "in", "required", "collectionFormat", "allowEmptyValue", "description":
			default:
				property.Kids = append(property.Kids, *kid.Clone())
			}
		}
		properties.Kids = append(properties.Kids, property)
		if n.Get("required").IsTrue() {
			required.Kids = append(required.Kids, source.New(n.Get("required"), source.String, "", name))
		}
		if n.Get("type").Str() == "array" {
			e := param.Encoding{Node: n}
			e.Style, e.Explode = collectionFormat(exchange.Query, n.Get("collectionFormat").Scalar())
			says.encodings[name] = e
		}
	}
	object := source.New(first, source.Object, "", "", source.New(first, source.String, "type", "object"), properties)
	if len(required.Kids) > 0 {
		object.Kids = append(object.Kids, required)
	}
	says.node = source.Link(&object)
	return says
}

// consume gives a body the media types of the operation's or the description's
// consumes, fallback where there are none.
func (p *planner) consume(b *body, says *payload, fallback string) {
	list := p.op.node.Get("consumes")
	if list == nil {
		list = p.op.contract.root.Get("consumes")
	}
	add := func(name string, at source.Span) {
		each := &payload{node: says.node, encodings: says.encodings}
		p.bodyMedia(b, name, each, at, nil)
	}
	for _, n := range list.Items() {
		t, ok := ParseMediaType(n.Scalar())
		if form := t.Syntax() == Form || t.Syntax() == Multipart; ok && says.encodings != nil && !form {
			continue // form fields are sent in no other way
		}
		add(n.Scalar(), n.At())
	}
	if len(b.media) == 0 {
		add(fallback, b.at)
	}
}
