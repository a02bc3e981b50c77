package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/understudy-mock/understudy/mock"
)

// completeTimeout bounds what a completion waits for: somebody has pressed the tabulator.
const completeTimeout = 3 * time.Second

// completed gives the words for an argument or the value of a flag, behind those that stand
// there already. No words are given where they cannot be had: a completion has no place for
// errors.
type completed func(cmd *cobra.Command, args []string) []string

// offer has shells complete the values of flags by their names, and with "" the arguments.
func offer(cmd *cobra.Command, words map[string]completed) {
	for name, function := range words {
		if name == "" {
			cmd.ValidArgsFunction = function.complete
		} else if err := cmd.RegisterFlagCompletionFunc(name, function.complete); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// offerRest does for the other flags and arguments what their usage says: words that it
// lists, such as `strict|warn|off`, folders, and files.
func offerRest(cmd *cobra.Command) {
	switch {
	case cmd.ValidArgsFunction != nil:
	case strings.Contains(cmd.Use, "SPEC"):
		cmd.ValidArgsFunction = cobra.FixedCompletions([]cobra.Completion{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt)
	case !strings.Contains(cmd.Use, "FILE"):
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if _, there := cmd.GetFlagCompletionFunc(f.Name); there {
			return
		}
		function := cobra.NoFileCompletions
		switch values, _ := pflag.UnquoteUsage(f); {
		case strings.Contains(values, "|"):
			function = cobra.FixedCompletions(strings.Split(values, "|"), cobra.ShellCompDirectiveNoFileComp)
		case values == "DIR":
			function = cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
		case values == "FILE" || strings.HasPrefix(values, "SPEC"):
			return // what shells do by themselves
		}
		if err := cmd.RegisterFlagCompletionFunc(f.Name, function); err != nil {
			panic(err) // it was looked for above
		}
	})
}

// complete is the words that begin as toComplete does, without those that are there already.
func (c completed) complete(cmd *cobra.Command, args []string, toComplete string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if cmd.Context() == nil {
		cmd.SetContext(context.Background())
	}
	var found []cobra.Completion
	for _, word := range c(cmd, args) {
		name, _, _ := strings.Cut(word, "\t") // what stands behind it is its description
		if strings.HasPrefix(name, toComplete) && !slices.Contains(args, name) {
			found = append(found, word)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// scenarios are those of the running mock, or only the active ones.
func (r *remote) scenarios(env environment, active bool) completed {
	return func(cmd *cobra.Command, _ []string) []string {
		var list struct {
			Scenarios []struct{ Name, Description string }
			Active    []activeScenario
		}
		if fill(cmd, env) != nil || !r.ask(cmd, &list, "scenarios") {
			return nil
		}
		var words []string
		for _, a := range list.Active {
			words = append(words, a.Scenario)
		}
		if active {
			return words
		}
		words = nil
		for _, sc := range list.Scenarios {
			words = append(words, described(sc.Name, sc.Description))
		}
		return words
	}
}

// sessions are those of the running mock.
func (r *remote) sessions(env environment) completed {
	return func(cmd *cobra.Command, _ []string) []string {
		var list struct{ Sessions []runningSession }
		if fill(cmd, env) != nil {
			return nil
		}
		r.session = "" // a session does not know the others
		if !r.ask(cmd, &list, "sessions") {
			return nil
		}
		var words []string
		for _, s := range list.Sessions {
			words = append(words, s.ID)
		}
		return words
	}
}

// ask is call for completions: it tells only whether there is an answer.
func (r *remote) ask(cmd *cobra.Command, result any, part string) bool {
	ctx, cancel := context.WithTimeout(cmd.Context(), completeTimeout)
	defer cancel()
	return r.call(ctx, http.MethodGet, nil, result, part) == nil
}

// loaded are words of what the descriptions and scenario files have that a command line
// names. There are none while a file is wrong; understudy check tells what.
func (c *contractFlags) loaded(env environment, words func(mock.Description) []string) completed {
	return func(cmd *cobra.Command, args []string) []string {
		args, err := fillSpecs(cmd, env, args)
		if err != nil {
			return nil
		}
		opts, err := c.options(args)
		if err != nil {
			return nil
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completeTimeout)
		defer cancel()
		slices.Sort(opts.Scenarios)
		opts.Scenarios = slices.Compact(opts.Scenarios) // cobra has read the flags twice
		opts.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
		m, err := mock.New(ctx, opts)
		if err != nil {
			return nil
		}
		defer func() { _ = m.Stop(context.Background()) }() // it has not been started
		return words(m.Describe())
	}
}

// namesOfScenarios are the words for a flag that takes scenarios.
func namesOfScenarios(d mock.Description) []string {
	var words []string
	for _, sc := range d.Scenarios {
		words = append(words, described(sc.Name, sc.Description))
	}
	return words
}

// tagsOfScenarios are the words for a flag that takes tags.
func tagsOfScenarios(d mock.Description) []string {
	var words []string
	for _, sc := range d.Scenarios {
		words = append(words, sc.Tags...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// namesOfOperations are the words for a flag that takes operations.
func namesOfOperations(d mock.Description) []string {
	var words []string
	for _, api := range d.APIs {
		for _, op := range api.Operations {
			words = append(words, described(op.Name, strings.TrimSpace(op.Method+" "+path.Join("/", op.Path)+" "+op.Summary)))
		}
	}
	return words
}

// described is a word with what shells show beside it: the first line of a text.
func described(word, text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if line == "" {
		return word
	}
	return word + "\t" + line
}

// addCompletion adds cobra's commands that print the scripts of shells, and its help, and
// has both refuse words that they do not know.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Use = "completion bash|zsh|fish|powershell"
			cmd.Short = "Print what completes commands, names and values in a shell"
			cmd.Long = `Prints a script with which the tabulator completes commands, flags and what they
take: scenarios of the running mock and of files, sessions, operations, words, files.
The help of each shell, such as understudy completion bash --help, says how to load
its script.`
			cmd.Example = "  understudy completion bash > /etc/bash_completion.d/understudy\n  understudy completion fish > ~/.config/fish/completions/understudy.fish"
			cmd.Args = knownCommand
			cmd.RunE = func(*cobra.Command, []string) error { return usage("name the shell: bash, zsh, fish or powershell") }
		case "help":
			cmd.Args = func(_ *cobra.Command, args []string) error {
				found, rest, err := root.Find(args)
				if err != nil {
					return err
				}
				return knownCommand(found, rest)
			}
		}
	}
}
