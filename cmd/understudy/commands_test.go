package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// TestCommandReference holds the reference in docs/commands.md to the commands.
func TestCommandReference(t *testing.T) {
	t.Parallel()
	testenv.GoldenPart(t, "../../docs/commands.md", "<!-- commands: written by go test ./cmd/understudy -run CommandReference -update -->", commandReference())
}

func commandReference() string {
	var b strings.Builder
	for _, cmd := range newRoot(environment{}).Commands() {
		if !cmd.IsAvailableCommand() {
			continue
		}
		fmt.Fprintf(&b, "\n## understudy %s\n\n%s.\n\n```text\nunderstudy %s\n```\n\n%s\n\n```sh\n%s\n```\n\n", cmd.Name(), cmd.Short, cmd.Use, prose(cmd.Long), strings.ReplaceAll(strings.TrimPrefix(cmd.Example, "  "), "\n  ", "\n"))
		if !cmd.HasAvailableLocalFlags() {
			continue
		}
		b.WriteString("| flag | variable | key | default | |\n| --- | --- | --- | --- | --- |\n")
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				b.WriteString(flagRow(f))
			}
		})
	}
	return b.String()
}

// prose is the text of a help page in Markdown: its indented lines are code, and what
// stands between angle brackets or looks like emphasis is no markup.
func prose(long string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(strings.TrimSpace(long) + "\n") {
		code, indented := strings.CutPrefix(line, "  ")
		if strings.TrimSpace(line) != "" && indented != inside {
			b.WriteString("```" + map[bool]string{true: "text"}[indented] + "\n")
			inside = indented
		}
		if inside {
			line = code
		} else {
			line = strings.NewReplacer("*", `\*`, "<", `\<`, "_", `\_`).Replace(line)
		}
		b.WriteString(line)
	}
	if inside {
		b.WriteString("```\n")
	}
	return strings.TrimSpace(b.String())
}

func flagRow(f *pflag.Flag) string {
	value, text := pflag.UnquoteUsage(f)
	flag := "--" + f.Name
	if value != "" {
		flag += " " + value
	}
	if f.Shorthand != "" {
		flag = "-" + f.Shorthand + ", " + flag
	}
	initial := f.DefValue
	switch initial {
	case "", "[]", "false", "0s":
		initial = ""
	default:
		initial = "`" + initial + "`"
	}
	cell := strings.NewReplacer("|", `\|`)
	return fmt.Sprintf("| `%s` | `%s` | `%s` | %s | %s |\n", cell.Replace(flag), variable(f.Name), f.Name, initial, strings.NewReplacer("|", `\|`, "*", `\*`, "<", `\<`).Replace(text))
}

// TestEveryFlagHasAVariable holds what the columns of the reference say: each flag of each
// command is set by its variable.
func TestEveryFlagHasAVariable(t *testing.T) {
	t.Parallel()
	for _, cmd := range newRoot(environment{}).Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				setByVariable(t, cmd, f)
			}
		})
	}
}

func setByVariable(t *testing.T, cmd *cobra.Command, f *pflag.Flag) {
	t.Helper()
	for _, value := range []string{"7", "7s", "true"} { // one of them fits
		env := environment{origins: map[string]origin{}, lookup: func(name string) (string, bool) {
			if name == variable(f.Name) {
				return value, true
			}
			return "", false
		}}
		fresh, _, err := newRoot(env).Find([]string{cmd.Name()})
		if err != nil {
			t.Fatal(err)
		}
		if fill(fresh, env) == nil && fresh.Flags().Changed(f.Name) {
			return
		}
	}
	t.Errorf("%s is not set by %s", f.Name, variable(f.Name))
}
