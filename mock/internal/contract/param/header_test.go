package param_test

import (
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestHeaders: what is special about header parameters.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object  string
		header  http.Header
		host    string
		present bool
		raw     string
		want    string
		breaks  string
	}{
		"several lines of an array":  {"{name: x-ids, in: header, schema: {type: array, items: {type: integer}}}", http.Header{"X-Ids": {"1, 2", "3"}}, "", true, "1, 2,3", `[1,2,3]`, ""},
		"several lines of a string":  {"{name: X-Text, in: header, schema: {type: string}}", http.Header{"X-Text": {"a", "b, c"}}, "", true, "a", `"a"`, "repeated"},
		"the same line twice":        {"{name: Idempotency-Key, in: header, schema: {type: string}}", http.Header{"Idempotency-Key": {"a", "a"}}, "", true, "a", `"a"`, "repeated"},
		"several lines of a number":  {"{name: X-N, in: header, schema: {type: integer}}", http.Header{"X-N": {"1", "2"}}, "", true, "1", `1`, "repeated"},
		"several lines of a list":    {"{name: if-none-match, in: header, schema: {type: string}}", http.Header{"If-None-Match": {`"a"`, `"b"`}}, "", true, `"a","b"`, `"\"a\",\"b\""`, ""},
		"several lines of anything":  {"{name: X-Any, in: header, schema: {}}", http.Header{"X-Any": {"a", "b"}}, "", true, "a,b", `"a,b"`, ""},
		"several lines of members":   {"{name: X-O, in: header, schema: {type: object, properties: {r: {type: integer}, g: {type: integer}}}}", http.Header{"X-O": {"r,1", "g,2"}}, "", true, "r,1,g,2", `{"g":2,"r":1}`, ""},
		"several lines of JSON":      {"{name: X-J, in: header, content: {application/json: {schema: {type: array}}}}", http.Header{"X-J": {"[1", "2]"}}, "", true, "[1", `"[1"`, "decode, repeated"},
		"several lines of text":      {"{name: X-T, in: header, content: {text/plain: {schema: {type: string}}}}", http.Header{"X-T": {"a", "b"}}, "", true, "a", `"a"`, "repeated"},
		"names without case":         {"{name: x-FINGER-print, in: header, schema: {type: string}}", http.Header{"X-Finger-Print": {"a"}}, "", true, "a", `"a"`, ""},
		"underscore":                 {"{name: x_key, in: header, schema: {type: string}}", http.Header{"X_key": {"a"}}, "", true, "a", `"a"`, ""},
		"missing":                    {"{name: x, in: header, required: true, schema: {type: string}}", http.Header{}, "", false, "", `null`, "required"},
		"missing and not required":   {"{name: x, in: header, schema: {type: string}}", nil, "", false, "", `null`, ""},
		"empty is there":             {"{name: x, in: header, required: true, schema: {type: string}}", http.Header{"X": {""}}, "", true, "", `""`, ""},
		"empty User-Agent":           {"{name: User-Agent, in: header, required: true, schema: {type: string, minLength: 1}}", http.Header{"User-Agent": {""}}, "", true, "", `""`, "minLength"},
		"no line":                    {"{name: x, in: header, required: true, schema: {type: string}}", http.Header{"X": {}}, "", false, "", `null`, "required"},
		"octets beyond ASCII":        {"{name: x, in: header, schema: {type: string}}", http.Header{"X": {"caf\xe9"}}, "", true, "caf\xe9", `"caf\ufffd"`, ""},
		"Host":                       {"{name: host, in: header, required: true, schema: {type: string, pattern: '^api'}}", nil, "api.example", true, "api.example", `"api.example"`, ""},
		"Host refused":               {"{name: HOST, in: header, required: true, schema: {type: string, pattern: '^api'}}", nil, "example", true, "example", `"example"`, "pattern"},
		"Accept is ignored":          {"{name: accept, in: header, required: true, schema: {type: string, enum: [a]}}", http.Header{"Accept": {"b"}}, "", true, "b", `"b"`, ""},
		"Content-Type is ignored":    {"{name: CONTENT-TYPE, in: header, required: true, schema: {type: integer}}", http.Header{"Content-Type": {"b"}}, "", true, "b", `"b"`, ""},
		"Authorization is ignored":   {"{name: Authorization, in: header, required: true, schema: {type: string}}", nil, "", false, "", `null`, ""},
		"quotes are passed through":  {"{name: x, in: header, schema: {type: array, items: {type: string}}}", http.Header{"X": {`"a", b`}}, "", true, `"a", b`, `["\"a\"","b"]`, ""},
		"Set-Cookie is as any other": {"{name: Set-Cookie, in: header, schema: {type: string}}", http.Header{"Set-Cookie": {"a=b; Path=/"}}, "", true, "a=b; Path=/", `"a=b; Path=/"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decoder(t, c.object)
			out := exchange.Parameter{Name: "stale", Value: 1, Present: true, Raw: "stale"}
			violations := d.Decode(&param.Input{Header: c.header, Host: c.host}, &out)
			if got := jsonOf(t, out.Value); got != c.want {
				t.Errorf("value %s, want %s", got, c.want)
			}
			if got := brief(violations); got != c.breaks {
				t.Errorf("violations %q, want %q", got, c.breaks)
			}
			if out.Present != c.present || out.Raw != c.raw || out.Valid != (c.breaks == "") || out.Name != d.Name || out.In != exchange.Header {
				t.Errorf("%+v", out)
			}
		})
	}
}

// TestResponseHeaders: of the ignored names only Content-Type has a meaning of its
// own in a response.
func TestResponseHeaders(t *testing.T) {
	t.Parallel()
	docs := load(t, "openapi: 3.1.0\nschema: {type: integer}\n")
	c := schema.NewCompiler(docs, schema.Draft202012)
	in := param.Input{Header: http.Header{"Accept": {"x"}, "Content-Type": {"x"}, "Host": {"x"}, "X-Left": {"3"}}}
	for name, breaks := range map[string]string{"X-Left": "", "accept": "type", "host": "type", "content-type": ""} {
		spec := param.Spec{In: exchange.Header, Name: name, Style: "simple", Schema: docs.Main.Get("schema"), Node: docs.Main}
		d, _ := param.Compile(spec, c, schema.Response)
		var out exchange.Parameter
		if got := brief(d.Decode(&in, &out)); got != breaks {
			t.Errorf("%s: %q, want %q", name, got, breaks)
		}
	}
}
