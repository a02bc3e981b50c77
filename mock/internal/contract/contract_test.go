package contract_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// load reads a description from text.
func load(t testing.TB, text string, opts contract.Options) *contract.Contract {
	t.Helper()
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := contract.Load(t.Context(), file, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// describe writes a description whose operations, "METHOD /path" each, answer 200.
func describe(operations ...string) string {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n")
	last := ""
	for _, op := range operations {
		method, path, _ := strings.Cut(op, " ")
		if path != last {
			fmt.Fprintf(&b, "  %q:\n", path)
			last = path
		}
		fmt.Fprintf(&b, "    %s: {responses: {'200': {description: ok}}}\n", strings.ToLower(method))
	}
	return b.String()
}

func TestRoute(t *testing.T) {
	t.Parallel()
	c := load(t, describe(
		"GET /", "GET /pets", "POST /pets", "GET /pets/{id}", "DELETE /pets/{id}", "GET /pets/mine",
		"GET /pets/{id}/toys/{toy}", "GET /pets/mine/toys", "GET /files/{name}.json", "GET /files/{name}",
		"GET /range/{from}-{to}", "GET /a/{x}:{y}", "GET /slash/", "GET /sp ace", "GET /v/{a}{b}", "GET /{any}/end",
	), contract.Options{})
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/", "/"},
		{"GET", "/pets", "/pets"},
		{"POST", "/pets", "/pets"},
		{"GET", "/pets/1", "/pets/{id} id=1"},
		{"GET", "/pets/mine", "/pets/mine"},
		{"DELETE", "/pets/mine", "/pets/{id} id=mine"}, // the fixed path has no DELETE
		{"GET", "/pets/mine/toys", "/pets/mine/toys"},
		{"GET", "/pets/mine/toys/2", "/pets/{id}/toys/{toy} id=mine toy=2"}, // back from the fixed branch
		{"GET", "/pets/a%2Fb", "/pets/{id} id=a%2Fb"},
		{"GET", "/pets/%7Bid%7D", "/pets/{id} id=%7Bid%7D"},
		{"GET", "/%70ets", "/pets"},
		{"GET", "/sp%20ace", "/sp ace"},
		{"GET", "/files/x.json", "/files/{name}.json name=x"},
		{"GET", "/files/x.json.json", "/files/{name}.json name=x.json"},
		{"GET", "/files/.json", "/files/{name} name=.json"}, // a variable takes at least one character
		{"GET", "/files/x.yaml", "/files/{name} name=x.yaml"},
		{"GET", "/range/1-2", "/range/{from}-{to} from=1 to=2"},
		{"GET", "/range/1-2-3", "/range/{from}-{to} from=1 to=2-3"},
		{"GET", "/range/1-", "404"},
		{"GET", "/a/b:c", "/a/{x}:{y} x=b y=c"},
		{"GET", "/a/:c", "404"},
		{"GET", "/v/xyz", "/v/{a}{b} a=x b=yz"},
		{"GET", "/slash/", "/slash/"},
		{"GET", "/slash", "404"},
		{"GET", "/pets/", "404"},
		{"GET", "/pets//toys/1", "404"},
		{"GET", "//pets", "404"},
		{"GET", "/pets/../pets", "404"},
		{"GET", "/pets/end", "/pets/{id} id=end"},
		{"GET", "/x/end", "/{any}/end any=x"},
		{"PATCH", "/pets", "405"},
		{"get", "/pets", "405"},
		{"GET", "", "404"},
		{"GET", "pets", "404"},
		{"GET", "/nope", "404"},
	} {
		m := c.Route(test.method, test.path, false)
		if got := routed(&m); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.method, test.path, got, test.want)
		}
	}
}

