package sample_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// TestRequest holds the requests for operations with everything that a request may
// have. Those that are made keep to the contract.
func TestRequest(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, op := range loadContract(t, "testdata/api.yaml").Operations {
		fmt.Fprintf(&b, "# %s\n", op.Name())
		call, err := sample.Request(op, sample.Options{})
		if err != nil {
			fmt.Fprintf(&b, "%v\n\n", err)
			continue
		}
		checkCall(t, op, call)
		writeCall(&b, call)
		for seed := range uint64(20) {
			if call, err := sample.Request(op, sample.Options{Seed: seed, Dynamic: true}); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			} else {
				checkCall(t, op, call)
			}
		}
	}
	testenv.Golden(t, "testdata/requests.golden", b.String())
}

func writeCall(b *strings.Builder, c *sample.Call) {
	fmt.Fprintf(b, "%s %s\n", c.Method, c.Path)
	if c.RawQuery != "" {
		fmt.Fprintf(b, "  ?%s\n", strings.ReplaceAll(c.RawQuery, "&", "\n  &"))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Header)) {
		fmt.Fprintf(b, "%s: %s\n", name, strings.Join(c.Header[name], ", "))
	}
	if c.ClientCertificate {
		b.WriteString("(with a client certificate)\n")
	}
	if c.Body != nil {
		fmt.Fprintf(b, "\n%s\n", strings.ReplaceAll(string(c.Body), "\r\n", "\n"))
	}
	b.WriteString("\n")
}

// TestBody holds the bodies of all media types of a response, and its headers.
func TestBody(t *testing.T) {
	t.Parallel()
	op := loadContract(t, "testdata/api.yaml").Operation("getOrder")
	var b strings.Builder
	for _, r := range op.Responses {
		fmt.Fprintf(&b, "# %s\n", r.Status)
		header, err := sample.Headers(r, sample.Options{})
		if err != nil {
			fmt.Fprintf(&b, "%v\n", err)
		}
		for _, v := range r.CheckHeaders(header) {
			if err == nil {
				t.Error(v)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(header)) {
			fmt.Fprintf(&b, "%s: %s\n", name, header.Get(name))
		}
		for _, m := range r.Content() {
			body, err := sample.Body(m, sample.Options{})
			if err != nil {
				body = []byte(err.Error())
			} else if found := m.CheckBytes(body); len(found) > 0 {
				t.Errorf("%s: %s", m.Name, found[0])
			}
			fmt.Fprintf(&b, "\n## %s\n%s\n", m.Name, body)
		}
		b.WriteString("\n")
	}
	testenv.Golden(t, "testdata/bodies.golden", b.String())
}

func TestBodyOfAMediaTypeThatIsNotMade(t *testing.T) {
	t.Parallel()
	r := loadContract(t, "testdata/api.yaml").Operation("getOrder").Responses[0]
	if _, err := sample.Body(r.Media("image/png"), sample.Options{}); !errors.Is(err, sample.ErrMediaType) {
		t.Errorf("got %v", err)
	}
	text, _ := contract.ParseMediaType("application/hal+json")
	body, err := sample.BodyAs(r.Media("application/hal+json"), text, sample.Options{})
	if err != nil || string(body) != `["any"]` {
		t.Errorf("got %s, %v", body, err)
	}
}

// TestRequestWithAQuerystring makes requests whose whole query is one parameter.
func TestRequestWithAQuerystring(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"application/x-www-form-urlencoded: {schema: {type: object, required: [page, q], properties: {page: {type: integer, const: 2}, q: {type: string, const: a b}}}}": "page=2&q=a%20b",
		"application/json: {schema: {type: object, required: [page], properties: {page: {type: integer, const: 2}}}}":                                                    "%7B%22page%22%3A2%7D",
	} {
		file := filepath.Join(t.TempDir(), "api.yaml")
		text := "openapi: 3.2.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      parameters: [{name: f, in: querystring, required: true, content: {" + content + "}}]\n      responses: {'200': {description: ok}}\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		op := loadContract(t, file).Operations[0]
		call, err := sample.Request(op, sample.Options{})
		if err != nil {
			t.Errorf("%s: %v", content, err)
			continue
		}
		if checkCall(t, op, call); call.RawQuery != want {
			t.Errorf("%q, want %q", call.RawQuery, want)
		}
	}
}

// TestRequestWithoutTypes makes requests with parameters whose schemas have no type.
func TestRequestWithoutTypes(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"any":             "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {}}, {name: q, in: query, required: true, schema: {}}, {name: X-A, in: header, required: true, schema: {minLength: 40}}]\n      responses: {'200': {description: ok}}\n",
		"Swagger":         "swagger: '2.0'\ninfo: {title: t, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true}]\n      responses: {'200': {description: ok}}\n",
		"a misspelt type": "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: interger}}]\n      responses: {'200': {description: ok}}\n",
	} {
		file := filepath.Join(t.TempDir(), "api.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		op := loadContract(t, file).Operations[0]
		call, err := sample.Request(op, sample.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkCall(t, op, call)
	}
}
