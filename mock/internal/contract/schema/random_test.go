package schema_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// TestRandomSchemas makes schemas and values out of few words, so that they have
// much to do with each other, and compares both judges.
func TestRandomSchemas(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1500) {
		checkRandom(t, seed)
		if t.Failed() {
			return
		}
	}
}

// FuzzRandomSchemas goes on from there.
func FuzzRandomSchemas(f *testing.F) {
	f.Add(uint64(1500))
	f.Fuzz(checkRandom0)
}

func checkRandom0(t *testing.T, seed uint64) { checkRandom(t, seed) }

// document makes the text of a schema that may refer to others in it.
func (g generator) document(t *testing.T) []byte {
	t.Helper()
	root := g.schema(4)
	if object, ok := root.(map[string]any); ok {
		object["$defs"] = map[string]any{"a": g.schema(3), "b": g.schema(3), "c": g.schema(2)}
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func checkRandom(t *testing.T, seed uint64) {
	t.Helper()
	g := generator{Rand: rand.New(rand.NewPCG(seed, 1))}
	text := g.document(t)
	const uri = "http://random.example/schema.json"
	docs, _ := document.Load(context.Background(), uri, document.Options{Documents: map[string][]byte{uri: text}})
	dialect, dir := schema.Dialect(seed%2), schema.Direction(seed/2%2)
	c := schema.NewCompiler(docs, dialect)
	s, err := c.Compile(docs.Main, dir)
	if err != nil {
		return
	}
	for range 12 {
		value := g.value(4)
		compareOpinions(t, s, value)
		compareWhole(t, c, s, string(text), value)
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		compareText(t, s, body)
		for range 8 {
			body = g.mutated(body)
			compareText(t, s, body)
		}
		if t.Failed() {
			shown, _ := json.Marshal(value)
			t.Errorf("seed %d, %s, direction %d\nschema %s\nvalue  %s", seed, dialect, dir, text, shown)
			return
		}
	}
}

// mutated changes a byte of a text, takes one out or puts one in.
func (g generator) mutated(text []byte) []byte {
	const bytes = `{}[]":,0129eE.-+\\un abk `
	at, b := g.IntN(len(text)+1), bytes[g.IntN(len(bytes))]
	switch {
	case g.IntN(3) == 0:
		return slices.Insert(slices.Clone(text), at, b)
	case at == len(text):
		return text
	case g.IntN(2) == 0:
		return slices.Delete(slices.Clone(text), at, at+1)
	}
	text = slices.Clone(text)
	text[at] = b
	return text
}

// compareText holds that a text is judged as the value that it is decoded to.
func compareText(t *testing.T, s *schema.Schema, text []byte) {
	t.Helper()
	f := jsonvalue.NewFlat()
	defer f.Release()
	read := f.Read(text)
	value, err := jsonvalue.Decode(text)
	if read != (err == nil) {
		t.Errorf("%s: it was read: %v, and decoded: %v", text, read, err)
	}
	if !read {
		return
	}
	before := slices.Clone(f.Nodes)
	if got, want := s.Fits(f), s.FitsTree(value); got != want {
		t.Errorf("%s fits as a text: %v, as a tree: %v", text, got, want)
	}
	if !slices.Equal(before, f.Nodes) {
		t.Errorf("%s was changed by checking it", text)
	}
}

// TestRandomScopes makes schema resources that refer to each other, with dynamic anchors
// of the same names.
func TestRandomScopes(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range uint64(3000) {
		compared += checkScopes(t, seed)
		if t.Failed() {
			return
		}
	}
	if compared < 3000 {
		t.Errorf("jsonschema was asked about the whole file only %d times", compared)
	}
}

// resource makes a schema resource: all have an x, some a y.
func (g generator) resource(id string) map[string]any {
	m := map[string]any{}
	for range 2 {
		g.keyword(m, 2)
	}
	m["$id"] = id
	inner := func(anchor string) map[string]any {
		in := map[string]any{"$dynamicAnchor": anchor}
		g.keyword(in, 2)
		return in
	}
	m["$defs"] = map[string]any{"in": inner("x"), "other": inner("y")}
	if g.IntN(3) == 0 {
		delete(m["$defs"].(map[string]any), "in")
		m["$dynamicAnchor"] = "x"
	}
	if g.IntN(2) == 0 {
		m["$defs"].(map[string]any)["other"] = map[string]any{"$anchor": "y", "type": g.typeName()}
	}
	return m
}

func checkScopes(t *testing.T, seed uint64) (compared int) {
	t.Helper()
	const uri = "http://random.example/root"
	g := generator{rand.New(rand.NewPCG(seed, 2)), []string{"root", "a", "b"}}
	root := g.resource(uri)
	for _, id := range []string{"a", "b"} {
		root["$defs"].(map[string]any)[id] = g.resource(id)
	}
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	docs, _ := document.Load(context.Background(), uri, document.Options{Documents: map[string][]byte{uri: text}})
	c := schema.NewCompiler(docs, schema.Draft202012)
	s, err := c.Compile(docs.Main, schema.Request)
	if err != nil {
		t.Errorf("%s: %v", text, err)
		return 0
	}
	for range 8 {
		value := g.value(4)
		compareOpinions(t, s, value)
		compared += compareWhole(t, c, s, string(text), value)
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		compareText(t, s, g.mutated(body))
		if t.Failed() {
			shown, _ := json.Marshal(value)
			t.Errorf("seed %d\nschema %s\nvalue  %s", seed, text, shown)
			break
		}
	}
	return compared
}

// compareWhole compares with jsonschema on the whole file, which takes some things
// less exactly.
func compareWhole(t *testing.T, c *schema.Compiler, s *schema.Schema, text string, value any) (compared int) {
	t.Helper()
	for _, word := range []string{"discriminator", "readOnly", "writeOnly", "nullable"} {
		if strings.Contains(text, word) {
			return 0
		}
	}
	whole, ok, err := s.WholeOpinion(c, value)
	if !ok {
		return 0
	}
	if err != nil || whole != s.Valid(value) {
		t.Errorf("jsonschema says %v, %v of the whole file", whole, err)
	}
	return 1
}

// generator makes schemas and values.
type generator struct {
	*rand.Rand
	// resources are the references to schema resources, for schemas with dynamic
	// references; nil for others.
	resources []string
}

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

func (g generator) value(depth int) any {
	if depth > 0 {
		switch g.IntN(5) {
		case 0, 1:
			m := map[string]any{}
			for range g.IntN(4) {
				m[g.name()] = g.value(depth - 1)
			}
			return m
		case 2:
			items := make([]any, g.IntN(4))
			for i := range items {
				items[i] = g.value(depth - 1)
			}
			return items
		}
	}
	return pick[any](g, nil, true, false, "", "a", "ab", "éé", "2024-05-17", json.Number("0"), json.Number("1"), json.Number("1.0"),
		json.Number("2.5"), json.Number("-3"), json.Number("1e2"), json.Number("9007199254740993"))
}

func (g generator) name() string { return pick(g, "a", "b", "c", "ab", "kind") }

func (g generator) schema(depth int) any {
	switch {
	case g.IntN(12) == 0:
		return g.IntN(2) == 0
	case depth == 0:
		return map[string]any{"type": g.typeName()}
	}
	m := map[string]any{}
	for range 1 + g.IntN(3) {
		g.keyword(m, depth-1)
	}
	return m
}

func (g generator) typeName() any {
	names := []string{"null", "boolean", "integer", "number", "string", "array", "object"}
	if g.IntN(4) == 0 {
		return []any{pick(g, names[:3]...), pick(g, names[3:]...)}
	}
	return pick(g, names...)
}

func (g generator) schemas(depth int) []any {
	all := make([]any, 1+g.IntN(3))
	for i := range all {
		all[i] = g.schema(depth)
	}
	return all
}

func (g generator) named(depth int) map[string]any {
	all := map[string]any{}
	for range 1 + g.IntN(3) {
		s := g.schema(depth)
		if m, ok := s.(map[string]any); ok && g.IntN(6) == 0 {
			m[pick(g, "readOnly", "writeOnly")] = true
		}
		all[g.name()] = s
	}
	return all
}

// keyword adds one keyword at random.
func (g generator) keyword(m map[string]any, depth int) {
	switch name := pick(g, words...); name {
	case "type":
		m[name] = g.typeName()
	case "const":
		m[name] = g.value(1)
	case "enum":
		m[name] = []any{g.value(0), g.value(1), g.value(0)}
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		m[name] = g.IntN(4)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		m[name] = pick[any](g, 0, 1, 2.5, true, json.Number("9007199254740992"))
	case "multipleOf":
		m[name] = pick[any](g, 1, 0.5, 3)
	case "uniqueItems", "nullable":
		m[name] = true
	case "format":
		m[name] = pick(g, "date", "int32", "email", "unknown")
	case "pattern":
		m[name] = pick(g, "^a", "b$", "(?=a)", `\Z`)
	case "required":
		m[name] = []any{g.name(), g.name()}
	case "dependentRequired":
		m[name] = map[string]any{g.name(): []any{g.name()}}
	case "dependencies":
		m[name] = map[string]any{g.name(): []any{g.name()}, g.name(): g.schema(depth)}
	case "$ref":
		if g.resources != nil {
			name := pick(g, "$ref", "$dynamicRef", "$dynamicRef")
			m[name] = pick(g, g.resources...) + pick(g, "", "#x", "#x", "#y")
			return
		}
		m[name] = pick(g, "#", "#/$defs/a", "#/$defs/b", "#/$defs/c")
	case "allOf", "anyOf", "oneOf", "prefixItems":
		m[name] = g.schemas(depth)
	case "discriminator":
		if g.resources != nil {
			return
		}
		m["oneOf"] = []any{map[string]any{"$ref": "#/$defs/a"}, g.schema(depth), map[string]any{"$ref": "#/$defs/b"}}[g.IntN(2):]
		m[name] = map[string]any{"propertyName": "kind", "mapping": map[string]any{"ab": "#/$defs/c"}}
	case "properties", "dependentSchemas":
		m[name] = g.named(depth)
	case "patternProperties":
		m[name] = map[string]any{pick(g, "^a", "b", `\Z`): g.schema(depth)}
	default:
		m[name] = g.schema(depth)
	}
}

var words = []string{
	"type", "type", "const", "enum", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
	"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems", "nullable", "format", "pattern", "required", "required",
	"dependentRequired", "dependencies", "$ref", "$ref", "$ref", "allOf", "allOf", "anyOf", "anyOf", "oneOf", "oneOf", "prefixItems", "discriminator",
	"properties", "properties", "properties", "properties", "dependentSchemas", "patternProperties", "items", "contains", "additionalProperties",
	"propertyNames", "not", "if", "then", "else", "unevaluatedProperties", "unevaluatedProperties", "unevaluatedItems",
}