// routed writes a match as template and values.
func routed(m *contract.Match) string {
	switch {
	case m.Op == nil && m.PathKnown:
		return "405"
	case m.Op == nil:
		return "404"
	}
	text := m.Op.Template
	for part := range strings.SplitSeq(m.Op.Template, "{") {
		if name, _, ok := strings.Cut(part, "}"); ok {
			text += " " + name + "=" + m.PathValue(name)
		}
	}
	return text
}

func TestRouteTakesNineVariables(t *testing.T) {
	t.Parallel()
	c := load(t, describe("GET /{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}"), contract.Options{})
	m := c.Route("GET", "/1/2/3/4/5/6/7/8/9/10", false)
	if m.PathValue("a") != "1" || m.PathValue("i") != "9" || m.PathValue("j") != "10" {
		t.Error(routed(&m))
	}
}

func TestBasePaths(t *testing.T) {
	t.Parallel()
	servers := "servers: [{url: 'https://{host}.example.com/api/{version}', variables: {host: {default: a}, version: {default: v1, enum: [v1, v2]}}}, {url: /api}]\n"
	own := describe("GET /pets", "GET /v1/cats") + "  /dogs:\n    servers: [{url: 'https://dogs.example.com/kennel/'}]\n    get: {responses: {'200': {description: ok}}}\n"
	for name, test := range map[string]struct {
		base string
		bare bool
		want map[string]string
	}{
		"servers": {"", false, map[string]string{
			"/api/v1/pets": "/pets", "/api/v2/pets": "/pets", "/api/pets": "/pets", "/pets": "404",
			"/api/v3/pets": "404", "/apipets": "404", "/api/v1/v1/cats": "/v1/cats", "/api/v1/cats": "/v1/cats",
			"/kennel/dogs": "/dogs", "/api/dogs": "404",
		}},
		"bare path":  {"", true, map[string]string{"/pets": "/pets", "/dogs": "/dogs", "/api/v1/pets": "/pets"}},
		"given base": {"orders/", false, map[string]string{"/orders/pets": "/pets", "/orders/dogs": "/dogs", "/ordersx/pets": "404", "/api/v1/pets": "404"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := load(t, strings.Replace(own, "paths:", servers+"paths:", 1), contract.Options{Base: test.base})
			for path, want := range test.want {
				m := c.Route("GET", path, test.bare)
				if got := routed(&m); got != want {
					t.Errorf("%s: %s, want %s", path, got, want)
				}
			}
		})
	}
}

func TestTwinsAreToldApartByTheirParameters(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: ok}}
  /a/{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string, pattern: "^[a-z]+$"}}]
      responses: {"200": {description: ok}}
