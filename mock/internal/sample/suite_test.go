package sample_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestSuite makes a value for every schema of the JSON Schema test suite for which the
// suite has a valid one.
func TestSuite(t *testing.T) {
	t.Parallel()
	folder := testenv.SchemaSuite(t)
	remotes := testenv.SchemaSuiteRemotes(t)
	tests, _ := filepath.Glob(filepath.Join(folder, "tests", "draft2020-12", "*.json"))
	made, none := 0, 0
	for _, file := range tests {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var groups []struct {
			Description string
			Schema      json.RawMessage
			Tests       []struct {
				Valid bool
				Data  json.RawMessage
			}
		}
		if err := json.Unmarshal(data, &groups); err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			valid := ""
			for _, test := range g.Tests {
				if test.Valid {
					valid = string(test.Data)
				}
			}
			uri := "http://schemas.example/schema.json"
			remotes[uri] = g.Schema
			docs, found := document.Load(context.Background(), uri, document.Options{Documents: remotes})
			if docs == nil {
				t.Fatal(found)
			}
			s, err := schema.NewCompiler(docs, schema.Draft202012, schema.WithoutFormats()).Compile(docs.Main, schema.Response)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range []sample.Options{{}, {Seed: 1, Dynamic: true}, {Seed: 2, Dynamic: true}} {
				v, err := sample.Value(s, o)
				switch {
				case err != nil && valid != "":
					none++
					t.Errorf("%s: %s: %v\n%.1000s\n%.200s", filepath.Base(file), g.Description, err, g.Schema, valid)
				case err == nil && !s.Valid(v.Value()):
					t.Errorf("%s: %s: %s is not valid", filepath.Base(file), g.Description, write(v))
				default:
					made++
				}
			}
		}
	}
	t.Log(made, none)
}
