package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestEventData makes events whose data is JSON by a schema of its own.
func TestEventData(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]string{
		"{required: [data], properties: {data: {type: string, contentMediaType: application/json, contentSchema: {type: object, required: [foo], properties: {foo: {type: integer, const: 4}}}}}}": "data: {\"foo\":4}\n\n",
		"{required: [data], properties: {data: {type: string, contentMediaType: application/json}}}":                                                                                               "data: {}\n\n",
		"{required: [data], properties: {data: {type: string, const: plain}}}":                                                                                                                     "data: plain\n\n",
		"{oneOf: [{required: [event, data], properties: {event: {const: a}, data: {type: string, contentMediaType: application/json, contentSchema: {const: [1]}}}}]}":                             "event: a\ndata: [1]\n\n",
	} {
		file := filepath.Join(t.TempDir(), "api.yaml")
		text := `{openapi: 3.2.0, info: {title: t, version: "1"}, paths: {/a: {get: {responses: {"200": {description: ok, content: {text/event-stream: {itemSchema: ` + item + `}}}}}}}}`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m := loadContract(t, file).Operation("GET /a").Responses[0].Content()[0]
		body, err := sample.Body(m, sample.Options{})
		if err != nil || string(body) != want || len(m.CheckBytes(body)) > 0 {
			t.Errorf("%s: %v %v\n%s", item, err, m.CheckBytes(body), body)
		}
	}
}
