package scenario

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestJSONSchemaOfAllFiles holds the schema and the tables to each other by every scenario
// file of the repository, also those in scripts and pages: what the tables can read the
// schema admits, and what they cannot it refuses. The texts in the tests of this package
// are looked at when they are loaded.
func TestJSONSchemaOfAllFiles(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	admitted, refused := 0, 0
	for name, text := range scenarioTexts(t) {
		l := newLoader(nil)
		f := &file{src: &source.File{Name: name, Data: text}}
		root, found := source.Parse(f.src, source.Options{})
		if found.Err() != nil {
			continue // no YAML
		}
		f.root = root
		l.decodeFile(f)
		wrong := slices.ContainsFunc(l.list, func(d source.Diagnostic) bool { return d.Severity == source.Error })
		err := schema.Validate(root.Value())
		switch {
		case err == nil && wrong:
			t.Errorf("%s: the schema admits it:\n%v", name, l.list)
		case err != nil && !wrong && !isBroken(name):
			t.Errorf("%s: the schema refuses it: %v", name, err)
		case err != nil:
			refused++
		default:
			admitted++
		}
	}
	if admitted < 150 || refused < 5 {
		t.Errorf("only %d files are admitted and %d refused", admitted, refused)
	}
}

// isBroken tells whether a file is one of those that each have a mistake, which need not
// be one that the tables know without a contract.
func isBroken(path string) bool { return filepath.Base(filepath.Dir(path)) == "broken" }

var (
	fencedYAML     = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	operationsLine = regexp.MustCompile(`(?m)^("?operations"?:|\{"?operations"?:)`)
)

// scenarioTexts are all scenario files of the repository by name, but for this package's
// testdata/broken, at which TestJSONSchemaRefuses looks.
func scenarioTexts(t *testing.T) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	add := func(name string, text []byte) {
		if operationsLine.Match(text) {
			texts[name] = text
		}
	}
	const top = "../../.."
	skipped := []string{filepath.Join(top, ".git"), filepath.Join(top, "dist"), filepath.Join(top, "mock/internal/scenario/testdata/broken")}
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(skipped, path):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		switch extension := filepath.Ext(path); {
		case isScenarioFile(d.Name()):
			text, err := os.ReadFile(path)
			add(path, text)
			return err
		case extension == ".txtar":
			archive, err := txtar.ParseFile(path)
			if err != nil {
				return err
			}
			for _, f := range archive.Files {
				if isScenarioFile(f.Name) {
					add(path+":"+f.Name, f.Data)
				}
			}
		case extension == ".md":
			text, err := os.ReadFile(path)
			for _, block := range fencedYAML.FindAllSubmatchIndex(text, -1) {
				add(path+":"+string(text[block[2]:min(block[2]+20, block[3])]), text[block[2]:block[3]])
			}
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
