package schema_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// suiteGroup is one schema of the JSON Schema test suite with its tests.
type suiteGroup struct {
	Description string          `json:"description"`
	Schema      json.RawMessage `json:"schema"`
	Tests       []struct {
		Description string `json:"description"`
		Data        any    `json:"data"`
		Valid       bool   `json:"valid"`
	} `json:"tests"`
}

// TestSuite runs every required test of draft 2020-12, with format as annotation.
func TestSuite(t *testing.T) {
	t.Parallel()
	folder := testenv.SchemaSuite(t)
	remotes := testenv.SchemaSuiteRemotes(t)
	files, err := filepath.Glob(filepath.Join(folder, "tests", "draft2020-12", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no tests in ", folder)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			for _, group := range readSuite(t, file) {
				t.Run(group.Description, func(t *testing.T) { runGroup(t, group, remotes) })
			}
		})
	}
}

func readSuite(t *testing.T, file string) []suiteGroup {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var groups []suiteGroup
	if err := dec.Decode(&groups); err != nil {
		t.Fatal(err)
	}
	return groups
}

func runGroup(t *testing.T, group suiteGroup, remotes map[string][]byte) {
	file := filepath.Join(t.TempDir(), "schema.json")
	if err := os.WriteFile(file, group.Schema, 0o600); err != nil {
		t.Fatal(err)
	}
	docs, found := document.Load(context.Background(), file, document.Options{Documents: remotes})
	if docs == nil {
		t.Fatal(found)
	}
	c := schema.NewCompiler(docs, schema.Draft202012, schema.WithoutFormats())
	s, err := c.Compile(docs.Main, schema.Request)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range group.Tests {
		t.Run(test.Description, func(t *testing.T) {
			if got := s.Valid(test.Data); got != test.Valid {
				t.Errorf("Valid: got %v", got)
			}
			text, err := json.Marshal(test.Data)
			if err != nil {
				t.Fatal(err)
			}
			compareText(t, s, text)
			violations := s.Validate(test.Data)
			if (len(violations) == 0) != test.Valid {
				t.Errorf("Validate: got %v", violations)
			}
			for _, v := range violations {
				if v.Rule == "" || v.Expected == "" || v.Fix == "" || v.Contract == nil {
					t.Errorf("incomplete violation %+v", v)
				}
			}
			fast, authority, err := s.Opinions(test.Data)
			if err != nil || fast != authority {
				t.Errorf("the quick checker says %v, jsonschema %v, %v", fast, authority, err)
			}
		})
	}
}
