package main

import (
	"encoding/csv"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/understudy-mock/understudy/mock"
)

// paths is a repeatable flag of which each value names a file or folder: one that is there
// with commas in its name is taken whole. Other values are lists with commas between them.
type paths struct {
	pflag.Value
	path func(value string) string // of a value that is not a list
}

// addPaths adds such a flag; path finds the name of the file or folder in a value.
func addPaths(flags *pflag.FlagSet, to *[]string, name, usage string, path func(value string) string) {
	flags.StringSliceVar(to, name, nil, usage)
	f := flags.Lookup(name)
	f.Value, f.DefValue = &paths{f.Value, path}, "" // help tells of no default
}

// pathOfFolder is that of a value that is nothing but a path.
func pathOfFolder(value string) string { return value }

// pathOfSpec is that of a description, as SPEC=/base may name it too.
func pathOfSpec(value string) string {
	spec, _ := mock.ParseSpec(value) // what cannot be read is not there
	return spec.Location
}

// specsIn are the descriptions that values name, as a flag would take them.
func specsIn(values ...string) ([]string, error) {
	var specs []string
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	addPaths(flags, &specs, "spec", "", pathOfSpec)
	for _, value := range values {
		if err := flags.Set("spec", value); err != nil {
			return nil, usage(err.Error())
		}
	}
	return specs, nil
}

// Set takes a value as the command line, a variable or the file writes it.
func (p *paths) Set(text string) error {
	if _, err := os.Stat(p.path(text)); err == nil {
		var b strings.Builder
		w := csv.NewWriter(&b)
		_ = w.Write([]string{text}) // a Builder never fails
		w.Flush()
		text = strings.TrimSuffix(b.String(), "\n")
	}
	return p.Value.Set(text)
}
