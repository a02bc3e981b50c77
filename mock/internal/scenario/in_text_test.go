package scenario

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// TestNextBehind holds that where a value ends is found as by looking at all siblings, also
// where aliases and merged members stand among them.
func TestNextBehind(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, text := range []string{
		"a: 1\nb: [x, [y, z], {c: d, e: [f]}]\ng: {h: i}\n",
		"a: &a {b: 1, c: [2, 3]}\nd: [*a, 4, *a, {e: 5, f: *a}]\ng: 6\n",
		"a: &a {b: 1, c: [2, 3]}\nd: {e: 1, <<: *a, f: 2}\ng: {<<: *a}\n",
		`{"a": [1, {"b": 2}], "c": {"d": [3, 4]}, "e": 5}`,
	} {
		root, found := source.Parse(&source.File{Name: "test.yaml", Data: []byte(text)}, source.Options{})
		if len(found) > 0 {
			t.Fatal(found)
		}
		var all func(n *source.Node)
		all = func(n *source.Node) {
			at := n.At()
			for up := n; up.Parent() != nil; up = up.Parent() {
				want, found := 0, false
				for i := range up.Parent().Kids {
					off := up.Parent().Kids[i].KeyAt().Off
					if off > at.Off && (!found || int(off) < want) {
						want, found = int(off), true
					}
				}
				asked++
				if got, ok := nextBehind(at, up); got != want || ok != found {
					t.Errorf("%q: %d %t behind %d, want %d %t", text, got, ok, at.Off, want, found)
				}
				if found {
					break // as endOf does
				}
			}
			for i := range n.Kids {
				all(&n.Kids[i])
			}
		}
		all(root)
	}
	if asked < 60 {
		t.Errorf("asked %d times alone", asked)
	}
}

// BenchmarkManyFindings loads a file in which each of many stubs is wrong at its end. It
// grows with their number, not with its square.
func BenchmarkManyFindings(b *testing.B) {
	api, err := contract.Load(b.Context(), "../../../testdata/provider/openapi.yaml", contract.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("operations:\n  health:\n")
			for i := range n {
				fmt.Fprintf(&text, "    - {name: s%d, respond: {status: 200}, when: {expr: \"bdy.x == 1\"}}\n", i)
			}
			file := &source.File{Name: "test.yaml", Data: []byte(text.String())}
			for b.Loop() {
				_, err := LoadFiles([]*source.File{file}, []*contract.Contract{api}, Options{})
				if found, _ := err.(source.Diagnostics); len(found) != n {
					b.Fatalf("%d findings", len(found))
				}
			}
		})
	}
}
