package param_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// fuzzRows are the combinations of location, style and explode, defined or not.
var fuzzRows = []string{
	"in: path, style: simple, explode: false", "in: path, style: simple, explode: true",
	"in: path, style: label, explode: false", "in: path, style: label, explode: true",
	"in: path, style: matrix, explode: false", "in: path, style: matrix, explode: true",
	"in: query, style: form, explode: false", "in: query, style: form, explode: true",
	"in: query, style: form, explode: true, allowEmptyValue: true",
	"in: query, style: spaceDelimited, explode: false", "in: query, style: pipeDelimited, explode: false",
	"in: query, style: pipeDelimited, explode: true", "in: query, style: tsv, explode: false",
	"in: query, style: deepObject, explode: true",
	"in: header, style: simple, explode: false", "in: header, style: simple, explode: true",
	"in: cookie, style: form, explode: false", "in: cookie, style: form, explode: true",
	"in: cookie, style: cookie, explode: false", "in: cookie, style: cookie, explode: true",
}

var fuzzSchemas = []string{
	"{type: string}", "{type: string, minLength: 2, pattern: '^[a-z]'}", "{type: integer, minimum: 1}", "{type: number}", "{type: boolean}",
	"{type: ['null', string]}", "{type: [integer, boolean, string], minLength: 2}", "{}", "{type: 'null'}", "false",
	"{type: array, items: {type: string}}", "{type: array, minItems: 2, uniqueItems: true, items: {type: [integer, string]}}",
	"{type: array, prefixItems: [{type: boolean}], items: {type: array, items: {type: integer}}}",
	"{type: object, properties: {a: {type: integer}, b: {type: string}, c: {type: array, items: {type: integer}}}}",
	"{type: object, additionalProperties: {type: [number, string]}}",
	"{type: object, required: [a], additionalProperties: false, properties: {a: {type: object, properties: {b: {type: array, items: {type: object}}}}}}",
	"{oneOf: [{type: string, maxLength: 3}, {type: array, items: {type: integer}}, {type: object, required: [a], properties: {a: {type: boolean}}}]}",
	"{oneOf: [{type: object, required: [k], properties: {k: {const: x}, v: {type: integer}}}, {type: object, required: [k], properties: {k: {const: y}, v: {type: string}}}]}",
}

// fuzzDecoders makes a decoder of every row and schema, and some of content.
func fuzzDecoders(tb testing.TB) []*param.Decoder {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\nparameters:\n")
	for _, row := range fuzzRows {
		for _, schema := range fuzzSchemas {
			fmt.Fprintf(&b, "- {name: p, %s, schema: %s}\n", row, schema)
		}
	}
	for _, in := range []string{"path", "query", "header", "cookie"} {
		for _, media := range []string{"application/json", "text/plain", "application/xml"} {
			for _, schema := range []string{"{}", "{type: object, properties: {a: {type: integer}}}", "{type: string}"} {
				fmt.Fprintf(&b, "- {name: p, in: %s, content: {%s: {schema: %s}}}\n", in, media, schema)
			}
		}
	}
	var all []*param.Decoder
	docs := load(tb, b.String())
	c := newCompiler(docs)
	for _, n := range docs.Main.Get("parameters").Items() {
		// Not bound to each other: they are parameters of different operations.
		d, _ := param.Compile(specOf(n), c, 0)
		all = append(all, d)
	}
	return all
}

// FuzzDecode takes any text for a parameter of any kind: nothing panics, what is
// told is complete, and what was accepted is the same when it is sent again by
// the same style.
func FuzzDecode(f *testing.F) {
	all := fuzzDecoders(f)
	texts := []string{
		"", "p", "p=", "p=1", "p=a&p=b", "p=1,2,3", "a=1&b=x&c=1&c=2", "p[a]=1&p[b]=x", "p[a][b][0][x]=1", "p[]=1&p[0]=2", "p=a%20b%7Cc|d+e",
		"1", "1.0", "true", "null", "a,1,b,x", "a=1,b=x", ".1.2.3", ".a=1.b=2", ";p=1", ";p=1;p=2", ";a=1;b=x", ";p", "%zz", "%ff", "p=%2", "k=x&v=1", "p=k,y,v,1",
		`p={"a":1}`, "p=%7B%22a%22%3A1%7D", "p=1; p=2", "a=1; b=x", "p=1&p=2; a=3",
	}
	for i := range all {
		f.Add(uint16(i), texts[i%len(texts)])
	}
	for i, text := range texts {
		f.Add(uint16(i*7), text)
	}
	f.Fuzz(func(t *testing.T, which uint16, text string) {
		d := all[int(which)%len(all)]
		in := inputOf(d.In, d.Name, text)
		var out exchange.Parameter
		violations := d.Decode(in, &out)
		checkComplete(t, d, &out, violations)
		if !out.Present || !out.Valid || ambiguous(d, text) {
			return
		}
		again, ok := encode(d, out.Value)
		if !ok {
			return
		}
		var second exchange.Parameter
		violations = d.Decode(again, &second)
		if diff := cmp.Diff(out.Value, second.Value); diff != "" || len(violations) > 0 {
			t.Errorf("%s %s explode %v: %q gave %#v; sent again as %s: %v\n%s", d.In, d.Style, d.Explode, text, out.Value, sentText(d, again), violations, diff)
		}
	})
}

func checkComplete(t *testing.T, d *param.Decoder, out *exchange.Parameter, violations []exchange.Violation) {
	t.Helper()
	if out.Valid != (len(violations) == 0) || out.In != d.In || out.Name != d.Name {
		t.Errorf("%+v beside %v", out, violations)
	}
	if !out.Present && (out.Value != nil || out.Raw != "") {
		t.Errorf("absent with a value: %+v", out)
	}
	for _, v := range violations {
		if v.In != d.In || v.Name != d.Name || v.Rule == "" || v.Fix == "" || v.Contract == nil {
			t.Errorf("incomplete: %+v", v)
		}
	}
}

// ambiguous tells of texts whose value has no written form of its own: JSON
// inside of other styles, and a delimited style that is exploded.
func ambiguous(d *param.Decoder, text string) bool {
	return d.Style == "pipeDelimited" && d.Explode || d.MediaType == "" && (strings.Contains(text, "{") || strings.Contains(strings.ToUpper(text), "%7B") ||
		d.Style != "deepObject" && strings.ContainsAny(text, "[") || strings.Contains(strings.ToUpper(text), "%5B"))
}

func sentText(d *param.Decoder, in *param.Input) string {
	switch d.In {
	case exchange.Path:
		return in.Path.PathValue(d.Name)
	case exchange.Header:
		return strings.Join(in.Header[http.CanonicalHeaderKey(d.Name)], "\n")
	}
	return fmt.Sprintf("%q", append(in.Query, in.Cookies...))
}
