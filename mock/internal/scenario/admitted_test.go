package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestNeverAdmitted holds which values of conditions are told to be in no valid request, for
// all places that have parts alike, and that those which a request may have are not.
func TestNeverAdmitted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(`openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a/{point}:
    parameters:
      - {name: point, in: path, required: true, schema: {$ref: "#/components/schemas/Thing"}}
      - {name: form, in: query, explode: false, schema: {$ref: "#/components/schemas/Thing"}}
      - {name: deep, in: query, style: deepObject, schema: {$ref: "#/components/schemas/Thing"}}
      - {name: json, in: query, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
    post:
      operationId: a
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
      responses: {"200": {description: ok}}
  /upload:
    post:
      operationId: upload
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {type: string, format: binary}, files: {type: array, items: {type: string, format: binary}}, n: {type: integer}}}
      responses: {"200": {description: ok}}
components:
  schemas:
    Thing:
      type: object
      properties:
        n: {type: integer, minimum: 2}
        code: {type: string, enum: ["7", x]}
        either: {anyOf: [{type: string, maxLength: 1}, {type: integer, minimum: 100}]}
        both: {allOf: [{type: [integer, string]}, {type: [integer, boolean]}]}
        list: {type: array, maxItems: 2, items: {type: integer}}
        pair: {type: array, prefixItems: [{type: integer}, {type: string}]}
        lists: {type: array, items: {type: array, items: {type: object, required: [b], properties: {a: {type: integer}}}}}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	api, err := contract.Load(t.Context(), file, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := func(t *testing.T, operation, when string) string {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "test.yaml"), []byte("operations: {"+operation+": {when: {"+when+"}, respond: {status: 200}}}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load([]string{dir}, []*contract.Contract{api}, Options{}); err != nil {
			return err.Error()
		}
		return ""
	}
	const any = ""
	for _, c := range []struct {
		value      string
		body, text string // what is told of it in a body, and in a parameter
	}{
		{`{n: 2}`, any, any},
		{`{n: 1}`, "no valid request has 1 in", "no valid request has 1 in"},
		{`{n: "4"}`, `no valid request has "4" in`, any},
		{`{n: "1"}`, `no valid request has "1" in`, `no valid request has "1" in`},
		{`{n: x}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{n: {not: x}}`, any, any},
		{`{n: null}`, "no valid request has null in", "no valid request has null in"},
		{`{n: {oneOf: ["4", 4]}}`, any, any},
		{`{n: {oneOf: [4, x]}}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{code: 7}`, "no valid request has 7 in", any},
		{`{code: 8}`, "no valid request has 8 in", "no valid request has 8 in"},
		{`{either: 7}`, "no valid request has 7 in", any},
		{`{either: 100}`, any, any},
		{`{either: 10}`, "no valid request has 10 in", "no valid request has 10 in"},
		{`{both: 1}`, any, any},
		{`{both: x}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{list: [1, 2]}`, any, any},
		{`{list: ["1"]}`, `no valid request has "1" in`, any},
		{`{list: [1, x]}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{list: [1, 2, 3]}`, "no valid request has [1,2,3] in", "no valid request has [1,2,3] in"},
		{`{list: {contains: x}}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{pair: [1, x]}`, any, any},
		{`{pair: [x, x]}`, `no valid request has "x" in`, `no valid request has "x" in`},
		{`{lists: [[{a: 1}]]}`, any, any},
	} {
		for _, place := range []struct{ when, want, where string }{
			{"body: " + c.value, c.body, "body"},
			{"jsonPath: {$: " + c.value + "}", c.body, "jsonPath $"},
			{"path: {point: " + c.value + "}", c.text, `path "point"`},
			{"query: {form: " + c.value + "}", c.text, `query "form"`},
			{"query: {deep: " + c.value + "}", c.text, `query "deep"`},
			{"query: {json: " + c.value + "}", c.text, `query "json"`},
		} {
			got := told(t, "a", place.when)
			want := place.want
			if want != any {
				want += " " + place.where
			}
			if want == any && got != "" || !strings.Contains(got, want) || strings.Count(got, "no valid request") > 1 {
				t.Errorf("%s: want %q, got\n%s", place.when, want, got)
			}
			if got := told(t, "a", "valid: any, "+place.when); got != "" {
				t.Errorf("%s, of any request: %s", place.when, got)
			}
		}
	}
	for when, want := range map[string]string{
		`jsonPath: {"$.pair[0]": x}`:                  any, // elements differ
		`jsonPath: {$.n: "4"}`:                        `no valid request has "4" in jsonPath $.n`,
		`jsonPath: {"$.list[*]": x}`:                  `no valid request has "x" in jsonPath $.list[*]`,
		`query: {deep: {equalTo: {n: "4", code: 7}}}`: any,
		`query: {deep: {equalTo: {n: "1", code: 7}}}`: `no valid request has {"n":"1","code":7} in query "deep"`,
		`body: {equalTo: {n: "4", code: 7}}`:          any, // it may be a text that was not decoded
		`jsonPath: {$..n: "4"}`:                       any,
	} {
		if got := told(t, "a", when); want == any && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %s", when, got)
		}
	}
	for when, want := range map[string]string{
		`body: {file: a.png}`:                    "it must be an object with content, contentType, filename, sha256, size",
		`body: {files: [a.png]}`:                 `no valid request has "a.png" in body /files/0`,
		`body: {files: a.png}`:                   "it is a list: write {contains: a.png} for one of its elements",
		`body: {file: {filename: a.png}}`:        any,
		`body: {file: {size: many}}`:             "it must be an integer",
		`body: {files: [{filename: a.png}]}`:     any,
		`body: {file: {absent: true}, n: 1}`:     any,
		`body: {n: "1"}`:                         `no valid request has "1" in body /n`,
		`jsonPath: {$.file: a.png}`:              `no valid request has "a.png" in jsonPath $.file`,
		`jsonPath: {$.file.filename: a.png}`:     any,
		`body: {file: {equalTo: a.png}}`:         `no valid request has "a.png" in body /file`,
		`body: {file: {contentType: image/png}}`: any,
	} {
		if got := told(t, "upload", when); want == any && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: want %q, got\n%s", when, want, got)
		}
	}
}
