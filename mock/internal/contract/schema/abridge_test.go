package schema_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// What is told of an abridged value holds for the whole.
func TestAbridgedIsTrue(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range uint64(8000) {
		compared += checkAbridged(t, seed)
		if t.Failed() {
			return
		}
	}
	if compared < 500 {
		t.Errorf("only %d violations were compared", compared)
	}
}

func checkAbridged(t *testing.T, seed uint64) (compared int) {
	g := generator{Rand: rand.New(rand.NewPCG(seed, 2))}
	text := g.document(t)
	// Which of several branches is told of may be another one, and of a value that is none
	// of those listed nothing else is told.
	exact := !slices.ContainsFunc([]string{"anyOf", "oneOf", "not", "if", "discriminator", "unevaluated", "const", "enum"}, func(word string) bool { return strings.Contains(string(text), `"`+word) })
	if !exact && seed%16 != 0 {
		return 0
	}
	const uri = "http://random.example/schema.json"
	docs, _ := document.Load(context.Background(), uri, document.Options{Documents: map[string][]byte{uri: text}})
	s, err := schema.NewCompiler(docs, schema.Draft202012).Compile(docs.Main, schema.Response)
	if err != nil {
		return 0
	}
	for range 10 {
		value := any([]any{g.value(4), g.value(3), g.value(3), g.value(4)})
		if g.IntN(2) == 0 {
			value = g.value(5)
		}
		all := s.Validate(value)
		if all == nil {
			continue
		}
		known := map[string]bool{}
		for _, v := range all {
			known[v.Pointer+" "+v.Rule] = true
		}
		for _, most := range []int{1, 3, 6, 12} {
			told := s.ExplainAbridged(value, most)
			if len(told) == 0 {
				t.Errorf("seed %d: nothing is told of %d parts", seed, most)
			}
			for _, v := range told {
				if v.Rule == schema.RuleSchema || !exact {
					continue
				}
				compared++
				if !known[v.Pointer+" "+v.Rule] {
					shown, _ := json.Marshal(value)
					t.Errorf("seed %d: of %d parts %s is told, which is not so\nschema %s\nvalue %s", seed, most, v.String(), text, shown)
				}
			}
		}
	}
	return compared
}

// A large value that is wrong in many places, or in one, is explained by a few of them.
func TestLargeValues(t *testing.T) {
	const many = 200_000
	numbers := make([]any, many)
	for i := range numbers {
		numbers[i] = json.Number(strconv.Itoa(i))
	}
	with := func(i int, item any) []any {
		list := slices.Clone(numbers)
		list[i] = item
		return list
	}
	object := func(value func(i int) any) map[string]any {
		m := make(map[string]any, many)
		for i := range many {
			m[fmt.Sprintf("k%06d", i)] = value(i)
		}
		return m
	}
	tests := map[string]struct {
		schema string
		value  any
		count  int
		first  string
	}{
		"all items":           {`{"items": {"type": "string"}}`, numbers, 100, `body /0 must be a string, got 0`},
		"the last item":       {`{"items": {"type": "number"}}`, with(many-1, "x"), 1, `body /199999 must be a number, got "x"`},
		"behind a prefix":     {`{"prefixItems": [{"const": 0}, {"const": 1}, {"type": "number"}], "items": {"maximum": 199998}}`, numbers, 1, `body /199999 must be a number of at most 199998, got 199999`},
		"an alternative":      {`{"anyOf": [{"items": {"type": "number"}, "type": "array"}, {"type": "null"}]}`, with(150_000, true), 1, `body /150000 must be a number, got true`},
		"inside of an object": {`{"properties": {"a": {"items": {"properties": {"b": {"items": {"type": "number"}}}}}}}`, map[string]any{"a": []any{"", map[string]any{"b": with(7, nil)}}}, 1, `body /a/1/b/7 must be a number, got null`},
		"repeated items":      {`{"uniqueItems": true}`, with(170_000, json.Number("160000")), 1, `body must be an array without repeated items, got 160000 at 160000 and 170000`},
		"too many items":      {`{"$ref": "#/$defs/a", "$defs": {"a": {"maxItems": 199999}}}`, numbers, 1, `body must be an array of at most 199999 items, got 200000 items`},
		"far too many items":  {`{"maxItems": 20}`, numbers, 1, `body must be an array of at most 20 items, got 200000 items`},
		"too few items":       {`{"minItems": 300000}`, numbers, 1, `body must be an array of at least 300000 items, got 200000 items`},
		"enough items":        {`{"minItems": 5000, "contains": {"const": 199000}, "items": {"maximum": 199998}}`, numbers, 1, `body /199999 must be a number of at most 199998, got 199999`},
		"nothing contained":   {`{"contains": {"type": "string"}}`, numbers, 1, `body must be an array with at least 1 item fitting contains, got none such`},
		"all members":         {`{"additionalProperties": {"type": "string"}}`, object(func(i int) any { return true }), 100, `body /k000000 must be a string, got true`},
		"no members":          {`{"additionalProperties": false}`, object(func(i int) any { return true }), 100, `body /k000000 must be absent, got true`},
		"one member": {`{"required": ["k000001", "k150000", "zz"], "properties": {"k199999": {"type": "string"}}}`, object(func(i int) any { return nil }), 2,
			`body must be an object with property "zz", got an object without it`},
		"too many members":   {`{"maxProperties": 1000}`, object(func(i int) any { return nil }), 1, `body must be an object with at most 1000 properties, got 200000 properties`},
		"nobody knows":       {`{"not": {"items": {"type": "number"}}}`, numbers, 1, ``},
		"a number of digits": {`{"items": {"maximum": 5}}`, []any{json.Number(strings.Repeat("7", 1<<20))}, 1, `body /0 must be a number of at most 5, got ` + strings.Repeat("7", 59) + "…"},
		"digits, of which jsonschema sees another number": {`{"multipleOf": 7}`, json.Number(strings.Repeat("7", 100_000) + "1"), 1, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := compileText(t, test.schema, schema.Draft202012, schema.Request)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			found := s.Validate(test.value)
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 100 {
				t.Errorf("it took %d MiB", took)
			}
			if len(found) != test.count {
				t.Fatalf("%d violations", len(found))
			}
			found[0].In = "body"
			if diff := cmp.Diff(test.first, found[0].String()); diff != "" && (test.first != "" || found[0].Rule != schema.RuleSchema && found[0].Rule != "multipleOf") {
				t.Error(diff)
			}
		})
	}
}
