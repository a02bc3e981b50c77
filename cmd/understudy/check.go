package main

import (
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// checkFlags are the flags of check.
type checkFlags struct {
	contractFlags
	format  string
	against []string
}

func newCheck(env environment) *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [SPEC[=/base]...]",
		Short: "Prove the scenario files against the contract",
		Long: `Loads the OpenAPI descriptions (default ./openapi.yaml) and all scenario files and
proves every stub: names, statuses, bodies, headers, parameters and expressions.
Every mistake is shown with its place and what to write instead.

--format json, sarif and junit write the same for other programs: SARIF for code
scanning, JUnit's XML for the test reports of Jenkins and GitLab, in which each
file is a test case. docs/check.md describes them.

--against names a new version of the description. Then only that is told to which
the new version leads and the present one does not: which scenarios break and why,
and which operations and statuses are gone. Several new versions replace several
descriptions in their order, or those with the same base path or file name.

Exit code 0: no errors (there may be warnings). 1: at least one error, or nothing
to check. 2: the command line is wrong.`,
		Example: `  understudy check
  understudy check api/openapi.yaml --scenarios api/scenarios
  understudy check --format junit > understudy.xml
  understudy check --against next/openapi.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			return flags.check(cmd, env, args)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&flags.format, "format", string(mock.Text), "how findings are written: `"+strings.Join(mock.Formats(), "|")+"`")
	addPaths(cmd.Flags(), &flags.against, "against", "`SPEC` of a new version of the description, repeatable: tell what it breaks", pathOfSpec)
	return cmd
}

func (c *checkFlags) check(cmd *cobra.Command, env environment, specs []string) error {
	format, err := parseFormat(c.format, mock.Formats())
	if err != nil {
		return err
	}
	opts, err := c.options(specs)
	if err != nil {
		return err
	}
	next, err := parseSpecs(c.against)
	if err != nil {
		return err
	}
	if format == mock.Text { // for programs it is a finding
		if err := explainLoad(nil, "check", specs); err != nil {
			return &exitError{exitWrong, err}
		}
	}
	var result checked
	done := working(env, "looking at descriptions and scenarios")
	if len(next) > 0 {
		result, err = mock.CheckAgainst(cmd.Context(), opts, next)
	} else {
		result, err = mock.Check(cmd.Context(), opts)
	}
	done()
	switch {
	case errors.Is(err, mock.ErrWhichDescription):
		return &exitError{exitUsage, err}
	case err != nil:
		return &exitError{exitWrong, err}
	}
	if err := result.Write(env.stdout, format); err != nil {
		return &exitError{exitWrong, err}
	}
	if result.Errors() > 0 {
		return &exitError{exitWrong, nil}
	}
	return nil
}

// checked is what a check has found.
type checked interface {
	Errors() int
	Write(w io.Writer, format mock.Format) error
}

// parseFormat reads --format, which is one of known.
func parseFormat(text string, known []string) (mock.Format, error) {
	return mock.Format(text), oneOf("format", text, known...)
}
