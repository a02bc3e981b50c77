package journal

import (
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestRedactBodies(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"Pin", "a/b", "", " spaced "})
	const form, multi = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
	for _, test := range []struct{ contentType, body, want string }{
		{"application/json", `{"pin": "x", "b": 1}`, `{"pin": "[redacted]", "b": 1}`},
		{"application/json", `{"PIN":1,"b":{"pin":{"deep":[1,"}"]},"c":2}}`, `{"PIN":"[redacted]","b":{"pin":"[redacted]","c":2}}`},
		{"application/json", `[{"pin":[1,[2]]},{"pin":null}]`, `[{"pin":"[redacted]"},{"pin":"[redacted]"}]`},
		{"application/json", `{"p\u0069n": "x"}`, `{"p\u0069n": "[redacted]"}`},
		{"application/json", `{"x": "pin", "y": "\"pin\": 1"}`, `{"x": "pin", "y": "\"pin\": 1"}`},
		{"application/json", `{"a/b": 1, "spaced": 2}`, `{"a/b": "[redacted]", "spaced": "[redacted]"}`},
		{"application/json", `{"pin": "cut off in the midd`, `{"pin": "[redacted]"`},
		{"application/json", `{"pin": {"a": 1, "b`, `{"pin": "[redacted]"`},
		{"application/json", `{"pin":`, `{"pin":"[redacted]"`},
		{"application/json", `{"pin": "a\\", "b": "\""}`, `{"pin": "[redacted]", "b": "\""}`},
		{"application/json", `{"pin"}`, `{"pin"}`},
		{"text/event-stream", "data: {\"pin\": 1}\n\ndata: {\"pin\": 2}\n", "data: {\"pin\": \"[redacted]\"}\n\ndata: {\"pin\": \"[redacted]\"}\n"},
		{"", `{"pin": 1`, `{"pin": "[redacted]"`},
		{form, "pin=1&b=2&x[pin]=3&pi%6E=4", "pin=[redacted]&b=2&x[pin]=[redacted]&pi%6E=[redacted]"},
		{multi, "--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\nsecret\r\n--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n{\"pin\": 1}\r\n--B--\r\n",
			"--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n[redacted]\r\n--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n{\"pin\": \"[redacted]\"}\r\n--B--\r\n"},
		{multi, "--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\ncut o", "--B\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n[redacted]\r\n"},
	} {
		if got := string(r.body([]byte(test.body), test.contentType)); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.contentType, test.body, got, test.want)
		}
	}
	if got := string(newRedactor(nil).body([]byte(`{"pin": 1}`), "application/json")); got != `{"pin": 1}` {
		t.Errorf("without names: %s", got)
	}
}

func TestRedactQueries(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"pin"}).with(exchange.Query, []string{"api_key"})
	for query, want := range map[string]string{
		"":                     "",
		"a=1&API_KEY=x&b":      "a=1&API_KEY=[redacted]&b",
		"pin=1&pin=2":          "pin=[redacted]&pin=[redacted]",
		"f[pin]=1&f[a][pin]=2": "f[pin]=[redacted]&f[a][pin]=[redacted]",
		"f%5Bpin%5D=1":         "f%5Bpin%5D=[redacted]",
		"f[api_key]=1":         "f[api_key]=1", // an API key is no property
		"%zz=1&pin=2":          "%zz=1&pin=[redacted]",
	} {
		if got := r.query(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestSecretsInTexts(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"pin", "x-key"})
	ex := &exchange.Exchange{
		Request: exchange.Request{RawQuery: "pin=query-secret", Header: http.Header{
			"Authorization": {"Bearer header-secret"}, "Cookie": {"sid=cookie-secret; short=1"}, "X-Key": {"key-secret"}, "X-Other": {"no-secret"},
		}},
		Answer: exchange.Answer{Header: http.Header{"Set-Cookie": {"sid=new-secret; Path=/a-long-path"}}},
		Body:   exchange.Decoded(map[string]any{"a": []any{map[string]any{"pin": map[string]any{"x": "body-secret"}}}, "pinned": "free-text"}),
	}
	s := r.Of(ex)
	for _, hidden := range []string{"query-secret", "header-secret", "Bearer header-secret", "cookie-secret", "key-secret", "new-secret", "body-secret"} {
		if got := s.Text("it has <" + hidden + ">"); got != "it has <[redacted]>" {
			t.Error(got)
		}
	}
	ex.Parameters = []exchange.Parameter{{In: exchange.Path, Name: "id", Present: true, Value: "header-secret"}}
	if got := r.Exchange(ex).Parameters[0].Value; got != exchange.Redacted {
		t.Errorf("a parameter that is a secret: %v", got)
	}
	for _, shown := range []string{"no-secret", "free-text", "/a-long-path", "1", "Bearer"} {
		if got := s.Text("it has " + shown); got != "it has "+shown {
			t.Error(got)
		}
	}
}

