//go:build unix

package scenario

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestNamedPipes holds that nobody waits for a pipe into which nothing is written.
func TestNamedPipes(t *testing.T) {
	t.Parallel()
	for _, pipe := range []string{"pipe.yaml", "body.txt"} {
		dir := tree(t, map[string]string{"a.yaml": "operations:\n  getOrder:\n    - respond: {status: 404, offContract: any, file: body.txt}\n"})
		if err := syscall.Mkfifo(filepath.Join(dir, pipe), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load([]string{dir}, []*contract.Contract{theShop(t)}, Options{})
		if err == nil || !strings.Contains(err.Error(), "it is not a file") {
			t.Errorf("%s: %v", pipe, err)
		}
	}
}
