package scenario

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// api loads one of the descriptions of testdata.
func api(t testing.TB, name string) *contract.Contract {
	t.Helper()
	c, err := contract.Load(context.Background(), "testdata/"+name, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// findingsOf loads what a case of testdata/broken consists of: one file, or the
// folders in a folder, for which there are two APIs if the case is about names.
func findingsOf(t *testing.T, name string) source.Diagnostics {
	t.Helper()
	apis := []*contract.Contract{api(t, "api.yaml")}
	var set *Set
	var err error
	if strings.HasSuffix(name, ".yaml") {
		l := newLoader(apis)
		if strings.Contains(name, "callback-not-sent") {
			l.opts.Hosts = hosts(strings.Contains(name, "other"))
		}
		l.readOne(t, filepath.Dir(name), filepath.Base(name))
		set, err = l.finish()
		l.close()
	} else {
		if strings.Contains(name, "ambiguous") {
			apis = append(apis, api(t, "api2.yaml"))
		}
		folders, globErr := filepath.Glob(name + "/*")
		if globErr != nil {
			t.Fatal(globErr)
		}
		set, err = Load(folders, apis, Options{})
	}
	var found source.Diagnostics
	if err != nil && !errors.As(err, &found) {
		t.Fatal(err)
	}
	if set != nil {
		found = set.Warnings
	}
	return found
}

// hosts admits nothing; it is true where another host was given than the one asked for.
type hosts bool

func (h hosts) Empty() bool { return !bool(h) }

func (h hosts) Admits(u *url.URL) error { return fmt.Errorf("%s is not given: give it", u.Host) }

func (l *loader) readOne(t testing.TB, dir, name string) {
	t.Helper()
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	l.folders = append(l.folders, f)
	if err := l.readFile(f, name); err != nil {
		t.Fatal(err)
	}
}

// TestBroken shows every finding as people see it.
func TestBroken(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("testdata/broken")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if name == "bodies" || strings.HasSuffix(name, ".golden") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := findingsOf(t, "testdata/broken/"+name)
			base := strings.TrimSuffix(name, ".yaml")
			if !hasCode(found, base) {
				t.Errorf("no finding has the code that the file is named after: %v", found)
			}
			testenv.Golden(t, "testdata/broken/"+base+".golden", found.Error()+"\n")
		})
	}
}

// hasCode tells whether one of the findings has the code with which name begins.
func hasCode(found source.Diagnostics, name string) bool {
	for _, d := range found {
		if name == string(d.Code) || strings.HasPrefix(name, string(d.Code)+"-") {
			return true
		}
	}
	return false
}

// TestEveryCodeHasAGolden makes a new finding without a golden file visible.
func TestEveryCodeHasAGolden(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, pattern := range []string{"testdata/broken/*.golden", "testdata/folder/*.golden"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	for _, code := range codesInPackage(t) {
		if !strings.Contains(all.String(), "["+code+"]") {
			t.Errorf("no golden file shows the finding %s", code)
		}
	}
}

// codesInPackage lists the constants of type source.Code.
func codesInPackage(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	return codes
}
