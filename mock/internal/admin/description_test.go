package admin

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestRoutesAreDescribed holds the routes and openapi.yaml to each other.
func TestRoutesAreDescribed(t *testing.T) {
	t.Parallel()
	root, found := source.Parse(&source.File{Name: "openapi.yaml", Data: Description}, source.Options{})
	if len(found) > 0 {
		t.Fatal(found)
	}
	var described []string
	for path, item := range root.Get("paths").Members() {
		for method := range item.Members() {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+Prefix+path)
			}
		}
	}
	var served []string
	for _, r := range new(Handler).routes() {
		served = append(served, r.method+" "+r.path)
	}
	slices.Sort(described)
	slices.Sort(served)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("routes (-) and openapi.yaml (+):\n%s", diff)
	}
}
