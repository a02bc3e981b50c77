package importer_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/importer"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Whatever a file says, an import ends with findings or with a scenario that loads.

func FuzzWireMock(f *testing.F) { fuzz(f, importer.WireMock) }

func FuzzMockoon(f *testing.F) { fuzz(f, importer.Mockoon) }

func FuzzHAR(f *testing.F) { fuzz(f, importer.HAR) }

func fuzz(f *testing.F, kind importer.Kind) {
	seeds, err := filepath.Glob("testdata/" + string(kind) + "/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range seeds {
		if data, err := os.ReadFile(name); err == nil && !strings.HasSuffix(name, ".golden") {
			f.Add(data)
		}
	}
	apis := shop(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 16<<10 {
			t.Skip("longer files say nothing new")
		}
		checkImport(t, kind, apis, data)
	})
}

// checkImport imports a file and holds what every import promises.
func checkImport(t *testing.T, kind importer.Kind, apis []*contract.Contract, data []byte) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "source.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := importer.Import(t.Context(), kind, []string{file}, apis, importer.Options{})
	var found source.Diagnostics
	if err != nil {
		if !errors.As(err, &found) || found.Errors() == 0 {
			t.Fatalf("an error that is no finding: %v", err)
		}
		return
	}
	if len(r.Files) == 0 {
		if r.Stubs != 0 {
			t.Errorf("%d stubs in no file", r.Stubs)
		}
		return
	}
	out := filepath.Join(dir, "out")
	for _, f := range r.Files {
		if err := os.MkdirAll(out, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, f.Path), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := scenario.Load([]string{out}, apis, scenario.Options{})
	if err != nil {
		t.Fatalf("what was written does not load: %v\n%s", err, r.Files[0].Data)
	}
	if r.Stubs == 0 || set.Scenarios[0].Len() != r.Stubs {
		t.Errorf("%d stubs were told, %d written", r.Stubs, set.Scenarios[0].Len())
	}
}

// TestMutatedImports puts something else in the place of each value of the test files,
// which random bytes seldom do.
func TestMutatedImports(t *testing.T) {
	t.Parallel()
	apis := shop(t)
	others := []any{nil, "", "${x}", 7, -1.5, true, map[string]any{}, []any{}, []any{nil}, map[string]any{"equalTo": nil}, "/", "{{", "a/b:c"}
	for _, kind := range importer.Kinds() {
		seeds, err := filepath.Glob("testdata/" + kind + "/*.*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range seeds {
			data, err := os.ReadFile(name)
			var tree any
			if err != nil || json.Unmarshal(data, &tree) != nil {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				n := 0
				mutate(tree, func(set func(any), back any) {
					if n++; n%19 != 0 { // all of them take a minute
						return
					}
					set(others[n%len(others)])
					mutated, _ := json.Marshal(tree)
					checkImport(t, importer.Kind(kind), apis, mutated)
					set(back)
				})
			})
		}
	}
}

// mutate calls at for each value below v with a function that sets it.
func mutate(v any, at func(set func(any), back any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			back := v[key]
			mutate(back, at)
			at(func(other any) { v[key] = other }, back)
		}
	case []any:
		for i, back := range v {
			mutate(back, at)
			at(func(other any) { v[i] = other }, back)
		}
	}
}
