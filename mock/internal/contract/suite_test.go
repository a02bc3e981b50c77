package contract_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestSuiteAsRequestBodies sends every required test of the JSON Schema suite for
// draft 2020-12 as the body of a request whose schema is the test's.
func TestSuiteAsRequestBodies(t *testing.T) {
	t.Parallel()
	suite := testenv.SchemaSuite(t)
	files, err := filepath.Glob(filepath.Join(suite, "tests", "draft2020-12", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", suite, err)
	}
	remotes := testenv.SchemaSuiteRemotes(t)
	tests := 0
	for _, file := range files {
		tests += suiteFile(t, file, remotes)
	}
	if tests < 1299 {
		t.Errorf("%d tests were run, the suite has 1,299", tests)
	}
}

func suiteFile(t *testing.T, file string, remotes map[string][]byte) (tests int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var groups []struct {
		Description string
		Schema      json.RawMessage
		Tests       []struct {
			Description string
			Data        json.RawMessage
			Valid       bool
		}
	}
	if err := json.Unmarshal(data, &groups); err != nil {
		t.Fatal(err)
	}
	for _, group := range groups {
		c := suiteContract(t, group.Schema, remotes)
		for _, test := range group.Tests {
			tests++
			ex := &exchange.Exchange{Request: exchange.Request{Method: "POST", Path: "/", HasBody: true, Body: test.Data, Header: http.Header{"Content-Type": {"application/json"}}}}
			m := c.Route("POST", "/", true)
			m.Op.Validate(ex, &m)
			if valid := len(ex.Violations) == 0; valid != test.Valid {
				t.Errorf("%s: %s: %s: valid %v: %v", filepath.Base(file), group.Description, test.Description, valid, ex.Violations)
			}
		}
	}
	return tests
}

func suiteContract(t *testing.T, schema []byte, remotes map[string][]byte) *contract.Contract {
	t.Helper()
	folder := t.TempDir()
	api := `{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/": {"post": {
		"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "schema.json"}}}}, "responses": {"200": {"description": "ok"}}}}}}`
	for name, text := range map[string]string{"api.json": api, "schema.json": string(schema)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := contract.Load(t.Context(), filepath.Join(folder, "api.json"), contract.Options{FormatIsAnnotation: true, Options: document.Options{Documents: remotes}})
	if err != nil {
		t.Fatalf("%s\n%s", strings.TrimSpace(string(schema)), err)
	}
	return c
}
