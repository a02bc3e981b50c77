package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// recordFlags are the flags of record.
type recordFlags struct {
	referenceFlags
	leniencyFlags
	listening   listenFlags
	reach       reachFlags
	upstream    []string
	to          mock.RecordTo
	every       time.Duration
	redact      []string
	maxBody     byteSize
	corsOrigins []string
	logFormat   string
	logLevel    string
	drain       time.Duration
}

func newRecord(env environment) *cobra.Command {
	var flags recordFlags
	cmd := &cobra.Command{
		Use:   "record [SPEC[=/base]...] --upstream URL",
		Short: "Record the real API as scenario files",
		Long: `Stands in front of the real API as serve --upstream does, and writes what it answers
as scenario files, one for each operation: stubs name operations and ask for path
parameters and for what else tells answers apart; repeated answers are folded, and
different answers to the same request become a sequence. The scenarios are always
active, so that understudy serve with them gives the recorded answers.

Secrets are left out: Authorization, cookies, API keys, and what --redact names.
Answers that break the contract are written with offContract, and listed at the end.

The files are written every few seconds (--every), on SIGHUP, and at the end (Ctrl-C
or SIGTERM). What they write passes understudy check. Files that are there already
are never overwritten, unless --force is given.

Exit code 0: something was recorded, and all of it is written. 1: nothing was
recorded, not all could be written, or it is in a folder beside, because somebody
has changed files meanwhile. 2: the command line is wrong. 3: the server could not
start, or files are in the way.`,
		Example: `  understudy record --upstream https://api.example.com/v1
  understudy record api/openapi.yaml --upstream http://localhost:8080 --out api/scenarios --name orders
  understudy serve --scenarios api/scenarios`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.listening.note(cmd); err != nil {
				return err
			}
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			return flags.run(cmd.Context(), env, args)
		},
	}
	flags.referenceFlags.add(cmd)
	flags.leniencyFlags.add(cmd)
	flags.reach.add(cmd)
	flags.listening.add(cmd)
	f := cmd.Flags()
	f.StringSliceVar(&flags.upstream, "upstream", nil, "`URL` of the real API; API=URL, repeatable, for several descriptions")
	f.StringVarP(&flags.to.Dir, "out", "o", mock.DefaultScenarios, "`DIR` of scenarios to write into")
	f.StringVar(&flags.to.Name, "name", mock.DefaultRecording, "`NAME` of the folder below it, and so the beginning of the scenarios' names")
	f.BoolVar(&flags.to.Overwrite, "force", false, "overwrite files that are there already")
	f.DurationVar(&flags.every, "every", 10*time.Second, "how often the files are written meanwhile; 0 writes them at the end alone")
	f.StringSliceVar(&flags.redact, "redact", nil, "`NAME` of a header, parameter, cookie or JSON property whose values are not written, repeatable")
	flags.maxBody = mock.DefaultMaxBody
	f.Var(&flags.maxBody, "max-body", "limit on bodies that are recorded, such as `10MB` or 512KiB")
	f.StringSliceVar(&flags.corsOrigins, "cors-origin", nil, "`ORIGIN` that browsers may call from, repeatable (default those of this machine)")
	f.StringVar(&flags.logFormat, "log-format", "text", "`text|json`")
	f.StringVar(&flags.logLevel, "log-level", "info", "`debug|info|warn|error`; debug shows every request")
	f.DurationVar(&flags.drain, "drain", 8*time.Second, "how long requests under way may take to finish on a stop")
	return cmd
}

func (r *recordFlags) mockOptions(env environment, args []string) (opts mock.Options, err error) {
	specs, err := parseSpecs(args)
	if err != nil {
		return opts, err
	}
	opts = r.options(specs)
	r.put(&opts)
	up := upstreamFlags{reachFlags: r.reach, urls: r.upstream}
	switch {
	case len(r.upstream) == 0:
		return opts, usage("name the real API with --upstream URL")
	case r.to.Dir == "":
		return opts, refuse("out", " is empty", "name a folder, such as scenarios")
	case r.every < 0:
		return opts, refuse("every", fmt.Sprintf(" is %s", r.every), "use a duration such as 10s, or 0")
	}
	if err := cmp.Or(up.check(), checkDrain(r.drain)); err != nil {
		return opts, err
	}
	up.fill(&opts)
	for _, origin := range r.corsOrigins {
		if err := mock.CheckOrigin(origin); err != nil {
			return opts, (&flagError{flag: "cors-origin", wrong: ": " + err.Error(), value: origin}).usage()
		}
	}
	opts.Redact, opts.MaxBody, opts.CORSOrigins = r.redact, int64(r.maxBody), r.corsOrigins
	if opts.Listen, err = r.listening.address(); err != nil {
		return opts, err
	}
	opts.Logger, err = newLogger(env.stderr, r.logFormat, r.logLevel)
	return opts, err
}

