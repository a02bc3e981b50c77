package scenario

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// schemaFile is the schema that editors take for the scenarios of this repository.
const schemaFile = "../../../docs/scenario.schema.json"

// formatSchema is the JSON Schema of the format as its own authority reads it.
var formatSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("scenario.schema.json")
})

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	schema, err := formatSchema()
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// schemaAdmits holds that editors have no complaint about a text that loads.
func schemaAdmits(t testing.TB, name string, text []byte) {
	t.Helper()
	root, found := source.Parse(&source.File{Name: name, Data: text}, source.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	if err := compiledSchema(t).Validate(root.Value()); err != nil {
		t.Errorf("%s loads, and the JSON Schema refuses it: %v", name, err)
	}
}

func TestJSONSchemaFile(t *testing.T) {
	t.Parallel()
	testenv.Golden(t, schemaFile, string(JSONSchema()))
}

// TestEditorsFindTheSchema holds that every scenario file of the repository names
// the schema in the way that editors read, by a path that works without a network.
func TestEditorsFindTheSchema(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"../../../scenarios/*.yaml", "../../../scenarios/*/*.yaml"} {
		for name, text := range filesLike(t, pattern) {
			line, _, _ := strings.Cut(string(text), "\n")
			path, ok := strings.CutPrefix(line, "# yaml-language-server: $schema=")
			if !ok || filepath.Join(filepath.Dir(name), path) != filepath.Clean(schemaFile) {
				t.Errorf("%s begins with %q", name, line)
			}
		}
	}
}

func filesLike(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
	}
	return files
}

// shapeCodes are the findings that need no contract: the schema must have them too.
var shapeCodes = []source.Code{
	CodeUnknownKey, CodeWrongType, CodeBadValue, CodeMisplacedKey, CodeSeveralBodies, CodeEmptyScenario, CodeNotAStatus,
}

// beyondSchema are the cases of testdata/broken that have one of the shapeCodes
// and still cannot be told by a schema, with the reason.
var beyondSchema = map[string]string{
	"bad-expression-state-key":   "an expression in the text",
	"misplaced-key-media-type":   "whether there is a body is for the contract to say",
	"bad-event":                  "what a body may be depends on its media type",
	"misplaced-key-dribble":      "whether there is a body is for the contract to say",
	"misplaced-key-content-type": "names of headers are compared without case",
}

// TestJSONSchemaRefuses holds the schema and the reader to each other by the broken
// files: a mistake of form is seen by both, and what the schema refuses the reader
// refuses too.
func TestJSONSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	refused := 0
	for name, text := range filesLike(t, "testdata/broken/*.yaml") {
		root, found := source.Parse(&source.File{Name: name, Data: text}, source.Options{})
		if found.Err() != nil {
			continue // no YAML
		}
		found = findingsOf(t, name)
		shape := slices.ContainsFunc(found, func(d source.Diagnostic) bool {
			return d.Severity == source.Error && slices.Contains(shapeCodes, d.Code)
		})
		base := strings.TrimSuffix(filepath.Base(name), ".yaml")
		err := schema.Validate(root.Value())
		_, beyond := beyondSchema[base]
		switch {
		case err != nil:
			refused++
			if !slices.ContainsFunc(found, func(d source.Diagnostic) bool { return d.Severity == source.Error }) {
				t.Errorf("%s: the schema refuses what loads: %v", name, err)
			}
			if beyond {
				t.Errorf("%s is refused and need not be listed as beyond the schema", base)
			}
		case shape && !beyond:
			t.Errorf("%s: the schema admits it:\n%v", base, found)
		}
	}
	if refused < 25 {
		t.Errorf("only %d files are refused", refused)
	}
}

// TestJSONSchemaNamesOperations holds that editors can complete operations, and that
// the schema stays the same otherwise.
func TestJSONSchemaNamesOperations(t *testing.T) {
	t.Parallel()
	one, other := theShop(t), api(t, "api2.yaml")
	operations := func(apis ...*contract.Contract) *source.Node {
		root, found := source.Parse(&source.File{Name: "schema.json", Data: JSONSchema(apis...)}, source.Options{})
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		return root.Find("/properties/operations")
	}
	of := func(n *source.Node) (names []string) {
		for name := range n.Get("properties").Members() {
			names = append(names, name)
		}
		return names
	}
	alone, both := operations(one), operations(one, other)
	if diff := cmp.Diff(one.OperationNames(), of(alone)); diff != "" {
		t.Error(diff)
	}
	if n := len(one.Operations) + len(other.Operations); len(of(both)) != n || !strings.HasPrefix(of(both)[n-1], other.Name+".") {
		t.Errorf("%v", of(both))
	}
	if about := alone.Get("properties").Get("getOrder").Get("description").Str(); !strings.HasPrefix(about, "GET /orders/{id}") || !strings.Contains(about, "404") {
		t.Errorf("getOrder: %s", about)
	}
	if !alone.Has("additionalProperties") || operations().Has("properties") {
		t.Error("the schema admits no other names, or names operations of nothing")
	}
}

// TestJSONSchemaKeys holds that the schema has the keys of the tables, and no others.
func TestJSONSchemaKeys(t *testing.T) {
	t.Parallel()
	root, found := source.Parse(&source.File{Name: "schema.json", Data: JSONSchema()}, source.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	compareKeys(t, root, scenarioObject)
	compareKeys(t, root.Find("/$defs/state"), stateObject)
	compareKeys(t, root.Find("/$defs/stub"), stubObject)
	compareKeys(t, root.Find("/$defs/when"), whenObject)
	compareKeys(t, root.Find("/$defs/response"), respondObject)
	compareKeys(t, root.Find("/$defs/distribution"), delayObject)
	compareKeys(t, root.Find("/$defs/lognormal"), lognormalObject)
	compareKeys(t, root.Find("/$defs/dribble"), dribbleObject)
	compareKeys(t, root.Find("/$defs/callback"), callbackObject)
	compareKeys(t, root.Find("/$defs/webhook"), webhookObject)
	if diff := cmp.Diff(matcherNames(), propertiesOf(t, root.Find("/$defs/matcher"))); diff != "" {
		t.Errorf("matchers (-) and schema (+):\n%s", diff)
	}
}

func compareKeys[T any](t *testing.T, schema *source.Node, o *object[T]) {
	t.Helper()
	var keys []string
	for i := range o.fields {
		keys = append(keys, o.fields[i].name)
	}
	if diff := cmp.Diff(keys, propertiesOf(t, schema)); diff != "" {
		t.Errorf("the keys of %s (-) and schema (+):\n%s", o.what, diff)
	}
}

// propertiesOf lists the properties of a closed object, each of which must say what
// it is for.
func propertiesOf(t *testing.T, schema *source.Node) []string {
	t.Helper()
	if additional := schema.Get("additionalProperties"); !additional.Is(source.Bool) || additional.IsTrue() {
		t.Errorf("%s admits any key", schema.Pointer())
	}
	var names []string
	for name, property := range schema.Get("properties").Members() {
		names = append(names, name)
		if property.Get("description").Str() == "" {
			t.Errorf("%s has no description", property.Pointer())
		}
	}
	return names
}
