package sample_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

func TestUnfit(t *testing.T) {
	t.Parallel()
	const description = `
openapi: 3.1.0
info: {title: Examples, version: "1"}
paths:
  /a: {get: {responses: {"200": {description: a}}}}
components:
  schemas:
    A:
      type: object
      example: {password: x, id: 1}
      required: [id, password]
      properties:
        id: {type: integer, readOnly: true, example: none}
        password: {type: string, writeOnly: true, default: x}
        kind: {enum: [a, b], examples: [a, c, b, d]}
        child: {$ref: "#/components/schemas/B"}
    B: {type: integer, default: "1", not: {type: string, example: 7}}
`
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(strings.TrimSpace(description)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), file, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range sample.Unfit(c, c.NamedSchema("A"), c.NamedSchema("B")) {
		got = append(got, n.Pointer()+" "+write(n))
	}
	want := []string{
		`/components/schemas/A/properties/id/example "none"`,
		`/components/schemas/A/properties/kind/examples/1 "c"`,
		`/components/schemas/A/properties/kind/examples/3 "d"`,
		`/components/schemas/B/default "1"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
