package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestQuerystring reads parameters in "querystring" (OpenAPI 3.2 section 4.12.1): the
// whole query as a form, as JSON and as text.
func TestQuerystring(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.2.0
info: {title: t, version: "1"}
paths:
  /form:
    get:
      parameters:
        - name: filter
          in: querystring
          required: true
          content:
            application/x-www-form-urlencoded:
              schema:
                type: object
                required: [page]
                properties: {page: {type: integer, minimum: 1}, tag: {type: array, items: {type: string}}}
                additionalProperties: false
      responses: {"200": {description: ok}}
  /json:
    get:
      parameters:
        - {name: filter, in: querystring, content: {application/json: {schema: {type: object, required: [page]}}}}
      responses: {"200": {description: ok}}
  /text:
    get:
      parameters:
        - {name: path, in: querystring, content: {application/jsonpath: {schema: {type: string, pattern: '^\$'}}}}
      responses: {"200": {description: ok}}
`, contract.Options{StrictQuery: true})
	for request, want := range map[string]string{
		"/form?page=2&tag=a&tag=b":   "",
		"/form?page=2&tag=a%26b":     "",
		"/form":                      `query "filter" is required`,
		"/form?page=0":               `query "filter" /page must be a number of at least 1, got 0`,
		"/form?tag=a":                `query "filter" must be an object with property "page", got an object without it`,
		"/form?page=1&colour=red":    `query "filter" /colour must be absent, got "red"`,
		"/form?page=x":               `query "filter" /page must be an integer, got "x"`,
		"/json?%7B%22page%22%3A1%7D": "",
		"/json":                      "",
		"/json?%7B%7D":               `query "filter" must be an object with property "page", got an object without it`,
		"/json?page=1":               `query "filter" must be JSON, got "page=1"`,
		"/text?%24.a":                "",
		"/text?a.b":                  "query \"path\" must be a string that matches ^\\$, got \"a.b\"",
	} {
		if diff := cmp.Diff(want, strings.Join(validate(t, c, "GET "+request, nil, ""), ", ")); diff != "" {
			t.Errorf("%s: %s", request, diff)
		}
	}
	for _, op := range c.Operations {
		if found := op.Findings(); len(found) > 0 {
			t.Errorf("%s: %v", op.Name(), found)
		}
	}
}
