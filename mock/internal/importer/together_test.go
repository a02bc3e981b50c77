package importer

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLargeImports refuses files that are larger together than they may be.
func TestLargeImports(t *testing.T) {
	t.Parallel()
	in := &inputs{}
	for range MaxBytes / MaxFileSize {
		if _, err := in.all(io.LimitReader(spaces{}, MaxFileSize)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := in.all(strings.NewReader(" ")); err == nil || err.Error() != "the files together are larger than 256 MiB" {
		t.Errorf("%v", err)
	}
}

// spaces is a reader of so many as are wanted.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestManyValues refuses files that hold more values together than they may.
func TestManyValues(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(name, []byte("\xef\xbb\xbf[1, {\"a\": [2]}]"), 0o600); err != nil { // five of them, behind a mark
		t.Fatal(err)
	}
	in := &inputs{nodes: maxNodes - 9}
	if err := in.file(name, nil); err != nil {
		t.Fatal(err)
	}
	if err := in.file(name, nil); err == nil || !strings.Contains(err.Error(), "the files together hold more than 5000000 values") {
		t.Errorf("%v", err)
	}
}
