package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/page"
	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// formatPage is the reference of the format. Its prose and examples are written by hand;
// the tables between the marks are made from those that read the files.
const (
	formatPage = "../../../docs/scenario-format.md"
	keysMark   = "<!-- keys: "
)

// TestFormatReference holds the tables of docs/scenario-format.md to the tables of the
// format. With -update it writes them anew.
func TestFormatReference(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(formatPage)
	if err != nil {
		t.Fatal(err)
	}
	all := string(text)
	for _, p := range formatParts() {
		if all, err = page.Put(all, keysMark+p.name+" -->", p.table()); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
	}
	if marks := strings.Count(all, keysMark); marks != len(formatParts()) {
		t.Errorf("the page has %d tables, and the format %d parts", marks, len(formatParts()))
	}
	testenv.Golden(t, formatPage, all)
}

// TestFormatExamples holds that the examples of the page load without a finding, and that
// there is none missing for a key.
func TestFormatExamples(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(formatPage)
	if err != nil {
		t.Fatal(err)
	}
	shown := keysShown{}
	for _, block := range regexp.MustCompile("(?s)```(?:yaml|json)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		shown.in(t, block[1])
	}
	for _, p := range formatParts() {
		for _, key := range p.keys {
			if !shown[p.name+"."+key.name] {
				t.Errorf("no example shows %q of %s", key.name, p.name)
			}
		}
	}
}

// loadExample loads a scenario file beside which stands the file label.txt.
func loadExample(t *testing.T, text string) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string]string{"example.yaml": text, "label.txt": "To: Ada\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{})
	if err != nil {
		t.Errorf("%s\n%v", text, err)
		return
	}
	if len(set.Warnings) > 0 {
		t.Errorf("%s\n%v", text, set.Warnings)
	}
	schemaAdmits(t, "example.yaml", []byte(text))
}

// keysShown are the keys that examples have, as part.key.
type keysShown map[string]bool

func (shown keysShown) in(t *testing.T, text string) {
	t.Helper()
	loadExample(t, text)
	root, found := source.Parse(&source.File{Name: "example.yaml", Data: []byte(text)}, source.Options{})
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	shown.look("scenario", objectSchema(scenarioObject), root)
}

// look notes the keys of a value that is the named part of the format.
func (shown keysShown) look(part string, s *jsonSchema, n *source.Node) {
	for key, value := range n.Members() {
		for _, property := range s.Properties {
			if property.name == key && property.schema != nil {
				shown[part+"."+key] = true
				shown.follow(property.schema, value)
			}
		}
		if part == "response" && key == "body" {
			shown.events(value)
		}
	}
}

// follow looks at a value by the part to which a schema leads.
func (shown keysShown) follow(s *jsonSchema, n *source.Node) {
	switch name := s.refers(); {
	case name == "condition" && isMatcher(n):
		shown.look("matcher", matcherSchema(), n)
	case name == "condition":
		for i := range n.Kids {
			shown.follow(s, &n.Kids[i])
		}
	case name != "" && isPart(name):
		shown.look(name, definition(name), n)
	case name != "":
		shown.follow(definition(name), n)
	}
	for _, other := range append(s.AnyOf, s.AllOf...) {
		shown.follow(other, n)
	}
	if each, ok := s.AdditionalProperties.(*jsonSchema); ok && n.Is(source.Object) {
		for i := range n.Kids {
			shown.follow(each, &n.Kids[i])
		}
	}
	if s.Items != nil {
		for _, item := range n.Items() {
			shown.follow(s.Items, item)
		}
	}
}

// events notes the keys of a list that is a stream: what a body may be is said by the
// contract, and not by the schema.
func (shown keysShown) events(body *source.Node) {
	for _, item := range body.Items() {
		for key := range item.Members() {
			shown["event."+key] = true
		}
	}
}

func isPart(name string) bool {
	for _, p := range formatParts() {
		if p.name == name {
			return true
		}
	}
	return false
}

func definition(name string) *jsonSchema {
	for _, d := range definitions() {
		if d.name == name {
			return d.schema
		}
	}
	panic(fmt.Sprintf("no definition %q", name))
}

// refers gives the definition to which a schema refers, "" for none.
func (s *jsonSchema) refers() string { return strings.TrimPrefix(s.Ref, "#/$defs/") }
