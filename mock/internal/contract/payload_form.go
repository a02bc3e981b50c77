package contract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// ErrNotData is returned for data that is to be written as a media type of bytes.
var ErrNotData = errors.New("data cannot be written as such bytes")

// encodingsOf reads the encoding objects of properties (OpenAPI 3.1 section 4.8.15).
// Where one of style, explode and allowReserved is there, contentType says nothing.
func (p *payload) encodingsOf() map[string]param.Encoding {
	if p.encodings != nil {
		return p.encodings
	}
	list := map[string]param.Encoding{}
	for name, n := range p.media.Get("encoding").Members() {
		e := param.Encoding{Node: n}
		if n.Has("style") || n.Has("explode") || n.Has("allowReserved") {
			if e.Style = n.Get("style").Str(); e.Style == "" {
				e.Style = openapi3.SerializationForm
			}
			e.Explode = e.Style == openapi3.SerializationForm
			if explode := n.Get("explode"); explode != nil {
				e.Explode = explode.IsTrue()
			}
		} else if t, ok := ParseMediaType(n.Get("contentType").Str()); ok {
			e.JSON = t.IsJSON()
		}
		list[name] = e
	}
	return list
}

// formReader reads fields; escaped ones are those of application/x-www-form-urlencoded.
func (p *payload) formReader() *param.Form {
	p.formOnce.Do(func() {
		// Findings and the schema's error are told when the description is checked.
		p.form, _, _ = param.CompileForm(p.node, p.encodingsOf(), true, p.contract.schemas, p.dir)
	})
	return p.form
}

// decodeForm reads application/x-www-form-urlencoded (WHATWG URL section 5.1). Names are
// decoded here, values by the styles of their properties.
func (p *payload) decodeForm(body []byte) (value any, decoded bool, found []exchange.Violation) {
	fields := make([]param.Field, 0, min(1+bytes.Count(body, []byte("&")), param.MaxMembers+1))
	for part := range strings.SplitSeq(string(body), "&") {
		if part == "" {
			continue
		}
		if len(fields) > param.MaxMembers {
			break // one too many: the reader says so
		}
		name, raw, _ := strings.Cut(part, "=")
		plain, err := unescapeQuery(name)
		if err != nil {
			return nil, false, []exchange.Violation{{In: exchange.Body, Rule: exchange.RuleDecode, Expected: "percent-encoded names", Got: fmt.Sprintf("%q", shorten(name)), Fix: "write % as %25, or as % with two hexadecimal digits"}}
		}
		fields = append(fields, param.Field{Name: plain, Raw: raw})
	}
	value, found = p.formReader().Decode(fields)
	return value, value != nil, found
}

// encodeForm writes the members of an object.
func (p *payload) encodeForm(n *source.Node) []byte {
	var fields []string
	for _, f := range p.formReader().Fields(n) {
		fields = append(fields, url.QueryEscape(f.Name)+"="+f.Raw)
	}
	return []byte(strings.Join(fields, "&"))
}
