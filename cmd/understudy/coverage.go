package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// coverageFlags are the flags of coverage.
type coverageFlags struct {
	remote
	format  string
	minimum float64
	own     mock.CoverageMinimums
}

func newCoverage(env environment) *cobra.Command {
	var flags coverageFlags
	cmd := &cobra.Command{
		Use:   "coverage [FILE...]",
		Short: "Tell which parts of the contract were used",
		Long: `Tells which operations, statuses, media types and parameters of the contract were
reached by requests, and which of them by requests and answers that keep to the
contract. Only the second counts for percentages.

FILE is a report in JSON, which serve --coverage FILE writes at its end and
coverage --format json prints. Several files, such as those of jobs that ran side
by side, are added up. Without FILE a running mock is asked; with FILE, where the
command line has --server or --session.

--format markdown is for the summaries of CI jobs, html a page with everything,
junit a test case for each status. docs/coverage.md describes them.

Exit code 0: what is wanted is covered. 1: less is covered than --min and its like
want, there was no request at all, or a report cannot be read. 2: the command line
is wrong.`,
		Example: `  understudy coverage
  understudy coverage job-1.json job-2.json --format markdown >> "$GITHUB_STEP_SUMMARY"
  understudy coverage coverage.json --min 80 --min-status 50
  understudy coverage --server http://127.0.0.1:4010 --session checkout --format html > coverage.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			asked := cmd.Flags().Changed("server") || cmd.Flags().Changed("session")
			if err := fill(cmd, env); err != nil {
				return err
			}
			if len(args) > 0 && !asked {
				flags.server, flags.session = "", "" // those of the environment or the file are for other commands
			}
			return flags.coverage(cmd, env, args)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", string(mock.Text), "how coverage is written: `"+strings.Join(mock.CoverageFormats(), "|")+"`")
	flags.remote.add(cmd, env, "`URL` of a running mock whose coverage is told, beside that of files (default "+defaultServer+" without files)", "`ID` of the session whose coverage the running mock is asked for (default everybody's)")
	f.Float64Var(&flags.minimum, "min", 0, "`PERCENT` of operations, statuses, media types and parameters, of each, that must conform")
	f.Float64Var(&flags.own.Operations, "min-operation", 0, "`PERCENT` of operations, in place of --min")
	f.Float64Var(&flags.own.Statuses, "min-status", 0, "`PERCENT` of statuses, in place of --min")
	f.Float64Var(&flags.own.MediaTypes, "min-media-type", 0, "`PERCENT` of media types, in place of --min")
	f.Float64Var(&flags.own.Parameters, "min-parameter", 0, "`PERCENT` of parameters, in place of --min")
	return cmd
}

// minimums puts --min and those of one kind together.
func (c *coverageFlags) minimums(cmd *cobra.Command) (mock.CoverageMinimums, error) {
	min := c.own
	for name, value := range map[string]*float64{"min-operation": &min.Operations, "min-status": &min.Statuses, "min-media-type": &min.MediaTypes, "min-parameter": &min.Parameters} {
		given := name
		if !cmd.Flags().Changed(name) {
			*value, given = c.minimum, "min"
		}
		if *value < 0 || *value > 100 || math.IsNaN(*value) {
			return min, refuse(given, fmt.Sprintf(" is %v", *value), "use a percentage from 0 to 100")
		}
	}
	return min, nil
}

func (c *coverageFlags) coverage(cmd *cobra.Command, env environment, files []string) error {
	format, err := parseFormat(c.format, mock.CoverageFormats())
	if err != nil {
		return err
	}
	min, err := c.minimums(cmd)
	if err != nil {
		return err
	}
	if len(files) == 0 && c.server == "" {
		c.server = defaultServer
	}
	if c.server == "" && c.session != "" {
		return usage("--session is for a running mock: name it with --server too")
	}
	total, err := c.read(cmd.Context(), files)
	if err != nil {
		return err
	}
	if total.Requests == 0 {
		return &exitError{exitWrong, errors.New("no request was answered, so there is no coverage to tell")}
	}
	if err := writeCoverage(env.stdout, total, format, min); err != nil {
		return &exitError{exitWrong, err}
	}
	below := total.Below(min)
	switch {
	case len(below) == 0:
		return nil
	case format == mock.Text:
		return &exitError{exitWrong, nil} // it says so itself
	}
	return &exitError{exitWrong, fmt.Errorf("too little is covered\n  %s", strings.Join(below, "\n  "))}
}

// writeCoverage writes all of a report, or where that fails nothing.
func writeCoverage(w io.Writer, c *mock.Coverage, format mock.Format, min mock.CoverageMinimums) error {
	var b bytes.Buffer
	if err := c.Write(&b, format, min); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// read reads the reports and adds them up.
func (c *coverageFlags) read(ctx context.Context, files []string) (*mock.Coverage, error) {
	var total *mock.Coverage
	add := func(name string, from io.Reader) error {
		one, err := mock.ReadCoverage(from)
		if err == nil && total != nil {
			one, err = total.Merge(one)
		}
		if err != nil {
			return &exitError{exitWrong, fmt.Errorf("%s: %w", name, err)}
		}
		total = one
		return nil
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return nil, &exitError{exitWrong, err}
		}
		err = add(name, file)
		_ = file.Close()
		if err != nil {
			return nil, err
		}
	}
	if c.server == "" {
		return total, nil
	}
	c.otherwise = ", or name the files that serve --coverage FILE has written"
	body, err := c.open(ctx, http.MethodGet, nil, "coverage")
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return total, add(c.server, body)
}
