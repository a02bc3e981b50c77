package contract_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// FuzzRoute: no path makes the router panic, and what it finds is what a plain
// comparison of segments finds.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{"/pets", "/pets/1", "/pets/mine/toys/2", "/files/x.json", "/a/b:c", "//", "/%2F", "/%zz", ""} {
		f.Add("GET", seed)
	}
	c := load(f, describe("GET /pets", "GET /pets/{id}", "GET /pets/mine", "DELETE /pets/{id}", "GET /pets/{id}/toys/{toy}", "GET /files/{name}.json", "GET /a/{x}:{y}"), contract.Options{})
	f.Fuzz(func(t *testing.T, method, path string) {
		m := c.Route(method, path, true)
		_ = c.Closest(method, path, 3)
		if m.Op == nil {
			return
		}
		if !m.PathKnown || m.Op.Method != method || strings.Count(m.Op.Template, "/") != strings.Count(path, "/") {
			t.Errorf("%s %q routes to %s %s", method, path, m.Op.Method, m.Op.Template)
		}
		for part := range strings.SplitSeq(m.Op.Template, "{") {
			if name, _, ok := strings.Cut(part, "}"); ok && (m.PathValue(name) == "" || strings.Contains(m.PathValue(name), "/")) {
				t.Errorf("%q gives {%s} the value %q", path, name, m.PathValue(name))
			}
		}
	})
}
