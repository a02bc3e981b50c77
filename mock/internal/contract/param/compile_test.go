package param_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestWarnings: a style where the specification does not define it is told when
// it is loaded, and never makes a request fail that leaves the parameter out.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]string{
		// As the specification defines it.
		"{name: p, in: query, schema: {type: string}}":                                                                "",
		"{name: p, in: query, schema: {type: array, items: {type: string}}}":                                          "",
		"{name: p, in: query, style: pipeDelimited, explode: false, schema: {type: array}}":                           "",
		"{name: p, in: query, style: spaceDelimited, explode: false, schema: {type: object}}":                         "",
		"{name: p, in: query, style: deepObject, explode: true, schema: {type: object}}":                              "",
		"{name: p, in: query, style: deepObject, schema: {type: object}}":                                             "",
		"{name: p, in: query, style: pipeDelimited, schema: {}}":                                                      "",
		"{name: p, in: path, style: matrix, schema: {type: object}}":                                                  "",
		"{name: p, in: path, style: label, schema: {type: array}}":                                                    "",
		"{name: p, in: cookie, style: cookie, schema: {type: array}}":                                                 "",
		"{name: p, in: query, style: deepObject, schema: {properties: {a: {type: object}, b: {type: array}}}}":        "",
		"{name: p, in: query, schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}":         "",
		"{name: p, in: query, content: {application/json: {schema: {type: object}}}}":                                 "",
		"{name: p, in: query, content: {text/plain: {schema: {type: integer}}}}":                                      "",
		"{name: p, in: header, content: {application/jwt: {schema: {type: string}}}}":                                 "",
		"{name: p, in: path, style: tsv, schema: {type: array}}":                                                      "",
		"{name: p, in: header, style: pipeDelimited, explode: false, collectionFormat: pipes, schema: {type: array}}": "",
		"{name: p, in: header, style: spaceDelimited, explode: false, collectionFormat: ssv, schema: {type: string}}": "",
		// And otherwise.
		"{name: p, in: query, style: deepObject, schema: {type: array}}":                               `deepObject is defined for objects only; name[] and name[0] are read as items`,
		"{name: p, in: query, style: deepObject, schema: {type: string}}":                              `deepObject is defined for objects only; name[] and name[0] are read as items`,
		"{name: p, in: header, style: deepObject, schema: {type: object}}":                             `the style "deepObject" is not defined in header; it is read as simple`,
		"{name: p, in: header, style: form, schema: {type: string}}":                                   `the style "form" is not defined in header; it is read as simple`,
		"{name: p, in: query, style: simple, schema: {type: array}}":                                   `the style "simple" is not defined in query; it is read as form`,
		"{name: p, in: query, style: matrix, schema: {type: array}}":                                   `the style "matrix" is not defined in query; it is read as form`,
		"{name: p, in: path, style: form, schema: {type: string}}":                                     `the style "form" is not defined in path; it is read as simple`,
		"{name: p, in: path, style: commas, schema: {type: string}}":                                   `the style "commas" is not defined in path; it is read as simple`,
		"{name: p, in: cookie, style: simple, schema: {type: string}}":                                 `the style "simple" is not defined in cookie; it is read as form`,
		"{name: p, in: query, style: cookie, schema: {type: string}}":                                  `the style "cookie" is not defined in query; it is read as form`,
		"{name: p, in: path, style: pipeDelimited, schema: {type: array}}":                             `the style pipeDelimited is defined in query only; it is read as in a query`,
		"{name: p, in: query, style: pipeDelimited, schema: {type: integer}}":                          `the style pipeDelimited is defined for arrays and objects only; it is read as form`,
		"{name: p, in: query, style: spaceDelimited, explode: true, schema: {type: array}}":            `the style spaceDelimited is not defined with explode: true; repeated and delimited values are both read`,
		"{name: p, in: query, schema: {type: array, items: {type: object}}}":                           `the style form does not define how arrays and objects inside of an array are written; they are read as JSON, and arrays also with commas`,
		"{name: p, in: query, explode: false, schema: {type: object, properties: {a: {type: array}}}}": `the style form does not define how arrays and objects inside of an object are written; they are read as JSON, and arrays also with commas`,
		"{name: p, in: query, schema: {type: object, properties: {a: {type: object}}}}":                `the style form does not define how arrays and objects inside of an object are written; they are read as JSON, and arrays also with commas`,
		"{name: p, in: query, schema: {type: object, additionalProperties: false}}":                    `an exploded object without properties can never be sent`,
		"{name: p, in: query, content: {application/xml: {schema: {type: object}}}}":                   `parameters of application/xml are not decoded; any text is accepted`,
		"{name: p, in: elsewhere, schema: {type: object}}":                                             `parameters in "elsewhere" are not read`,
	} {
		t.Run(object, func(t *testing.T) {
			t.Parallel()
			all, found := decoders(t, "openapi: 3.1.0\nparameters:\n- "+object+"\n")
			var messages []string
			for _, f := range found {
				messages = append(messages, f.Message)
				if f.Code != param.CodeStyleNotEnforced || f.Severity != source.Warning || f.At.File == nil {
					t.Errorf("%+v", f)
				}
			}
			if got := strings.Join(messages, "; "); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			var out exchange.Parameter
			if all[0].In != exchange.Path {
				if violations := all[0].Decode(&param.Input{}, &out); violations != nil || out.Present || !out.Valid || out.Value != nil {
					t.Errorf("left out: %s, %+v", brief(violations), out)
				}
			}
		})
	}
}

