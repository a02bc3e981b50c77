package contract_test

import (
	"slices"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestParametersAreShared compiles a parameter once for all operations that refer to it,
// unless it depends on the others of its operation; what is told of each is the same.
func TestParametersAreShared(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: Orders, version: "1"}
components:
  parameters:
    page: {name: page, in: query, schema: {type: integer}, style: pipeDelimited}
    filter: {name: filter, in: query, style: deepObject, schema: {type: object}}
paths:
  /a: {get: {parameters: [{$ref: "#/components/parameters/page"}, {$ref: "#/components/parameters/filter"}], responses: {"200": {description: ok}}}}
  /b: {get: {parameters: [{$ref: "#/components/parameters/page"}, {$ref: "#/components/parameters/filter"}], responses: {"200": {description: ok}}}}
  /c: {get: {parameters: [{name: page, in: query, schema: {type: integer}, style: pipeDelimited}], responses: {"200": {description: ok}}}}
`, contract.Options{})
	a, b, own := c.Operations[0], c.Operations[1], c.Operations[2]
	page := a.Parameter(exchange.Query, "page")
	if page != b.Parameter(exchange.Query, "page") {
		t.Error("page was compiled twice")
	}
	if a.Parameter(exchange.Query, "filter") == b.Parameter(exchange.Query, "filter") {
		t.Error("filter is that of another operation, with its other parameters")
	}
	if page == own.Parameter(exchange.Query, "page") {
		t.Error("a parameter that stands elsewhere is taken for this one")
	}
	if left, right := a.Findings(), b.Findings(); len(left) == 0 || !slices.EqualFunc(left, right, func(a, b source.Diagnostic) bool { return a.Message == b.Message && a.At == b.At }) {
		t.Errorf("%v and %v", left, right)
	}
}
