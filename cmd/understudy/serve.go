package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

func newServe(env environment) *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve [SPEC[=/base]...]",
		Short: "Serve the mock",
		Long: `Serves the API that an OpenAPI description (a file or URL, default ./openapi.yaml)
describes, with the scenario files in ./scenarios. No scenario file is needed: then
each operation answers with the contract's own success. Requests that break the
contract are answered with the contract's own error, and told what is wrong.

Any status that the description has can be had:

- by a button of the console, at http://127.0.0.1:4010/__admin/ (--open)
- for one request, by the header "Prefer: code=409" or the query "__code=409"
- by a scenario: "Prefer: scenario=NAME", --scenario NAME, or understudy use NAME

What is printed at the start are URLs that can be called. Files are read again when
they change. Ctrl-C stops it.`,
		Example: `  understudy serve
  understudy serve api.yaml --port 8080 --scenario outage
  understudy serve orders.yaml=/orders pets.yaml=/pets
  understudy serve --upstream https://api.example.com/v1 --validate warn`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.listening.note(cmd); err != nil {
				return err
			}
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			flags.noneActive = cmd.Flags().Changed("scenario") && len(flags.active) == 0
			return serve(cmd.Context(), env, &flags, args)
		},
	}
	flags.add(cmd)
	offer(cmd, map[string]completed{"scenario": flags.loaded(env, namesOfScenarios)})
	return cmd
}

// serve runs until a signal to end comes.
func serve(ctx context.Context, env environment, flags *serveFlags, specs []string) error {
	opts, err := flags.mockOptions(env, specs)
	if err != nil {
		return err
	}
	opts.OnReload = env.tellReload
	done := working(env, "reading descriptions and scenarios")
	m, err := mock.New(ctx, opts)
	done()
	if err != nil {
		return &exitError{exitStart, explainLoad(err, "serve", specs)}
	}
	ctx, stop := env.notify(ctx)
	defer stop()
	if err := m.Start(); err != nil {
		return notStarted(m, err, opts)
	}
	hangups, stopHangups := env.hangup()
	defer stopHangups()
	announce(env.stdout, m) // last: who reads it may send signals at once
	if flags.open {
		env.openConsole(m.AdminURL() + "/__admin/")
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-hangups:
			_ = m.Reload(ctx) // tellReload has told
		}
	}
	restoreSignals(stop)
	err = drain(m, env, flags.notice, flags.drain)
	if flags.coverage != "" {
		covered, failed := m.Coverage(context.Background()) // a stopped mock waits for nobody
		if failed == nil {
			failed = saveCoverage(flags.coverage, covered)
		}
		if failed != nil {
			err = &exitError{exitWrong, errors.Join(err, failed)}
		}
	}
	return err
}

// notStarted gives back what a mock has that cannot be started, so that replicas which share
// its state need not find out that it is gone. It waits for none of them: the error is to be
// told.
func notStarted(m *mock.Mock, err error, opts mock.Options) error {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	return &exitError{exitStart, errors.Join(explainListen(err, opts), m.Stop(over))}
}

// tellReload prints what a reload did.
func (e environment) tellReload(r mock.Reloaded) {
	if r.Err != nil {
		fmt.Fprintf(e.stderr, "%s\nnot reloaded: the mock goes on with what it had\n", strings.TrimRight(r.Err.Error(), "\n"))
		return
	}
	printWarnings(e.stdout, r.Warnings)
	for _, d := range r.Dropped {
		fmt.Fprintf(e.stderr, "%s\ndropped: the added scenario %s no longer fits\n", strings.TrimRight(d.Err.Error(), "\n"), d.Scenario)
	}
	if r.Undone != nil {
		fmt.Fprintln(e.stderr, r.Undone)
	}
	line := "reloaded"
	if len(r.Restarted) > 0 {
		line += "; started anew: " + strings.Join(r.Restarted, ", ")
	}
	if len(r.Missing) > 0 {
		line += "; active, but there is no such scenario any more: " + strings.Join(r.Missing, ", ")
	}
	fmt.Fprintln(e.stdout, line)
}

func printWarnings(w io.Writer, warnings []mock.Finding) {
	for i, finding := range warnings {
		if i == maxWarnings {
			fmt.Fprintf(w, "… and %d more warnings: understudy check shows them all\n", len(warnings)-i)
			break
		}
		fmt.Fprintf(w, "%s\n", strings.SplitN(finding.Text, "\n", 2)[0])
	}
}

// drain takes requests for a while yet, and then lets those under way finish, for at most d.
func drain(m *mock.Mock, env environment, notice, d time.Duration) error {
	m.Drain()
	fmt.Fprintln(env.stdout, "stopping; another signal ends at once")
	time.Sleep(notice)
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	err := m.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return &exitError{exitWrong, fmt.Errorf("requests were still under way after %s and have been cut off", d)}
	}
	return err
}
