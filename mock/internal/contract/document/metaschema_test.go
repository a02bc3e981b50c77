package document

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMetaschemas holds which metaschemas are at hand.
func TestMetaschemas(t *testing.T) {
	t.Parallel()
	byPath, byFile := metaschemas()
	want := []string{
		"/draft-04/schema", "/draft-06/schema", "/draft-07/schema",
		"/draft/2019-09/meta/applicator", "/draft/2019-09/meta/content", "/draft/2019-09/meta/core", "/draft/2019-09/meta/format", "/draft/2019-09/meta/meta-data", "/draft/2019-09/meta/validation", "/draft/2019-09/schema",
		"/draft/2020-12/meta/applicator", "/draft/2020-12/meta/content", "/draft/2020-12/meta/core", "/draft/2020-12/meta/format-annotation", "/draft/2020-12/meta/format-assertion", "/draft/2020-12/meta/meta-data", "/draft/2020-12/meta/unevaluated", "/draft/2020-12/meta/validation", "/draft/2020-12/schema",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(byPath))); diff != "" {
		t.Error(diff)
	}
	for path, d := range byPath {
		if byFile[d.root.File()] != d || d.uri.Path != path || d.uri.Fragment != "" {
			t.Errorf("%s: %s", path, d.uri)
		}
	}
	applicator := byPath["/draft/2020-12/meta/applicator"].root
	if applicator.Get("$dynamicAnchor").Str() != "meta" || !applicator.Get("$defs").Has("schemaArray") {
		t.Error("a metaschema is not whole")
	}
}
