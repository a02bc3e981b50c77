package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// serveFlags are the flags of serve alone.
type serveFlags struct {
	contractFlags
	port        int
	portGiven   bool // on the command line
	listen      string
	active      []string
	noneActive  bool // --scenario is given and names none
	validate    string
	maxBody     byteSize
	maxUpload   byteSize
	journal     int
	journalSize byteSize
	redact      []string
	seed        uint64
	dynamic     bool
	cors        bool
	corsOrigins []string
	logFormat   string
	logLevel    string
	delay       time.Duration
	callbacks   []string
	drain       time.Duration
	notice      time.Duration
	watch       string
	data        string
	sessions    bool
	state       string
	stateFails  string
	admin       adminFlags
	upstream    upstreamFlags
	tlsCert     string
	tlsKey      string
	selfSigned  bool
	http2       bool
	coverage    string
	open        bool // the console, in a browser
}

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
			if cmd.Flags().Changed("port") && cmd.Flags().Changed("listen") {
				return usage("--port and --listen are both given: --listen has the port too")
			}
			flags.portGiven = cmd.Flags().Changed("port")
			if err := fill(cmd, env); err != nil {
				return err
			}
			flags.noneActive = cmd.Flags().Changed("scenario") && len(flags.active) == 0
			ctx, stop := env.notify(cmd.Context())
			defer stop()
			return serve(ctx, stop, env, &flags, args)
		},
	}
	flags.contractFlags.add(cmd)
	flags.admin.add(cmd)
	flags.upstream.add(cmd)
	f := cmd.Flags()
	f.IntVarP(&flags.port, "port", "p", 4010, "port to listen on, 0 picks a free one")
	f.StringVar(&flags.listen, "listen", "", "`HOST:PORT` to listen on (default 127.0.0.1 with --port)")
	f.StringSliceVar(&flags.active, "scenario", nil, "`NAME` of a scenario that is active from the start, repeatable, the last is the newest")
	f.StringVar(&flags.validate, "validate", "strict", "what a request that breaks the contract leads to: `strict|warn|off`")
	flags.maxBody = mock.DefaultMaxBody
	f.Var(&flags.maxBody, "max-body", "limit on request bodies, such as `10MB` or 512KiB")
	flags.maxUpload = mock.DefaultMaxUpload
	f.Var(&flags.maxUpload, "max-upload", "limit on multipart bodies and files, which are stored in temporary files from `1MiB` on")
	f.IntVar(&flags.journal, "journal-entries", mock.DefaultJournalEntries, "the journal keeps the newest `N` requests; 0 keeps none")
	flags.journalSize = mock.DefaultJournalBytes
	f.Var(&flags.journalSize, "journal-bytes", "limit on the memory that they take, such as `64MiB`")
	f.StringSliceVar(&flags.redact, "redact", nil, "`NAME` of a header, query parameter, cookie or JSON property whose values the journal and the log never show, repeatable")
	f.BoolVar(&flags.dynamic, "dynamic", false, "generate a body for every request instead of sending the contract's examples")
	f.Uint64Var(&flags.seed, "seed", 0, "seed of generated bodies; the same `N` gives the same bytes for a request")
	f.DurationVar(&flags.delay, "delay", 0, "wait before each answer that has no delay of its own, such as 200ms")
	f.StringSliceVar(&flags.callbacks, "callback-host", nil, "`HOST` or HOST:PORT to which callbacks and webhooks may go, repeatable (default none)")
	f.BoolVar(&flags.cors, "cors", true, "answer browsers of other origins")
	f.StringSliceVar(&flags.corsOrigins, "cors-origin", nil, "`ORIGIN` that browsers may call from, repeatable (default any; with --upstream those of this machine)")
	f.StringVar(&flags.logFormat, "log-format", "text", "`text|json`")
	f.StringVar(&flags.logLevel, "log-level", "info", "`debug|info|warn|error`; debug shows every request")
	f.DurationVar(&flags.drain, "drain", 8*time.Second, "how long requests under way may take to finish on a stop; answers that wait are sent when three quarters of it are over")
	f.DurationVar(&flags.notice, "drain-notice", 0, "how long requests are still taken on a stop, while readiness says no; for load balancers, which need some time to notice")
	f.StringVar(&flags.tlsCert, "tls-cert", "", "serve HTTPS with the certificate in the PEM `FILE`")
	f.StringVar(&flags.tlsKey, "tls-key", "", "`FILE` with the key of --tls-cert")
	f.BoolVar(&flags.selfSigned, "tls-self-signed", false, "serve HTTPS with a certificate made at start")
	f.BoolVar(&flags.http2, "http2", false, "offer HTTP/2 beside HTTP/1.1, without TLS to clients that know it before")
	f.BoolVar(&flags.sessions, "require-session", false, "refuse requests that name no session")
	f.StringVar(&flags.state, "state", "memory", "where sessions, sequences and states are kept: memory, or the `URL` of a Redis or Valkey server that several mocks share, such as redis://host:6379/0; the variable UNDERSTUDY_STATE keeps its password out of the list of processes")
	f.StringVar(&flags.stateFails, "state-failure", "refuse", "what becomes of requests that need shared state while it cannot be reached: `refuse|degrade`, a problem, or the state of this mock alone with a mark")
	f.StringVar(&flags.data, "data", "", "`DIR` that keeps scenarios which are added while the mock runs for its next start")
	f.StringVar(&flags.watch, "watch", "events", "how changed files are noticed and reloaded: `events|poll|off`")
	f.StringVar(&flags.coverage, "coverage", "", "`FILE` to write at the end: which parts of the contract were used, as .json, .html, .md, .xml (JUnit) or .txt")
	f.BoolVar(&flags.open, "open", false, "open the console in the browser")
	offer(cmd, map[string]completed{"scenario": flags.loaded(env, namesOfScenarios)})
	return cmd
}

