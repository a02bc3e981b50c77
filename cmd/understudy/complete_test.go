package main

import (
	"context"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// TestCompletion asks as the scripts of shells ask.
func TestCompletion(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{
		Specs:     []mock.Spec{{Location: "../../openapi.yaml"}},
		Scenarios: []string{"../../scenarios"},
		Active:    []string{"outage", "get/401"},
		Listen:    "127.0.0.1:0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	const files, noFiles, extensions, folders = "0", "4", "8", "16" // cobra.ShellCompDirective
	here := []string{"../../openapi.yaml", "--scenarios", "../../scenarios"}
	for name, test := range map[string]struct {
		words     []string
		want      []string
		directive string
	}{
		"commands":             {[]string{"re"}, []string{"record", "release", "reset"}, noFiles},
		"shells":               {[]string{"completion", ""}, []string{"bash", "fish", "powershell", "zsh"}, noFiles},
		"scenarios to use":     {[]string{"use", "get/4"}, []string{"get/400", "get/401"}, noFiles},
		"not those that stand": {[]string{"use", "get/400", "get/4"}, []string{"get/401"}, noFiles},
		"scenarios to release": {[]string{"release", ""}, []string{"get/401", "outage"}, noFiles},
		"sessions":             {[]string{"status", "--session", ""}, []string{"checkout"}, noFiles},
		"no mock":              {[]string{"use", "--server", "http://127.0.0.1:1", ""}, nil, noFiles},
		"scenarios to serve":   {append(append([]string{"serve"}, here...), "--scenario", "l"), []string{"life-cycle"}, noFiles},
		"scenarios to verify":  {append(append([]string{"verify"}, here...), "--only", "l"), []string{"life-cycle"}, noFiles},
		"operations to verify": {append(append([]string{"verify"}, here...), "--operation", "v"), []string{"validateIdentityDocument"}, noFiles},
		"no description":       {[]string{"verify", "--operation", ""}, nil, noFiles},
		"words":                {[]string{"serve", "--validate", ""}, []string{"strict", "warn", "off"}, noFiles},
		"formats":              {[]string{"check", "--format", ""}, []string{"text", "json", "sarif", "junit"}, noFiles},
		"kinds":                {[]string{"import", ""}, mock.ImportKinds(), noFiles},
		"files to import":      {[]string{"import", "har", ""}, nil, files},
		"descriptions":         {[]string{"serve", ""}, []string{"yaml", "yml", "json"}, extensions},
		"folders":              {[]string{"init", "--out", ""}, nil, folders},
		"files":                {[]string{"serve", "--coverage", ""}, nil, files},
		"no arguments":         {[]string{"reset", ""}, nil, noFiles},
		"flags":                {[]string{"serve", "--tls-k"}, []string{"--tls-key"}, noFiles},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "sessions" {
				if _, err := m.Session(t.Context(), "checkout"); err != nil {
					t.Fatal(err)
				}
			}
			var stdout, stderr strings.Builder
			code := run(append([]string{"__complete"}, test.words...), environment{stdout: &stdout, stderr: &stderr, lookup: func(name string) (string, bool) {
				return map[string]string{"UNDERSTUDY_SERVER": m.URL()}[name], true
			}})
			if code != exitOK {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			var got []string
			lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
			for _, line := range lines[:len(lines)-1] {
				word, _, _ := strings.Cut(line, "\t")
				got = append(got, word)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if directive := lines[len(lines)-1]; directive != ":"+test.directive {
				t.Errorf("directive %s, want %s", directive, test.directive)
			}
		})
	}
}

// TestCompletionScripts has each shell that is there read the script for it.
func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			var script, stderr strings.Builder
			if code := run([]string{"completion", shell}, environment{stdout: &script, stderr: &stderr}); code != exitOK {
				t.Fatalf("exit code %d: %s", code, &stderr)
			}
			if !strings.Contains(script.String(), "understudy") || !strings.Contains(script.String(), "__complete") {
				t.Errorf("no script:\n%.200s", script.String())
			}
			testenv.NeedsTool(t, shell)
			cmd := exec.Command(shell, "-n")
			cmd.Stdin = strings.NewReader(script.String())
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s does not take the script: %v\n%s", shell, err, out)
			}
		})
	}
}
