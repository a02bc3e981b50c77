package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// manyStubs is a file with n stubs of one operation, each with conditions of its
// own and a body that is written out.
func manyStubs(n int, when string) []byte {
	var b strings.Builder
	b.WriteString("operations:\n  createOrder:\n")
	for i := range n {
		fmt.Fprintf(&b, "    - name: order-%d\n      when: {"+when+"}\n      respond: {status: 400, body: {code: GONE, message: order %d is gone}}\n", i, i, i)
	}
	return []byte(b.String())
}

func writeScenario(t testing.TB, text []byte) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "many.yaml"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// BenchmarkLoad reads, compiles and proves a file of ten thousand stubs.
func BenchmarkLoad(b *testing.B) {
	apis := []*contract.Contract{theShop(b)}
	for _, kind := range []struct{ name, when string }{
		{"headers", "headers: {X-Key: k%d, Authorization: Bearer x}"},
		{"body", "body: {sku: A, customer: {name: n%d}}"},
		{"patterns", "headers: {X-Key: {startsWith: k%d}}"},
	} {
		b.Run(kind.name, func(b *testing.B) {
			text := manyStubs(10_000, kind.when)
			folder := writeScenario(b, text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Load([]string{folder}, apis, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestLoadsTenThousandStubs holds that a file may be as large as that.
func TestLoadsTenThousandStubs(t *testing.T) {
	t.Parallel()
	set, err := Load([]string{writeScenario(t, manyStubs(10_000, "headers: {X-Key: k%d, Authorization: Bearer x}"))}, []*contract.Contract{theShop(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := set.Scenario("many").Len(); n != 10_000 || len(set.Warnings) > 0 {
		t.Errorf("%d stubs, %v", n, set.Warnings)
	}
}

func TestSchemaHintInJSON(t *testing.T) {
	t.Parallel()
	sc := load(t, `{"$schema": "scenario.schema.json", "operations": {"getOrder": 404}}`)
	if sc.Len() != 1 {
		t.Errorf("%d stubs", sc.Len())
	}
}
