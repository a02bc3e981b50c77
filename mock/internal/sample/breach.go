package sample

import (
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Breach is one way in which a request may break the contract. Whether it does, the
// contract says: a schema may admit more than its types tell.
type Breach struct {
	// In is the place of the contract that is broken.
	In exchange.Location
	// What says in a few words what is wrong, such as: query "limit" of another type.
	What string
	// Rule is the rule that must be broken, "" for any.
	Rule string
	// MediaType is that of the body, by the name that the contract gives it; "" for any.
	MediaType string

	parameter *param.Decoder                       // nil for none
	value     func(made *source.Node) *source.Node // of the parameter, or of the body
	call      func(c *Call)
}

// odd is a text that hardly any schema lists, and a media type that nobody describes.
const (
	odd      = "understudy"
	oddMedia = "application/x-understudy"
)

// Breaches lists ways to break the contract of an operation: each required parameter
// left out, each parameter with a value that does not fit, the body and its members
// likewise for each media type, a media type that is not described, no credentials, and
// an Accept that nothing fits.
func Breaches(op *contract.Operation) []Breach {
	var list []Breach
	for _, d := range op.Parameters() {
		if !ownHeader(d) {
			list = append(list, parameterBreaches(d)...)
		}
	}
	list = append(list, bodyBreaches(op)...)
	if len(op.Credentials()) > 0 {
		list = append(list, Breach{In: exchange.Security, What: "no credentials", call: withoutCredentials(op)})
	}
	if r, _, ok := op.Success(); ok && len(r.Content()) > 0 {
		list = append(list, Breach{In: exchange.Accept, What: "an Accept that nothing fits", call: func(c *Call) { c.Header.Set("Accept", oddMedia) }})
	}
	return list
}

func parameterBreaches(d *param.Decoder) []Breach {
	name := string(d.In) + " " + strconv.Quote(d.Name)
	var list []Breach
	if d.Required && d.In != exchange.Path {
		list = append(list, Breach{In: d.In, What: name + " left out", parameter: d, value: func(*source.Node) *source.Node { return nil }})
	}
	if d.Schema != nil {
		list = append(list, Breach{In: d.In, What: name + " with a value that does not fit", parameter: d, value: oddValue})
	}
	return list
}

// oddValue replaces a value, or each item of a list.
func oddValue(made *source.Node) *source.Node {
	text := source.New(nil, source.String, "", odd)
	if made.Is(source.Array) {
		list := source.New(nil, source.Array, "", "", text)
		return source.Link(&list)
	}
	if made.Is(source.Object) {
		kids := make([]source.Node, len(made.Kids))
		for i := range made.Kids {
			kids[i] = text.Renamed(made.Kids[i].Key)
		}
		object := source.New(nil, source.Object, "", "", kids...)
		return source.Link(&object)
	}
	return &text
}

func bodyBreaches(op *contract.Operation) []Breach {
	media := op.RequestBody()
	if len(media) == 0 {
		return nil
	}
	var list []Breach
	if op.RequiresBody() {
		list = append(list, Breach{In: exchange.Body, What: "body left out", value: func(*source.Node) *source.Node { return nil }})
	}
	for _, m := range media {
		shape := m.Shape()
		if shape == nil || !m.Data(m.Type.Nearest()) {
			continue
		}
		suffix := ""
		if len(media) > 1 {
			suffix = " as " + m.Name
		}
		add := func(what, rule string, value func(*source.Node) *source.Node) {
			list = append(list, Breach{In: exchange.Body, What: what + suffix, Rule: rule, MediaType: m.Name, value: value})
		}
		if other := valueBut(shape.Types); other != nil && m.Type.IsJSON() {
			add("body of another type", "", func(*source.Node) *source.Node { return other })
		}
		memberBreaches(m, shape, add)
	}
	return append(list, Breach{In: exchange.MediaType, What: "a media type that is not described", call: func(c *Call) {
		if c.Body != nil {
			c.Header.Set("Content-Type", oddMedia)
		}
	}})
}

// memberBreaches breaks each declared member of an object.
func memberBreaches(m contract.RequestMedia, shape *schema.Shape, add func(what, rule string, value func(*source.Node) *source.Node)) {
	for _, name := range memberNames(m, shape) {
		pointer := "body /" + source.EscapePointer(name)
		add(pointer+" left out", exchange.RuleRequired, func(made *source.Node) *source.Node { return replaced(made, name, nil) })
		if other := valueBut(shape.Properties[name].Types); other != nil {
			add(pointer+" of another type", "", func(made *source.Node) *source.Node { return replaced(made, name, other) })
		}
	}
}

// memberNames lists the declared members in the order of a body that is sent.
func memberNames(m contract.RequestMedia, shape *schema.Shape) []string {
	var names []string
	compiled, err := m.Schema()
	if err != nil || compiled == nil {
		return nil
	}
	made, err := Value(compiled, Options{})
	if err != nil {
		return nil
	}
	for name := range made.Members() {
		if shape.Properties[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// replaced gives an object with another value of a member, without it for nil.
func replaced(object *source.Node, name string, value *source.Node) *source.Node {
	if !object.Is(source.Object) {
		return object
	}
	kids := make([]source.Node, 0, len(object.Kids)+1)
	for i := range object.Kids {
		if object.Kids[i].Key != name {
			kids = append(kids, object.Kids[i])
		}
	}
	if value != nil {
		kids = append(kids, value.Renamed(name))
	}
	changed := source.New(nil, source.Object, object.Key, "", kids...)
	return changed.Clone()
}

// valueBut gives a value of a type that is not among those given, nil where all are.
func valueBut(types schema.Types) *source.Node {
	var n source.Node
	switch {
	case types&schema.TypeString == 0 && types&schema.TypeObject == 0:
		n = source.New(nil, source.String, "", odd)
	case types&schema.TypeArray == 0:
		n = source.New(nil, source.Array, "", "")
	case types&schema.TypeObject == 0:
		n = source.New(nil, source.Object, "", "")
	case types&schema.TypeBoolean == 0:
		n = source.New(nil, source.Bool, "", "true")
	case types&schema.TypeNull == 0:
		n = source.New(nil, source.Null, "", "")
	default:
		return nil
	}
	return &n
}

// withoutCredentials takes away what the operation's security looks at.
func withoutCredentials(op *contract.Operation) func(c *Call) {
	return func(c *Call) {
		for _, cred := range op.Credentials() {
			c.Forget(cred)
		}
	}
}

func withoutPair(text, separator, name string) string {
	var kept []string
	for pair := range strings.SplitSeq(text, separator) {
		if !strings.HasPrefix(pair, name+"=") {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, separator)
}

// Over gives an edit that breaks what another one has made.
func (b *Breach) Over(first Edit) Edit {
	e := first
	switch {
	case b.parameter != nil:
		e.Parameter = func(d *param.Decoder, make func() (*source.Node, error)) (*source.Node, error) {
			n, err := first.parameter(d, make)
			if err == nil && d == b.parameter {
				if n == nil { // an optional one is sent to be wrong
					if n, err = make(); err != nil {
						return nil, err
					}
				}
				n = b.value(n)
			}
			return n, err
		}
	case b.value != nil:
		e.Body = func(m contract.RequestMedia, make func() (*source.Node, error)) (*source.Node, error) {
			if first.Body != nil {
				inner := make
				make = func() (*source.Node, error) { return first.Body(m, inner) }
			}
			n, err := make()
			if err == nil {
				n = b.value(n)
			}
			return n, err
		}
	}
	if b.call != nil {
		e.Call = func(c *Call) {
			if first.Call != nil {
				first.Call(c)
			}
			b.call(c)
		}
	}
	return e
}

// parameter asks the edit, or gives what is sent without one.
func (e *Edit) parameter(d *param.Decoder, make func() (*source.Node, error)) (*source.Node, error) {
	if e.Parameter != nil {
		return e.Parameter(d, make)
	}
	if !d.Required || ownHeader(d) {
		return nil, nil
	}
	return make()
}
