package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// initFlags are the flags of init.
type initFlags struct {
	referenceFlags
	out   string
	force bool
}

func newInit(env environment) *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use:   "init [SPEC[=/base]...]",
		Short: "Write first scenario files for a description",
		Long: `Writes a scenario file for each status that the OpenAPI description (default
./openapi.yaml) describes, such as scenarios/status/404.yaml, in which every
operation that describes 404 answers with it; a tutorial, in which the parts of the
format stand behind a # to be tried out; and the JSON Schema with which editors
complete and check the files.

Bodies are the contract's examples, or generated. What is written passes
understudy check. Files that are there already are never overwritten, unless
--force is given.`,
		Example: `  understudy init
  understudy init api/openapi.yaml --out api/scenarios
  understudy serve --scenario status/404`,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			return flags.init(cmd, env, args)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVarP(&flags.out, "out", "o", mock.DefaultScenarios, "`DIR` to write the files into")
	cmd.Flags().BoolVar(&flags.force, "force", false, "overwrite files that are there already")
	return cmd
}

func (i *initFlags) init(cmd *cobra.Command, env environment, args []string) error {
	specs, err := parseSpecs(args)
	if err != nil {
		return err
	}
	if i.out == "" {
		return refuse("out", " is empty", "name a folder, such as scenarios")
	}
	done := working(env, "making scenario files")
	result, err := mock.Init(cmd.Context(),
		i.options(specs),
		mock.InitOptions{Dir: i.out, Overwrite: i.force})
	done()
	var exists *mock.ExistsError
	switch {
	case errors.As(err, &exists):
		return &exitError{exitWrong, fmt.Errorf("%w\nnothing was written: write into another folder with --out, or overwrite them with --force", err)}
	case err != nil:
		return &exitError{exitWrong, explainLoad(err, "init", args)}
	}
	announceInit(env.stdout, result, args)
	return nil
}

// maxLeftOut bounds what is told of statuses that are left out.
const maxLeftOut = 10

func announceInit(w io.Writer, r *mock.InitResult, specs []string) {
	if len(r.Written) == 0 {
		fmt.Fprintf(w, "all %d files are in %s already, with the same content\n", r.Kept, r.Dir)
		return
	}
	fmt.Fprintf(w, "written to %s:\n", r.Dir)
	for _, name := range r.Written {
		fmt.Fprintf(w, "  %s\n", name)
	}
	for i, each := range r.LeftOut {
		if i == maxLeftOut {
			fmt.Fprintf(w, "… and %d more are left out: the files say which\n", len(r.LeftOut)-i)
			break
		}
		fmt.Fprintf(w, "left out: %s of %s: %s\n", each.Status, each.Operation, each.Reason)
	}
	command := strings.Join(append([]string{""}, specs...), " ")
	if filepath.Clean(r.Dir) != mock.DefaultScenarios {
		command += " --scenarios " + r.Dir
	}
	for _, name := range r.Written {
		if status, ok := strings.CutSuffix(name, ".yaml"); ok && strings.HasPrefix(status, "status/4") {
			fmt.Fprintf(w, "have one of them answer: understudy serve%s --scenario %s\n", command, status)
			break
		}
	}
	fmt.Fprintf(w, "prove what you change in them: understudy check%s\n", command)
}