func TestRedactViolations(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"pin"}).with(exchange.Header, []string{"X-Key"})
	for _, test := range []struct {
		v    exchange.Violation
		want string
	}{
		{exchange.Violation{In: exchange.Query, Name: "pin", Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Header, Name: "x-key", Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Query, Name: "x-key", Got: "1"}, "1"},
		{exchange.Violation{In: exchange.Cookie, Name: "any", Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Security, Name: "bearer", Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Body, Pointer: "/a/pin/0", Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Body, Pointer: "/a/pinned", Got: "1"}, "1"},
		{exchange.Violation{In: exchange.Body, Got: `{"pin": "1", "b`}, `{"pin": "[redacted]", "b`},
		{exchange.Violation{In: exchange.Body, Name: "pin"}, ""},
		{exchange.Violation{In: exchange.Body, Pointer: exchange.Shortened("/" + strings.Repeat("a", exchange.MaxText) + "/pin"), Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Query, Name: exchange.Shortened("f[" + strings.Repeat("a", exchange.MaxText) + "][pin]"), Got: "1"}, exchange.Redacted},
		{exchange.Violation{In: exchange.Body, Pointer: "/a…", Got: "1"}, "1"},
	} {
		if got := r.violation(test.v).Got; got != test.want {
			t.Errorf("%+v: %s", test.v, got)
		}
	}
}

// TestRedactNothingTwice holds that a body without hidden names is not copied.
func TestRedactNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"pin"})
	body := []byte(`{"a": ` + strings.Repeat("1", 100) + `}`)
	if got := r.body(body, "application/json"); &got[0] != &body[0] {
		t.Error("the body was copied")
	}
}

// FuzzRedactJSON holds that hiding never panics, and leaves no hidden text in JSON.
func FuzzRedactJSON(f *testing.F) {
	r := newRedactor([]string{"pin"})
	for _, text := range []string{`{"pin": "secret-text"}`, `{"pin":{"a":["secret-text"]}}`, `"pin"`, `{"pin":`, `"\`, `{"a":"\u0070"}`, `]`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r.body([]byte(text), "application/json")
		r.body([]byte(text), "multipart/form-data; boundary=B")
		whole := `{"a": ` + jsonText(text) + `, "pin": ` + jsonText("secret-text"+text) + `}`
		if got := string(r.json([]byte(whole))); strings.Contains(got, "secret-text") && !strings.Contains(text, "secret-text") {
			t.Errorf("%s: %s", whole, got)
		}
	})
}

func TestRedactPaths(t *testing.T) {
	t.Parallel()
	r := newRedactor([]string{"PIN", "b"})
	for _, test := range []struct {
		path, base string
		values     map[string]string // of path parameters
		want       string
	}{
		{"/users/42/pin", "", map[string]string{"pin": "42"}, "/users/[redacted]/pin"},
		{"/users/42", "", map[string]string{"id": "42"}, "/users/42"},
		{"/users/42/files/42.json", "", map[string]string{"pin": "42"}, "/users/[redacted]/files/42.json"},
		{"/files/4.json", "", map[string]string{"pin": "4"}, "/files/[redacted]"},
		{"/v4/files/4.json", "/v4", map[string]string{"pin": "4"}, "/v4/files/[redacted]"},
		{"/a/1/2", "", map[string]string{"pin": "1", "b": "2"}, "/a/[redacted]/[redacted]"},
		{"/a/x%2Fy%20z", "", map[string]string{"pin": "x/y z"}, "/a/[redacted]"},
		{"/a/;pin=1;pin=2", "", map[string]string{"pin": "1,2"}, "/[redacted]/[redacted]"},
		{"/a/%zz/7", "", map[string]string{"pin": "7"}, "/a/%zz/[redacted]"},
		{"/a/%zz", "", map[string]string{"pin": "%zz"}, "/a/[redacted]"},
		{"/a//", "", map[string]string{"pin": ""}, "/a//"},
	} {
		ex := &exchange.Exchange{Request: exchange.Request{Path: test.path, Base: test.base}}
		for name, value := range test.values {
			ex.Parameters = append(ex.Parameters, exchange.Parameter{In: exchange.Path, Name: name, Present: true, Raw: value, Value: value})
		}
		if got := r.Of(ex).Path(test.path); got != test.want {
			t.Errorf("%s: %s, want %s", test.path, got, test.want)
		}
	}
}
