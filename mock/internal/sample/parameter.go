package sample

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema/pattern"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Headers makes the described headers of a response: all that are required, and the
// others as far as values for them are found. Headers that the server itself answers
// for, such as Content-Length, are left out.
func Headers(r *contract.Response, o Options) (http.Header, error) {
	header := http.Header{}
	for _, h := range r.Headers() {
		if own[http.CanonicalHeaderKey(h.Name)] {
			continue
		}
		text, err := headerText(h, o)
		if err == nil {
			header.Set(h.Name, text)
		} else if h.Required {
			return nil, err
		}
	}
	return header, nil
}

// own are the headers that say how a message is sent, and those that OpenAPI does not
// let descriptions speak of.
var own = map[string]bool{
	"Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Connection": true, "Keep-Alive": true, "Trailer": true, "Upgrade": true, "Date": true,
	"Content-Type": true, "Accept": true, "Authorization": true,
}

// ownHeader tells of a parameter that descriptions should not have.
func ownHeader(d *param.Decoder) bool {
	return d.In == exchange.Header && own[http.CanonicalHeaderKey(d.Name)]
}

// PartHeader makes values for the headers that parts of multipart bodies must have.
func PartHeader(o Options) contract.HeaderText {
	return func(h *contract.ResponseHeader) (string, error) { return headerText(h, o) }
}

func headerText(h *contract.ResponseHeader, o Options) (string, error) {
	compiled, err := h.Schema()
	if err != nil {
		return "", err
	}
	_, pairs, err := parameter(h.Decoder(), compiled, o, 0)
	if err != nil {
		return "", err
	}
	if len(pairs) == 0 {
		return "", nil
	}
	return pairs[0].RawValue, nil
}

// The characters of texts that need no care in headers, and of those that need none
// anywhere.
var (
	printable = mustPattern(`^[!-~]([ -~]*[!-~])?$`)
	harmless  = mustPattern(`^[A-Za-z0-9_-]+$`)
)

func mustPattern(expr string) *pattern.Pattern {
	p, err := pattern.Compile(expr)
	if err != nil {
		panic(err)
	}
	return p
}

// parameter makes a value that the decoder reads back without a violation, as it is
// and as pairs: an example of the description if it will do, else a value of the schema.
func parameter(d *param.Decoder, s *schema.Schema, o Options, salt uint64) (*source.Node, []param.Pair, error) {
	w := writer{d}
	if salt == 0 {
		for _, n := range parameterExamples(d) {
			if pairs := w.Write(n); w.usable(pairs) {
				return n, pairs, nil
			}
		}
	}
	if s == nil {
		one := source.New(nil, source.String, "", "1")
		return &one, []param.Pair{{Name: d.Name, RawValue: "1"}}, nil
	}
	// A schema without a type is made an object first, which few styles can write: then a
	// text will do.
	var first error
	for _, types := range []schema.Types{schema.AnyType, schema.TypeString} {
		for _, chars := range []*pattern.Pattern{printable, harmless, nil} {
			for again := range uint64(2) {
				v, err := build(s, o, task{types: types, name: d.Name, chars: chars, salt: salt*2 + again})
				if err != nil {
					if first == nil && types == schema.AnyType {
						first = err
					}
					break
				}
				if pairs := w.Write(&v.node); w.usable(pairs) {
					return source.Link(&v.node), pairs, nil
				}
			}
		}
	}
	if first == nil {
		first = &Unsatisfiable{At: d.Node.At(), Reason: "no value was found that can be written by the style of the parameter", Limited: true}
	}
	return nil, nil, first
}

// writer writes values of a parameter and reads them back.
type writer struct{ *param.Decoder }

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
		in.Path = param.PathText("")
		if len(pairs) > 0 {
			in.Path = param.PathText(pairs[0].RawValue)
		}
	}
	var out exchange.Parameter
	return w.Decode(&in, &out)
}

// usable tells whether pairs can be sent and are read as they should be.
func (w writer) usable(pairs []param.Pair) bool {
	for _, p := range pairs {
		if strings.ContainsFunc(p.RawValue, unicode.IsControl) || w.In == exchange.Path && p.RawValue == "" {
			return false
		}
	}
	return len(w.readBack(pairs)) == 0
}

// parameterExamples are the examples beside the schema.
func parameterExamples(d *param.Decoder) []*source.Node {
	var list []*source.Node
	for _, key := range []string{"example", "x-example"} {
		if n := d.Node.Get(key); n != nil {
			list = append(list, n)
		}
	}
	for _, example := range d.Node.Get("examples").Members() {
		if n := example.Get("value"); n != nil {
			list = append(list, n)
		}
	}
	return list
}
