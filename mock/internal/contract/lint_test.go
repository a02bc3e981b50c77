package contract_test

import (
	"fmt"
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
	found := load(t, b.String(), contract.Options{}).Lint(t.Context())
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
