package admin

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestReference holds the table of operations in docs/control-plane.md to openapi.yaml.
func TestReference(t *testing.T) {
	t.Parallel()
	const page, mark = "../../../docs/control-plane.md", "<!-- operations: written by go test ./mock/internal/admin -run Reference -update -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, got, found := strings.Cut(string(text), mark)
	if !found {
		t.Fatalf("%s has no mark", page)
	}
	want := reference(t)
	if testenv.Updating() {
		if err := os.WriteFile(page, []byte(head+mark+want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("openapi.yaml (-) and %s (+):\n%s", page, diff)
	}
}

func reference(t *testing.T) string {
	t.Helper()
	root, found := source.Parse(&source.File{Name: "openapi.yaml", Data: Description}, source.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	const session = "/sessions/{session}"
	paths := root.Get("paths")
	var b strings.Builder
	b.WriteString("\n| | | in a session |\n| --- | --- | --- |\n")
	for path, item := range paths.Members() {
		if rest, ok := strings.CutPrefix(path, session); ok && rest != "" && paths.Has(rest) {
			continue // stands beside the one for everybody
		}
		for method, op := range item.Members() {
			if method == "parameters" {
				continue
			}
			own := ""
			if paths.Get(session+path).Get(method) != nil {
				own = "yes"
			}
			fmt.Fprintf(&b, "| `%s %s%s` | %s | %s |\n", strings.ToUpper(method), Prefix, path, op.Get("summary").Str(), own)
		}
	}
	return b.String()
}
