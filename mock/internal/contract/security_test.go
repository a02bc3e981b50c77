package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestSecurityAlternatives holds which of the alternatives a request meets: of
// several, the one with the most schemes.
func TestSecurityAlternatives(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    key: {type: apiKey, in: query, name: key}
    sid: {type: apiKey, in: cookie, name: sid}
paths:
  /plain: {get: {responses: {"200": {description: ok}}}}
  /open: {get: {security: [{}, {bearer: []}], responses: {"200": {description: ok}}}}
  /either: {get: {security: [{bearer: []}, {bearer: [], key: []}, {sid: []}], responses: {"200": {description: ok}}}}
  /unknown: {get: {security: [{other: []}], responses: {"200": {description: ok}}}}
`, contract.Options{StrictQuery: true})
	for path, want := range map[string][][]string{
		"/plain": nil, "/open": {nil, {"bearer"}}, "/either": {{"bearer"}, {"bearer", "key"}, {"sid"}}, "/unknown": {{"other"}},
	} {
		if diff := cmp.Diff(want, c.Operation("GET "+path).Security()); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	for _, test := range []struct {
		path, header string
		met, broken  int
	}{
		{"/plain", "Authorization: Bearer x", 0, 0},
		{"/open", "", 1, 0},
		{"/open", "Authorization: Bearer x", 2, 0},
		{"/open", "Authorization: Basic x", 1, 0},
		{"/either", "", 0, 1},
		{"/either?key=1", "", 0, 1},
		{"/either", "Authorization: Bearer x", 1, 0},
		{"/either?key=1", "Authorization: Bearer x", 2, 0},
		{"/either", "Cookie: sid=1", 3, 0},
		{"/unknown", "", 1, 0},
	} {
		h := http.Header{}
		if name, value, ok := strings.Cut(test.header, ": "); ok {
			h.Set(name, value)
		}
		ex := exchanged(t, c, "GET "+test.path, h, "")
		if ex.Security != test.met || len(ex.Violations) != test.broken {
			t.Errorf("%s with %q meets %d and breaks %v", test.path, test.header, ex.Security, ex.Violations)
		}
	}
}

// TestUnknownSchemeIsToldTheSame holds that of schemes that are equally near to a misspelt
// name the same one is suggested each time.
func TestUnknownSchemeIsToldTheSame(t *testing.T) {
	t.Parallel()
	text := "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nsecurity: [{token0: []}]\ncomponents:\n  securitySchemes:\n"
	for n := range 9 {
		text += fmt.Sprintf("    token%d: {type: http, scheme: bearer}\n", 9-n)
	}
	for range 20 { // the order of a map differs from one load to the next
		c := load(t, text+"paths: {/a: {get: {responses: {'200': {description: ok}}}}}\n", contract.Options{})
		found := fmt.Sprint(c.Operation("GET /a").Findings())
		if !strings.Contains(found, `did you mean "token1"?`) {
			t.Fatal(found)
		}
	}
}
