package sample_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestRandomSchemas makes schemas out of few words, so that they have much to do with
// each other. Every sample must be valid and the same twice; and where none is found,
// no value found at random may be valid.
func TestRandomSchemas(t *testing.T) {
	t.Parallel()
	made, none, missed := 0, 0, 0
	for seed := range uint64(6000) {
		switch checkRandom(t, seed) {
		case wasMade:
			made++
		case wasNone:
			none++
		case wasMissed:
			missed++
		}
	}
	t.Logf("%d made, %d have no value, %d were missed", made, none, missed)
	if missed*500 > made {
		t.Errorf("%d of %d satisfiable schemas were given up", missed, made+missed)
	}
}

type outcome uint8

const (
	wasUnusable outcome = iota
	wasMade
	wasNone
	wasMissed
)

func checkRandom(t *testing.T, seed uint64) outcome {
	t.Helper()
	g := schemaMaker{rand.New(rand.NewPCG(seed, 1))}
	text := g.document()
	dialect, dir := schema.Dialect(seed%2), schema.Direction(seed/2%2)
	s, err := compile(t, text, dialect, dir)
	if err != nil {
		return wasUnusable
	}
	o := sample.Options{Seed: seed, Dynamic: seed%3 == 0}
	v, err := sample.Value(s, o)
	if err != nil {
		var u *sample.Unsatisfiable
		if !errors.As(err, &u) || u.Reason == "" {
			t.Errorf("seed %d: %v", seed, err)
		}
		for range 300 {
			if value := g.value(4); s.Valid(value) {
				shown, _ := json.Marshal(value)
				t.Logf("seed %d, dialect %d, direction %d: %v\nschema %s\nvalue  %s", seed, dialect, dir, err, text, shown)
				return wasMissed
			}
		}
		return wasNone
	}
	if !s.Valid(v.Value()) {
		t.Errorf("seed %d, dialect %d, direction %d: %s\nis no value of %s", seed, dialect, dir, write(v), text)
	}
	if again, err := sample.Value(s, o); err != nil || write(again) != write(v) {
		t.Errorf("seed %d: first %s, then %s, %v", seed, write(v), write(again), err)
	}
	return wasMade
}

// schemaMaker makes schemas and values.
type schemaMaker struct{ *rand.Rand }

func pick[T any](g schemaMaker, from ...T) T { return from[g.IntN(len(from))] }

func (g schemaMaker) document() string {
	root := g.schema(4)
	if object, ok := root.(map[string]any); ok {
		object["$defs"] = map[string]any{"a": g.schema(3), "b": g.schema(3), "c": g.schema(2)}
	}
	text, _ := json.Marshal(root)
	return string(text)
}

func (g schemaMaker) value(depth int) any {
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

func (g schemaMaker) name() string { return pick(g, "a", "b", "c", "ab", "kind") }

func (g schemaMaker) schema(depth int) any {
	switch {
	case g.IntN(14) == 0:
		return g.IntN(3) > 0
	case depth == 0:
		return map[string]any{"type": g.typeName()}
	}
	m := map[string]any{}
	for range 1 + g.IntN(3) {
		g.keyword(m, depth-1)
	}
	return m
}

func (g schemaMaker) typeName() any {
	names := []string{"null", "boolean", "integer", "number", "string", "array", "object"}
	if g.IntN(4) == 0 {
		return []any{pick(g, names[:3]...), pick(g, names[3:]...)}
	}
	return pick(g, names...)
}

func (g schemaMaker) schemas(depth int) []any {
	all := make([]any, 1+g.IntN(3))
	for i := range all {
		all[i] = g.schema(depth)
	}
	return all
}

func (g schemaMaker) named(depth int) map[string]any {
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
func (g schemaMaker) keyword(m map[string]any, depth int) {
	switch name := pick(g, words...); name {
	case "type":
		m[name] = g.typeName()
	case "const", "default", "example":
		m[name] = g.value(1)
	case "enum", "examples":
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
		m[name] = pick(g, "date", "int32", "email", "uuid", "uri", "unknown")
	case "pattern":
		m[name] = pick(g, "^a", "b$", "(?=a)", "^[ab]{1,3}$", `^\d+$`, `\Z`)
	case "required":
		m[name] = []any{g.name(), g.name()}
	case "dependentRequired":
		m[name] = map[string]any{g.name(): []any{g.name()}}
	case "dependencies":
		m[name] = map[string]any{g.name(): []any{g.name()}, g.name(): g.schema(depth)}
	case "$ref":
		m[name] = pick(g, "#", "#/$defs/a", "#/$defs/b", "#/$defs/c")
	case "allOf", "anyOf", "oneOf", "prefixItems":
		m[name] = g.schemas(depth)
	case "discriminator":
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
	"propertyNames", "not", "if", "then", "else", "unevaluatedProperties", "unevaluatedProperties", "unevaluatedItems", "default", "example", "examples",
}
