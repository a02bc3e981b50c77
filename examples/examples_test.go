// Package examples_test runs the examples that are not written in Go.
package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestConsumerNode runs the tests in Node against the built command, and holds by what
// they have covered that they met the errors that they are about.
func TestConsumerNode(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("UNDERSTUDY_REQUIRE_TOOLS") != "" {
			t.Fatal("node is required here and not installed")
		}
		t.Skip("node is not installed")
	}
	binary, covered := filepath.Join(t.TempDir(), "understudy"), filepath.Join(t.TempDir(), "coverage.json")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../cmd/understudy").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--test")
	cmd.Dir = "consumer-node"
	cmd.Env = append(os.Environ(), "UNDERSTUDY_BINARY="+binary, "UNDERSTUDY_COVERAGE="+covered)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := os.Open(covered)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer file.Close()
	c, err := mock.ReadCoverage(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"getIdentityDocument 200": true, "getIdentityDocument 401": true, "getIdentityDocument 500": true, "validateIdentityDocument 204": true, "validateIdentityDocument 409": true}
	for _, op := range c.APIs[0].Operations {
		for _, row := range op.Rows {
			if conforming := row.Conforming > 0; conforming != want[op.Name+" "+row.Status] {
				t.Errorf("%s %s: conforming %v of %d\n%s", op.Name, row.Status, conforming, row.Reached, out)
			}
		}
	}
}
