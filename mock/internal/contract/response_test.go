package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

func TestValidateResponse(t *testing.T) {
	t.Parallel()
	op := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses:
        "200":
          description: ok
          headers:
            X-Count: {required: true, schema: {type: integer, minimum: 1}}
            X-Tags: {schema: {type: array, items: {type: string, maxLength: 2}}}
            Content-Type: {schema: {const: nonsense}}
          content:
            application/json: {schema: {type: object, required: [id], properties: {id: {type: integer, readOnly: true}, secret: {writeOnly: true}}}}
            text/plain: {schema: {maxLength: 3}}
            image/*: {}
        "204": {description: none}
        "304": {description: none can be sent, content: {application/json: {schema: false}}}
        4XX: {description: no, content: {application/problem+json: {schema: {required: [title]}}}}
`, contract.Options{}).Operations[0]
	for name, test := range map[string]struct {
		status              int
		header, body, rules string
	}{
		"conforming":             {200, "Content-Type: application/json; charset=utf-8|X-Count: 2", `{"id": 1}`, ""},
		"header missing":         {200, "Content-Type: application/json", `{"id": 1}`, "required"},
		"header out of range":    {200, "Content-Type: application/json|X-Count: 0", `{"id": 1}`, "minimum"},
		"header of wrong type":   {200, "Content-Type: application/json|X-Count: two", `{"id": 1}`, "type"},
		"header list":            {200, "Content-Type: application/json|X-Count: 2|X-Tags: a,bbb", `{"id": 1}`, "maxLength"},
		"body":                   {200, "Content-Type: application/json|X-Count: 2", `{}`, "required"},
		"write-only member":      {200, "Content-Type: application/json|X-Count: 2", `{"id": 1, "secret": 2}`, "writeOnly"},
		"not JSON":               {200, "Content-Type: application/json|X-Count: 2", `{`, "decode"},
		"text":                   {200, "Content-Type: text/plain|X-Count: 2", `abcd`, "maxLength"},
		"other media type":       {200, "Content-Type: text/html|X-Count: 2", `x`, "mediaType"},
		"no media type":          {200, "X-Count: 2", `x`, "mediaType"},
		"bytes":                  {200, "Content-Type: image/png|X-Count: 2", "\x89PNG", ""},
		"no content":             {204, "", "", ""},
		"content where none is":  {204, "", "x", "notAllowed"},
		"no content can be":      {304, "", "", ""},
		"content where none can": {304, "Content-Type: application/json", "1", "notAllowed"},
		"range":                  {404, "Content-Type: application/problem+json", `{"title": "no"}`, ""},
		"range, broken":          {404, "Content-Type: application/problem+json", `{}`, "required"},
		"status not described":   {500, "", "", "status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for line := range strings.SplitSeq(test.header, "|") {
				if k, v, ok := strings.Cut(line, ": "); ok {
					h.Set(k, v)
				}
			}
			var rules []string
			for _, v := range op.ValidateResponse(test.status, h, []byte(test.body)) {
				rules = append(rules, v.Rule)
			}
			if got := strings.Join(rules, " "); got != test.rules {
				t.Errorf("%q, want %q", got, test.rules)
			}
		})
	}
}

// TestUndescribedBody holds how it is told that an answer has a body where none is described.
func TestUndescribedBody(t *testing.T) {
	t.Parallel()
	op := load(t, describe("GET /a"), contract.Options{}).Operations[0]
	found := op.ValidateResponse(200, http.Header{}, []byte("abc"))
	if len(found) != 1 || found[0].String() != "body must be empty, got 3 bytes" {
		t.Errorf("got %v", found)
	}
}
