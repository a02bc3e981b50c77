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
	// found are the warnings.
	found source.Diagnostics
	// seen is how the files looked before they were read.
	seen *watch.Seen
}

// load reads everything that a snapshot consists of.
func load(ctx context.Context, s *settings) (*loaded, error) {
	l := &loaded{seen: watch.Look(s.Scenarios...)}
	var apis []*contract.Contract
	var failed error
	for _, spec := range s.Specs {
		opts := s.contractOptions(spec)
		opts.Reading = l.seen.Add
		if !spec.remote() {
			l.seen.Add(spec.Location) // links on the way to it count too
		}
		c, err := contract.Load(ctx, spec.Location, opts)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		l.found = append(l.found, c.Warnings...)
		apis = append(apis, c)
	}
	if failed != nil {
		return l, failed
	}
	if err := checkBases(apis); err != nil {
		return l, err
	}
	scenarios, err := scenario.Load(s.Scenarios, apis, scenario.Options{Seed: s.Seed})
	if err != nil {
		return l, err
	}
	for _, name := range scenarios.Files {
		l.seen.Add(name) // bodies may be in hidden folders
	}
	l.found = append(l.found, scenarios.Warnings...)
	l.snapshot = engine.NewSnapshot(apis, scenarios)
	return l, nil
}

// checkBases refuses two descriptions that claim the same base path.
func checkBases(apis []*contract.Contract) error {
	owner := map[string]*contract.Contract{}
	for _, c := range apis {
		for _, base := range c.Bases {
			if other := owner[base]; other != nil {
				return fmt.Errorf("%s and %s are both served under %q: give them base paths, as in %s=/one %s=/two", other.Location, c.Location, base+"/", other.Location, c.Location)
			}
			owner[base] = c
		}
	}
	return nil
}
