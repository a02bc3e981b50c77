package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestUndeclaredPropertyIsToldTheSame holds that of properties that are equally near to a
// misspelt name the same one is suggested each time.
func TestUndeclaredPropertyIsToldTheSame(t *testing.T) {
	t.Parallel()
	var properties []string
	for n := range 9 {
		properties = append(properties, fmt.Sprintf("name%d: {type: string}", 9-n))
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "scenarios"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"api.yaml": `openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    post:
      operationId: a
      requestBody: {content: {application/json: {schema: {type: object, properties: {` + strings.Join(properties, ", ") + `}}}}}
      responses: {"200": {description: ok}}
`,
		"scenarios/test.yaml": "operations: {a: {when: {body: {name0: x}}, respond: {status: 200}}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	api, err := contract.Load(t.Context(), filepath.Join(dir, "api.yaml"), contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // the order of a map differs from one load to the next
		set, err := Load([]string{filepath.Join(dir, "scenarios")}, []*contract.Contract{api}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if found := set.Warnings.Error(); !strings.Contains(found, `did you mean "name1"?`) {
			t.Fatal(found)
		}
	}
}
