package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// importFlags are the flags of import.
type importFlags struct {
	referenceFlags
	specs  []string
	from   mock.ImportFrom
	format string
	strict bool
}

func newImport(env environment) *cobra.Command {
	var flags importFlags
	cmd := &cobra.Command{
		Use:   "import KIND FILE...",
		Short: "Write scenario files from WireMock, Mockoon or HAR files",
		Long: `Reads the stub mappings of WireMock, the environments of Mockoon, or recordings in
the HAR format, and writes what they say as one scenario for the operations of the
OpenAPI description (default ./openapi.yaml). FILE may be a folder, such as the one
that has WireMock's mappings and __files in it.

The scenario is a default one, so that understudy serve answers by it, and passes
understudy check. An answer that departs from the contract says so (offContract).
Whatever is not carried over as it was is listed with its place and reason;
docs/import.md has the tables.

Exit code 0: something was written. 1: nothing was, a file cannot be read, files are
in the way, or with --strict anything was left out. 2: the command line is wrong.`,
		Example: `  understudy import wiremock wiremock/
  understudy import mockoon environment.json --spec api/openapi.yaml --out api/scenarios
  understudy import har session.har --base https://api.example.com/v1 --name recorded`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fill(cmd, env); err != nil {
				return err
			}
			return flags.run(cmd, env, args)
		},
	}
	flags.add(cmd)
	f := cmd.Flags()
	addPaths(f, &flags.specs, "spec", "`SPEC[=/base]` of the description, repeatable (default ./openapi.yaml)", pathOfSpec)
	f.StringVarP(&flags.from.Dir, "out", "o", mock.DefaultScenarios, "`DIR` to write the files into")
	f.StringVar(&flags.from.Name, "name", "", "`NAME` of the scenario (default the kind)")
	f.StringVar(&flags.from.Base, "base", "", "`URL` below which entries of a HAR file are requests to the API (default the base paths of the description, on any host)")
	f.StringSliceVar(&flags.from.Redact, "redact", nil, "`NAME` of a header, parameter or property whose value is a secret in a HAR file, repeatable; passwords, tokens and keys are by their usual names")
	f.BoolVar(&flags.strict, "strict", false, "exit with 1 if anything was left out")
	f.BoolVar(&flags.from.Overwrite, "force", false, "overwrite files that are there already")
	f.StringVar(&flags.format, "format", string(mock.Text), "how findings are written: `"+strings.Join(mock.Formats(), "|")+"`")
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveDefault // files
		}
		return mock.ImportKinds(), cobra.ShellCompDirectiveNoFileComp
	}
	return cmd
}

func (i *importFlags) run(cmd *cobra.Command, env environment, args []string) error {
	if len(args) == 0 {
		return usage("say what to import: " + orList(mock.ImportKinds()))
	}
	if i.from.Kind = args[0]; !slices.Contains(mock.ImportKinds(), i.from.Kind) {
		if best := mock.DidYouMean(i.from.Kind, mock.ImportKinds()); best != "" {
			return usage(fmt.Sprintf("%q cannot be imported: did you mean %s?", i.from.Kind, best))
		}
		return usage(fmt.Sprintf("%q cannot be imported: there are %s", i.from.Kind, orList(mock.ImportKinds())))
	}
	if i.from.Files = args[1:]; len(i.from.Files) == 0 {
		return usage("name the files to import")
	}
	if i.from.Dir == "" {
		return refuse("out", " is empty", "name a folder, such as scenarios")
	}
	if i.from.Base != "" && i.from.Kind != "har" {
		return refuse("base", " is for har alone", "")
	}
	format, err := parseFormat(i.format, mock.Formats())
	if err != nil {
		return err
	}
	specs, err := parseSpecs(i.specs)
	if err != nil {
		return err
	}
	return i.report(cmd, env, format, i.options(specs))
}

// report imports and tells what came of it.
func (i *importFlags) report(cmd *cobra.Command, env environment, format mock.Format, opts mock.Options) error {
	done := working(env, "reading, and proving what is written")
	result, err := mock.Import(cmd.Context(), opts, i.from)
	done()
	if result == nil {
		return &exitError{exitWrong, explainLoad(err, "import "+i.from.Kind+" "+strings.Join(i.from.Files, " ")+" --spec", i.specs)}
	}
	if err := result.Write(env.stdout, format); err != nil {
		return &exitError{exitWrong, err}
	}
	var exists *mock.ExistsError
	switch {
	case errors.As(err, &exists):
		return &exitError{exitWrong, fmt.Errorf("%w\nnothing was written: choose another --name or --out, or overwrite them with --force", err)}
	case err != nil:
		return &exitError{exitWrong, err}
	}
	if format == mock.Text {
		for _, name := range result.Written {
			fmt.Fprintf(env.stdout, "written: %s/%s\n", strings.TrimSuffix(result.Dir, "/"), name)
		}
		if len(result.Written) == 0 {
			fmt.Fprintf(env.stdout, "all files are in %s already, with the same content\n", result.Dir)
		}
	}
	if i.strict && result.LeftOut > 0 {
		return &exitError{exitWrong, nil}
	}
	return nil
}
