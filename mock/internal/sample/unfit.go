package sample

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// schemaExamples tells of the examples and defaults in a schema, and in all that it
// refers to, that do not fit their own schema. Where readOnly and writeOnly would make
// the difference, they are left alone: an example may be for either direction. Schemas
// that cannot be compiled were told by the contract.
func (i *inspector) schemaExamples(root *source.Node) {
	if root == nil || i.seen[root] {
		return
	}
	v, err := i.contract.NeutralSchema(root)
	if err != nil {
		i.seen[root] = true
		return
	}
	for open := []schema.View{v}; len(open) > 0; {
		v, open = open[0], open[1:]
		if i.seen[v.Node()] {
			continue
		}
		i.seen[v.Node()] = true
		for _, n := range examplesOf(v.Node()) {
			i.schemaExample(v, n)
		}
		open = append(open, held(v)...)
	}
}

// held gives the schemas that v holds and that values may have to fit.
func held(v schema.View) []schema.View {
	var list []schema.View
	for w := range v.Words() {
		if w.Name() != "not" && w.Name() != "if" {
			list = append(list, w.Subs()...)
		}
	}
	return list
}

func (i *inspector) schemaExample(v schema.View, n *source.Node) {
	value := n.Value()
	if i.judged[n] || v.Valid(value) {
		return
	}
	compiled := i.contract.SchemaOf(v)
	if n.Key == "default" {
		i.passedOver(CodeDefaultNotConform, "the default", n, compiled.Validate(value))
		return
	}
	i.passedOver(CodeExampleNotConform, "the example", n, compiled.Validate(value))
}

// mediaExamples tells of the examples of a response that do not fit as t; true if one
// does.
func (i *inspector) mediaExamples(m *contract.Media, t contract.MediaType) (fits bool) {
	for _, e := range m.Examples {
		broken := m.CheckExample(t, e)
		fits = fits || len(broken) == 0
		i.passedOver(CodeExampleNotConform, called(e.Name), e.Node, broken)
	}
	return fits
}

// requestExamples tells of the examples of a request body that do not fit; true if one
// does.
func (i *inspector) requestExamples(m contract.RequestMedia, t contract.MediaType) (fits bool) {
	for _, e := range m.Examples {
		_, broken := m.EncodeAs(t, e)
		fits = fits || len(broken) == 0
		i.passedOver(CodeExampleNotConform, called(e.Name), e.Node, broken)
	}
	return fits
}

func called(name string) string {
	if name == "" {
		return "the example"
	}
	return fmt.Sprintf("the example %q", name)
}

// parameterExamples tells of the examples beside a parameter's schema that cannot be
// sent.
func (i *inspector) parameterExamples(d *param.Decoder) {
	w := writer{d}
	for _, n := range parameterExamples(d) {
		i.judged[n] = true
		pairs := w.Write(n)
		if w.usable(pairs) {
			continue
		}
		broken := w.readBack(pairs)
		if len(broken) == 0 {
			broken = []exchange.Violation{{In: d.In, Name: d.Name, Expected: "a value that can be sent there"}}
		}
		name := "the example"
		if p := n.Parent(); n.Key == "value" && p != nil {
			name = called(p.Key)
		}
		i.passedOver(CodeExampleNotConform, name, n, broken)
	}
}
