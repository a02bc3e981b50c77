package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// verifyFlags are the flags of verify.
type verifyFlags struct {
	contractFlags
	mock.ProviderOptions
	format   string
	coverage string
}

func newVerify(env environment) *cobra.Command {
	var flags verifyFlags
	cmd := &cobra.Command{
		Use:   "verify [SPEC[=/base]...] --target URL",
		Short: "Replay the scenario files against the real API",
		Long: `Sends what the scenario files describe to a real API, and compares its answers with
the contract and with the scenarios. Each stub is sent as a request: what its when
states as it is stated, the rest from the contract's examples, or generated. The
answer must have the stub's status and conform to the contract; with provider:
{exact: true} it must have what the stub states.

A stub that no request can bring about is told as not provable, with the reason.
--target-is-mock verifies a mock that serves the same scenarios: it is asked for
each of them by name. --negative adds requests that break the contract, which must
be refused with a status that the contract describes.

Credentials come from the environment: UNDERSTUDY_AUTH_ and the name of the security
scheme in capitals, such as UNDERSTUDY_AUTH_BEARER, holds a token, an API key, or
user:password. No report shows them. docs/verify.md describes it all.

Exit code 0: all answers are as they should be. 1: at least one differs, or did not
come. 2: the command line is wrong. 3: nothing was verified: a file is wrong, the API
cannot be reached, the first calls failed, or no request brings any stub about.`,
		Example: `  understudy verify --target http://127.0.0.1:8080
  understudy verify api/openapi.yaml --target https://staging.example.com/v1 --only 'errors/*' --rate 5
  understudy verify --target http://127.0.0.1:8080 --negative --format junit > verify.xml
  understudy verify --target http://127.0.0.1:4010 --target-is-mock`,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			return flags.verify(cmd.Context(), env, args)
		},
	}
	flags.contractFlags.add(cmd)
	f := cmd.Flags()
	f.StringVar(&flags.Target, "target", "", "`URL` of the API, in front of the contract's paths and in place of its base paths")
	f.BoolVar(&flags.TargetIsMock, "target-is-mock", false, "the target is a mock with the same scenarios: ask for each by name")
	f.BoolVar(&flags.Negative, "negative", false, "also send requests that break the contract, which must be refused")
	f.StringSliceVar(&flags.Scenarios, "only", nil, "`NAME` of a scenario to verify, or a pattern such as errors/*, repeatable (default all)")
	f.StringSliceVar(&flags.Tags, "tag", nil, "`TAG` of which scenarios must have one, repeatable")
	f.StringSliceVar(&flags.Operations, "operation", nil, "`NAME` of an operation whose stubs are verified, repeatable (default all)")
	f.StringVar(&flags.Setup, "setup", "", "`FILE` with the calls before everything else and after it: setup: […], teardown: […]")
	f.IntVar(&flags.Concurrency, "concurrency", 1, "`NUMBER` of requests that may be under way at a time")
	f.Float64Var(&flags.Rate, "rate", 0, "`NUMBER` of requests in a second at most (default any)")
	f.IntVar(&flags.Retries, "retries", 0, "`NUMBER` of times that a request is sent again after no answer, 429, 502, 503 or 504")
	f.DurationVar(&flags.Timeout, "timeout", mock.DefaultProviderTimeout, "`DURATION` that a request may take with its answer")
	f.StringVar(&flags.CA, "target-ca", "", "`FILE` of PEM certificates that are trusted beside those of the machine")
	f.BoolVar(&flags.Insecure, "target-insecure", false, "take any certificate of the target")
	f.StringVar(&flags.coverage, "provider-coverage", "", "`FILE` to write what the API has covered of the contract to (.json, .html, .md, .txt or .xml)")
	f.StringVar(&flags.format, "format", string(mock.Text), "how the result is written: `"+strings.Join(mock.ProviderFormats(), "|")+"`")
	offer(cmd, map[string]completed{
		"only":      flags.loaded(env, namesOfScenarios),
		"tag":       flags.loaded(env, tagsOfScenarios),
		"operation": flags.loaded(env, namesOfOperations),
	})
	return cmd
}

func (v *verifyFlags) verify(ctx context.Context, env environment, args []string) error {
	format, err := parseFormat(v.format, mock.ProviderFormats())
	if err != nil {
		return err
	}
	if v.Target == "" {
		return usage("--target is missing: name the URL of the API, such as --target http://127.0.0.1:8080")
	}
	if v.Timeout <= 0 || v.Timeout > mock.MaxProviderTimeout {
		return refuse("timeout", fmt.Sprintf(" is %s", v.Timeout), fmt.Sprintf("use a duration up to %s", mock.MaxProviderTimeout))
	}
	if err := checkCoverageFile("provider-coverage", v.coverage); err != nil {
		return err
	}
	opts, err := v.options(args)
	if err != nil {
		return err
	}
	v.Credential = func(scheme string) string {
		secret, _ := env.lookup(mock.CredentialVariable(scheme))
		return secret
	}
	ctx, stop := env.notify(ctx)
	defer stop()
	shown := newProgress(env)
	v.Progress = shown.check
	notTold := context.AfterFunc(ctx, func() {
		restoreSignals(stop)
		fmt.Fprintf(env.stderr, "stopping: what was set up is cleared up, for at most %s; another signal ends at once\n", mock.ProviderClearWithin)
	})
	result, err := mock.VerifyProvider(ctx, opts, v.ProviderOptions)
	notTold()
	shown.end()
	if result != nil {
		if failed := v.write(env, result, format); failed != nil {
			return &exitError{exitWrong, failed}
		}
	}
	switch {
	case err != nil:
		return v.explain(err, args)
	case !result.OK():
		return &exitError{exitWrong, nil} // the report says what
	}
	return nil
}

// write writes the report, and what was covered to its file.
func (v *verifyFlags) write(env environment, r *mock.ProviderResult, format mock.Format) error {
	var b bytes.Buffer
	if err := r.Write(&b, format); err != nil {
		return err
	}
	text := b.String()
	if format == mock.Text {
		text = coloured(env, env.stdout, text)
	}
	if _, err := env.stdout.Write([]byte(text)); err != nil {
		return err
	}
	if v.coverage == "" {
		return nil
	}
	return saveCoverage(v.coverage, r.Coverage)
}

// explain gives an error its exit code, and says what to do.
func (v *verifyFlags) explain(err error, args []string) error {
	var wrong *mock.UsageError
	var unreachable *mock.UnreachableError
	var setup *mock.SetupError
	switch {
	case errors.As(err, &wrong):
		return &exitError{exitUsage, err}
	case errors.As(err, &unreachable):
		text := strings.NewReplacer("--upstream-ca", "--target-ca", "--upstream-insecure", "--target-insecure").Replace(err.Error())
		return &exitError{exitStart, errors.New(text)}
	case errors.As(err, &setup), errors.Is(err, context.Canceled):
		return &exitError{exitStart, err}
	case errors.Is(err, mock.ErrNothingToVerify):
		return &exitError{exitStart, fmt.Errorf("%w; name scenarios with --scenarios, or say with provider: {setup: …} how their situations come about", err)}
	}
	return &exitError{exitStart, explainLoad(err, "verify --target "+v.Target, args)}
}
