package param_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestExplodedObjects: an object whose members stand in the query by themselves.
func TestExplodedObjects(t *testing.T) {
	t.Parallel()
	runCases(t, map[string]decodeCase{
		"declared members only":      {"{name: p, in: query, schema: {type: object, properties: {a: {type: integer}}}}", "a=1&b=2&p=3", `{"a":1}`, ""},
		"additional members":         {"{name: p, in: query, schema: {type: object, properties: {a: {type: integer}}, additionalProperties: {type: boolean}}}", "a=1&b=true", `{"a":1,"b":true}`, ""},
		"additional members: true":   {"{name: p, in: query, schema: {type: object, additionalProperties: true}}", "a=1&b=true", `{"a":"1","b":"true"}`, ""},
		"free form of integers":      {"{name: p, in: query, schema: {type: object, additionalProperties: {type: integer}}}", "a=1&b=x", `{"a":1,"b":"x"}`, "/b type"},
		"nothing declared":           {"{name: p, in: query, schema: {type: object}}", "a=1", `{"a":"1"}`, ""},
		"pattern":                    {"{name: p, in: query, schema: {type: object, patternProperties: {'^x': {type: integer}}}}", "x1=1&y=z", `{"x1":1,"y":"z"}`, ""},
		"required member":            {"{name: p, in: query, schema: {type: object, required: [a], properties: {a: {}, b: {}}}}", "b=1", `{"b":"1"}`, "required"},
		"members through allOf":      {"{name: p, in: query, schema: {allOf: [{type: object, properties: {a: {type: integer}}}, {properties: {b: {type: boolean}}}]}}", "a=1&b=true", `{"a":1,"b":true}`, ""},
		"members through oneOf":      {"{name: p, in: query, schema: {oneOf: [{type: object, required: [a], properties: {a: {type: integer}}}, {type: object, required: [b], properties: {b: {type: boolean}}}]}}", "b=true", `{"b":true}`, ""},
		"whole text too":             {"{name: p, in: query, schema: {type: [object, string], properties: {a: {type: integer}}}}", "p=x", `"x"`, ""},
		"members before whole text":  {"{name: p, in: query, schema: {type: [object, string], properties: {a: {type: integer}}}}", "p=x&a=1", `{"a":1}`, ""},
		"pipes, exploded":            {"{name: p, in: query, style: pipeDelimited, explode: true, schema: {type: object, properties: {a: {type: integer}}}}", "a=1", `{"a":1}`, ""},
		"pipes, exploded, delimited": {"{name: p, in: query, style: pipeDelimited, explode: true, schema: {type: object, properties: {a: {type: integer}}}}", "p=a|1", `{"a":1}`, ""},
		"array or object, members":   {"{name: p, in: query, schema: {oneOf: [{type: array, items: {type: integer}}, {type: object, properties: {a: {type: integer}}}]}}", "a=1", `{"a":1}`, ""},
		"array or object, items":     {"{name: p, in: query, schema: {oneOf: [{type: array, items: {type: integer}}, {type: object, properties: {a: {type: integer}}}]}}", "p=1&p=2", `[1,2]`, ""},
		"cookies":                    {"{name: p, in: cookie, schema: {type: object, additionalProperties: {type: integer}}}", "a=1; b=2", `{"a":1,"b":2}`, ""},
	})
}

// operation is the parameters of one operation, of which some could take what
// belongs to others.
const operation = `openapi: 3.1.0
parameters:
- {name: rest, in: query, schema: {type: object, additionalProperties: true}}
- {name: limit, in: query, schema: {type: integer}}
- {name: filter, in: query, style: deepObject, schema: {type: object}}
- {name: "filter[id]", in: query, schema: {type: integer}}
- {name: page, in: query, schema: {type: object, properties: {number: {type: integer}, size: {type: integer}}}}
- {name: x, in: header, schema: {type: string}}
`

// TestClaims: what another parameter claims is left to it.
func TestClaims(t *testing.T) {
	t.Parallel()
	all, _ := decoders(t, operation)
	in := param.Input{Query: queryOf("limit=5&filter[id]=7&filter[name]=a&size=10&other=x&x=1&filters=2")}
	want := []any{
		`{"filters":"2","other":"x","x":"1"}`, `5`, `{"name":"a"}`, `7`, `{"size":10}`, `null`,
	}
	var got []any
	for _, d := range all {
		var out exchange.Parameter
		if violations := d.Decode(&in, &out); violations != nil {
			t.Errorf("%s: %s", d.Name, brief(violations))
		}
		got = append(got, jsonOf(t, out.Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	claims := map[string][]string{}
	for _, name := range []string{"rest", "limit", "filter", "filter[id]", "filter[a][b]", "page", "size", "Size", "x"} {
		for _, d := range all {
			if d.Claims(name) {
				claims[name] = append(claims[name], d.Name)
			}
		}
	}
	wantClaims := map[string][]string{
		"limit": {"limit"}, "filter": {"filter"}, "filter[id]": {"filter", "filter[id]"},
		"filter[a][b]": {"filter"}, "size": {"page"},
	}
	if diff := cmp.Diff(wantClaims, claims); diff != "" {
		t.Error(diff)
	}
	for _, d := range all {
		if d.Open() != (d.Name == "rest") {
			t.Errorf("%s: open %v", d.Name, d.Open())
		}
	}
}
