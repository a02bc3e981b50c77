package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestEquivalentPaths routes paths that differ in what is percent-encoded (RFC 3986 section
// 6.2.2): where that is an unreserved character they are the same, in the base path and in
// what a template has as text.
func TestEquivalentPaths(t *testing.T) {
	t.Parallel()
	servers := "servers: [{url: 'https://example.com/api/v1'}, {url: '/b%c3%bc%2dx%2f1'}, {url: '/a:b'}, {url: '/c[1]'}]\n"
	c := load(t, strings.Replace(describe("GET /pets", "GET /pets/{id}", "GET /files/{name}.json", "GET /mo ld/{n}-{m} ä", "GET /items[{id}]"), "paths:", servers+"paths:", 1), contract.Options{})
	for path, want := range map[string]string{
		"/api/v1/pets":                     "/pets",
		"/%61pi/%761/pets":                 "/pets",
		"/a%70i/v%31":                      "404",
		"/api/v1%2Fpets":                   "404", // a slash that is encoded parts nothing
		"/api%2Fv1/pets":                   "404",
		"/api/v1x/pets":                    "404",
		"/api/v1%78/pets":                  "404",
		"/api/v1%/pets":                    "404",
		"/api/%7":                          "404",
		"/b%C3%BC-x%2F1/pets":              "/pets",
		"/b%c3%bc%2Dx%2f1/pets":            "/pets",
		"/bü-x%2F1/pets":                   "404", // no request has it so
		"/b%C3%BC-x/1/pets":                "404",
		"/a:b/pets":                        "/pets",
		"/a%3Ab/pets":                      "404",               // a reserved character is another one where it is encoded
		"/api/v1/items[7]":                 "/items[{id}] id=7", // as many send it
		"/api/v1/items%5B7%5d":             "/items[{id}] id=7",
		"/c%5B1]/pets":                     "/pets",
		"/c[1]/pets":                       "/pets",
		"/api/v1/pets/%7Ea":                "/pets/{id} id=%7Ea",
		"/api/v1/pets/a%2Fb":               "/pets/{id} id=a%2Fb",
		"/api/v1/files/a%2Ejson":           "/files/{name}.json name=a",
		"/api/v1/files/%61%2fb.%6Ason":     "/files/{name}.json name=a%2Fb",
		"/api/v1/mo%20ld/1%2D2%20%c3%A4":   "/mo ld/{n}-{m} ä n=1 m=2",
		"/api/v1/mo%20ld/%31-2%2520%C3%A4": "404",
	} {
		m := c.Route("GET", path, false)
		if got := routed(&m); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if base, rest, ok := c.Below("/%61pi/v1/%70ets"); base != "/api/v1" || rest != "/%70ets" || !ok {
		t.Error(base, rest, ok)
	}
}

// FuzzEquivalentPaths encodes characters of a path that need not be: it is routed as before.
func FuzzEquivalentPaths(f *testing.F) {
	f.Add("/api/v1/pets", uint64(5))
	f.Add("/api/v1/files/a-b.json", uint64(1<<20))
	f.Add("/api/v1/a/%2Fx:~", uint64(1<<15))
	c := load(f, strings.Replace(describe("GET /pets", "GET /files/{name}.json", "GET /files/{name}-{b}.json", "GET /a/{x}:{y}", "GET /a/{x}"), "paths:", "servers: [{url: /api/v1}]\npaths:", 1), contract.Options{})
	f.Fuzz(func(t *testing.T, path string, encoded uint64) {
		if strings.Contains(path, "%") {
			return
		}
		var b strings.Builder
		for i := range len(path) {
			if ch := path[i]; encoded>>(i%64)&1 == 1 && (ch|0x20 >= 'a' && ch|0x20 <= 'z' || strings.IndexByte("0123456789-._~", ch) >= 0) {
				fmt.Fprintf(&b, "%%%02x", ch)
			} else {
				b.WriteByte(ch)
			}
		}
		was, is := c.Route("GET", path, false), c.Route("GET", b.String(), false)
		if was.Op != is.Op || was.Base != is.Base {
			t.Errorf("%s and %s", path, b.String())
		}
	})
}
