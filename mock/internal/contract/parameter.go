package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// specs gives the operation's parameters with defaults filled in, its own first;
// one of the path item with the same place and name is overridden. A variable of
// the template that nobody declared is added as a string.
func (p *planner) specs() []param.Spec {
	var specs []param.Spec
	declare := func(list *source.Node) {
		for _, entry := range list.Items() {
			n, err := p.op.contract.docs.Follow(entry)
			if err != nil {
				continue
			}
			spec, ok := p.spec(n)
			if !ok || slices.ContainsFunc(specs, func(s param.Spec) bool { return s.In == spec.In && s.Name == spec.Name }) {
				continue
			}
			specs = append(specs, spec)
		}
	}
	declare(p.op.node.Get("parameters"))
	declare(p.op.item.Get("parameters"))
	return p.reconcilePath(specs)
}

// parameter is a compiled parameter with what of it is not enforced.
type parameter struct {
	*param.Decoder
	found source.Diagnostics
}

// parameter compiles a parameter, once for all operations that refer to it.
func (c *Contract) parameter(spec param.Spec) (*param.Decoder, source.Diagnostics) {
	if known, ok := c.parameters.Load(spec.Node); ok {
		if p := known.(*parameter); p.Spec == spec {
			return p.Decoder, p.found
		}
	}
	d, found := param.Compile(spec, c.schemas, schema.Request)
	if !d.Bound() {
		c.parameters.Store(spec.Node, &parameter{d, found})
	}
	return d, found
}

// reconcilePath makes the declared path parameters agree with the template.
func (p *planner) reconcilePath(specs []param.Spec) []param.Spec {
	var names []string
	for part := range strings.SplitSeq(p.op.Template, "/") {
		_, found, _ := splitSegment(part)
		names = append(names, found...)
	}
	specs = slices.DeleteFunc(specs, func(s param.Spec) bool {
		unused := s.In == exchange.Path && !slices.Contains(names, s.Name)
		if unused {
			p.add(CodePathParameter, source.Warning, s.Node.At(), fmt.Sprintf("the path parameter %q does not occur in %s", s.Name, p.op.Template), source.DidYouMean(s.Name, names))
		}
		return unused
	})
	for _, name := range names {
		if slices.ContainsFunc(specs, func(s param.Spec) bool { return s.In == exchange.Path && s.Name == name }) {
			continue
		}
		p.add(CodePathParameter, source.Warning, p.op.at, fmt.Sprintf("%s has a variable {%s} that no parameter describes", p.op.Template, name), "describe it under parameters; it is read as a string")
		specs = append(specs, param.Spec{In: exchange.Path, Name: name, Style: openapi3.SerializationSimple, Required: true, Node: p.op.node})
	}
	return specs
}

// spec reads one parameter object.
func (p *planner) spec(n *source.Node) (param.Spec, bool) {
	if p.op.contract.swagger {
		return p.spec2(n)
	}
	m, ok := model[openapi3.Parameter](&p.findings, n)
	if !ok {
		return param.Spec{}, false
	}
	whole := m.In == "querystring"
	if whole {
		m.In = openapi3.ParameterInQuery
	}
	spec := param.Spec{
		In:              place(m.In),
		Whole:           whole,
		Name:            n.Get("name").Str(), // which the description has once in memory
		Required:        m.Required || m.In == openapi3.ParameterInPath,
		AllowReserved:   m.AllowReserved,
		AllowEmptyValue: m.AllowEmptyValue,
		Schema:          p.op.contract.follow(n.Get("schema")),
		Node:            n,
	}
	if spec.In == "" || spec.Name == "" {
		p.add(CodeNotReadable, source.Warning, n.At(), fmt.Sprintf("a parameter in %q named %q is ignored", m.In, m.Name), "in is one of path, query, header, cookie, and name is not empty")
		return spec, false
	}
	spec.Style, spec.Explode = serialization(&m)
	for mediaType, content := range n.Get("content").Members() {
		spec.MediaType, spec.Schema = mediaType, p.op.contract.follow(content.Get("schema"))
		break // the specification allows one entry
	}
	if t, _ := ParseMediaType(spec.MediaType); whole && t.Type == "application" && t.Subtype == "x-www-form-urlencoded" {
		spec.MediaType, spec.Style, spec.Explode = "", openapi3.SerializationForm, true
	}
	return spec, true
}

// place gives the location by its name in descriptions, "" for an unknown one.
func place(in string) exchange.Location {
	for _, known := range []exchange.Location{exchange.Path, exchange.Query, exchange.Header, exchange.Cookie} {
		if string(known) == in {
			return known
		}
	}
	return ""
}

// serialization fills in the defaults of style and explode. kin knows the
// defaults but refuses combinations that it cannot read, which are ours to judge.
func serialization(m *openapi3.Parameter) (style string, explode bool) {
	style = m.Style
	if style == "" {
		bare := openapi3.Parameter{In: m.In, Explode: m.Explode}
		method, err := bare.SerializationMethod()
		if err != nil {
			return openapi3.SerializationSimple, false
		}
		return method.Style, method.Explode
	}
	if m.Explode != nil {
		return style, *m.Explode
	}
	return style, style == openapi3.SerializationForm || style == "cookie"
}

// follow looks through references as long as a schema is nothing but one, so that
// a schema is compiled once wherever it is used from. From OpenAPI 3.1 on, what
// stands beside $ref counts.
func (c *Contract) follow(n *source.Node) *source.Node {
	for range maxReferences {
		ref := n.Get("$ref")
		if !ref.Is(source.String) || len(n.Kids) != 1 && !c.is30() {
			return n
		}
		next, err := c.docs.Resolve(n, ref.Text)
		if err != nil {
			return n
		}
		n = next
	}
	return n
}

// maxReferences bounds a chain of references; a circle was refused at load.
const maxReferences = 64

// is30 tells whether siblings of $ref are ignored, as before OpenAPI 3.1.
func (c *Contract) is30() bool {
	return c.swagger || strings.HasPrefix(c.root.Get("openapi").Scalar(), "3.0")
}