`, contract.Options{})
	for path, want := range map[string]string{
		"/a/12":  "/a/{id} id=12",
		"/a/bob": "/a/{name} name=bob",
		"/a/B-2": "/a/{id} id=B-2", // neither fits: the first is taken and tells why
	} {
		m := c.Route("GET", path, false)
		if got := routed(&m); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestMethodsAndClosest(t *testing.T) {
	t.Parallel()
	c := load(t, describe("GET /pets/{id}", "DELETE /pets/{id}", "PUT /pets/mine", "GET /users/{id}/orders", "POST /users"), contract.Options{})
	for path, want := range map[string]string{
		"/pets/1": "GET, DELETE, OPTIONS, HEAD", "/pets/mine": "GET, PUT, DELETE, OPTIONS, HEAD", "/users": "POST, OPTIONS", "/nope": "",
	} {
		if got := strings.Join(c.Methods(path, false), ", "); got != want {
			t.Errorf("methods of %s: %s, want %s", path, got, want)
		}
	}
	for path, want := range map[string]string{"/pet/1": "GET /pets/{id}", "/api/v1/users/1/orders": "GET /users/{id}/orders", "/user/1/order": "GET /users/{id}/orders"} {
		op := c.Closest("GET", path, 1)[0]
		if got := op.Method + " " + op.Template; got != want {
			t.Errorf("closest to %s: %s, want %s", path, got, want)
		}
	}
}

func TestRespond(t *testing.T) {
	t.Parallel()
	for statuses, tests := range map[string]map[string]string{
		"200 400 default":             {"200": "200 200", "404": "default 404", "default": "default 503", "DEFAULT": "default 503", "4XX": "-", "600": "-", "199": "-", "x": "-", "0200": "-", "success": "200 200"},
		"200 4xx 404":                 {"404": "404 404", "409": "4XX 409", "4xx": "4XX 400", "500": "-", "success": "200 200"},
		"default":                     {"200": "default 200", "default": "default 503", "success": "default 200"},
		"2XX 5XX default":             {"201": "2XX 201", "503": "5XX 503", "default": "default 418", "5XX": "5XX 500", "success": "2XX 200"},
		"204 201":                     {"success": "201 201"},
		"301 404":                     {"success": "301 301"},
		"4XX 400 404 409":             {"4XX": "4XX 422"},
		"5XX 500 501":                 {"5XX": "5XX 502"},
		"101":                         {"success": "-", "101": "-"},
		"503 500 502 504 418 default": {"default": "default 200"},
	} {
		text := "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
		for status := range strings.FieldsSeq(statuses) {
			text += fmt.Sprintf("        '%s': {description: d}\n", status)
		}
		op := load(t, text, contract.Options{}).Operations[0]
		for ask, want := range tests {
			r, number, ok := op.Success()
			if ask != "success" {
				r, number, ok = op.Respond(ask)
			}
			got := "-"
			if ok {
				got = fmt.Sprintf("%s %d", r.Status, number)
			}
			if got != want {
				t.Errorf("%s of %s: %s, want %s", ask, statuses, got, want)
			}
		}
	}
}

// TestInformational keeps what is no answer out of the statuses that can be asked for.
func TestInformational(t *testing.T) {
	t.Parallel()
	c := load(t, "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {'101': {description: u}, 1XX: {description: i}, '200': {description: d}, default: {description: e}}}}\n", contract.Options{})
	if got := strings.Join(c.Operations[0].Statuses(), " "); got != "200 default" {
		t.Errorf("statuses %s, want 200 default", got)
	}
}

func TestAcceptable(t *testing.T) {
	t.Parallel()
	op := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": {description: ok, content: {application/json: {}, "application/vnd.x+json": {}, "text/plain; charset=utf-8": {}, "text/*": {}}}
`, contract.Options{}).Operations[0]
	r, _, _ := op.Success()
	for accept, want := range map[string]string{
		"":                                 "application/json",
		"*/*":                              "application/json",
		"text/plain":                       "text/plain; charset=utf-8",
		"text/html":                        "text/*",
		"application/*;q=0.2, text/*;q=.9": "text/plain; charset=utf-8",
		"application/json;q=0, */*":        "application/vnd.x+json",
		"application/*+json":               "application/vnd.x+json",
		"image/png":                        "none",
		"image/png, */*;q=0.1":             "application/json",
		"nonsense":                         "application/json",
		"APPLICATION/JSON":                 "application/json",
		`image/png;a="b,text/plain;c=d"`:   "none",
		"text/plain;q=2, text/html":        "text/*",
		"text/plain;q=NaN, text/html":      "text/*",
	} {
		var lines []string
		if accept != "" {
			lines = []string{accept}
		}
		got := "none"
		if list := r.Acceptable(lines); len(list) > 0 {
			got = list[0].Name
		}
		if got != want {
			t.Errorf("%s: %s, want %s", accept, got, want)
		}
	}
}

// validate sends a request, "METHOD /path?query", through the contract and gives
// the violations in the order in which they are told.
func validate(t *testing.T, c *contract.Contract, request string, header http.Header, body string) []string {
	t.Helper()
	ex := exchanged(t, c, request, header, body)
	var told []string
	for _, v := range ex.Violations {
		told = append(told, v.String())
	}
	return told
}

