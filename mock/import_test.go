package mock_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

const importSpec = "internal/importer/testdata/shop.yaml"

// importedMock imports a file and gives a mock that answers by it.
func importedMock(t *testing.T, kind, text string) (*mock.Mock, *mock.ImportResult) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "source.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	specs := []mock.Spec{{Location: importSpec}}
	out := filepath.Join(dir, "scenarios")
	result, err := mock.Import(t.Context(), mock.Options{Specs: specs}, mock.ImportFrom{Kind: kind, Files: []string{file}, Dir: out})
	if err != nil {
		if result != nil {
			err = fmt.Errorf("%w: %v", err, result.Findings)
		}
		t.Fatal(err)
	}
	m, err := mock.New(t.Context(), mock.Options{Specs: specs, Scenarios: []string{out}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(t.Context()) })
	return m, result
}

// asked is a request as "METHOD /path | Name: value | body", and whether the rule
// answers it.
type asked struct {
	request string
	hit     bool
}

func (a asked) send(t *testing.T, m *mock.Mock) *http.Response {
	t.Helper()
	parts := strings.Split(a.request, " | ")
	method, target, _ := strings.Cut(parts[0], " ")
	body := ""
	var headers []string
	for _, part := range parts[1:] {
		if name, _, ok := strings.Cut(part, ": "); ok && !strings.ContainsAny(name, `{"&= `) {
			headers = append(headers, part)
		} else {
			body = part
		}
	}
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result()
}

