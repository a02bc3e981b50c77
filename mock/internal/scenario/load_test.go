package scenario

import (
	"fmt"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// manyStubs is a file with n stubs of one operation.
func manyStubs(n int) []byte {
	var b strings.Builder
	b.WriteString("operations:\n  getOrder:\n")
	for i := range n {
		fmt.Fprintf(&b, "    - name: order-%d\n      when: {path: {id: %d}, headers: {Authorization: Bearer x}}\n      respond: {status: 404, body: {code: GONE, message: \"order ${path.id} is gone\"}}\n", i, i)
	}
	return []byte(b.String())
}

// BenchmarkLoad loads and proves a file of ten thousand stubs.
func BenchmarkLoad(b *testing.B) {
	l := newLoader([]*contract.Contract{theShop(b)})
	text := manyStubs(10_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		l = newLoader(l.names.apis)
		src := &source.File{Name: "many.yaml", Data: text}
		root, found := source.Parse(src, source.Options{MaxNodes: 1_000_000})
		if found != nil {
			b.Fatal(found)
		}
		f := &file{name: "many", path: "many.yaml", src: src, root: root}
		l.decodeFile(f)
		l.compileFile(f)
		l.proveTogether()
		if l.faults > 0 {
			b.Fatal(l.list)
		}
	}
}

func TestSchemaHintInJSON(t *testing.T) {
	t.Parallel()
	sc := load(t, `{"$schema": "scenario.schema.json", "operations": {"getOrder": 404}}`)
	if sc.Len() != 1 {
		t.Errorf("%d stubs", sc.Len())
	}
}
