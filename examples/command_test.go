package examples_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv/chromium"
)

// built has the command, once a test has asked for it.
var built string

func TestMain(m *testing.M) {
	code := m.Run()
	chromium.Close()
	_ = os.RemoveAll(built) // what is left of it goes with the temporary files
	os.Exit(code)
}

// build builds the command for all tests: linking takes seconds.
var build = sync.OnceValue(func() (err error) {
	if built, err = os.MkdirTemp("", "understudy-examples-"); err != nil {
		return err
	}
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", built, "../cmd/understudy").CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
})

// command gives the path of the command, called understudy.
func command(t *testing.T) string {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(built, "understudy")
}
