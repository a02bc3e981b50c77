package schema_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Each violation points at the line of the keyword that was broken.
func TestContractPositions(t *testing.T) {
	t.Parallel()
	s := compileText(t, strings.Join([]string{
		"type: object",                   // 1
		"required:",                      // 2
		"  - id",                         // 3
		"  - name",                       // 4
		"properties:",                    // 5
		"  id:",                          // 6
		"    type: integer",              // 7
		"    minimum: 1",                 // 8
		"  kind:",                        // 9
		"    $ref: '#/x/kind'",           // 10
		"  secret:",                      // 11
		"    type: string",               // 12
		"    readOnly: true",             // 13
		"  list:",                        // 14
		"    items: false",               // 15
		"  range:",                       // 16
		"    minimum: 1",                 // 17
		"    exclusiveMinimum: true",     // 18
		"additionalProperties: false",    // 19
		"x: {kind: {oneOf: [{const: a},", // 20
		"  {const: b}]}}",                // 21
	}, "\n"), schema.OpenAPI30, schema.Request)
	got := map[string]string{}
	for _, v := range s.Validate(decode(t, `{"id": 0, "kind": "c", "secret": "x", "list": [1], "range": 1, "more": 1}`)) {
		line := v.ContractLine()
		parts := strings.Split(line, ":")
		got[v.Pointer+" "+v.Rule] = parts[len(parts)-2]
	}
	want := map[string]string{
		" required": "4", "/id minimum": "8", "/kind oneOf": "20", "/secret readOnly": "13", "/list/0 items": "15",
		"/range exclusiveMinimum": "18", "/more additionalProperties": "19",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	docs := loadText(t, "a: {properties: {x: {$ref: '#/b'}, y: {$ref: '#/c'}}}\nc: {$ref: 'other.yaml'}\nd: {type: strin}\n")
	c := schema.NewCompiler(docs, schema.OpenAPI30)
	for range 2 { // the answer is the same when asked again
		_, err := c.Compile(docs.Main.Get("a"), schema.Request)
		var found source.Diagnostics
		if !errors.As(err, &found) || len(found) != 2 {
			t.Fatalf("got %v", err)
		}
		for i, want := range []struct {
			line int
			text string
		}{{1, `"#/b"`}, {2, `"other.yaml"`}} {
			if p := found[i].At.Position(); p.Line != want.line || !strings.Contains(found[i].Message, want.text) {
				t.Errorf("finding %d is %v", i, found[i].Error())
			}
		}
	}
	if _, err := c.Compile(docs.Main.Get("d"), schema.Request); err != nil {
		t.Errorf("what can be left out is an error: %v", err)
	}
}

// A reference to another file is read by that file's lines and folder.
func TestSeveralFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.yaml":        "$ref: 'models/user.yaml#/User'\n",
		"models/user.yaml": "User:\n  properties:\n    home: {$ref: 'address.json'}\n",
		"models/address.json": `{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"zip": {"type": "string"}},
  "properties": {"zip": {"$ref": "#/definitions/zip", "maxLength": 1}, "at": {"items": [{"type": "number"}], "additionalItems": false}}}`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	docs, found := document.Load(context.Background(), filepath.Join(dir, "main.yaml"), document.Options{})
	if found.Errors() > 0 {
		t.Fatal(found)
	}
	s, err := schema.NewCompiler(docs, schema.Draft202012).Compile(docs.Main, schema.Request)
	if err != nil {
		t.Fatal(err)
	}
	if v := s.Validate(decode(t, `{"home": {"zip": "10117", "at": [1.5]}}`)); v != nil {
		t.Errorf("draft 7 ignores what stands beside $ref: %v", v)
	}
	v := s.Validate(decode(t, `{"home": {"zip": 1, "at": [1, 2]}}`))
	if len(v) != 2 || v[0].Pointer != "/home/at/1" || !strings.Contains(v[1].ContractLine(), "address.json:1:") {
		t.Errorf("got %v", v)
	}
}

