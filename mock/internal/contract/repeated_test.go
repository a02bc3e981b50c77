package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

const once = `
openapi: 3.1.0
info: {title: t, version: "1"}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: x-api-KEY}
paths:
  /a:
    post:
      security: [{bearer: []}, {basic: []}, {key: []}]
      parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object}}, text/plain: {schema: {type: string, maxLength: 2}}}}
      responses:
        "200": {description: ok, headers: {X-Left: {schema: {type: integer}}, Link: {schema: {type: string}}}, content: {application/json: {schema: {type: object}}, text/plain: {schema: {type: string, maxLength: 2}}}}
        "204": {description: none}
  /b:
    get:
      security: [{key: []}]
      parameters: [{name: X-API-Key, in: header, schema: {type: string}}]
      responses: {"200": {description: ok}}
`

func brief(found []exchange.Violation) string {
	var all []string
	for i := range found {
		all = append(all, found[i].String())
	}
	return strings.Join(all, "; ")
}

// TestFieldsOfOneLine holds that a field of one value which comes in several lines is told,
// and that nothing is read by one of them where they differ.
func TestFieldsOfOneLine(t *testing.T) {
	t.Parallel()
	c := load(t, once, contract.Options{})
	const json, text = "application/json", "text/plain"
	bearer := []string{"Bearer x"}
	for name, test := range map[string]struct {
		header  http.Header
		body    string
		want    string
		decoded bool
	}{
		"one":                    {http.Header{"Authorization": bearer, "Content-Type": {json}}, `{}`, "", true},
		"two types":              {http.Header{"Authorization": bearer, "Content-Type": {json, text}}, `{}`, `header "Content-Type" must be sent once, got 2 lines: "application/json" and "text/plain"`, false},
		"many types":             {http.Header{"Authorization": bearer, "Content-Type": {text, json, "a/b", "c/d"}}, `{}`, `header "Content-Type" must be sent once, got 4 lines: "text/plain" and "application/json" and "a/b"`, false},
		"the same type":          {http.Header{"Authorization": bearer, "Content-Type": {text, text}}, `long`, `header "Content-Type" must be sent once, got 2 lines: "text/plain" and "text/plain"; body must be a string of at most 2 characters, got "long" (4 characters)`, true},
		"types of nothing":       {http.Header{"Authorization": bearer, "Content-Type": {json, text}}, "", `header "Content-Type" must be sent once, got 2 lines: "application/json" and "text/plain"`, false},
		"a list of types":        {http.Header{"Authorization": bearer, "Content-Type": {json + ", " + text}}, `{}`, `header "Content-Type" must be application/json or text/plain, got "application/json, text/plain"`, false},
		"two tokens":             {http.Header{"Authorization": {"Bearer x", "Bearer y"}}, "", `header "Authorization" must be sent once, got 2 lines`, false},
		"a token and a password": {http.Header{"Authorization": {"Basic eDp5", "Bearer y"}}, "", `header "Authorization" must be sent once, got 2 lines`, false},
		"two keys":               {http.Header{"X-Api-Key": {"", "x"}}, "", `security "bearer or basic or key" must be a bearer token in Authorization or user and password in Authorization or an API key in the header x-api-KEY; header "X-Api-Key" must be sent once, got 2 lines`, false},
		"a key of idempotency":   {http.Header{"Authorization": bearer, "Idempotency-Key": {"a", "b"}}, "", `header "Idempotency-Key" must be sent once, got 2 values`, false},
	} {
		ex := exchanged(t, c, "POST /a", test.header, test.body)
		if got := brief(ex.Violations); got != test.want || ex.Body.IsDecoded() != test.decoded {
			t.Errorf("%s: %s, decoded %t\nwant %s", name, got, ex.Body.IsDecoded(), test.want)
		}
	}
	if got := brief(exchanged(t, c, "GET /b", http.Header{"X-Api-Key": {"a", "b"}}, "").Violations); got != `header "X-API-Key" must be sent once, got 2 values` {
		t.Errorf("a key that is a parameter too: %s", got)
	}
}

// TestAnswersOfOneLine is the same for answers.
func TestAnswersOfOneLine(t *testing.T) {
	t.Parallel()
	op := load(t, once, contract.Options{}).Operation("POST /a")
	const twice = `header "Content-Type" must be sent once, got 2 lines: "application/json" and "text/plain"`
	for name, test := range map[string]struct {
		status     int
		header     http.Header
		body       string
		want, head string
	}{
		"one":              {200, http.Header{"Content-Type": {"application/json"}, "Link": {"<a>", "<b>"}}, "{}", "", ""},
		"two types":        {200, http.Header{"Content-Type": {"application/json", "text/plain"}}, "[]", twice, twice},
		"the same type":    {200, http.Header{"Content-Type": {"text/plain", "TEXT/plain"}}, "abc", `header "Content-Type" must be sent once, got 2 lines: "text/plain" and "TEXT/plain"; body must be a string of at most 2 characters, got "abc" (3 characters)`, `header "Content-Type" must be sent once, got 2 lines: "text/plain" and "TEXT/plain"`},
		"types of nothing": {204, http.Header{"Content-Type": {"application/json", "text/plain"}}, "", "", ""},
		"a header":         {200, http.Header{"Content-Type": {"application/json"}, "X-Left": {"1", "2"}}, "{}", `header "X-Left" must be sent once, got 2 values`, `header "X-Left" must be sent once, got 2 values`},
	} {
		if got := brief(op.ValidateResponse(test.status, test.header, []byte(test.body))); got != test.want {
			t.Errorf("%s: %s\nwant %s", name, got, test.want)
		}
		if got := brief(op.ValidateHead(test.status, test.header)); got != test.head {
			t.Errorf("%s without a body: %s\nwant %s", name, got, test.head)
		}
	}
}
