package starter_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/scenario/starter"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// root is the repository's.
const root = "../../../.."

func load(t *testing.T, file string, opts contract.Options) *contract.Contract {
	t.Helper()
	c, err := contract.Load(t.Context(), file, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestFiles shows what is written for some descriptions.
func TestFiles(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, file := range cases {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			c := load(t, file, contract.Options{})
			r := made(t, []*contract.Contract{c}, "api.yaml")
			var archive txtar.Archive
			for _, each := range r.LeftOut {
				archive.Comment = fmt.Appendf(archive.Comment, "left out: %s of %s: %s\n", each.Status, each.Operation, each.Reason)
			}
			for _, f := range r.Files {
				if f.Path != starter.SchemaName {
					archive.Files = append(archive.Files, txtar.File{Name: f.Path, Data: f.Data})
				}
			}
			testenv.Golden(t, strings.TrimSuffix(file, ".yaml")+".golden", string(txtar.Format(&archive)))
			holds(t, []*contract.Contract{c}, r)
		})
	}
}

func made(t *testing.T, apis []*contract.Contract, arguments string) *starter.Result {
	t.Helper()
	r, err := starter.Make(t.Context(), apis, starter.Options{Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// maxLines is what people can be expected to read.
const maxLines = 350

// holds checks what is promised of the files for any description: they load without
// a finding, also with everything in the tutorial that stands behind a #; every
// status is in one of them or left out; and they can be read.
func holds(t *testing.T, apis []*contract.Contract, r *starter.Result) {
	t.Helper()
	var files []*source.File
	var schema *jsonschema.Schema
	for _, f := range r.Files {
		if f.Path == starter.SchemaName {
			schema = compiled(t, f.Data)
			continue
		}
		if root, _ := source.Parse(&source.File{Name: f.Path, Data: f.Data}, source.Options{}); schema.Validate(root.Value()) != nil {
			t.Errorf("the schema does not admit %s", f.Path)
		}
		files = append(files, &source.File{Name: f.Path, Data: f.Data})
		if n := bytes.Count(f.Data, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines", f.Path, n)
		}
		if !bytes.HasPrefix(f.Data, []byte("# yaml-language-server: $schema=")) {
			t.Errorf("%s does not name its schema", f.Path)
		}
		if f.Path == "tutorial.yaml" {
			files = append(files, &source.File{Name: "whole.yaml", Data: uncommented(f.Data)})
		}
	}
	set, err := scenario.LoadFiles(files, apis, scenario.Options{})
	switch {
	case err != nil:
		t.Error(err)
	case len(set.Warnings) > 0:
		t.Error(set.Warnings)
	default:
		complete(t, apis, set, r)
	}
}

func compiled(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// complete holds that no described status is forgotten.
func complete(t *testing.T, apis []*contract.Contract, set *scenario.Set, r *starter.Result) {
	t.Helper()
	for _, api := range apis {
		for _, op := range api.Operations {
			name := op.Name()
			if len(apis) > 1 {
				name = api.Name + "." + name
			}
			for _, response := range op.Responses {
				if _, _, ok := op.Respond(response.Status); !ok {
					continue
				}
				sc := set.Scenario("status/" + response.Status)
				answers := sc != nil && slices.ContainsFunc(sc.Stubs(op), func(st *scenario.Stub) bool { return slices.Contains(st.Statuses(), response.Status) })
				left := slices.ContainsFunc(r.LeftOut, func(l starter.LeftOut) bool { return l.Operation == name && l.Status == response.Status })
				if answers == left {
					t.Errorf("status %s of %s: answered %t, left out %t", response.Status, name, answers, left)
				}
			}
		}
	}
}

var yamlBehindHash = regexp.MustCompile(`(?m)^( *)# (.*)$`)

// uncommented takes the # away from everything but prose.
func uncommented(text []byte) []byte {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	return slices.Concat(first, []byte("\n"), yamlBehindHash.ReplaceAll(rest, []byte("$1$2")))
}

// TestDescriptions holds the promises for every description of the repository and
// of the folder of real ones.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	files := append(described(t, root), corpus(t)...)
	if len(files) < 10 {
		t.Fatalf("%d descriptions", len(files))
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			c, err := contract.Load(t.Context(), file, contract.Options{Options: document.Options{Root: filepath.Dir(filepath.Dir(file))}})
			if err != nil {
				t.Skip("it does not load")
			}
			start := time.Now()
			r := made(t, []*contract.Contract{c}, file)
			t.Logf("%d files, %d left out, %s", len(r.Files), len(r.LeftOut), time.Since(start))
			holds(t, []*contract.Contract{c}, r)
			if len(c.Operations) > maxTwice {
				return
			}
			again := made(t, []*contract.Contract{load(t, file, contract.Options{Options: document.Options{Root: filepath.Dir(filepath.Dir(file))}})}, file)
			if diff := cmp.Diff(r, again); diff != "" {
				t.Errorf("the files differ from one time to the next:\n%s", diff)
			}
		})
	}
}

// maxTwice is up to how many operations a description is loaded a second time.
const maxTwice = 100

// described lists the descriptions below a folder.
func described(t *testing.T, folder string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch filepath.Ext(path) {
		case ".yaml", ".yml", ".json":
		default:
			return err
		}
		text, readErr := os.ReadFile(path)
		if err == nil && !d.IsDir() && isDescription.Match(text) {
			files = append(files, path)
		}
		return errors.Join(err, readErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var isDescription = regexp.MustCompile(`(?m)^\{?\s*"?(openapi|swagger)"?:`)

// corpus lists real descriptions; none where the folder is missing.
func corpus(t *testing.T) []string {
	t.Helper()
	folder := testenv.Corpus(t)
	var files []string
	for _, name := range []string{"github.json", "digitalocean/specification/DigitalOcean-public.v2.yaml", "docker-engine.yaml", "figma.yaml", "museum.yaml", "petstore.yaml"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			files = append(files, filepath.Join(folder, name))
		}
	}
	if examples := filepath.Join(folder, "oai-examples"); len(files) > 0 {
		files = append(files, described(t, examples)...)
	}
	return files
}

// TestSeveralDescriptions holds that operations are called by their API where there
// is more than one.
func TestSeveralDescriptions(t *testing.T) {
	t.Parallel()
	const file = "testdata/shop.yaml"
	apis := []*contract.Contract{load(t, file, contract.Options{Base: "/one"}), load(t, file, contract.Options{Base: "/two"})}
	r := made(t, apis, "")
	holds(t, apis, r)
	for _, f := range r.Files {
		if f.Path == "status/404.yaml" && (!bytes.Contains(f.Data, []byte("\n  one.getOrder: ")) || !bytes.Contains(f.Data, []byte("\n  two.getOrder: "))) {
			t.Errorf("%s", f.Data)
		}
	}
}

func loadText(t *testing.T, text string) *contract.Contract {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return load(t, file, contract.Options{})
}

// TestWhatDoesNotHold holds that an answer which check would refuse is left out,
// with the reason that check gives.
func TestWhatDoesNotHold(t *testing.T) {
	t.Parallel()
	apis := []*contract.Contract{loadText(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200": {description: ok, content: {application/json: {example: {a: 1}}}}
        "404":
          description: no
          headers: {X-Never: {required: true, schema: {allOf: [{type: string}, {type: integer}]}}}
          content: {application/json: {example: {a: 1}}}
`)}
	r := made(t, apis, "")
	holds(t, apis, r)
	want := []starter.LeftOut{{Operation: "a", Status: "404", Reason: `status 404 of a: header "X-Never" is required`}}
	if diff := cmp.Diff(want, r.LeftOut); diff != "" {
		t.Error(diff)
	}
}

// TestManyOperations holds that a status of very many operations stays one short
// file, also where one of them cannot be answered with it.
func TestManyOperations(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]string{
		"alike":   `{description: no}`,
		"not all": `{description: no, headers: {X-Never: {required: true, schema: false}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n")
			for i := range 201 {
				fmt.Fprintf(&b, "  /p%d: {get: {operationId: op%d, responses: {\"404\": %s}}}\n", i, i, first)
				first = `{description: no}`
			}
			apis := []*contract.Contract{loadText(t, b.String())}
			r := made(t, apis, "")
			holds(t, apis, r)
			text := string(r.Files[1].Data)
			if strings.Contains(text, "\n  \"*\": 404\n") != (name == "alike") || strings.Contains(text, "\n  op200: 404 #") == (name == "alike") {
				t.Errorf("%s", text)
			}
		})
	}
}
