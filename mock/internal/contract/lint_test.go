package contract_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestManyLintFindings has a description that breaks the specification more often than is
// told one by one.
func TestManyLintFindings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: Many, version: \"1\"}\npaths:\n")
	for i := range 230 {
		fmt.Fprintf(&b, "  /a%d: {get: {operationId: get%d, responses: {\"200\": {}}}}\n", i, i)
	}
	file := filepath.Join(t.TempDir(), "many.yaml")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), file, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := c.Lint(t.Context())
	if len(found) != 201 {
		t.Fatalf("%d findings", len(found))
	}
	for _, d := range found[:200] {
		if d.Code != contract.CodeInvalidOpenAPI || !strings.Contains(d.Message, "against the OpenAPI specification: ") {
			t.Fatal(d)
		}
	}
	if last := found[200].Message; last != "30 more findings against the OpenAPI specification" {
		t.Error(last)
	}
}
