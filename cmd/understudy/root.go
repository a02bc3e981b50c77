package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// Exit codes.
const (
	exitOK    = 0 // what was asked for was done
	exitWrong = 1 // the thing that was checked is wrong
	exitUsage = 2 // the command line is wrong
	exitStart = 3 // the server could not start
)

// environment is what a command has of the world, so that tests can bring their own.
type environment struct {
	stdout, stderr io.Writer
	lookup         func(name string) (string, bool) // of environment variables; "" is as good as none
	variables      func() []string                  // all of them, as NAME=VALUE; nil for none
	// notify gives a context that the first signal to end the process ends; the stop
	// function gives signals back their usual effect. It is called when everything is
	// loaded: until then there is nothing to save, and a signal ends the process as it is.
	notify func(context.Context) (ctx context.Context, stop context.CancelFunc)
	// open shows a URL in a browser and does not wait for it.
	open func(url string) error
	// origins are where flags have their values from that are not of the command line; run
	// makes it, and fill fills it.
	origins map[string]origin
	// hangup gives the signals to reload on; the stop function ends them.
	hangup func() (signals <-chan os.Signal, stop func())
}

// exitError is an error with the exit code that it leads to. A nil err ends
// quietly: everything was said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage is the error of a command line that is wrong.
func usage(text string) error { return &exitError{exitUsage, errors.New(text)} }

// oneOf refuses a value of a flag that is none of the words that it takes.
func oneOf(flag, value string, words ...string) error {
	if slices.Contains(words, value) {
		return nil
	}
	if best := mock.DidYouMean(value, words); best != "" {
		return refuse(flag, fmt.Sprintf(" is %q", value), fmt.Sprintf("did you mean %s?", best))
	}
	return refuse(flag, fmt.Sprintf(" is %q", value), "use "+orList(words))
}

// orList writes "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// run is the whole command line: it gives the exit code.
func run(args []string, env environment) int {
	env.origins = map[string]origin{}
	root := newRoot(env)
	root.SetArgs(args)
	if len(args) > 0 && !strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		warnOfVariables(env, root)
	}
	cmd, err := root.ExecuteC()
	if err == nil {
		return exitOK
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		// What cobra itself finds wrong is the command line.
		exit = &exitError{exitUsage, err}
	}
	var wrong *flagError
	if errors.As(err, &wrong) {
		exit = &exitError{exit.code, env.origins[wrong.flag].tell(wrong)}
	}
	if text := exit.Error(); text != "" {
		fmt.Fprintf(env.stderr, "understudy: %s\n", strings.TrimRight(text, "\n"))
		if exit.code == exitUsage {
			fmt.Fprintf(env.stderr, "\n%q shows what there is.\n", cmd.CommandPath()+" --help")
		}
	}
	return exit.code
}

// knownCommand refuses a word that is no command, with the one that was meant.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var known []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			known = append(known, c.Name())
		}
	}
	meant := mock.DidYouMean(args[0], known)
	if meant == "" && !cmd.HasParent() {
		meant = wordsOfOthers[args[0]]
		switch path.Ext(args[0]) {
		case ".yaml", ".yml", ".json":
			meant = cmd.Name() + " serve " + args[0]
		}
	}
	if meant == "" {
		return fmt.Errorf("there is no command %q", args[0])
	}
	return fmt.Errorf("there is no command %q: did you mean %q?", args[0], meant)
}

// wordsOfOthers are what Prism, Mockoon, Specmatic and linters call our commands.
var wordsOfOthers = map[string]string{
	"mock": "serve", "start": "serve", "stub": "serve", "run": "serve", "proxy": "serve",
	"lint": "check", "validate": "check", "test": "verify", "generate": "init", "version": "--version",
}

// noArguments refuses arguments where a command takes none.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, and %q is one", cmd.CommandPath(), args[0])
}

func newRoot(env environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "understudy",
		Short: "A mock server that never departs from its script: the OpenAPI description",
		Long: `Understudy stands in for an HTTP API. It checks every request against the OpenAPI
description, explains what is wrong, and answers with canned responses that
scenario files choose, so that every documented status can be had at will.

First steps, in a folder with the description of an API:

  understudy serve openapi.yaml    serves it at http://127.0.0.1:4010, with no other
                                   file, and a console to switch its answers
  understudy init openapi.yaml     writes first scenario files, one for each status
  understudy use status/404        has the running mock answer as one of them says
  understudy check openapi.yaml    proves what you change in them

A flag may also be given by a variable (UNDERSTUDY_PORT for --port) or by a key in
understudy.yaml in the working directory. https://github.com/understudy-mock/understudy
has the pages of docs/.`,
		Version:       versionText(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &exitError{exitUsage, explainFlagError(cmd, err)}
	})
	root.AddCommand(newServe(env), newCheck(env), newInit(env), newImport(env), newRecord(env), newSchema(env), newCoverage(env), newVerify(env),
		newUse(env), newRelease(env), newReset(env), newStatus(env))
	addCompletion(root)
	group(root)
	root.SetUsageFunc(showUsage)
	for _, cmd := range root.Commands() {
		offerRest(cmd)
	}
	return root
}