func exchanged(t *testing.T, c *contract.Contract, request string, header http.Header, body string) *exchange.Exchange {
	t.Helper()
	method, target, _ := strings.Cut(request, " ")
	path, query, _ := strings.Cut(target, "?")
	ex := &exchange.Exchange{Request: exchange.Request{Method: method, Path: path, RawQuery: query, Header: header, Body: []byte(body), HasBody: body != ""}}
	m := c.Route(method, path, true)
	if m.Op == nil {
		t.Fatalf("%s does not route", request)
	}
	m.Op.Validate(ex, &m)
	return ex
}

func TestSecurity(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
security: [{bearer: []}]
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    headerKey: {type: apiKey, in: header, name: X-Key}
    queryKey: {type: apiKey, in: query, name: key}
    cookieKey: {type: apiKey, in: cookie, name: sid}
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect, openIdConnectUrl: "https://example.com"}
    mtls: {type: mutualTLS}
    digest: {type: http, scheme: digest}
paths:
  /global: {get: {responses: {"200": {description: ok}}}}
  /none: {get: {security: [], responses: {"200": {description: ok}}}}
  /optional: {get: {security: [{}, {bearer: []}], responses: {"200": {description: ok}}}}
  /basic: {get: {security: [{basic: []}], responses: {"200": {description: ok}}}}
  /keys: {get: {security: [{headerKey: [], queryKey: []}, {cookieKey: []}], responses: {"200": {description: ok}}}}
  /oauth: {get: {security: [{oauth: [a]}, {oidc: []}], responses: {"200": {description: ok}}}}
  /either: {get: {security: [{bearer: []}, {basic: [], mtls: []}, {basic: []}, {oauth: []}], responses: {"200": {description: ok}}}}
  /mtls: {get: {security: [{mtls: []}], responses: {"200": {description: ok}}}}
  /digest: {get: {security: [{digest: []}], responses: {"200": {description: ok}}}}
