package upstream_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http://api.example.com":          "http://api.example.com",
		"HTTPS://Api.Example.com:8443/":   "https://api.example.com:8443",
		"https://api.example.com/v1/":     "https://api.example.com/v1",
		"http://[::1]:8080/a%2Fb":         "http://[::1]:8080/a%2Fb",
		"http://127.0.0.1/with%20space/x": "http://127.0.0.1/with%20space/x",
	} {
		target, err := upstream.ParseTarget(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if target.String() != want {
			t.Errorf("%s: %s, want %s", text, target, want)
		}
	}
	for text, want := range map[string]string{
		"":                           "no URL of an API",
		"api.example.com":            "no URL of an API",
		"localhost:8080":             "write http://localhost:8080 or https://localhost:8080",
		"127.0.0.1:8080/v1":          "write http://127.0.0.1:8080/v1 or https://127.0.0.1:8080/v1",
		"u:secret@a.example":         "no URL of an API",
		"ftp://api.example.com":      "no URL of an API",
		"http:///v1":                 "no URL of an API",
		"http://:8080":               "no URL of an API",
		"http://u:secret@a.example":  "has a user name in it",
		"http://u:secret@a.exam ple": "is no URL",
		"http://a.example?x=1":       "has a query or a fragment",
		"http://a.example#x":         "has a query or a fragment",
		"http://a.example:0":         "ports are 1 to 65535",
		"http://a.example:99999":     "ports are 1 to 65535",
		"http://a.example/a/../b":    "has .. in its path",
		"http://a.example/%2e%2E/b":  "has .. in its path",
	} {
		_, err := upstream.ParseTarget(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error shows a password: %v", text, err)
		}
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	target, err := upstream.ParseTarget("https://api.example.com/v1")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/":                 "https://api.example.com/v1/",
		"/pets/a%2Fb":       "https://api.example.com/v1/pets/a%2Fb",
		"//evil.example/x":  "https://api.example.com/v1//evil.example/x",
		"/pets/...":         "https://api.example.com/v1/pets/...",
		"/pets/a..b/%2E":    "https://api.example.com/v1/pets/a..b/%2E",
		"/pets/%252e%252e/": "https://api.example.com/v1/pets/%252e%252e/",
	} {
		u, err := target.URL(path, "")
		if err != nil || u.String() != want {
			t.Errorf("%s: %v, %v, want %s", path, u, err, want)
		}
		if u != nil && !target.Holds(u) {
			t.Errorf("%s leads to another origin", path)
		}
	}
	for _, path := range []string{"/..", "/pets/../x", "/pets/%2e%2E/x", "/pets%2f..%2Fx", `/pets\..\x`, "/pets%5C..", "/..;x=1/admin", "/%2e./x"} {
		if u, err := target.URL(path, ""); !errors.Is(err, upstream.ErrClimbs) {
			t.Errorf("%s: %v, %v", path, u, err)
		}
	}
	if u, err := target.URL("/a", "q=%20&b"); err != nil || u.String() != "https://api.example.com/v1/a?q=%20&b" {
		t.Errorf("%v, %v", u, err)
	}
	if u, err := target.URL("@evil.example/", ""); err == nil {
		t.Errorf("a path without a slash gives %v", u)
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	target, err := upstream.ParseTarget("https://api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"https://api.example.com/x": true, "https://API.example.com:443/": true,
		"http://api.example.com/": false, "https://api.example.com:8443/": false, "https://example.com/": false, "/x": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if target.Holds(u) != want {
			t.Errorf("%s: %t", text, !want)
		}
	}
}
