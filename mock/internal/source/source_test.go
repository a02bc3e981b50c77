package source_test

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

func TestX(t *testing.T) {
	f := &source.File{Name: "a.yaml", Data: []byte("a: 1.0\nb:\n  - x: 010\n    x: yes\n  - &q {z: [1, 0x10]}\n  - *q\nd: 2020-01-01\n")}
	n, ds := source.Parse(f, source.Options{})
	t.Log(string(n.AppendJSON(nil)))
	t.Log("\n" + ds.Error())
	t.Log(n.Find("/b/1/z").Pointer(), n.Find("/b/1/z").At())
	data, err := os.ReadFile("../../../../shared/corpus/github.json")
	if err != nil {
		t.Skip()
	}
	var m0, m1 runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m0)
	n, ds = source.Parse(&source.File{Name: "github.json", Data: data}, source.Options{MaxNodes: 1 << 24, Lenient: true})
	runtime.GC()
	runtime.ReadMemStats(&m1)
	t.Log(len(ds), len(n.Kids), (m1.HeapAlloc-m0.HeapAlloc)>>20)
	for i := 0; i < 3; i++ {
		f := &source.File{Name: "bad.yaml", Data: []byte([]string{"a: b: c", "a:\n\t- b", "a: ${x: y}\n b: c"}[i])}
		_, ds = source.Parse(f, source.Options{})
		t.Log("\n" + ds.Error())
	}
	_ = strings.TrimSpace
}

func BenchmarkGithub(b *testing.B) {
	data, err := os.ReadFile("../../../../shared/corpus/github.json")
	if err != nil {
		b.Skip()
	}
	for b.Loop() {
		source.Parse(&source.File{Name: "github.json", Data: data}, source.Options{MaxNodes: 1 << 24, Lenient: true})
	}
}