// TestImportedRequests holds that what is imported of WireMock and Mockoon answers the
// requests that the source answers, and no others.
func TestImportedRequests(t *testing.T) {
	t.Parallel()
	const order = `"urlPath": "/v1/orders", "method": "POST", `
	for name, test := range map[string]struct {
		wiremock, mockoon string // the request pattern; the rules of a response
		asked             []asked
	}{
		"path": {wiremock: `"method": "GET", "urlPath": "/v1/orders/7"`, asked: []asked{{"GET /v1/orders/7", true}, {"GET /v1/orders/8", false}, {"GET /v1/orders/7?x=1", true}}},
		"url":  {wiremock: `"method": "GET", "url": "/v1/orders?page=2"`, asked: []asked{{"GET /v1/orders?page=2", true}, {"GET /v1/orders", false}, {"GET /v1/orders?page=3", false}}},
		"escaped path": {wiremock: `"method": "PUT", "url": "/v1/orders/1/notes/a%20b"`, asked: []asked{
			{"PUT /v1/orders/1/notes/a%20b | Content-Type: text/plain | x", true}, {"PUT /v1/orders/1/notes/a | Content-Type: text/plain | x", false}}},
		"template":       {wiremock: `"method": "GET", "urlPathTemplate": "/v1/orders/{a}", "pathParameters": {"a": {"doesNotMatch": "7.*"}}`, asked: []asked{{"GET /v1/orders/8", true}, {"GET /v1/orders/71", false}}},
		"pattern":        {wiremock: `"method": "GET", "urlPathPattern": "/v1/orders/[0-9]{2}"`, asked: []asked{{"GET /v1/orders/12", true}, {"GET /v1/orders/1", false}, {"GET /v1/orders/123", false}}},
		"whole pattern":  {wiremock: `"method": "GET", "urlPattern": "/v1/orders\\?page=[0-9]"`, asked: []asked{{"GET /v1/orders?page=2", true}, {"GET /v1/orders?page=22", false}, {"GET /v1/orders", false}}},
		"wide pattern":   {wiremock: `"method": "PUT", "urlPathPattern": "/v1/.*/notes/a"`, asked: []asked{{"PUT /v1/orders/1/notes/a | Content-Type: text/plain | x", true}, {"PUT /v1/orders/1/notes/b | Content-Type: text/plain | x", false}}},
		"any url":        {wiremock: `"method": "GET", "urlPattern": ".*"`, asked: []asked{{"GET /v1/orders/7", true}, {"POST /v1/orders | {\"sku\": \"a\", \"amount\": 1}", false}}},
		"query":          {wiremock: `"urlPath": "/v1/orders", "method": "GET", "queryParameters": {"status": {"contains": "pe"}, "page": {"equalTo": "2"}}`, asked: []asked{{"GET /v1/orders?status=open&page=2", true}, {"GET /v1/orders?status=new&page=2", false}}},
		"list in query":  {wiremock: `"urlPath": "/v1/orders", "method": "GET", "queryParameters": {"tags": {"includes": [{"equalTo": "a"}, {"equalTo": "b"}]}}`, asked: []asked{{"GET /v1/orders?tags=a&tags=c&tags=b", true}, {"GET /v1/orders?tags=a", false}}},
		"absent":         {wiremock: `"urlPath": "/v1/orders", "method": "GET", "queryParameters": {"status": {"absent": true}}`, asked: []asked{{"GET /v1/orders", true}, {"GET /v1/orders?status=a", false}}},
		"headers":        {wiremock: `"urlPath": "/v1/orders", "method": "GET", "headers": {"x-tenant": {"equalTo": "ACME", "caseInsensitive": true}}`, asked: []asked{{"GET /v1/orders | X-Tenant: acme", true}, {"GET /v1/orders", false}}},
		"cookies":        {wiremock: `"urlPath": "/v1/orders", "method": "GET", "cookies": {"theme": {"matches": "d.*"}}`, asked: []asked{{"GET /v1/orders | Cookie: theme=dark", true}, {"GET /v1/orders | Cookie: theme=light", false}}},
		"basic":          {wiremock: `"urlPath": "/v1/orders", "method": "GET", "basicAuthCredentials": {"username": "jo", "password": "secret"}`, asked: []asked{{"GET /v1/orders | Authorization: Basic am86c2VjcmV0", true}, {"GET /v1/orders", false}}},
		"and, or, not":   {wiremock: `"urlPath": "/v1/orders", "method": "GET", "queryParameters": {"status": {"or": [{"equalTo": "a"}, {"and": [{"contains": "b"}, {"not": {"contains": "c"}}]}]}}`, asked: []asked{{"GET /v1/orders?status=a", true}, {"GET /v1/orders?status=xb", true}, {"GET /v1/orders?status=bc", false}}},
		"json":           {wiremock: order + `"bodyPatterns": [{"equalToJson": "{\"amount\": 1.0, \"sku\": \"a\"}"}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "note": "x"}`, false}}},
		"json subset":    {wiremock: order + `"bodyPatterns": [{"equalToJson": {"items": [{"sku": "y"}, {"sku": "x"}]}, "ignoreArrayOrder": true, "ignoreExtraElements": true}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1, "items": [{"sku": "x", "quantity": 1}, {"sku": "y"}]}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "items": [{"sku": "x"}]}`, false}}},
		"placeholder":    {wiremock: order + `"bodyPatterns": [{"equalToJson": {"sku": "${json-unit.regex}[a-c]+", "amount": "${json-unit.any-number}"}, "ignoreExtraElements": true}]`, asked: []asked{{`POST /v1/orders | {"sku": "abc", "amount": -0.5}`, false}, {`POST /v1/orders | {"sku": "abc", "amount": 0.5}`, true}, {`POST /v1/orders | {"sku": "abd", "amount": 1}`, false}}},
		"json path":      {wiremock: order + `"bodyPatterns": [{"matchesJsonPath": "$.note"}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1, "note": "x"}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "note": null}`, false}, {`POST /v1/orders | {"sku": "a", "amount": 1}`, false}}},
		"json path not":  {wiremock: order + `"bodyPatterns": [{"not": {"matchesJsonPath": "$.note"}}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "note": null}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "note": "x"}`, false}}},
		"json path text": {wiremock: order + `"bodyPatterns": [{"matchesJsonPath": {"expression": "$.amount", "equalTo": "12"}}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 12}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 13}`, false}}},
		"filter":         {wiremock: order + `"bodyPatterns": [{"matchesJsonPath": "$.items[?(@.sku =~ /ab.*/i)]"}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1, "items": [{"sku": "ABC"}]}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "items": [{"sku": "xab"}]}`, false}}},
		"root filter":    {wiremock: order + `"bodyPatterns": [{"matchesJsonPath": "$[?(@.sku == 'a')]"}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1}`, true}, {`POST /v1/orders | {"sku": "b", "amount": 1}`, false}}},
		"text of json":   {wiremock: order + `"bodyPatterns": [{"contains": "\"sku\": \"a\""}, {"doesNotContain": "secret"}]`, asked: []asked{{`POST /v1/orders | {"sku": "a", "amount": 1}`, true}, {`POST /v1/orders | {"sku": "a", "amount": 1, "note": "secret"}`, false}}},
		"text":           {wiremock: `"urlPath": "/v1/orders/1/notes/a", "method": "PUT", "bodyPatterns": [{"matches": "[a-z ]+"}]`, asked: []asked{{"PUT /v1/orders/1/notes/a | Content-Type: text/plain | hello you", true}, {"PUT /v1/orders/1/notes/a | Content-Type: text/plain | 1", false}}},
		"form": {wiremock: `"urlPath": "/v1/login", "method": "POST", "formParameters": {"user": {"equalTo": "jo"}}`, asked: []asked{
			{"POST /v1/login | Content-Type: application/x-www-form-urlencoded | user=jo&password=x", true}, {"POST /v1/login | Content-Type: application/x-www-form-urlencoded | user=al", false}}},

		"rule on params": {mockoon: `{"target": "params", "modifier": "id", "operator": "equals", "value": "7"}`, asked: []asked{{"GET /v1/orders/7", true}, {"GET /v1/orders/8", false}}},
		"rule on query":  {mockoon: `{"target": "query", "modifier": "q", "operator": "regex", "value": "b"}`, asked: []asked{{"GET /v1/orders/7?q=abc", true}, {"GET /v1/orders/7?q=ac", false}, {"GET /v1/orders/7", false}}},
		"inverted rule":  {mockoon: `{"target": "header", "modifier": "X-A", "operator": "equals", "value": "b", "invert": true}`, asked: []asked{{"GET /v1/orders/7", true}, {"GET /v1/orders/7 | X-A: b", false}}},
		"anchored regex": {mockoon: `{"target": "header", "modifier": "X-A", "operator": "regex_i", "value": "^b|c$"}`, asked: []asked{{"GET /v1/orders/7 | X-A: Bad", true}, {"GET /v1/orders/7 | X-A: abC", true}, {"GET /v1/orders/7 | X-A: abcd", false}}},
		"null":           {mockoon: `{"target": "cookie", "modifier": "a", "operator": "null", "value": ""}`, asked: []asked{{"GET /v1/orders/7", true}, {"GET /v1/orders/7 | Cookie: a=1", false}}},
		"rule on path":   {mockoon: `{"target": "path", "modifier": "", "operator": "regex", "value": "7$"}`, asked: []asked{{"GET /v1/orders/7?x=8", true}, {"GET /v1/orders/8?x=7", false}}},
		"rule on method": {mockoon: `{"target": "method", "modifier": "", "operator": "equals", "value": "GET"}`, asked: []asked{{"GET /v1/orders/7", true}}},
		"either rule":    {mockoon: `{"target": "query", "modifier": "a", "operator": "equals", "value": "1"}, {"target": "query", "modifier": "b", "operator": "equals", "value": "1"}`, asked: []asked{{"GET /v1/orders/7?a=1", true}, {"GET /v1/orders/7?b=1", true}, {"GET /v1/orders/7?c=1", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m *mock.Mock
			if test.wiremock != "" {
				m, _ = importedMock(t, "wiremock", `{"request": {`+test.wiremock+`}, "response": {"status": 299, "headers": {"X-Hit": "1"}}}`)
			} else {
				m, _ = importedMock(t, "mockoon", `{"endpointPrefix": "v1", "routes": [{"type": "http", "method": "all", "endpoint": "orders/:id", "responseMode": "FALLBACK", "responses": [
					{"statusCode": 299, "headers": [{"key": "X-Hit", "value": "1"}], "body": "", "rulesOperator": "OR", "rules": [`+test.mockoon+`]}]}]}`)
			}
			for _, a := range test.asked {
				if hit := a.send(t, m).Header.Get("X-Hit") != ""; hit != a.hit {
					t.Errorf("%s: answered by the rule: %v, want %v", a.request, hit, a.hit)
				}
			}
		})
	}
}