// Behind dynamic references, readOnly and what is left out count as well.
func TestDirectionOfDynamicReferences(t *testing.T) {
	t.Parallel()
	const text = `
$id: https://example.com/tree
$dynamicAnchor: node
type: object
required: [id, name]
properties:
  id: {type: integer, readOnly: true}
  name: {type: strin, pattern: '\Z'}
  children: {type: array, items: {$dynamicRef: '#node'}}
`
	request := compileText(t, text, schema.Draft202012, schema.Request)
	if v := request.Validate(decode(t, `{"name": 1, "children": [{"name": 2}]}`)); v != nil {
		t.Errorf("got %v", v)
	}
	got := describe(request.Validate(decode(t, `{"name": 1, "children": [{"id": 5}]}`)))
	want := []string{
		`/children/0 required: expected an object with property "name", got an object without it; add the property "name"`,
		`/children/0/id readOnly: expected absent from requests, got 5; remove the property "id"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
	response := compileText(t, text, schema.Draft202012, schema.Response)
	if v := response.Validate(decode(t, `{"name": 1}`)); len(v) != 1 || v[0].Rule != "required" {
		t.Errorf("got %v", v)
	}
}

// A dialect that nobody knows is read as 2020-12, with a warning.
func TestUnknownDialect(t *testing.T) {
	t.Parallel()
	docs := loadText(t, "$schema: https://example.com/dialect\ntype: string\n")
	c := schema.NewCompiler(docs, schema.OpenAPI30)
	found := c.Unenforced(docs.Main)
	if len(found) != 1 || found[0].Code != schema.CodeUnknownDialect || found[0].At.Position().Line != 1 {
		t.Errorf("got %v", found)
	}
	s, err := c.Compile(docs.Main, schema.Request)
	if err != nil || s.Valid(json.Number("1")) {
		t.Errorf("got %v", err)
	}
}

// The dialect of a schema is that of the description, of its file or of its resource.
func TestDialects(t *testing.T) {
	t.Parallel()
	const here = "x: {type: string, nullable: true, $id: 'https://example.com/x'}\n"
	tests := map[string]struct {
		text     string
		dialect  schema.Dialect
		nullable bool
	}{
		"of the description":             {here, schema.OpenAPI30, true},
		"of the description, 3.1":        {here, schema.Draft202012, false},
		"$schema of a file":              {"$schema: https://json-schema.org/draft/2020-12/schema\n" + here, schema.OpenAPI30, false},
		"$schema of a file, 3.0":         {"$schema: https://spec.openapis.org/oas/3.0/schema/2021-09-28\n" + here, schema.Draft202012, true},
		"$schema for editors":            {"openapi: 3.0.3\n$schema: https://example.com/openapi.json\n" + here, schema.OpenAPI30, true},
		"jsonSchemaDialect":              {"openapi: 3.1.0\njsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base\n" + here, schema.Draft202012, false},
		"$schema of a resource":          {"x: {type: string, nullable: true, $id: 'https://example.com/x', $schema: 'https://spec.openapis.org/oas/3.0/schema/2024-10-18'}\n", schema.Draft202012, true},
		"$schema of a part of something": {"x: {type: string, nullable: true, $schema: 'https://spec.openapis.org/oas/3.0/schema/2024-10-18'}\n", schema.Draft202012, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := loadText(t, test.text)
			s, err := schema.NewCompiler(docs, test.dialect).Compile(docs.Main.Get("x"), schema.Request)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Valid(nil); got != test.nullable {
				t.Errorf("null: got %v", got)
			}
		})
	}
}

// Of members with the same name the last counts.
func TestDuplicateMembers(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"type": "string", "properties": {"a": {"type": "string"}, "a": {"type": "integer"}}, "type": "object"}`, schema.Draft202012, schema.Request)
	if v := s.Validate(decode(t, `{"a": 1}`)); v != nil {
		t.Errorf("got %v", v)
	}
}

// A metaschema that demands what nobody has makes its schemas unusable.
func TestUnusableSchema(t *testing.T) {
	t.Parallel()
	const uri, meta = "https://example.com/schema.json", "https://example.com/meta.json"
	docs, _ := document.Load(context.Background(), uri, document.Options{Documents: map[string][]byte{
		uri:  []byte(`{"$schema": "https://example.com/meta.json", "type": "string"}`),
		meta: []byte(`{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/meta.json", "$vocabulary": {"https://example.com/mine": true}}`),
	}})
	_, err := schema.NewCompiler(docs, schema.Draft202012).Compile(docs.Main, schema.Request)
	var found source.Diagnostics
	if !errors.As(err, &found) || found[0].Code != schema.CodeUnusableSchema || found[0].At.File == nil {
		t.Errorf("got %v", err)
	}
	if _, err := schema.NewCompiler(docs, schema.Draft202012).Compile(nil, schema.Request); err == nil {
		t.Error("no schema at all compiles")
	}
}

