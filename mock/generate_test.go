package mock_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// bareAPI is a description without examples.
const bareAPI = `
openapi: 3.1.0
info: {title: Bare, version: "1"}
paths:
  /people:
    get:
      operationId: people
      parameters: [{name: q, in: query, required: true, schema: {type: string}}]
      responses:
        "200":
          description: ok
          headers:
            X-Total: {required: true, schema: {type: integer, minimum: 1}}
          content:
            application/xml: {schema: false}
            application/json:
              schema:
                type: array
                minItems: 1
                items: {type: object, required: [id, email], properties: {id: {type: string, format: uuid}, email: {type: string, format: email}, nick: {type: string}}}
        "400": {description: no, content: {application/json: {schema: {type: object, required: [code], properties: {code: {type: integer, minimum: 400}}}}}}
        "409": {description: never, content: {application/json: {schema: {allOf: [{type: string}, {type: integer}]}}}}
        "422": {description: no, content: {application/json: {schema: false}}}
`

func startBare(t *testing.T, opts mock.Options) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bare.yaml")
	if err := os.WriteFile(file, []byte(bareAPI), 0o600); err != nil {
		t.Fatal(err)
	}
	opts.Specs = []mock.Spec{{Location: file}}
	return start(t, opts, nil)
}

func TestGeneratedBodies(t *testing.T) {
	t.Parallel()
	url := startBare(t, mock.Options{})
	got := ask(t, url, "GET /people?q=a", "")
	if got.Status != 200 || got.Header.Get("Content-Type") != "application/json" || got.Header.Get("X-Total") == "" {
		t.Fatalf("%+v", got)
	}
	var people []struct{ ID, Email string }
	if err := json.Unmarshal([]byte(got.Body), &people); err != nil || len(people) == 0 || !strings.Contains(people[0].Email, "@") {
		t.Errorf("%s: %v", got.Body, err)
	}
	if again := ask(t, url, "GET /people?q=a", ""); again.Body != got.Body {
		t.Errorf("a second request got another body:\n%s\n%s", got.Body, again.Body)
	}
	if forced := ask(t, url, "GET /people", "", "Prefer: code=400"); forced.Status != 400 || !strings.Contains(forced.Body, `"code":`) {
		t.Errorf("forced: %+v", forced)
	}
	never := ask(t, url, "GET /people?q=a", "", "Prefer: code=409")
	if never.Status != 500 || never.Header.Get("Understudy-Error") != "NO_CONFORMING_BODY" || !strings.Contains(never.Body, "bare.yaml:") {
		t.Errorf("a body that cannot be: %+v", never)
	}
	// Where the contract's own error cannot be made, the violations are told.
	broken := ask(t, url, "GET /people", "")
	if broken.Status != 422 || broken.Header.Get("Understudy-Error") != "UNPROCESSABLE_ENTITY" || !strings.Contains(broken.Body, `"name": "q"`) {
		t.Errorf("broken request: %+v", broken)
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	url := startBare(t, mock.Options{})
	const request = "GET /people?q=a"
	body := func(prefer string) string {
		t.Helper()
		got := ask(t, url, request, "", "Prefer: "+prefer)
		if got.Status != 200 || got.Header.Get("Preference-Applied") != prefer {
			t.Errorf("%s: %d, applied %q", prefer, got.Status, got.Header.Get("Preference-Applied"))
		}
		return got.Body
	}
	for prefer, same := range map[string]bool{"seed=7": true, "dynamic=true, seed=7": true, "dynamic=true": false} {
		first, second := body(prefer), body(prefer)
		if (first == second) != same {
			t.Errorf("%s gave %s and then %s", prefer, first, second)
		}
	}
	if body("seed=7") == body("seed=8") {
		t.Error("two seeds gave the same body")
	}
	if got := ask(t, url, request, "", "Prefer: dynamic"); got.Header.Get("Preference-Applied") != "dynamic=true" {
		t.Errorf("dynamic without a value is %+v", got)
	}
	for _, prefer := range []string{"seed=x", "seed=", "code", "dynamic=perhaps"} {
		if got := ask(t, url, request, "", "Prefer: "+prefer); got.Status != 400 || got.Header.Get("Understudy-Error") != "INVALID_PREFERENCE" {
			t.Errorf("%s: %+v", prefer, got)
		}
	}
	one, two := startBare(t, mock.Options{Seed: 3}), startBare(t, mock.Options{Seed: 3})
	if a, b := ask(t, one, request, "").Body, ask(t, two, request, "").Body; a != b {
		t.Errorf("two mocks with one seed differ:\n%s\n%s", a, b)
	}
}