// TestImportedTemplates holds what answers are filled in with.
func TestImportedTemplates(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"{{request.method}} {{request.url}}":            "GET /v1/orders/7?q=a%20b&n=5",
		"{{request.path}}":                              "/v1/orders/7",
		"{{request.path.id}}":                           "7",
		"{{request.pathSegments.[1]}}":                  "orders",
		"{{request.query.q}}{{request.query.none}}":     "a b",
		"{{request.headers.X-A}} {{request.cookies.c}}": "header cookie",
		"{{upper request.query.q}}":                     "A B",
		"{{base64 'ab'}}":                               "YWI=",
		"${not} {{!comment}}an expression":              "${not} an expression",
	} {
		t.Run(template, func(t *testing.T) {
			t.Parallel()
			text, _ := json.Marshal(template)
			m, result := importedMock(t, "wiremock", `{"request": {"method": "GET", "urlPathTemplate": "/v1/orders/{id}"}, "response": {"status": 299, "headers": {"X-Text": `+string(text)+`}, "transformers": ["response-template"]}}`)
			got := asked{request: "GET /v1/orders/7?q=a%20b&n=5 | X-A: header | Cookie: c=cookie"}.send(t, m).Header.Get("X-Text")
			if got != want {
				t.Errorf("%s gives %q, want %q; %v", template, got, want, result.Findings)
			}
		})
	}
}

