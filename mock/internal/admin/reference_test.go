package admin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestReference holds the table of operations in docs/control-plane.md to openapi.yaml.
func TestReference(t *testing.T) {
	t.Parallel()
	testenv.GoldenPart(t, "../../../docs/control-plane.md", "<!-- operations: written by go test ./mock/internal/admin -run Reference -update -->", reference(t))
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
