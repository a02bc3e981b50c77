package importer

import (
	"io"
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
