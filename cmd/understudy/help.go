package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpWidth is that of help texts, in characters: terminals have 80 at least.
const helpWidth = 80

// manyFlags is from how many on the flags of a command are shown in sections.
const manyFlags = 15

// section is a part of the flags of a command.
type section struct {
	title string
	flags []string
}

// sections are those of all commands, in the order in which help shows them.
var sections = []section{
	{"What is served", []string{"scenarios", "scenario", "watch", "data"}},
	{"Where", []string{"port", "listen", "open", "tls-self-signed", "tls-cert", "tls-key", "http2", "cors", "cors-origin"}},
	{"What answers", []string{"dynamic", "seed", "delay", "callback-host"}},
	{"Which checks are verified", []string{"only", "tag", "operation", "negative", "setup"}},
	{"The API that is verified", []string{"target", "target-is-mock", "target-ca", "target-insecure", "concurrency", "rate", "retries", "timeout"}},
	{"The real API", []string{"upstream", "fallback", "upstream-ca", "upstream-insecure", "upstream-timeout"}},
	{"Which requests are taken", []string{"validate", "strict-query", "no-security", "require-session", "max-body", "max-upload"}},
	{"What is written", []string{"out", "name", "every", "force", "format", "provider-coverage", "coverage"}},
	{"The journal and the log", []string{"journal-entries", "journal-bytes", "redact", "log-level", "log-format"}},
	{"The control plane", []string{"admin-listen", "admin-token", "admin-read-token", "admin-host"}},
	{"Stops, and several replicas", []string{"drain", "drain-notice", "state", "state-failure"}},
	{"Files to which the description refers", []string{"ref-root", "allow-remote-refs"}},
}

// The groups of commands in the help of understudy.
const (
	groupMock  = "mock"
	groupWrite = "write"
	groupTest  = "test"
	groupOther = "other"
)

// group puts the commands in groups, which the help of understudy shows in this order.
func group(root *cobra.Command) {
	for _, each := range []struct {
		id, title string
		commands  []string
	}{
		{groupMock, "Serve a mock, and switch it while it runs:", []string{"serve", "use", "release", "reset", "status"}},
		{groupWrite, "Write scenario files:", []string{"init", "check", "schema", "import", "record"}},
		{groupTest, "Test:", []string{"coverage", "verify"}},
		{groupOther, "Other:", []string{"completion", "help"}},
	} {
		root.AddGroup(&cobra.Group{ID: each.id, Title: each.title})
		for _, cmd := range root.Commands() {
			if slices.Contains(each.commands, cmd.Name()) {
				cmd.GroupID = each.id
			}
		}
	}
}

// showUsage writes what stands behind the text of a command in its help.
func showUsage(cmd *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if cmd.HasParent() {
		fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", cmd.Example)
	}
	for _, g := range cmd.Groups() {
		listCommands(&b, g.Title, cmd, g.ID)
	}
	if len(cmd.Groups()) == 0 && cmd.HasAvailableSubCommands() {
		listCommands(&b, "Commands:", cmd, "")
	}
	fmt.Fprintf(&b, "\n%s\n", flagSections(cmd))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n\"%s COMMAND --help\" tells all of a command.\n", cmd.CommandPath())
	}
	_, err := io.WriteString(cmd.OutOrStderr(), b.String())
	return err
}

// listCommands lists the commands of a group.
func listCommands(b *strings.Builder, title string, of *cobra.Command, group string) {
	fmt.Fprintf(b, "\n%s\n", title)
	for _, cmd := range of.Commands() {
		if cmd.IsAvailableCommand() && cmd.GroupID == group {
			fmt.Fprintf(b, "  %-*s %s\n", cmd.NamePadding(), cmd.Name(), cmd.Short)
		}
	}
}

// flagSections is the part of a help text that tells the flags.
func flagSections(cmd *cobra.Command) string {
	flags := cmd.LocalFlags()
	count := 0
	flags.VisitAll(func(*pflag.Flag) { count++ })
	if count < manyFlags {
		return "Flags:\n" + strings.TrimRight(flags.FlagUsagesWrapped(helpWidth), "\n")
	}
	var b strings.Builder
	for _, part := range append(slices.Clone(sections), section{"Other", others(flags)}) {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		set.SortFlags = false
		for _, name := range part.flags {
			if f := flags.Lookup(name); f != nil {
				set.AddFlag(f)
			}
		}
		if set.HasAvailableFlags() {
			fmt.Fprintf(&b, "%s:\n%s\n", part.title, set.FlagUsagesWrapped(helpWidth))
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// others are the flags that are in no section.
func others(flags *pflag.FlagSet) []string {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) {
		if !slices.ContainsFunc(sections, func(s section) bool { return slices.Contains(s.flags, f.Name) }) {
			names = append(names, f.Name)
		}
	})
	return names
}