// TestNearest: how the undefined combinations are read.
func TestNearest(t *testing.T) {
	t.Parallel()
	const ints = "schema: {type: array, items: {type: integer}}}"
	runCases(t, map[string]decodeCase{
		"form in path":                {"{name: p, in: path, style: form, explode: true, " + ints, "1,2", `[1,2]`, ""},
		"form in header":              {"{name: p, in: header, style: form, " + ints, "1,2", `[1,2]`, ""},
		"simple in query":             {"{name: p, in: query, style: simple, " + ints, "p=1,2", `[1,2]`, ""},
		"pipes in path":               {"{name: p, in: path, style: pipeDelimited, " + ints, "1%7C2|3", `[1,2,3]`, ""},
		"spaces in path":              {"{name: p, in: path, style: spaceDelimited, schema: {type: array, items: {type: string}}}", "a%20b+c", `["a","b+c"]`, ""},
		"spaces in header":            {"{name: p, in: header, style: spaceDelimited, " + ints, "1 2", `[1,2]`, ""},
		"spaces in cookie":            {"{name: p, in: cookie, style: spaceDelimited, " + ints, "p=1%202", `[1,2]`, ""},
		"tabs in query":               {"{name: p, in: query, style: tsv, " + ints, "p=1%092", `[1,2]`, ""},
		"tabs in header":              {"{name: p, in: header, style: tsv, " + ints, "1\t2", `[1,2]`, ""},
		"pipes of an integer":         {"{name: p, in: query, style: pipeDelimited, schema: {type: integer}}", "p=1", `1`, ""},
		"pipes exploded, repeated":    {"{name: p, in: query, style: pipeDelimited, explode: true, " + ints, "p=1&p=2", `[1,2]`, ""},
		"pipes exploded, delimited":   {"{name: p, in: query, style: pipeDelimited, explode: true, " + ints, "p=1|2", `[1,2]`, ""},
		"array of objects as JSON":    {"{name: p, in: query, schema: {type: array, items: {type: object, properties: {a: {type: integer}}}}}", `p={"a":1}&p={"a":"x"}`, `[{"a":1},{"a":"x"}]`, "/1/a type"},
		"array of objects as text":    {"{name: p, in: query, schema: {type: array, items: {type: object}}}", `p=a`, `["a"]`, "/0 type"},
		"array of arrays with commas": {"{name: p, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: array, items: {type: integer}}}}", `p=1,2|3`, `[[1,2],[3]]`, ""},
		"array of pipes":              {"{name: p, in: query, explode: false, schema: {type: array, items: {type: array, collectionFormat: pipes, items: {type: integer}}}}", `p=1|2,3`, `[[1,2],[3]]`, ""},
		"array of spaces":             {"{name: p, in: query, explode: false, schema: {type: array, items: {type: array, collectionFormat: ssv, items: {type: integer}}}}", `p=1+2,3%204`, `[[1,2],[3,4]]`, ""},
		"array of tabs":               {"{name: p, in: header, schema: {type: array, items: {type: array, collectionFormat: tsv, items: {type: integer}}}}", "1\t2,3", `[[1,2],[3]]`, ""},
		"array of arrays as JSON":     {"{name: p, in: query, schema: {type: array, items: {type: array, items: {type: integer}}}}", `p=[1,2]&p=3`, `[[1,2],[3]]`, ""},
		"no style":                    {"{name: p, in: query, style: '', " + ints, "p=1", `[1]`, ""},
		"allOf with two types":        {"{name: p, in: query, schema: {allOf: [{type: integer}, {type: number, minimum: 3}]}}", "p=2", `2`, "minimum"},
	})
}

// TestDefault: the schema's default, looked for through references.
func TestDefault(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]any{
		"{type: integer, default: 10}":                        json.Number("10"),
		"{type: array, default: [a]}":                         []any{"a"},
		"{$ref: '#/x'}":                                       "from x",
		"{$ref: '#/x', default: own}":                         "own",
		"{allOf: [{type: string}, {$ref: '#/x'}]}":            "from x",
		"{type: string}":                                      nil,
		"{type: ['null', string], default: null}":             nil,
		"{oneOf: [{type: string, default: not for certain}]}": nil,
	} {
		all, _ := decoders(t, "openapi: 3.1.0\nx: {type: string, default: from x}\nparameters:\n- {name: p, in: query, schema: "+schema+"}\n")
		if diff := cmp.Diff(want, all[0].Default); diff != "" {
			t.Errorf("%s: %s", schema, diff)
		}
		var out exchange.Parameter
		all[0].Decode(&param.Input{}, &out)
		if out.Value != nil || out.Present {
			t.Errorf("%s: %+v", schema, out)
		}
	}
}

// TestSchemaRefused: a parameter whose schema means nothing is decoded.
func TestSchemaRefused(t *testing.T) {
	t.Parallel()
	docs := load(t, "openapi: 3.1.0\nschema: {type: integer, $defs: {}, minimum: x}\n")
	n := docs.Main.Get("schema")
	d, found := param.Compile(param.Spec{In: exchange.Query, Name: "p", Style: "form", Schema: n, Node: n}, newCompiler(docs), 0)
	if len(found) == 0 {
		t.Skip("the engine does not mind")
	}
	var out exchange.Parameter
	if violations := d.Decode(&param.Input{Query: queryOf("p=3")}, &out); violations != nil || out.Value != json.Number("3") {
		t.Errorf("%s, %v", brief(violations), out.Value)
	}
	if got := brief(d.Decode(&param.Input{Query: queryOf("p=x")}, &out)); got != "type" {
		t.Error(got)
	}
}
