package document_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// write lays out files below a fresh folder and gives the folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func load(t *testing.T, folder, name string, opts document.Options) *document.Set {
	t.Helper()
	s, found := document.Load(t.Context(), filepath.Join(folder, name), opts)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestReferences(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{
		".git/HEAD":       "",
		"api/main.yaml":   "a: {$ref: '../shared/b.json#/x~1y/0'}\nb: {$ref: '#/a'}\nc: {$ref: 'text.md'}\nd: {$ref: '#/e/deep'}\ne: {$ref: '../shared/b.json#/obj'}\nf: {$ref: 'sp%20ace.yaml'}\n",
		"shared/b.json":   `{"x/y": [{"$ref": "c.yaml#/here"}], "obj": {"deep": 5}}`,
		"shared/c.yaml":   "here: {type: string}\n",
		"api/text.md":     "# Title",
		"api/sp ace.yaml": "1",
	})
	var read []string
	s := load(t, folder, "api/main.yaml", document.Options{Reading: func(path string) { read = append(read, path) }})
	for key, want := range map[string]string{"a": `{"type":"string"}`, "b": `{"type":"string"}`, "c": `"# Title"`, "d": "5", "f": "1"} {
		n, err := s.Follow(s.Main.Get(key))
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		if got := string(n.AppendJSON(nil)); got != want {
			t.Errorf("%s leads to %s, want %s", key, got, want)
		}
	}
	if len(read) != 5 {
		t.Errorf("read %q", read)
	}
}

func TestIdentifiersAndAnchors(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{
		"main.yaml": `
$self: https://example.com/api.yaml
schemas:
  A: {$id: /schemas/a, $defs: {x: {$anchor: here, type: string}, y: {$dynamicAnchor: there, type: number}}}
  B: {$ref: "https://example.com/schemas/a#here"}
  C: {$ref: "schemas/a#/$defs/y"}
  D: {$id: /schemas/d, properties: {p: {$ref: "a#there"}}}
  E: {$anchor: top, type: boolean}
  F: {$ref: "#top"}
  example: {$ref: "#/schemas/A"}
info: {example: {$ref: "#/not/looked/at"}}
x-data: {$ref: "nor-this"}
`,
	})
	s := load(t, folder, "main.yaml", document.Options{})
	schemas := s.Main.Get("schemas")
	for name, test := range map[string]struct {
		n    *source.Node
		want string
	}{
		"anchor by $id":          {schemas.Get("B"), "string"},
		"pointer below $id":      {schemas.Get("C"), "number"},
		"relative to $id":        {schemas.Find("/D/properties/p"), "number"},
		"anchor of the document": {schemas.Get("F"), "boolean"},
	} {
		n, err := s.Follow(test.n)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := n.Get("type").Str(); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestReferencesStayBelowTheRoot(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{
		"secret.yaml":       "secret",
		"api/main.yaml":     "a: {$ref: '../secret.yaml'}\nb: {$ref: link.yaml}\nc: {$ref: 'file:///etc/passwd'}\n",
		"api/sub/main.yaml": "a: {$ref: '../../secret.yaml'}\n",
	})
	if err := os.Symlink("../secret.yaml", filepath.Join(folder, "api/link.yaml")); err != nil {
		t.Skipf("no symlinks: %v", err)
	}
	_, found := document.Load(t.Context(), filepath.Join(folder, "api/main.yaml"), document.Options{})
	var codes []string
	for _, d := range found {
		codes = append(codes, string(d.Code))
	}
	if diff := cmp.Diff([]string{"reference-outside-root", "reference-outside-root", "reference-outside-root"}, codes); diff != "" {
		t.Errorf("%s\n%v", diff, found)
	}
	if s := load(t, folder, "api/sub/main.yaml", document.Options{Root: folder}); s.Main.Get("a") == nil {
		t.Error("a wider root was not used")
	}
	if _, found := document.Load(t.Context(), filepath.Join(folder, "api/main.yaml"), document.Options{Root: filepath.Join(folder, "api/sub")}); found.Errors() == 0 {
		t.Error("a description outside of the root was read")
	}
}

