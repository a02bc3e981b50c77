package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/document"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// FuzzFindings takes any text for a description: looking at it closely never panics, and
// what it tells has a place.
func FuzzFindings(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "testdata/findings/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	const location = "http://descriptions.example/api.yaml"
	f.Fuzz(func(t *testing.T, text string) {
		c, err := contract.Load(t.Context(), location, contract.Options{Options: document.Options{Documents: map[string][]byte{location: []byte(text)}}})
		if err != nil {
			return
		}
		for _, d := range sample.FindingsWithin(t.Context(), c, 50_000) {
			if d.At.File == nil || d.Message == "" {
				t.Errorf("%+v", d)
			}
		}
		for _, op := range c.Operations {
			if call, err := sample.Request(op, sample.Options{}); err == nil && call.Path == "" {
				t.Errorf("%s: an empty path", op.Name())
			}
		}
	})
}
