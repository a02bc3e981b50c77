package mock

import (
	"context"
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// loaded is what load gives. After an error, snapshot is nil and the rest is as far
// as it came.
type loaded struct {
	snapshot *engine.Snapshot
	// warnings are those of what was loaded.
	warnings source.Diagnostics
	// seen is how the files looked before they were read.
	seen *watch.Seen
}

// load reads everything that a snapshot consists of.
func load(ctx context.Context, s *settings) (*loaded, error) {
	s.findScenarios()
	l := &loaded{seen: watch.Look(s.Scenarios...)}
	if s.Scenarios == nil {
		l.seen = watch.Look(DefaultScenarios) // it may come
	}
	apis, found, err := loadAPIs(ctx, s, l.seen)
	if err != nil {
		return l, err
	}
	scenarios, err := loadScenarios(s, apis, s.hosts)
	if err != nil {
		return l, err
	}
	for _, name := range scenarios.Files {
		l.seen.Add(name) // bodies may be in hidden folders
	}
	l.warnings = append(found, scenarios.Warnings...)
	l.snapshot = engine.NewSnapshot(apis, scenarios)
	return l, nil
}

// loadScenarios reads the scenario files. hosts are where callbacks may go; nil where
// nothing is to be sent.
func loadScenarios(s *settings, apis []*contract.Contract, hosts scenario.Hosts) (*scenario.Set, error) {
	return scenario.Load(s.Scenarios, apis, s.scenarioOptions(hosts))
}

func (s *settings) scenarioOptions(hosts scenario.Hosts) scenario.Options {
	return scenario.Options{Seed: s.Seed, Hosts: hosts}
}

// loadAPIs reads the descriptions: all of them, or none and an error. seen takes in
// their files before they are read.
func loadAPIs(ctx context.Context, s *settings, seen *watch.Seen) ([]*contract.Contract, source.Diagnostics, error) {
	var apis []*contract.Contract
	var found source.Diagnostics
	var failed error
	for _, spec := range s.Specs {
		opts := s.contractOptions(spec)
		opts.Reading = seen.Add
		if !spec.remote() {
			seen.Add(spec.Location) // links on the way to it count too
		}
		c, err := contract.Load(ctx, spec.Location, opts)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		c.Warnings = append(c.Warnings, reservedPaths(c)...)
		found = append(found, c.Warnings...)
		apis = append(apis, c)
	}
	if failed != nil {
		return nil, found, failed
	}
	if err := checkBases(apis); err != nil {
		return nil, found, err
	}
	return apis, found, nil
}

// codeSameBase is the code of the finding that two descriptions are served under
// the same base path.
const codeSameBase source.Code = "same-base-path"

// checkBases refuses two descriptions that claim the same base path.
func checkBases(apis []*contract.Contract) error {
	owner := map[string]*contract.Contract{}
	for _, c := range apis {
		for _, base := range c.Bases {
			if other := owner[base]; other != nil {
				return source.Diagnostics{{
					Code: codeSameBase, Message: fmt.Sprintf("%s and %s are both served under %q", other.Location, c.Location, base+"/"),
					Hint: fmt.Sprintf("give them base paths, as in %s=/one %s=/two", other.Location, c.Location),
				}}
			}
			owner[base] = c
		}
	}
	return nil
}
