package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
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
