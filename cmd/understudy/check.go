package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

func newCheck(env environment) *cobra.Command {
	var flags contractFlags
	cmd := &cobra.Command{
		Use:   "check [SPEC[=/base]...]",
		Short: "Prove the scenario files against the contract",
		Long: `Loads the OpenAPI descriptions (default ./openapi.yaml) and all scenario files and
proves every stub: names, statuses, bodies, headers, parameters and expressions.
Every mistake is shown with its place and what to write instead.

Exit code 0: no errors (there may be warnings). 1: at least one error.`,
		Example: `  understudy check
  understudy check api/openapi.yaml --scenarios api/scenarios`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			opts, err := flags.options(args)
			if err != nil {
				return err
			}
			return check(cmd, env, opts)
		},
	}
	flags.add(cmd)
	return cmd
}

func check(cmd *cobra.Command, env environment, opts mock.Options) error {
	result, err := mock.Check(cmd.Context(), opts)
	if err != nil {
		return &exitError{exitWrong, err}
	}
	for _, f := range result.Findings {
		fmt.Fprintf(env.stdout, "%s\n\n", f.Text)
	}
	errors := result.Errors()
	warnings := len(result.Findings) - errors
	if errors > 0 {
		fmt.Fprintf(env.stdout, "%s, %s\n", plural(errors, "error"), plural(warnings, "warning"))
		return &exitError{exitWrong, nil}
	}
	fmt.Fprintf(env.stdout, "%s with %s proved against %s", plural(result.Scenarios, "scenario"), plural(result.Stubs, "stub"), plural(result.Operations, "operation"))
	if warnings > 0 {
		fmt.Fprintf(env.stdout, ", %s", plural(warnings, "warning"))
	}
	fmt.Fprintln(env.stdout)
	return nil
}
