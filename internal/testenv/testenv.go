// Package testenv is what tests of several packages need from where they run: golden
// files, programs, and the descriptions and suites of others. Only tests import it.
package testenv

import (
	"flag"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/page"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Updating tells whether the golden files are to be written anew.
func Updating() bool { return *update }

// Golden compares what was got with a file. With -update it writes the file.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; -update writes it anew):\n%s", file, diff)
	}
}

// GoldenPart is Golden for the part of a page behind a mark, see page.Put.
func GoldenPart(t testing.TB, file, mark, got string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all, err := page.Put(string(old), mark, got)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	Golden(t, file, all)
}

// NeedsTool skips a test where a program is missing. Where the environment has
// UNDERSTUDY_REQUIRE_TOOLS the test fails instead.
func NeedsTool(t testing.TB, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if ToolsRequired() {
		t.Fatalf("%s is required here and not installed", name)
	}
	t.Skipf("%s is not installed", name)
}

// ToolsRequired tells whether a test must not be skipped for a missing program.
func ToolsRequired() bool { return os.Getenv("UNDERSTUDY_REQUIRE_TOOLS") != "" }