// Each place is told once, however often it is reached.
func TestUnenforcedOnce(t *testing.T) {
	t.Parallel()
	docs := loadText(t, "a: {properties: {x: {$ref: '#/b'}, y: {$ref: '#/b'}, z: {$ref: '#/a'}}, colour: 1}\nb: {format: sku, minimun: 1}\n")
	c := schema.NewCompiler(docs, schema.OpenAPI30)
	var got []string
	for _, d := range c.Unenforced(docs.Main.Get("a")) {
		got = append(got, strconv.Itoa(d.At.Position().Line)+" "+string(d.Code)+" "+d.Hint)
	}
	want := []string{"1 unknown-keyword ", "2 unknown-format ", `2 unknown-keyword did you mean "minimum"?`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A schema is compiled once for each direction, whoever asks first.
func TestConcurrentCompile(t *testing.T) {
	t.Parallel()
	docs := loadText(t, orderSchema(schema.Draft202012))
	c := schema.NewCompiler(docs, schema.Draft202012)
	value, broken := decode(t, orderValue), decode(t, strings.Replace(orderValue, `"gift":false`, `"gift":"no"`, 1))
	compiled := make([]*schema.Schema, 32)
	var wg sync.WaitGroup
	for i := range compiled {
		wg.Go(func() {
			s, err := c.Compile(docs.Main, schema.Direction(i%2))
			if err != nil {
				t.Error(err)
				return
			}
			compiled[i] = s
			if v := s.Validate(value); v != nil {
				t.Errorf("got %v", v)
			}
			if v := s.Validate(broken); len(v) != 1 || v[0].Pointer != "/gift" {
				t.Errorf("got %v", v)
			}
		})
	}
	wg.Wait()
	for i, s := range compiled {
		if s != compiled[i%2] {
			t.Errorf("schema %d was compiled again", i)
		}
	}
}

func nested(depth int, text string) any {
	var value any = text
	for range depth {
		value = map[string]any{"a": value}
	}
	return value
}

// Values may be nested as deep as parsers allow, and what is deeper does no harm.
func TestDeepValues(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"properties": {"a": {"$ref": "#"}}, "type": ["object", "string"], "not": {"const": "x"}}`, schema.Draft202012, schema.Request)
	if v := s.Validate(nested(9000, "y")); v != nil {
		t.Errorf("got %v", v)
	}
	for _, deep := range []int{900, jsonvalue.MaxDepth} { // as deep as a body may be
		if v := s.Validate(nested(deep, "x")); len(v) != 1 || v[0].Rule != "not" || v[0].Pointer != strings.Repeat("/a", deep) {
			t.Errorf("got %d violations", len(v))
		}
	}
	for _, value := range []any{nested(9000, "x"), nested(200_000, "y")} {
		if v := s.Validate(value); len(v) != 1 || v[0].Rule != schema.RuleDepth || v[0].Pointer != strings.Repeat("/a", jsonvalue.MaxDepth+1) || s.Valid(value) {
			t.Errorf("got %v", v)
		}
	}
}

// Exponents cost no memory, on either side, and so no time to write digits into it. It is
// not parallel: what others allocate must not count.
func TestHugeExponents(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := compileText(t, `{"items": {"type": "integer", "maximum": 1e999999999, "multipleOf": 1e-999999999, "enum": [1e1000000000, 5]}}`, schema.Draft202012, schema.Request)
	if v := s.Validate(decode(t, `[5]`)); v != nil {
		t.Errorf("got %v", v)
	}
	v := s.Validate(decode(t, `[1e-1000000000, 7e1000000000]`))
	if len(v) == 0 || v[0].Got != "1e-1000000000" {
		t.Errorf("got %v", v)
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > 8<<20 {
		t.Errorf("%d bytes were allocated", taken)
	}
}

func TestMaxViolations(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"items": {"type": "string"}}`, schema.Draft202012, schema.Request)
	items := make([]any, 500)
	for i := range items {
		items[i] = json.Number(strconv.Itoa(i))
	}
	v := s.Validate(items)
	if len(v) != schema.MaxViolations || v[0].Pointer != "/0" || v[99].Pointer != "/99" {
		t.Errorf("%d violations", len(v))
	}
}

// The order is the same whatever the order in which the members of an object are met.
func TestOrderOfMembers(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"additionalProperties": {"type": "string"}}`, schema.Draft202012, schema.Request)
	want := []string{"/01", "/1", "/9", "/10", "/100", "/1a", "/5x", "/a", "/b"}
	for range 50 {
		value := map[string]any{}
		for _, pointer := range want {
			value[pointer[1:]] = true
		}
		var got []string
		for _, v := range s.Validate(value) {
			got = append(got, v.Pointer)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

// Go programs hold numbers in other types than decoded JSON does.
func TestGoNumbers(t *testing.T) {
	t.Parallel()
	s := compileText(t, `{"items": {"type": "integer", "minimum": 2, "enum": [2, 3.0]}, "uniqueItems": true}`, schema.Draft202012, schema.Request)
	if v := s.Validate([]any{2, 3.0}); v != nil {
		t.Errorf("got %v", v)
	}
	if v := s.Validate([]any{int64(1), uint64(2), 2.0}); len(v) != 2 {
		t.Errorf("got %v", v)
	}
	for _, repeated := range [][]any{{2, json.Number("2.0")}, {json.Number("2.0"), 2}} {
		if v := s.Validate(repeated); len(v) != 1 || v[0].Rule != "uniqueItems" {
			t.Errorf("%#v: got %v", repeated, v)
		}
	}
	if s.Valid([]any{make(chan int)}) {
		t.Error("a channel fits")
	}
}

// The quick checker must not allocate.
func TestNoAllocations(t *testing.T) {
	for _, dialect := range []schema.Dialect{schema.OpenAPI30, schema.Draft202012} {
		s := compileText(t, orderSchema(dialect), dialect, schema.Request)
		value := decode(t, orderValue)
		if n := testing.AllocsPerRun(100, func() { s.Validate(value) }); n != 0 {
			t.Errorf("%s: %v allocations", dialect, n)
		}
	}
}
