package main

import (
	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

func newSchema(env environment) *cobra.Command {
	var flags referenceFlags
	cmd := &cobra.Command{
		Use:   "schema [SPEC[=/base]...]",
		Short: "Print the JSON Schema of scenario files, for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of scenario files. Editors that know it
complete the keys, explain them, and mark mistakes while you type. With
descriptions they complete the names of operations too.

Keep it beside the scenario files under a hidden name, which is not read as a
scenario, and name it in their first line:

  # yaml-language-server: $schema=.scenario.schema.json

Editors that use yaml-language-server read this line, such as VS Code with the
YAML extension. A scenario in JSON names the schema with the key "$schema".

understudy init writes it beside the files that it makes. The schema knows the
format; understudy check proves what the contract says.`,
		Example: `  understudy schema > scenarios/.scenario.schema.json
  understudy schema openapi.yaml > scenarios/.scenario.schema.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			args, err := fillSpecs(cmd, env, args)
			if err != nil {
				return err
			}
			return printSchema(cmd, env, &flags, args)
		},
	}
	flags.add(cmd)
	return cmd
}

func printSchema(cmd *cobra.Command, env environment, flags *referenceFlags, args []string) error {
	specs, err := parseSpecs(args)
	if err != nil {
		return err
	}
	schema := mock.Schema()
	if len(specs) > 0 {
		done := working(env, "reading descriptions")
		schema, err = mock.SchemaFor(cmd.Context(), flags.options(specs))
		done()
		if err != nil {
			return &exitError{exitWrong, err}
		}
	}
	_, err = env.stdout.Write(schema)
	return err
}
