package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// alike are schemas in groups: those of one group ask the same of values, those of two
// groups do not.
const alike = `
- [{type: string}, {type: string, description: other, title: words}, {$ref: "#/0/0"}]
- [{type: string, minLength: 1}, {minLength: 1, type: string}]
- [{type: string, minLength: 2}]
- [{type: string, pattern: a}]
- [{type: string, format: date}]
- [{type: [string, "null"]}]
- [{type: integer}, {type: integer, example: 1}]
- [{type: integer, minimum: 1}, {minimum: 1, type: integer}]
- [{type: integer, maximum: 1}]
- [{type: integer, exclusiveMinimum: 1}]
- [{enum: [a, b]}, {enum: [a, b]}]
- [{enum: [a]}, {enum: [a]}]
- [{enum: ["1"]}]
- [{enum: [1]}]
- [{const: [a]}]
- [{type: array, items: {type: string}}, {type: array, items: {$ref: "#/0/1"}}]
- [{type: array, items: {type: string, minLength: 1}}]
- [{type: array, contains: {type: string}}]
- [{type: array, prefixItems: [{type: string}]}]
- [{type: array, uniqueItems: true}]
- [{type: array, uniqueItems: false}]
- [{properties: {a: {type: string}}}, {properties: {a: {type: string, description: x}}}]
- [{properties: {b: {type: string}}}]
- [{properties: {a: {type: string}, b: {type: integer}}}]
- [{properties: {a: {type: integer}, b: {type: string}}}]
- [{properties: {a: {type: string}}, additionalProperties: false}]
- [{required: [a]}, {required: [a]}]
- [{required: [a, b]}]
- [{required: [ab]}]
- [{properties: {a: {type: string, readOnly: true}}, required: [a]}]
- [{anyOf: [{type: string}, {type: integer}]}]
- [{oneOf: [{type: string}, {type: integer}]}]
- [{not: {type: string}}]
- [false, false]
`

// TestEqualSchemasShareTheirChecker holds that schemas share a checker exactly if they ask
// the same of values, and that each violation points at its own schema still.
func TestEqualSchemasShareTheirChecker(t *testing.T) {
	t.Parallel()
	docs := loadText(t, alike)
	c := schema.NewCompiler(docs, schema.Draft202012)
	groups := map[any]int{}
	for i, group := range docs.Main.Items() {
		var first any
		for j, n := range group.Items() {
			s, err := c.Compile(n, schema.Request)
			if err != nil {
				t.Fatal(err)
			}
			if j == 0 {
				first = s.Checker()
				if other, again := groups[first]; again {
					t.Errorf("%s shares the checker of %s", n.AppendJSON(nil), docs.Main.Kids[other].AppendJSON(nil))
				}
				groups[first] = i
			} else if s.Checker() != first {
				t.Errorf("%s has a checker of its own", n.AppendJSON(nil))
			}
		}
	}
	first, second := docs.Main.Kids[7].Kids[0].Get("minimum"), docs.Main.Kids[7].Kids[1].Get("minimum")
	for _, at := range []int{0, 1} {
		s, err := c.Compile(&docs.Main.Kids[7].Kids[at], schema.Request)
		if err != nil {
			t.Fatal(err)
		}
		found := s.Validate(decode(t, "0"))
		if len(found) != 1 || found[0].Contract != []any{first.At(), second.At()}[at] {
			t.Errorf("%d: %v", at, found)
		}
	}
}

// TestCheckersOfBothDirections are of their own where a direction matters.
func TestCheckersOfBothDirections(t *testing.T) {
	t.Parallel()
	docs := loadText(t, "- {type: object, required: [id], properties: {id: {type: string, readOnly: true}}}\n- {type: object, required: [id], properties: {id: {type: string}}}\n")
	c := schema.NewCompiler(docs, schema.Draft202012)
	var fits []bool
	for i := range docs.Main.Kids {
		for _, dir := range []schema.Direction{schema.Request, schema.Response} {
			s, err := c.Compile(&docs.Main.Kids[i], dir)
			if err != nil {
				t.Fatal(err)
			}
			fits = append(fits, s.Valid(decode(t, "{}")), s.Valid(decode(t, `{"id": "a"}`)))
		}
	}
	if want := []bool{true, false, false, true, false, true, false, true}; !slices.Equal(fits, want) {
		t.Errorf("%v, want %v", fits, want)
	}
}

// TestSchemasThatHoldThemselves have checkers of their own, and judge to any depth.
func TestSchemasThatHoldThemselves(t *testing.T) {
	t.Parallel()
	docs := loadText(t, `
a: {type: object, properties: {next: {$ref: "#/a"}, name: {type: string}}}
b: {type: object, properties: {next: {$ref: "#/b"}, name: {type: string}}}
c: {type: object, properties: {next: {$ref: "#/d"}, name: {type: string}}}
d: {type: object, properties: {next: {$ref: "#/c"}, name: {type: integer}}}
`)
	c := schema.NewCompiler(docs, schema.Draft202012)
	for name, text := range map[string]string{
		"a": `{"next": {"next": {"name": 1}}}`, "b": `{"next": {"next": {"name": 1}}}`, "c": `{"next": {"next": {"next": {"name": "x"}}}}`, "d": `{"next": {"next": {"next": {"name": 1}}}}`,
	} {
		s, err := c.Compile(docs.Main.Get(name), schema.Request)
		if err != nil {
			t.Fatal(err)
		}
		found := s.Validate(decode(t, text))
		if len(found) != 1 || found[0].Rule != "type" || !strings.HasSuffix(found[0].Pointer, "/name") {
			t.Errorf("%s: %v", name, found)
		}
	}
}
