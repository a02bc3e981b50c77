package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestExamples holds that each command explains itself, and that the examples in the
// help texts are command lines that there are.
func TestExamples(t *testing.T) {
	t.Parallel()
	env := environment{lookup: func(string) (string, bool) { return "", false }}
	for _, cmd := range newRoot(env).Commands() {
		if !cmd.IsAvailableCommand() {
			continue
		}
		if cmd.Short == "" || len(strings.Fields(cmd.Long)) < 20 || cmd.Example == "" {
			t.Errorf("%s does not explain itself", cmd.Name())
		}
		examples := 0
		for line := range strings.Lines(cmd.Example) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), " >")
			if rest, ok := strings.CutPrefix(line, "understudy "); ok {
				examples++
				parseExample(t, env, strings.Fields(rest))
			}
		}
		if examples == 0 {
			t.Errorf("%s has no example", cmd.Name())
		}
	}
}

func parseExample(t *testing.T, env environment, words []string) {
	t.Helper()
	found, rest, err := newRoot(env).Find(words)
	if err == nil {
		err = found.ParseFlags(rest)
	}
	if err != nil || found.Parent() == (*cobra.Command)(nil) {
		t.Errorf("understudy %s: %v", strings.Join(words, " "), err)
	}
}

// TestHelp holds the help texts: what a newcomer reads first, and the longest of all.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "serve", "use"} {
		var out strings.Builder
		code := run(append(strings.Fields(name), "--help"), environment{stdout: &out, stderr: &out, lookup: func(string) (string, bool) { return "", false }})
		if code != exitOK {
			t.Errorf("%s: exit code %d", name, code)
		}
		testenv.Golden(t, filepath.Join("testdata", "help", "understudy"+name+".golden"), out.String())
	}
}

// TestHelpWidth holds that help fits on a terminal, but for examples.
func TestHelpWidth(t *testing.T) {
	t.Parallel()
	for _, cmd := range newRoot(environment{}).Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			continue
		}
		for _, line := range strings.Split(cmd.Long+"\n"+flagSections(cmd), "\n") {
			if n := utf8.RuneCountInString(line); n > helpWidth+13 { // pflag does not break the default of a flag
				t.Errorf("%s: %d characters: %s", cmd.Name(), n, line)
			}
		}
	}
}

// TestSections holds that the sections of flags speak of flags that there are, each once, and
// that commands with many flags have none outside of them.
func TestSections(t *testing.T) {
	t.Parallel()
	known := allSettings(newRoot(environment{}))
	seen := map[string]bool{}
	for _, part := range sections {
		for _, name := range part.flags {
			if seen[name] || !slices.Contains(known, name) {
				t.Errorf("%s: there is no flag %s, or it is in two sections", part.title, name)
			}
			seen[name] = true
		}
	}
	for _, cmd := range newRoot(environment{}).Commands() {
		cmd.InitDefaultHelpFlag()
		count := 0
		cmd.LocalFlags().VisitAll(func(*pflag.Flag) { count++ })
		if rest := others(cmd.LocalFlags()); count >= manyFlags && !slices.Equal(rest, []string{"help"}) {
			t.Errorf("%s: %q are in no section", cmd.Name(), rest)
		}
	}
}

// TestGroups holds that each command is shown in the help of understudy.
func TestGroups(t *testing.T) {
	t.Parallel()
	for _, cmd := range newRoot(environment{}).Commands() {
		if cmd.GroupID == "" {
			t.Errorf("%s is in no group", cmd.Name())
		}
	}
}
