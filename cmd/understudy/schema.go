package main

import (
	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

func newSchema(env environment) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenario files, for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of scenario files. Editors that know it
complete the keys, explain them, and mark mistakes while you type.

Keep it beside the scenario files under a hidden name, which is not read as a
scenario, and name it in their first line:

  # yaml-language-server: $schema=.scenario.schema.json

Editors that use yaml-language-server read this line, such as VS Code with the
YAML extension. A scenario in JSON names the schema with the key "$schema".

The schema knows the format, not your API: understudy check proves the rest.`,
		Example: `  understudy schema > scenarios/.scenario.schema.json`,
		Args:    noArguments,
		RunE: func(_ *cobra.Command, _ []string) error {
			_, err := env.stdout.Write(mock.Schema())
			return err
		},
	}
}