// serve runs until ctx ends; stop then lets the next signal end the process at once.
func serve(ctx context.Context, stop func(), env environment, flags *serveFlags, specs []string) error {
	opts, err := flags.mockOptions(env, specs)
	if err != nil {
		return err
	}
	opts.OnReload, opts.Data = env.tellReload, flags.data
	done := working(env, "reading descriptions and scenarios")
	m, err := mock.New(ctx, opts)
	done()
	if err != nil {
		return &exitError{exitStart, explainLoad(err, "serve", specs)}
	}
	if err := m.Start(); err != nil {
		return &exitError{exitStart, explainListen(err, opts.Listen)}
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
	stop()
	err = drain(m, env, flags.notice, flags.drain)
	if flags.coverage != "" {
		if failed := saveCoverage(flags.coverage, m.Coverage()); failed != nil {
			err = &exitError{exitWrong, errors.Join(err, failed)}
		}
	}
	return err
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

func (s *serveFlags) mockOptions(env environment, specs []string) (mock.Options, error) {
	opts, err := s.options(specs)
	if err != nil {
		return opts, err
	}
	if err := checkCoverageFile("coverage", s.coverage); err != nil {
		return opts, err
	}
	opts.Active, opts.Validate, opts.MaxBody, opts.MaxUpload = s.active, s.validate, int64(s.maxBody), int64(s.maxUpload)
	if s.journal < 0 || s.journal > mock.MaxJournalEntries {
		return opts, usage(fmt.Sprintf("--journal-entries is %d: use a number from 0 to %d", s.journal, mock.MaxJournalEntries))
	}
	if opts.JournalEntries = s.journal; s.journal == 0 {
		opts.JournalEntries = -1
	}
	opts.JournalBytes, opts.Redact = int64(s.journalSize), s.redact
	opts.Seed, opts.Dynamic, opts.Delay = s.seed, s.dynamic, s.delay
	opts.TLSCert, opts.TLSKey, opts.TLSSelfSigned, opts.HTTP2 = s.tlsCert, s.tlsKey, s.selfSigned, s.http2
	opts.RequireSession = s.sessions
	s.admin.fill(&opts)
	if err := s.upstream.check(); err != nil {
		return opts, err
	}
	s.upstream.fill(&opts)
	opts.CallbackHosts = s.callbacks
	opts.NoCORS, opts.CORSOrigins = !s.cors, s.corsOrigins
	if opts.Listen, err = listenAddress(s.listen, s.port, s.portGiven); err != nil {
		return opts, err
	}
	if s.noneActive || slices.Contains(s.active, "") {
		return opts, usage("--scenario is empty: name a scenario, or leave the flag out")
	}
	for _, origin := range s.corsOrigins {
		if err := mock.CheckOrigin(origin); err != nil {
			return opts, usage("--cors-origin: " + err.Error())
		}
	}
	if s.delay < 0 || s.delay > mock.MaxDelay {
		return opts, usage(fmt.Sprintf("--delay is %s: use a duration from 0s to %s", s.delay, mock.MaxDelay))
	}
	if s.notice < 0 || s.notice > mock.MaxDelay {
		return opts, usage(fmt.Sprintf("--drain-notice is %s: use a duration from 0s to %s", s.notice, mock.MaxDelay))
	}
	if err := s.checkState(); err != nil {
		return opts, err
	}
	opts.State, opts.StateFailure = s.state, s.stateFails
	if err := mock.CheckCallbackHosts(s.callbacks); err != nil {
		return opts, usage("--callback-host: " + err.Error())
	}
	switch s.validate {
	case "strict", "warn", "off":
	default:
		return opts, usage(fmt.Sprintf("--validate is %q: use strict, warn or off", s.validate))
	}
	switch opts.Watch = s.watch; s.watch {
	case "events", "poll", "off":
	default:
		return opts, usage(fmt.Sprintf("--watch is %q: use events, poll or off", s.watch))
	}
	opts.Logger, err = newLogger(env.stderr, s.logFormat, s.logLevel)
	return opts, err
}

func usage(text string) error { return &exitError{exitUsage, errors.New(text)} }

func newLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, usage(fmt.Sprintf("--log-level is %q: use debug, info, warn or error", level))
	}
	opts := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, usage(fmt.Sprintf("--log-format is %q: use text or json", format))
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