// TestWayThroughACircle asks for what lies behind a reference that leads back to where
// it stands.
func TestWayThroughACircle(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"$ref": "#", "a": {"$ref": "#/x/y"}}`,
		`{"b": {"$ref": "#/c"}, "c": {"$ref": "#/b"}, "a": {"$ref": "#/b/y"}}`,
		`{"b": {"$ref": "#/b/x"}, "a": {"$ref": "#/b/x/x"}}`,
	} {
		folder := write(t, map[string]string{"main.json": text})
		_, found := document.Load(t.Context(), filepath.Join(folder, "main.json"), document.Options{})
		if !slices.ContainsFunc(found, func(d source.Diagnostic) bool { return d.Code == document.CodeRefCircular }) {
			t.Errorf("%s: %v", text, found)
		}
	}
}

func TestRemote(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		switch r.URL.Path {
		case "/api.yaml":
			_, _ = w.Write([]byte("a: {$ref: 'b.yaml#/x'}\n"))
		case "/local.yaml":
			_, _ = w.Write([]byte("a: {$ref: 'file:///etc/hosts'}\n"))
		case "/b.yaml":
			_, _ = w.Write([]byte("x: 7\n"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()

	_, found := document.Load(t.Context(), server.URL+"/api.yaml", document.Options{})
	if len(found) != 1 || found[0].Code != document.CodeRefRemote || len(asked) != 1 {
		t.Errorf("without leave: %v, %d requests", found, len(asked))
	}
	s, found := document.Load(t.Context(), server.URL+"/api.yaml", document.Options{AllowRemote: true})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Follow(s.Main.Get("a")); err != nil || n.Text != "7" {
		t.Errorf("%v, %v", n, err)
	}
	read := func(path string) { t.Errorf("a remote description had %s read", path) }
	if _, found := document.Load(t.Context(), server.URL+"/local.yaml", document.Options{AllowRemote: true, Reading: read}); len(found) != 1 || found[0].Code != document.CodeRefOutside {
		t.Errorf("of a local file: %v", found)
	}
	if _, found := document.Load(t.Context(), server.URL+"/nope.yaml", document.Options{}); found.Errors() != 1 || !strings.Contains(found.Error(), "404") {
		t.Errorf("%v", found)
	}
	folder := write(t, map[string]string{"main.yaml": "a: {$ref: '" + server.URL + "/b.yaml#/x'}\n"})
	for range len(asked) {
		<-asked
	}
	if _, found := document.Load(t.Context(), filepath.Join(folder, "main.yaml"), document.Options{}); found.Errors() != 1 || len(asked) != 0 {
		t.Errorf("a local description fetched without leave: %v", found)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, found := document.Load(ctx, server.URL+"/api.yaml", document.Options{}); found.Errors() != 1 {
		t.Errorf("after the end of the context: %v", found)
	}
}

// TestBrokenReferences tells where the way ends, and what may have been meant.
func TestBrokenReferences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"$ref": "#/schemas/Ordr"}`:      `there is no "Ordr" in /schemas [unresolved-reference]: did you mean "Order"?`,
		`{"$ref": "#/shemas/Order"}`:      `there is no "shemas" in the root [unresolved-reference]: did you mean "schemas"?`,
		`{"$ref": "#/schemas/Order/a/b"}`: `there is no "a" in /schemas/Order [unresolved-reference]: `,
		`{"$ref": "#anchor"}`:             `there is no $anchor "anchor" [unresolved-reference]: `,
		`{"$ref": "urn:other"}`:           `nothing is known by the URI urn:other [unresolved-reference]: `,
		`{"$ref": "other.yaml"}`:          `no such file [unresolved-reference]: `,
	} {
		folder := write(t, map[string]string{"main.json": `{"schemas": {"Order": {"type": "object"}}, "a": ` + text + `}`})
		_, found := document.Load(t.Context(), filepath.Join(folder, "main.json"), document.Options{})
		if len(found) != 1 {
			t.Errorf("%s: %v", text, found)
			continue
		}
		_, message, _ := strings.Cut(found[0].Error(), "cannot be followed: ")
		if got := message + ": " + found[0].Hint; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"nowhere.yaml", ".", ""} {
		s, found := document.Load(t.Context(), location, document.Options{})
		if s != nil || found.Errors() != 1 || found[0].Code != document.CodeUnreadable {
			t.Errorf("%q: %v", location, found)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("a: {$ref: '#/b'}\nb: {$ref: '#/a'}")
	f.Add("$id: x\na: {$ref: 'x#y', $anchor: y}")
	f.Add(`{"$self": "http://a/b", "c": {"$ref": "%"}}`)
	f.Add("a: {$ref: '#/a/a/a'}")
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		file := filepath.Join(folder, "main.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, found := document.Load(t.Context(), file, document.Options{Root: folder})
		if s == nil && found.Errors() == 0 {
			t.Error("refused without a reason")
		}
		_ = found.Error()
	})
}
