package sample_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestProblemDetails holds that generated problem details tell the status with which they
// are sent, where the schema lets them.
func TestProblemDetails(t *testing.T) {
	t.Parallel()
	const location, text = "http://descriptions.example/api.yaml", `openapi: 3.1.0
info: {title: Problems, version: "1"}
components:
  schemas:
    Problem: {type: object, properties: {title: {type: string}, status: {type: integer}, cause: {type: object, properties: {status: {type: integer, maximum: 0, minimum: 0}}}}}
    Fixed: {type: object, properties: {title: {type: string, enum: [Gone]}, status: {const: 410}}}
    Short: {type: object, properties: {title: {type: string, maxLength: 5}, status: {type: integer}}}
paths:
  /:
    get:
      operationId: get
      responses:
        "403": {description: a, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}, application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        "404": {description: b, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Fixed'}}}}
        "405": {description: c, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Short'}}}}
        "599": {description: d, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}
        "5XX": {description: e, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}
`
	c, err := contract.Load(t.Context(), location, contract.Options{Options: document.Options{Documents: map[string][]byte{location: []byte(text)}}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"403 application/problem+json": `{"title":"Forbidden","status":403,"cause":{"status":0}}`,
		"403 application/json":         `{"title":"Soluta suscipit","status":200,"cause":{"status":0}}`,
		"404 application/problem+json": `{"title":"Gone","status":410}`,
		"405 application/problem+json": `{"title":"Metho","status":405}`,
		"599 application/problem+json": `{"title":"Soluta suscipit","status":599,"cause":{"status":0}}`,
		"5XX application/problem+json": `{"title":"Soluta suscipit","status":200,"cause":{"status":0}}`,
	}
	for _, r := range c.Operations[0].Responses {
		for _, m := range r.Content() {
			body, err := sample.Body(m, sample.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if key := r.Status + " " + m.Name; string(body) != want[key] {
				t.Errorf("%s: %s, want %s", key, body, want[key])
			}
			sent, err := sample.Body(m, sample.Options{Status: 502})
			if err != nil {
				t.Fatal(err)
			}
			byStatus := r.Status == "5XX"
			if byStatus {
				want[r.Status+" "+m.Name] = `{"title":"Bad Gateway","status":502,"cause":{"status":0}}`
			}
			if key := r.Status + " " + m.Name; string(sent) != want[key] || sample.ByStatus(m, m.Type) != byStatus {
				t.Errorf("%s sent with 502: %s, want %s", key, sent, want[key])
			}
		}
	}
}