// run records until a signal to end comes.
func (r *recordFlags) run(ctx context.Context, env environment, args []string) error {
	opts, err := r.mockOptions(env, args)
	if err != nil {
		return err
	}
	done := working(env, "reading descriptions")
	rec, err := mock.NewRecorder(ctx, opts, r.to)
	done()
	var exists *mock.ExistsError
	switch {
	case errors.As(err, &exists):
		return &exitError{exitStart, fmt.Errorf("%w\nnothing is recorded: choose another --name or --out, or overwrite them with --force", err)}
	case err != nil:
		return &exitError{exitStart, explainLoad(err, "record --upstream "+r.upstream[0], args)}
	}
	ctx, stop := env.notify(ctx)
	defer stop()
	m := rec.Mock()
	if err := m.Start(); err != nil {
		return notStarted(m, err, opts)
	}
	hangups, stopHangups := env.hangup()
	defer stopHangups()
	fmt.Fprintf(env.stdout, "recording into %s\n", path.Join(r.to.Dir, r.to.Name))
	announce(env.stdout, m) // last: who reads it may send signals at once
	r.writeMeanwhile(ctx, rec, env, hangups)
	restoreSignals(stop)
	drained := drain(m, env, 0, r.drain)
	done = working(env, "writing what was recorded")
	result, err := rec.Write()
	done()
	tellRecording(env.stdout, result)
	if err != nil || result.Full || len(result.LeftOut) > 0 {
		return &exitError{exitWrong, errors.Join(drained, err)}
	}
	return drained
}

// writeMeanwhile writes from time to time, and when it is asked to, until ctx ends. An
// error is told, and does not end the recording: the next write may succeed. That the
// recording is in another folder is told once.
func (r *recordFlags) writeMeanwhile(ctx context.Context, rec *mock.Recorder, env environment, hangups <-chan os.Signal) {
	var every <-chan time.Time
	if r.every > 0 {
		ticker := time.NewTicker(r.every)
		defer ticker.Stop()
		every = ticker.C
	}
	told := ""
	for ctx.Err() == nil {
		asked := false
		select {
		case <-ctx.Done():
			return
		case <-every:
		case <-hangups:
			asked = true
		}
		result, err := rec.Write()
		written := len(result.Files) > 0
		switch {
		case errors.Is(err, mock.ErrNothingRecorded) && !asked:
		case err != nil && !written:
			fmt.Fprintf(env.stderr, "not written: %v\n", err)
		case err != nil && err.Error() != told:
			told = err.Error()
			fmt.Fprintln(env.stderr, told)
		}
		if asked && written {
			fmt.Fprintf(env.stdout, "written: %s\n", callCount(result))
		}
	}
}

func callCount(r *mock.RecordResult) string {
	text := fmt.Sprintf("%d calls of %d operations", r.Calls, r.Operations)
	if r.Calls == 1 {
		text = "1 call"
	}
	return text
}

// maxTold bounds each list that is told of a recording.
const maxTold = 20

func tellRecording(w io.Writer, r *mock.RecordResult) {
	if len(r.Files) > 0 {
		fmt.Fprintf(w, "recorded %s; written to %s:\n", callCount(r), r.Dir)
		tellList(w, r.Files, func(name string) string { return "  " + name })
	}
	if len(r.OffContract) > 0 {
		fmt.Fprintln(w, "answers that break the contract, written with offContract:")
		tellList(w, r.OffContract, func(d mock.RecordedDeparture) string {
			return fmt.Sprintf("  %s, status %d, %s: %s", d.Operation, d.Status, often(d.Count), d.Reason)
		})
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Missed)) {
		fmt.Fprintf(w, "not recorded, %s: %s\n", often(r.Missed[reason]), reason)
	}
	tellList(w, r.LeftOut, func(text string) string { return "left out: " + text })
}

func often(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func tellList[T any](w io.Writer, list []T, line func(T) string) {
	for i, each := range list {
		if i == maxTold {
			fmt.Fprintf(w, "  … and %d more\n", len(list)-i)
			return
		}
		fmt.Fprintln(w, line(each))
	}
}
