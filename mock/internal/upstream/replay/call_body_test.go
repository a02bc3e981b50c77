package replay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

const forms = `
openapi: 3.1.0
info: {title: Forms, version: "1"}
paths:
  /form:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {name: {type: string}, tags: {type: array, items: {type: string}}}}}}}
      responses: {"204": {description: done}}
  /parts:
    post:
      requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {name: {type: string}}}}, application/xml: {schema: {type: object, xml: {name: it}, properties: {name: {type: string}}}}}}
      responses: {"204": {description: done}}
  /xml:
    post:
      requestBody: {content: {application/xml: {schema: {type: object, xml: {name: it}, properties: {name: {type: string}}}}}}
      responses: {"204": {description: done}}
  /either:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}, application/problem+json: {schema: {type: object}}, application/json: {schema: {type: object}}}}
      responses: {"204": {description: done}}
  /bytes:
    post:
      requestBody: {content: {image/png: {}}}
      responses: {"204": {description: done}}
`

// TestCallBodies writes the data of calls in the media type that the call states, or that
// the contract documents.
func TestCallBodies(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "forms.yaml")
	if err := os.WriteFile(path, []byte(forms), 0o600); err != nil {
		t.Fatal(err)
	}
	api, err := contract.Load(t.Context(), path, contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		path, stated, data, contentType, body string
	}{
		"a form":                {"/form", "", `{name: a b, tags: [x, "y&z"]}`, "application/x-www-form-urlencoded", "name=a%20b&tags=x&tags=y%26z"},
		"a form as text":        {"/form", "", `name=a+b`, "application/x-www-form-urlencoded", "name=a+b"},
		"JSON is stated":        {"/form", "application/json", `{name: a}`, "application/json", `{"name":"a"}`},
		"parts":                 {"/parts", "", `{name: a}`, "multipart/form-data; boundary=understudy-part-boundary", "--understudy-part-boundary\r\nContent-Disposition: form-data; name=\"name\"\r\n"},
		"parts are stated":      {"/parts", "multipart/form-data", `{name: a}`, "multipart/form-data; boundary=understudy-part-boundary", "--understudy-part-boundary\r\n"},
		"XML is stated":         {"/parts", "application/xml", `{name: a}`, "application/xml", `<it><name>a</name></it>`},
		"XML":                   {"/xml", "", `{name: a}`, "application/xml", `<it><name>a</name></it>`},
		"JSON is documented":    {"/either", "", `{name: a}`, "application/json", `{"name":"a"}`},
		"JSON of a scalar":      {"/either", "", `a`, "application/json", `"a"`},
		"bytes":                 {"/bytes", "", `a`, "image/png", "a"},
		"no bytes":              {"/bytes", "", `{a: 1}`, "", "its body cannot be written as image/png: "},
		"no operation":          {"/nowhere", "", `{a: 1}`, "application/json", `{"a":1}`},
		"a form of nobody":      {"/nowhere", "application/x-www-form-urlencoded", `{a: 1}`, "application/x-www-form-urlencoded", `a=1`},
		"what nobody can write": {"/nowhere", "application/vnd.a", `{a: 1}`, "application/vnd.a", `{"a":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := api.Route("POST", test.path, true)
			n, found := source.Parse(&source.File{Name: "body.yaml", Data: []byte(test.data)}, source.Options{})
			if n == nil {
				t.Fatal(found)
			}
			body, contentType, err := callBody(m.Op, test.stated, n)
			got := string(body)
			if err != nil {
				got = err.Error()
			}
			if contentType != test.contentType || !strings.Contains(got, test.body) {
				t.Errorf("%s: %s", contentType, got)
			}
		})
	}
}
