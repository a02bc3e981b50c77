package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// serveFlags are the flags of serve alone.
type serveFlags struct {
	contractFlags
	listening   listenFlags
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

func (s *serveFlags) add(cmd *cobra.Command) {
	s.contractFlags.add(cmd)
	s.admin.add(cmd)
	s.upstream.add(cmd)
	s.listening.add(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&s.active, "scenario", nil, "`NAME` of a scenario that is active from the start, repeatable, the last is the newest")
	f.StringVar(&s.validate, "validate", "strict", "what a request that breaks the contract leads to: `strict|warn|off`")
	s.maxBody = mock.DefaultMaxBody
	f.Var(&s.maxBody, "max-body", "limit on request bodies, such as `10MB` or 512KiB")
	s.maxUpload = mock.DefaultMaxUpload
	f.Var(&s.maxUpload, "max-upload", "limit on multipart bodies and files, which are stored in temporary files from `1MiB` on")
	f.IntVar(&s.journal, "journal-entries", mock.DefaultJournalEntries, "the journal keeps the newest `N` requests; 0 keeps none")
	s.journalSize = mock.DefaultJournalBytes
	f.Var(&s.journalSize, "journal-bytes", "limit on the memory that they take, such as `64MiB`")
	f.StringSliceVar(&s.redact, "redact", nil, "`NAME` of a header, parameter, cookie or JSON property whose values the journal and the log never show, repeatable")
	f.BoolVar(&s.dynamic, "dynamic", false, "generate a body for every request instead of sending the contract's examples")
	f.Uint64Var(&s.seed, "seed", 0, "seed of generated bodies; the same `N` gives the same bytes for a request")
	f.DurationVar(&s.delay, "delay", 0, "wait before each answer that has no delay of its own, such as 200ms")
	f.StringSliceVar(&s.callbacks, "callback-host", nil, "`HOST` or HOST:PORT to which callbacks and webhooks may go, repeatable (default none)")
	f.BoolVar(&s.cors, "cors", true, "answer browsers of other origins")
	f.StringSliceVar(&s.corsOrigins, "cors-origin", nil, "`ORIGIN` that browsers may call from, repeatable (default any; with --upstream those of this machine)")
	f.StringVar(&s.logFormat, "log-format", "text", "`text|json`")
	f.StringVar(&s.logLevel, "log-level", "info", "`debug|info|warn|error`; debug shows every request")
	f.DurationVar(&s.drain, "drain", 8*time.Second, "how long requests under way may take to finish on a stop; answers that wait are sent when three quarters of it are over")
	f.DurationVar(&s.notice, "drain-notice", 0, "how long requests are still taken on a stop, while readiness says no; for load balancers, which need some time to notice")
	f.StringVar(&s.tlsCert, "tls-cert", "", "serve HTTPS with the certificate in the PEM `FILE`")
	f.StringVar(&s.tlsKey, "tls-key", "", "`FILE` with the key of --tls-cert")
	f.BoolVar(&s.selfSigned, "tls-self-signed", false, "serve HTTPS with a certificate made at start")
	f.BoolVar(&s.http2, "http2", false, "offer HTTP/2 beside HTTP/1.1, without TLS to clients that know it before")
	f.BoolVar(&s.sessions, "require-session", false, "refuse requests that name no session")
	f.StringVar(&s.state, "state", "memory", "where sessions, sequences and states are kept: memory, or the `URL` of a Redis or Valkey server that several mocks share, such as redis://host:6379/0; the variable UNDERSTUDY_STATE keeps its password out of the list of processes")
	f.StringVar(&s.stateFails, "state-failure", "refuse", "what becomes of requests that need shared state while it cannot be reached: `refuse|degrade`, a problem, or the state of this mock alone with a mark")
	f.StringVar(&s.data, "data", "", "`DIR` that keeps scenarios which are added while the mock runs for its next start")
	f.StringVar(&s.watch, "watch", "events", "how changed files are noticed and reloaded: `events|poll|off`")
	f.StringVar(&s.coverage, "coverage", "", "`FILE` to write at the end: which parts of the contract were used, as .json, .html, .md, .xml (JUnit) or .txt")
	f.BoolVar(&s.open, "open", false, "open the console in the browser")
}

// mockOptions are the options of the mock that the flags and the arguments ask for.
func (s *serveFlags) mockOptions(env environment, specs []string) (mock.Options, error) {
	opts, err := s.options(specs)
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return opts, err
	}
	opts.Active, opts.Validate, opts.MaxBody, opts.MaxUpload = s.active, s.validate, int64(s.maxBody), int64(s.maxUpload)
	if opts.JournalEntries = s.journal; s.journal == 0 {
		opts.JournalEntries = -1
	}
	opts.JournalBytes, opts.Redact = int64(s.journalSize), s.redact
	opts.Seed, opts.Dynamic, opts.Delay = s.seed, s.dynamic, s.delay
	opts.TLSCert, opts.TLSKey, opts.TLSSelfSigned, opts.HTTP2 = s.tlsCert, s.tlsKey, s.selfSigned, s.http2
	opts.RequireSession, opts.CallbackHosts = s.sessions, s.callbacks
	opts.NoCORS, opts.CORSOrigins = !s.cors, s.corsOrigins
	opts.State, opts.StateFailure, opts.Data, opts.Watch = s.state, s.stateFails, s.data, s.watch
	s.admin.fill(&opts)
	s.upstream.fill(&opts)
	if opts.Listen, err = s.listening.address(); err != nil {
		return opts, err
	}
	opts.Logger, err = newLogger(env.stderr, s.logFormat, s.logLevel)
	return opts, err
}

