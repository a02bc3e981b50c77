package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestCheckRefusesBrokenFiles runs check on each scenario file of testdata/broken,
// alone in a folder: exit code 1, and the text that the golden file beside it says.
func TestCheckRefusesBrokenFiles(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "testdata/broken/*.yaml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "broken.yaml"), text, 0o600); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr strings.Builder
			code := run([]string{"check", filepath.Join(root, "openapi.yaml"), "--scenarios", folder}, environment{
				stdout: &stdout, stderr: &stderr,
				lookup: func(string) (string, bool) { return "", false },
			})
			if code != exitWrong || stderr.Len() > 0 {
				t.Errorf("exit code %d, stderr %q", code, stderr.String())
			}
			got := strings.NewReplacer(folder, "scenarios", root+"/", "", "../../", "").Replace(stdout.String())
			golden := strings.TrimSuffix(file, ".yaml") + ".golden"
			testenv.Golden(t, golden, got)
		})
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want int
	}{
		"help":                {[]string{"--help"}, exitOK},
		"nothing":             {nil, exitOK},
		"unknown command":     {[]string{"sreve"}, exitUsage},
		"unknown flag":        {[]string{"serve", "--prot", "1"}, exitUsage},
		"bad value":           {[]string{"serve", "--port", "x"}, exitUsage},
		"bad mode":            {[]string{"serve", "--validate", "lax"}, exitUsage},
		"missing description": {[]string{"serve", "nowhere.yaml"}, exitStart},
		"no address":          {[]string{"serve", "../../openapi.yaml", "--listen", "256.0.0.1:1"}, exitStart},
		"unknown scenario":    {[]string{"serve", "../../openapi.yaml", "--scenario", "nope"}, exitStart},
		"wrong contract":      {[]string{"check", "nowhere.yaml"}, exitWrong},
		"right":               {[]string{"check", "../../openapi.yaml", "--scenarios", "../../scenarios"}, exitOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			got := run(test.args, environment{
				stdout: &stdout, stderr: &stderr,
				lookup: func(string) (string, bool) { return "", false },
				notify: func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) },
				hangup: noHangup,
			})
			if got != test.want {
				t.Errorf("exit code %d, want %d\n%s%s", got, test.want, &stdout, &stderr)
			}
		})
	}
}
