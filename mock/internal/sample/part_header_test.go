package sample_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestPartHeaders makes the headers that parts must have from their schemas.
func TestPartHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"{required: true, schema: {type: integer, minimum: 7, maximum: 7}}":                                                                                "X-A: 7\r\n",
		"{required: true, schema: {type: string, pattern: '^ab$'}}":                                                                                        "X-A: ab\r\n",
		"{required: true, schema: {type: array, minItems: 2, maxItems: 2, items: {const: q}}}":                                                             "X-A: q,q\r\n",
		"{required: true, schema: {type: object, required: [k], properties: {k: {const: v}}}}":                                                             "X-A: k,v\r\n",
		"{required: true, schema: {type: string, enum: [one, two]}}":                                                                                       "X-A: one\r\n",
		"{required: true, schema: {type: string, minLength: 3}, example: named}":                                                                           "X-A: named\r\n",
		"{required: true, content: {application/json: {schema: {type: object, required: [k], properties: {k: {const: 1}}, additionalProperties: false}}}}": "X-A: {\"k\":1}\r\n",
		"{schema: {type: string, const: not needed}}":                                                                                                      "",
	} {
		file := filepath.Join(t.TempDir(), "api.yaml")
		text := `{openapi: 3.1.0, info: {title: t, version: "1"}, paths: {/a: {get: {responses: {"200": {description: ok, content: {multipart/form-data: {
  schema: {type: object, required: [f], properties: {f: {type: string}}}, encoding: {f: {headers: {X-A: ` + header + `}}}}}}}}}}}`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m := loadContract(t, file).Operation("GET /a").Responses[0].Content()[0]
		body, err := sample.Body(m, sample.Options{})
		if err != nil || len(m.CheckBytes(body)) > 0 {
			t.Errorf("%s: %v %v\n%s", header, err, m.CheckBytes(body), body)
		}
		if got := string(body); want != "" && !strings.Contains(got, want) || want == "" && strings.Contains(got, "X-A") {
			t.Errorf("%s: there is no %q\n%s", header, want, got)
		}
	}
}