// check refuses values that the flags do not take.
func (s *serveFlags) check() error {
	if err := checkCoverageFile("coverage", s.coverage); err != nil {
		return err
	}
	if s.journal < 0 || s.journal > mock.MaxJournalEntries {
		return refuse("journal-entries", fmt.Sprintf(" is %d", s.journal), fmt.Sprintf("use a number from 0 to %d", mock.MaxJournalEntries))
	}
	if err := s.upstream.check(); err != nil {
		return err
	}
	if s.noneActive || slices.Contains(s.active, "") {
		return refuse("scenario", " is empty", "name a scenario, or leave the flag out")
	}
	for _, origin := range s.corsOrigins {
		if err := mock.CheckOrigin(origin); err != nil {
			return (&flagError{flag: "cors-origin", wrong: ": " + err.Error(), value: origin}).usage()
		}
	}
	if err := cmp.Or(checkWait("delay", s.delay), checkWait("drain-notice", s.notice), checkDrain(s.drain)); err != nil {
		return err
	}
	if err := cmp.Or(s.checkState(), s.checkTLS()); err != nil {
		return err
	}
	for _, host := range s.callbacks {
		if err := mock.CheckCallbackHosts([]string{host}); err != nil {
			return (&flagError{flag: "callback-host", wrong: ": " + err.Error(), value: host}).usage()
		}
	}
	return cmp.Or(
		oneOf("validate", s.validate, "strict", "warn", "off"),
		oneOf("watch", s.watch, "events", "poll", "off"),
	)
}

// checkTLS refuses half of a certificate, and two of them.
func (s *serveFlags) checkTLS() error {
	switch {
	case s.selfSigned && s.tlsCert != "":
		return refuse("tls-self-signed", " and --tls-cert are both given", "decide for one of them")
	case s.selfSigned && s.tlsKey != "":
		return refuse("tls-self-signed", " and --tls-key are both given", "decide for one of them")
	case s.tlsCert == "" && s.tlsKey != "":
		return refuse("tls-key", " is given, and no --tls-cert", "name both")
	case s.tlsCert != "" && s.tlsKey == "":
		return refuse("tls-cert", " is given, and no --tls-key", "name both")
	}
	return nil
}

// checkWait refuses what is no wait that a mock keeps.
func checkWait(flag string, wait time.Duration) error {
	if wait < 0 || wait > mock.MaxDelay {
		return refuse(flag, fmt.Sprintf(" is %s", wait), fmt.Sprintf("use a duration from 0s to %s", mock.MaxDelay))
	}
	return nil
}

// checkDrain refuses a value of --drain, which serve and record have, that is no time.
func checkDrain(d time.Duration) error {
	if d < 0 {
		return refuse("drain", fmt.Sprintf(" is %s", d), "use a duration such as 8s, or 0")
	}
	return nil
}
