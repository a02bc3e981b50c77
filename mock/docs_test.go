package mock_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// codes collects the constants of type source.Code in the module's code.
func codes(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				found = append(found, codesOf(spec.(*ast.ValueSpec))...)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func codesOf(spec *ast.ValueSpec) []string {
	name := ""
	switch typ := spec.Type.(type) {
	case *ast.SelectorExpr:
		name = typ.Sel.Name
	case *ast.Ident:
		name = typ.Name
	}
	if name != "Code" {
		return nil
	}
	var list []string
	for _, value := range spec.Values {
		if lit, ok := value.(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				list = append(list, text)
			}
		}
	}
	return list
}

// TestErrorCatalogue holds docs/errors.md and the code to each other: every kind
// of problem and finding has a section, and every section is about one that there is.
func TestErrorCatalogue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, m := range regexp.MustCompile("(?m)^### `?([A-Za-z0-9_-]+)`?$").FindAllStringSubmatch(string(text), -1) {
		documented = append(documented, m[1])
	}
	known := codes(t)
	for _, code := range exchange.ProblemCodes() {
		known = append(known, string(code))
	}
	slices.Sort(documented)
	slices.Sort(known)
	if diff := cmp.Diff(known, documented); diff != "" {
		t.Errorf("code (-) and docs/errors.md (+) differ:\n%s", diff)
	}
}

// TestEveryFindingHasAGolden makes a new finding visible in review: its text is
// in a golden file.
func TestEveryFindingHasAGolden(t *testing.T) {
	t.Parallel()
	var golden strings.Builder
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".golden") {
			return err
		}
		text, err := os.ReadFile(path)
		golden.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range codes(t) {
		if !strings.Contains(golden.String(), "["+code+"]") {
			t.Errorf("no golden file shows the finding %s", code)
		}
	}
}

// TestGoInDocs holds that the Go code of pages is code that tests run.
func TestGoInDocs(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	for _, name := range []string{"../examples/consumer-go/client_test.go", "mocktest/example_test.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
		code.WriteString(strings.ReplaceAll(string(text), "\t// ", "")) // what an example prints
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if failure := regexp.MustCompile("(?s)```text\n(.*?)```").FindStringSubmatch(string(readme)); failure == nil || !strings.Contains(code.String(), failure[1]) {
		t.Errorf("README.md: no test has this failure: %q", failure)
	}
	for page, least := range map[string]int{"../docs/testing-in-go.md": 3, "../docs/getting-started/consumer-tests.md": 2} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1)
		if len(blocks) < least {
			t.Errorf("%s has %d blocks of Go", page, len(blocks))
		}
		for _, block := range blocks {
			if !strings.Contains(code.String(), block[1]) {
				t.Errorf("%s: no test has this code:\n%s", page, block[1])
			}
		}
	}
}

// TestSecurityPage holds that each defence in SECURITY.md names tests that there are, by
// their packages.
func TestSecurityPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	_, defences, _ := strings.Cut(string(page), "## Defences")
	defences, _, _ = strings.Cut(defences, "\n## ")
	known, rows := testsByPackage(t), 0
	for line := range strings.Lines(defences) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| attack |") || strings.HasPrefix(line, "| ---") {
			continue
		}
		if rows++; len(cells) != 3 {
			t.Errorf("a row has %d columns: %s", len(cells), line)
			continue
		}
		for name := range strings.SplitSeq(strings.TrimSpace(cells[2]), ", ") {
			if pkg, test, ok := strings.Cut(name, "."); !ok || !slices.Contains(known[test], pkg) {
				t.Errorf("%q is named for %s, and is no test that there is: write package.Test", name, cells[0])
			}
		}
	}
	if rows < 30 {
		t.Errorf("the page has %d rows", rows)
	}
}

// testsByPackage gives the packages of each test, by the names of their folders.
func testsByPackage(t *testing.T) map[string][]string {
	t.Helper()
	known := map[string][]string{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, err := filepath.Abs(filepath.Dir(path))
		for _, m := range declared.FindAllSubmatch(text, -1) {
			known[string(m[1])] = append(known[string(m[1])], filepath.Base(folder))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}
