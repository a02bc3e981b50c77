package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// BenchmarkPaths measures the handler of a contract of one path, and of a thousand, asked
// in turn. The code that is run is the same: what more a thousand cost is memory that the
// processor has to fetch. Compare the two of one run, with GOGC=off.
func BenchmarkPaths(b *testing.B) {
	for _, n := range []int{1, 1_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			m := withPaths(b, n)
			req := httptest.NewRequest("GET", "/", nil)
			req.Header = http.Header{"Accept": {"application/json"}}
			w := &discard{header: http.Header{}}
			paths := make([]string, n)
			for i := range paths {
				paths[i] = fmt.Sprintf("/resource%d/7/parts/x", i)
			}
			ask := func(path string) {
				clear(w.header)
				req.URL.Path = path
				m.ServeHTTP(w, req)
			}
			for i, path := range paths {
				ask(path)
				if got := w.header.Get("Content-Length"); got != strconv.Itoa(len(`{"part":}`)+len(strconv.Itoa(i))) {
					b.Fatal(path, got)
				}
			}
			b.ReportAllocs()
			next := 0
			for b.Loop() {
				ask(paths[next])
				if next++; next == n {
					next = 0
				}
			}
		})
	}
}

// withPaths gives a mock of a description with n paths that say the same.
func withPaths(b *testing.B, n int) http.Handler {
	b.Helper()
	var text strings.Builder
	text.WriteString("openapi: 3.1.0\ninfo: {title: Many, version: \"1\"}\npaths:\n")
	for i := range n {
		fmt.Fprintf(&text, `  /resource%d/{id}/parts/{part}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: part, in: path, required: true, schema: {type: string}}]
    get: {operationId: getPart%d, responses: {"200": {description: it, content: {application/json: {example: {part: %d}}}}}}
`, i, i, i)
	}
	spec := filepath.Join(b.TempDir(), "api.yaml")
	if err := os.WriteFile(spec, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: spec}}})
	if err != nil {
		b.Fatal(err)
	}
	return m
}
