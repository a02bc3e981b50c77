package importer_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/importer"
)

func shop(t testing.TB) []*contract.Contract {
	t.Helper()
	c, err := contract.Load(t.Context(), "testdata/shop.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return []*contract.Contract{c}
}

// TestImports holds what is written for the files below testdata, and what is told of
// them. That it passes a check is what an import ends with.
func TestImports(t *testing.T) {
	t.Parallel()
	for _, kind := range importer.Kinds() {
		cases, err := filepath.Glob("testdata/" + kind + "/*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range cases {
			if strings.HasSuffix(name, ".golden") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got := imported(t, importer.Kind(kind), name)
				testenv.Golden(t, strings.TrimSuffix(name, filepath.Ext(name))+".golden", got)
			})
		}
	}
}

func imported(t *testing.T, kind importer.Kind, name string) string {
	t.Helper()
	r, err := importer.Import(t.Context(), kind, []string{name}, shop(t), importer.Options{})
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, f := range r.Files {
		fmt.Fprintf(&b, "== %s\n", f.Path)
		if strings.HasSuffix(f.Path, ".yaml") {
			b.Write(f.Data)
			continue
		}
		fmt.Fprintf(&b, "(%d bytes)\n", len(f.Data))
	}
	fmt.Fprintf(&b, "== %d stubs of %d rules, %d left out\n", r.Stubs, r.Rules, r.LeftOut)
	if len(r.Findings) > 0 {
		b.WriteString(r.Findings.Error() + "\n")
	}
	return b.String()
}
