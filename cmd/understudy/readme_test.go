package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestReadme runs the console blocks of the README in one shell against the mock
// that the README starts, and compares what they print.
func TestReadme(t *testing.T) {
	t.Parallel()
	testenv.NeedsTool(t, "curl")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m, err := mock.New(t.Context(), mock.Options{
		Specs:     []mock.Spec{{Location: filepath.Join(root, "openapi.yaml")}},
		Scenarios: []string{filepath.Join(root, "scenarios")},
		Listen:    "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := m.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	script, want, unheld := consoleBlocks(string(text))
	if len(unheld) > 0 {
		t.Errorf("commands outside of console blocks are not run: %q", unheld)
	}
	if strings.Count(script, "\n") < 20 {
		t.Fatalf("the README has too few commands:\n%s", script)
	}
	// The test program stands in for the command, which need not be built for this.
	script = strings.NewReplacer("http://127.0.0.1:4010", m.URL(), "go run ./cmd/understudy", "understudy").Replace(script)
	cmd := exec.Command("bash", "-O", "expand_aliases", "-c", script)
	cmd.Dir = root
	got, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("the README (-) and what its commands print (+) differ:\n%s", diff)
	}
}

// consoleBlocks takes the commands (behind "$ ") and their output out of the
// console blocks of a page. What looks like a command elsewhere is in unheld.
func consoleBlocks(page string) (script, output string, unheld []string) {
	var commands, printed strings.Builder
	inside := false
	for line := range strings.Lines(page) {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = strings.TrimSpace(line) == "```console"
		case !inside && strings.HasPrefix(line, "$ "):
			unheld = append(unheld, line)
		case !inside:
		case strings.HasPrefix(line, "$ "):
			commands.WriteString(line[2:])
		default:
			printed.WriteString(line)
		}
	}
	return strings.ReplaceAll(commands.String(), "\r", ""), printed.String(), unheld
}