`, contract.Options{})
	const bearer, basic = "a bearer token in Authorization", "user and password in Authorization"
	for _, test := range []struct {
		path, header, lacks string
	}{
		{"/global", "", bearer},
		{"/global", "Authorization: Bearer x", ""},
		{"/global", "Authorization: bearer x", ""},
		{"/global", "Authorization: Bearer", bearer},
		{"/global", "Authorization: Bearer a b", bearer},
		{"/global", "Authorization: Basic eDp5", bearer},
		{"/none", "", ""},
		{"/optional", "", ""},
		{"/basic", "Authorization: Basic eDp5", ""},
		{"/basic", "Authorization: Basic !!", basic},
		{"/basic", "Authorization: Basic eA==", basic},
		{"/keys", "", "an API key in the cookie sid"},
		{"/keys?key=1", "", "an API key in the header X-Key"},
		{"/keys?key=1", "X-Key: 2", ""},
		{"/keys?key=", "X-Key: 2", "an API key in the query key"},
		{"/keys", "Cookie: a=b; sid=3", ""},
		{"/oauth", "Authorization: Bearer x", ""},
		{"/oauth", "", bearer},
		{"/either", "", bearer + " or " + basic},
		{"/mtls", "", "a client certificate"},
		{"/digest", "Authorization: Digest username=x", ""},
		{"/digest", "", "Digest credentials in Authorization"},
	} {
		h := http.Header{}
		if name, value, ok := strings.Cut(test.header, ": "); ok || name != "" {
			h.Set(strings.TrimSuffix(name, ":"), value)
		}
		lacks := ""
		for _, v := range exchanged(t, c, "GET "+test.path, h, "").Violations {
			lacks += v.Expected
			if v.In != exchange.Security || v.Fix == "" {
				t.Errorf("%s: %+v", test.path, v)
			}
		}
		if lacks != test.lacks {
			t.Errorf("%s with %q lacks %q, want %q", test.path, test.header, lacks, test.lacks)
		}
	}
	if diff := cmp.Diff([]string{`ApiKey in="header", name="X-Key"`, `ApiKey in="query", name="key"`, `ApiKey in="cookie", name="sid"`}, c.Operation("GET /keys").Challenges()); diff != "" {
		t.Error(diff)
	}
}

func TestRequestBody(t *testing.T) {
	t.Parallel()
	c := load(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /required:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {type: [object, "null", integer, string, boolean]}}
          application/merge-patch+json: {}
          text/*: {schema: {type: string, maxLength: 3}}
      responses: {"200": {description: ok}}
  /optional:
    post:
      requestBody: {content: {"application/*": {schema: {type: object}}}}
      responses: {"200": {description: ok}}
  /none:
    post: {responses: {"200": {description: ok}}}
`, contract.Options{})
	const missing = `body is required`
	for _, test := range []struct{ path, contentType, body, want string }{
		{"/required", "application/json", `{"a": 1}`, ""},
		{"/required", "application/json; charset=utf-8", `null`, ""},
		{"/required", "application/json", `0`, ""},
		{"/required", "application/json", `false`, ""},
		{"/required", "application/json", `""`, ""},
		{"/required", "Application/JSON", ` {} `, ""},
		{"/required", "application/json", "", "required"},
		{"/required", "", "", "required"},
		{"/required", "application/json", `{"a": 1`, "decode"},
		{"/required", "application/json", `{"a": 1} x`, "decode"},
		{"/required", "application/json", `{"a": 1, "a": 2}`, "decode"},
		{"/required", "application/json", "\"\xff\"", "decode"},
		{"/required", "application/json", `[1]`, "type"},
		{"/required", "application/merge-patch+json", `[1]`, ""},
		{"/required", "text/plain", `abcd`, "maxLength"},
		{"/required", "text/plain", `abc`, ""},
		{"/required", "application/xml", `<a/>`, "mediaType"},
		{"/required", "", `{}`, "mediaType"},
		{"/required", "nonsense", `{}`, "mediaType"},
		{"/optional", "", "", ""},
		{"/optional", "application/json", "", ""},
		{"/optional", "application/json", "[]", "type"},
		{"/none", "application/json", `{`, ""},
	} {
		h := http.Header{}
		if test.contentType != "" {
			h.Set("Content-Type", test.contentType)
		}
		var rules []string
		for _, v := range exchanged(t, c, "POST "+test.path, h, test.body).Violations {
			rules = append(rules, v.Rule)
		}
		if got := strings.Join(rules, " "); got != test.want {
			t.Errorf("%s %s %s: %q, want %q", test.path, test.contentType, test.body, got, test.want)
		}
	}
	if diff := cmp.Diff([]string{missing}, validate(t, c, "POST /required", nil, "")); diff != "" {
		t.Error(diff)
	}
	for contentType, want := range map[string]string{
		"application/json; charset=utf-8": "application/json", "text/csv": "text/*", "application/xml": "", "": "",
	} {
		ex := exchanged(t, c, "POST /required", http.Header{"Content-Type": {contentType}}, "1")
		if ex.MediaType != want {
			t.Errorf("a body of %q falls under %q, want %q", contentType, ex.MediaType, want)
		}
	}
}

func TestSiblingsOfReferencesCountFrom31On(t *testing.T) {
	t.Parallel()
	text := `
openapi: VERSION
info: {title: t, version: "1"}
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {$ref: "#/components/schemas/A"}}]
      responses: {"200": {description: ok}}
components:
  schemas:
    A: {$ref: "#/components/schemas/B", minLength: 3}
    B: {type: string}
`
	for version, want := range map[string]int{"3.0.3": 0, "3.1.0": 1} {
		c := load(t, strings.Replace(text, "VERSION", version, 1), contract.Options{})
		if got := validate(t, c, "GET /a?q=x", nil, ""); len(got) != want {
			t.Errorf("%s: %v", version, got)
		}
	}
}
