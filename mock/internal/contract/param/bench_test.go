package param_test

import (
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// benchmarks are parameters of the kinds that requests have, with one request
// that holds all of them.
var benchmarks = []struct{ name, object string }{
	{"string in query", "{name: q, in: query, schema: {type: string, minLength: 1}}"},
	{"integer in query", "{name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}"},
	{"boolean in query", "{name: deep, in: query, schema: {type: boolean}}"},
	{"encoded in query", "{name: text, in: query, schema: {type: string}}"},
	{"uuid in path", "{name: id, in: path, required: true, schema: {type: string, format: uuid}}"},
	{"string in header", "{name: x-fingerprint, in: header, required: true, schema: {type: string, minLength: 1}}"},
	{"string in cookie", "{name: session, in: cookie, schema: {type: string}}"},
	{"absent", "{name: absent, in: query, schema: {type: string}}"},
	{"several types", "{name: limit, in: query, schema: {type: [integer, string]}}"},
	{"3 items in query", "{name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}"},
	{"3 exploded items", "{name: tag, in: query, schema: {type: array, items: {type: string}}}"},
	{"exploded object", "{name: page, in: query, schema: {type: object, properties: {number: {type: integer}, size: {type: integer}}}}"},
	{"deepObject", "{name: filter, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}, b: {type: integer}}}}"},
	{"JSON content", "{name: point, in: query, content: {application/json: {schema: {type: object, properties: {lat: {type: number}}}}}}"},
}

func benchmarkInput() *param.Input {
	return &param.Input{
		Path:    param.PathText("6f1f8f0e-5b7c-4b57-9a52-3c1b5f6f7a10"),
		Query:   queryOf("q=shoes&limit=10&deep=true&text=a%20b+c&ids=1,2,3&tag=a&tag=b&tag=c&number=2&size=50&filter[a]=x&filter[b]=3&point=%7B%22lat%22:1.5%7D"),
		Header:  http.Header{"X-Fingerprint": {"abcdef"}, "Accept": {"*/*"}, "User-Agent": {"bench"}},
		Cookies: cookiesOf("a=1; session=abc"),
	}
}

func BenchmarkDecode(b *testing.B) {
	run(b, func(d *param.Decoder) *param.Decoder { return d })
}

// BenchmarkDecodeAlone leaves out the check against the schema.
func BenchmarkDecodeAlone(b *testing.B) { run(b, (*param.Decoder).Unchecked) }

func run(b *testing.B, of func(*param.Decoder) *param.Decoder) {
	for _, c := range benchmarks {
		b.Run(c.name, func(b *testing.B) {
			d := of(decoder(b, c.object))
			in := benchmarkInput()
			var out exchange.Parameter
			b.ReportAllocs()
			for b.Loop() {
				if violations := d.Decode(in, &out); violations != nil {
					b.Fatal(brief(violations))
				}
			}
		})
	}
}