// TestImportedRandom holds that random values are of the kind that WireMock makes, and differ.
func TestImportedRandom(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"{{randomInt}}":                                                   `-?\d{1,10}`,
		"{{randomInt lower=5 upper=7}}":                                   `[56]`,
		"{{randomInt lower=-3 upper=0}}":                                  `-[123]`,
		"{{randomInt upper=-2147483646}}":                                 `-214748364[78]`,
		"{{randomInt lower=2147483645}}":                                  `214748364[56]`,
		"no. {{randomInt lower=10 upper=100}}":                            `no\. \d\d`,
		"{{randomValue}}":                                                 `[a-z0-9]{36}`,
		"{{randomValue length=64 uppercase=true}}":                        `[A-Z0-9]{64}`,
		"{{randomValue length=2 type='ALPHABETIC' uppercase=false}}":      `[a-z]{2}`,
		"{{randomValue length=12 type=\"ALPHANUMERIC\"}}":                 `[a-z0-9]{12}`,
		"{{randomValue type='NUMERIC' length=18}}":                        `\d{18}`,
		"{{randomValue length=64 type='HEXADECIMAL' uppercase=true}}":     `[A-F0-9]{64}`,
		"{{randomValue type='UUID'}}":                                     `[0-9a-f-]{36}`,
		"{{randomValue length=1 type='HEXADECIMAL'}}{{request.query.n}}.": `[0-9a-f]5\.`,
	} {
		t.Run(template, func(t *testing.T) {
			t.Parallel()
			text, _ := json.Marshal(template)
			m, result := importedMock(t, "wiremock", `{"request": {"method": "GET", "urlPathTemplate": "/v1/orders/{id}"}, "response": {"status": 299, "headers": {"X-Text": `+string(text)+`}, "transformers": ["response-template"]}}`)
			pattern, seen := regexp.MustCompile(`^(?:`+want+`)$`), map[string]bool{}
			// Of two equally likely values one is missed once in 10^30 runs.
			for range 100 {
				got := asked{request: "GET /v1/orders/7?n=5"}.send(t, m).Header.Get("X-Text")
				if seen[got] = true; !pattern.MatchString(got) {
					t.Fatalf("%s gives %q, want %s; %v", template, got, want, result.Findings)
				}
			}
			if len(seen) == 1 {
				t.Errorf("%s gives the same each time: %v", template, seen)
			}
		})
	}
}

// TestImportedRandomJSON holds that random values stand in JSON as what they are written
// as: numbers, also with zeros in front, and texts.
func TestImportedRandomJSON(t *testing.T) {
	t.Parallel()
	body, _ := json.Marshal(`{"id": {{randomInt lower=1 upper=5}}, "status": "{{randomInt upper=5 lower=1}}", "amount": {{randomValue length=2 type='NUMERIC'}}, "note": "{{randomValue length=4 type='NUMERIC'}}"}`)
	m, result := importedMock(t, "wiremock", `{"request": {"method": "GET", "urlPathTemplate": "/v1/orders/{id}"}, "response": {"status": 299, "headers": {"Content-Type": "application/json"}, "body": `+string(body)+`, "transformers": ["response-template"]}}`)
	pattern := regexp.MustCompile(`^\{"id":[1-4],"status":"[1-4]","amount":(?:\d|[1-9]\d),"note":"\d{4}"\}$`)
	for range 50 {
		data, err := io.ReadAll(asked{request: "GET /v1/orders/7"}.send(t, m).Body)
		if err != nil || !pattern.Match(data) {
			t.Fatalf("got %s and %v; %v", data, err, result.Findings)
		}
	}
}

// TestImportNothing holds that nothing that looks like a success comes of files without
// a rule that could be carried over.
func TestImportNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.json")
	if err := os.WriteFile(file, []byte(`{"mappings": []}`), 0o600); err != nil {
		t.Fatal(err)
	}
	from := mock.ImportFrom{Kind: "wiremock", Files: []string{file}, Dir: filepath.Join(dir, "out")}
	result, err := mock.Import(t.Context(), mock.Options{Specs: []mock.Spec{{Location: importSpec}}}, from)
	if !errors.Is(err, mock.ErrNothingImported) || result == nil || result.Stubs != 0 {
		t.Errorf("got %+v and %v", result, err)
	}
	if _, err := os.Stat(from.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}
