package main

import (
	"github.com/spf13/cobra"

	"github.com/understudy-mock/understudy/mock"
)

// contractFlags are the flags of every command that reads descriptions and
// scenario files.
type contractFlags struct {
	referenceFlags
	leniencyFlags
	scenarios []string
}

// referenceFlags say which references of a description are followed.
type referenceFlags struct {
	allowRemoteRefs bool
	refRoot         string
}

func (r *referenceFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&r.allowRemoteRefs, "allow-remote-refs", false, "let the description refer to http and https URLs")
	f.StringVar(&r.refRoot, "ref-root", "", "`DIR` outside of which no reference is followed (default the git root around the description, else its folder)")
}

// options are the mock's options as far as these flags say.
func (r *referenceFlags) options(specs []mock.Spec) mock.Options {
	return mock.Options{Specs: specs, AllowRemoteRefs: r.allowRemoteRefs, RefRoot: r.refRoot}
}

// leniencyFlags say how much of the contract requests are held to.
type leniencyFlags struct {
	strictQuery bool
	noSecurity  bool
}

func (l *leniencyFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&l.strictQuery, "strict-query", false, "query parameters that the contract does not declare are violations")
	f.BoolVar(&l.noSecurity, "no-security", false, "leave the contract's security requirements unchecked")
}

func (l *leniencyFlags) put(o *mock.Options) {
	o.StrictQuery, o.NoSecurity = l.strictQuery, l.noSecurity
}

func (c *contractFlags) add(cmd *cobra.Command) {
	c.referenceFlags.add(cmd)
	c.leniencyFlags.add(cmd)
	f := cmd.Flags()
	addPaths(f, &c.scenarios, "scenarios", "`DIR` with scenario files, repeatable (default ./"+mock.DefaultScenarios+" where it exists)", pathOfFolder)
}

// options are the mock's options as far as these flags and the arguments say.
func (c *contractFlags) options(args []string) (mock.Options, error) {
	specs, err := parseSpecs(args)
	o := c.referenceFlags.options(specs)
	o.Scenarios = c.scenarios
	c.put(&o)
	return o, err
}

// parseSpecs reads descriptions as the command line writes them.
func parseSpecs(texts []string) ([]mock.Spec, error) {
	var specs []mock.Spec
	for _, text := range texts {
		spec, err := mock.ParseSpec(text)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		specs = append(specs, spec)
	}
	return specs, nil
}
