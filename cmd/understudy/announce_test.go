package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestAnnounce prints descriptions of odd shapes as somebody would write it.
func TestAnnounce(t *testing.T) {
	t.Parallel()
	const open = "{responses: {'200': {description: ok}}}"
	closed := func(scheme string) string {
		return fmt.Sprintf("{security: [{%s: []}], responses: {'200': {description: ok}}}", scheme)
	}
	for name, test := range map[string]struct{ info, paths, want string }{
		"one":           {"title: T, version: '1'", "  /a: {get: " + closed("a") + "}\n", "T 1 (api.yaml)\n  GET     /a\n  it needs credentials, of which only the form is checked: -H 'A: key' (--no-security checks nothing)\n"},
		"one of two":    {"title: T, version: '1'", "  /a: {get: " + closed("a") + ", put: " + open + "}\n", "T 1 (api.yaml)\n  GET     /a\n  PUT     /a\n  1 of them needs credentials, of which only the form is checked: -H 'A: key' (--no-security checks nothing)\n"},
		"without title": {"description: none", "  /a: {get: " + open + "}\n", "(api.yaml)\n  GET     /a\n"},
		"four kinds":    {"title: T", "  /a: {get: " + closed("a") + ", put: " + closed("b") + ", post: " + closed("c") + ", delete: " + closed("d") + "}\n", "T (api.yaml)\n  GET     /a\n  PUT     /a\n  POST    /a\n  DELETE  /a\n  they need credentials, of which only the form is checked: -H 'A: key', or -H 'B: key', or -H 'C: key' and 1 other (--no-security checks nothing)\n"},
	} {
		file := filepath.Join(t.TempDir(), "api.yaml")
		text := "openapi: 3.1.0\ninfo: {" + test.info + "}\npaths:\n" + test.paths + "components:\n  securitySchemes:\n"
		for _, scheme := range []string{"a", "b", "c", "d"} {
			text += fmt.Sprintf("    %s: {type: apiKey, in: header, name: %s}\n", scheme, strings.ToUpper(scheme))
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		announce(&b, m)
		got, _, _ := strings.Cut(strings.ReplaceAll(b.String(), filepath.Dir(file)+string(filepath.Separator), ""), "no scenarios")
		if got != test.want {
			t.Errorf("%s:\n%q, want\n%q", name, got, test.want)
		}
	}
}
