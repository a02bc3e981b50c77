package sample_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestKeywords holds a sample for each keyword: the files under testdata/keywords have
// schemas with the samples that are made of them.
func TestKeywords(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/keywords/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, c := range keywordCases(t, file) {
				made := madeOf(t, c)
				got = append(got, made)
				if want := c.Get("want").Str(); !testenv.Updating() {
					t.Run(c.Get("name").Str(), func(t *testing.T) {
						if diff := cmp.Diff(want, made); diff != "" {
							t.Error(diff)
						}
					})
				}
			}
			if testenv.Updating() {
				rewrite(t, file, got)
			}
		})
	}
}

// keywordCases reads the cases of a file.
func keywordCases(t testing.TB, file string) []*source.Node {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root, found := source.Parse(&source.File{Name: file, Data: data}, source.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	var list []*source.Node
	for _, c := range root.Get("cases").Items() {
		list = append(list, c)
	}
	return list
}

// madeOf gives the sample of a case, or why there is none.
func madeOf(t *testing.T, c *source.Node) string {
	t.Helper()
	dialect, dir := schema.Draft202012, schema.Response
	if c.Get("dialect").Str() == "openapi30" {
		dialect = schema.OpenAPI30
	}
	if c.Get("direction").Str() == "request" {
		dir = schema.Request
	}
	s, err := compile(t, write(c.Get("schema")), dialect, dir)
	if err != nil {
		t.Fatalf("%s: %v", c.Get("name").Str(), err)
	}
	v, err := sample.Value(s, sample.Options{})
	if err != nil {
		return err.Error()
	}
	if !s.Valid(v.Value()) {
		t.Errorf("%s: %s is not valid", c.Get("name").Str(), write(v))
	}
	return write(v)
}

// rewrite puts the samples into the lines of want, which have one line each.
func rewrite(t *testing.T, file string, got []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	n := 0
	for i, line := range lines {
		if strings.HasPrefix(line, "    want: ") {
			lines[i] = "    want: '" + strings.ReplaceAll(got[n], "'", "''") + "'"
			n++
		}
	}
	if n != len(got) {
		t.Fatalf("%d cases have %d lines of want", len(got), n)
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}
