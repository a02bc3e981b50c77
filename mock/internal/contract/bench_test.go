package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// The benchmarks measure ours beside kin-openapi's router and openapi3filter on
// the same requests. Compare the two of one run; docs/performance.md has a table.

const customer = `
openapi: %s
info: {title: t, version: "1"}
paths:
  /customers:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [id, name, email, age, active, tags, address, created_at, phones, level]
              properties:
                id: {type: string, format: uuid}
                name: {type: string, minLength: 1, maxLength: 100}
                email: {type: string, format: email}
                age: {type: integer, minimum: 0, maximum: 150}
                active: {type: boolean}
                tags: {type: array, maxItems: 10, items: {type: string, maxLength: 20}}
                address:
                  type: object
                  required: [street, city, zip, country]
                  properties:
                    street: {type: string}
                    city: {type: string}
                    zip: {type: string, pattern: "^[0-9]{5}$"}
                    country: {type: string, pattern: "^[A-Z]{2}$"}
                    geo: {type: object, properties: {lat: {type: number, minimum: -90, maximum: 90}, lon: {type: number, minimum: -180, maximum: 180}}}
                created_at: {type: string, format: date-time}
                score: {type: number}
                notes: {type: string, maxLength: 1000}
                phones: {type: array, items: {type: object, required: [kind, number], properties: {kind: {type: string, enum: [home, work, mobile]}, number: {type: string}}}}
                level: {type: string, enum: [LOW, MEDIUM, HIGH]}
                ref: {type: string}
                count: {type: integer}
                description: {type: string}
      responses: {"200": {description: ok}}
`

const customerBody = `{"id":"0f8fad5b-d9cd-469f-a165-70867728950e","name":"Maria Garcia Lopez","email":"maria@example.com","age":42,"active":true,` +
	`"tags":["alpha","beta","gamma"],"address":{"street":"Calle Mayor 1","city":"Madrid","zip":"28013","country":"ES","geo":{"lat":40.4168,"lon":-3.7038}},` +
	`"created_at":"2024-01-02T03:04:05Z","score":99.5,"notes":"Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam",` +
	`"phones":[{"kind":"home","number":"+34910000000"},{"kind":"work","number":"+34910000001"}],"level":"HIGH","ref":"A-12345678","count":12,` +
	`"description":"Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum."}`

// thousand is a description of 1,000 paths.
func thousand(n int) string {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n")
	for i := range n {
		fmt.Fprintf(&b, "  /resource%d/{id}/parts/{part}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: part, in: path, required: true, schema: {type: integer}}]\n      responses: {'200': {description: ok}}\n", i)
	}
	return b.String()
}

func BenchmarkValidate(b *testing.B) {
	first, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		b.Fatal(err)
	}
	signer := http.Header{"X-Installation_id": {"625fc44b-5b1c-451e-bcc7-276c911f0af8"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}, "User-Agent": {"Mozilla/5.0"}, "Accept": {"*/*"}}
	json := http.Header{"Content-Type": {"application/json"}}
	const base = "https://documents.masstack.com"
	for _, c := range []struct {
		name, text, method, url, body string
		header                        http.Header
	}{
		{"first-api-post", string(first), "POST", base + "/v1/orgs/yoigo/identifications/identity_document/625fc44b/validate", "", signer},
		{"body-1KB-3.0", fmt.Sprintf(customer, "3.0.3"), "POST", "/customers", customerBody, json},
		{"body-1KB-3.1", fmt.Sprintf(customer, "3.1.0"), "POST", "/customers", customerBody, json},
		{"2-paths", thousand(2), "GET", "/resource1/a/parts/7", "", http.Header{}},
		{"1000-paths-early", thousand(1000), "GET", "/resource1/a/parts/7", "", http.Header{}},
		{"1000-paths-late", thousand(1000), "GET", "/resource998/a/parts/7", "", http.Header{}},
	} {
		b.Run(c.name+"/understudy", func(b *testing.B) {
			benchOurs(b, c.text, c.method, strings.TrimPrefix(c.url, base), c.body, c.header)
		})
		b.Run(c.name+"/kin", func(b *testing.B) { benchKin(b, c.text, c.method, c.url, c.body, c.header) })
	}
}

func benchOurs(b *testing.B, text, method, path, body string, header http.Header) {
	c := load(b, text, contract.Options{})
	data := []byte(body)
	b.ReportAllocs()
	for b.Loop() {
		ex := &exchange.Exchange{Request: exchange.Request{Method: method, Path: path, Header: header, Body: data, HasBody: body != ""}}
		m := c.Route(method, path, false)
		m.Op.Validate(ex, &m)
		if len(ex.Violations) > 0 {
			b.Fatal(ex.Violations)
		}
	}
}

func benchKin(b *testing.B, text, method, url, body string, header http.Header) {
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(method, url, io.NopCloser(bytes.NewReader([]byte(body))))
		req.Header = header
		if err := kin(req, router); err != nil {
			b.Fatal(err)
		}
	}
}

func kin(req *http.Request, router routers.Router) error {
	route, params, err := router.FindRoute(req)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
}

// BenchmarkLoadLarge loads the largest real description, ours beside kin's.
func BenchmarkLoadLarge(b *testing.B) {
	folder := testenv.Corpus(b)
	file := filepath.Join(folder, "github.json")
	if _, err := os.Stat(file); err != nil {
		b.Skip("no large description: set UNDERSTUDY_CORPUS")
	}
	b.Run("understudy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := contract.Load(b.Context(), file, contract.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("kin", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := openapi3.NewLoader().LoadFromFile(file); err != nil {
				b.Fatal(err)
			}
		}
	})
}
