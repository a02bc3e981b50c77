package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/understudy-mock/understudy/mock"
)

// configFile is read from the working directory where it exists.
const configFile = "understudy.yaml"

// fill gives every flag that was not set on the command line its value from the
// environment (UNDERSTUDY_MAX_BODY for --max-body), else from the configuration
// file. An explicit flag wins also where it equals its default. What is wrong with a value
// is told of where it comes from.
func fill(cmd *cobra.Command, env environment) error {
	config, failed := readConfig(cmd)
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || failed != nil {
			return
		}
		name := variable(f.Name)
		if value, _ := env.lookup(name); value != "" && !ofKubernetes(f.Name, value) {
			if err := set(cmd, f, value); err != nil {
				failed = &exitError{exitUsage, fmt.Errorf("%s: %q is not a value for --%s: %w", name, value, f.Name, err)}
			}
			env.origins[f.Name] = origin{variable: name}
			return
		}
		for _, setting := range config[f.Name] {
			if err := set(cmd, f, setting.Value); err != nil {
				failed = &exitError{exitUsage, setting.Refuse(fmt.Sprintf("%q is not a value for %s", setting.Value, f.Name), err.Error())}
				return
			}
		}
		env.origins[f.Name] = origin{settings: config[f.Name]}
	})
	return failed
}

func readConfig(cmd *cobra.Command) (map[string][]mock.Setting, error) {
	config, err := mock.ReadConfig(configFile, allSettings(cmd.Root()))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &exitError{exitUsage, err}
	}
	return config, nil
}

// fillSpecs does what fill does for a command whose arguments are descriptions. It gives
// them; where there are none, those of UNDERSTUDY_SPEC, else of the configuration file.
func fillSpecs(cmd *cobra.Command, env environment, args []string) ([]string, error) {
	if err := fill(cmd, env); err != nil || len(args) > 0 {
		return args, err
	}
	if value, _ := env.lookup(variable("spec")); value != "" {
		return specsIn(value)
	}
	config, err := readConfig(cmd)
	if err != nil {
		return nil, err
	}
	var values []string
	for _, setting := range config["spec"] {
		values = append(values, setting.Value)
	}
	return specsIn(values...)
}

// allSettings lists the flags of all commands: one file serves them all.
func allSettings(root *cobra.Command) []string {
	var known []string
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !slices.Contains(known, f.Name) {
				known = append(known, f.Name)
			}
		})
	}
	return known
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "UNDERSTUDY_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// warnOfVariables tells of variables whose names are nearly those of flags. Others that
// begin like ours may be somebody else's.
func warnOfVariables(env environment, root *cobra.Command) {
	if env.variables == nil {
		return
	}
	known, prefix := allSettings(root), variable("")
	for _, each := range slices.Sorted(slices.Values(env.variables())) {
		name, value, _ := strings.Cut(each, "=")
		word, ours := strings.CutPrefix(name, prefix)
		word = strings.ToLower(strings.ReplaceAll(word, "_", "-"))
		if !ours || value == "" || slices.Contains(known, word) || strings.HasPrefix(word, "auth-") {
			continue
		}
		if meant := mock.DidYouMean(word, known); meant != "" {
			fmt.Fprintf(env.stderr, "understudy: %s is the variable of no flag: did you mean %s?\n", name, variable(meant))
		}
	}
}

// ofKubernetes tells of the variable that Kubernetes gives each container of a namespace
// with a Service called understudy, UNDERSTUDY_PORT=tcp://10.0.0.1:80: it speaks of that
// Service, and says nothing of the port to listen on.
func ofKubernetes(flag, value string) bool {
	return flag == "port" && strings.Contains(value, "://")
}

// set gives a flag a value. Its error says what to write instead.
func set(cmd *cobra.Command, f *pflag.Flag, value string) error {
	err := cmd.Flags().Set(f.Name, value)
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return explainValue(f, invalid.Unwrap())
	}
	return err
}

// explainValue says what to write in place of a value that cannot be read.
func explainValue(f *pflag.Flag, err error) error {
	switch f.Value.Type() {
	case "int":
		return errors.New("write a whole number")
	case "uint64":
		return errors.New("write a whole number from 0 to 18446744073709551615")
	case "float64":
		return errors.New("write a number, such as 2.5")
	case "duration":
		return errors.New("write a number with a unit, such as 300ms or 1.5s")
	case "bool":
		return errors.New("write true or false")
	}
	return err
}

// explainFlagError adds what to write, or the flag that was probably meant.
func explainFlagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		f := invalid.GetFlag()
		return fmt.Errorf("%q is not a value for --%s: %w", invalid.GetValue(), f.Name, explainValue(f, invalid.Unwrap()))
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if hint := mock.DidYouMean(unknown.GetSpecifiedName(), known); hint != "" {
		return fmt.Errorf("%w: did you mean --%s?", err, hint)
	}
	return err
}
