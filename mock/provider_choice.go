package mock

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// choose finds the scenarios and operations that are asked for, and reads the set-up.
func (p *ProviderOptions) choose(run *replay.Options, apis []*contract.Contract, set *scenario.Set) error {
	scenarios, err := chooseScenarios(set, p.Scenarios, p.Tags)
	if err != nil {
		return err
	}
	run.Scenarios = scenarios
	if len(p.Operations) > 0 {
		ops, err := chooseOperations(apis, p.Operations)
		if err != nil {
			return err
		}
		run.Operation = func(op *contract.Operation) bool { return slices.Contains(ops, op) }
	}
	if p.Setup == "" {
		return nil
	}
	text, err := source.ReadSmall(p.Setup)
	if err != nil {
		return &UsageError{"the set-up cannot be read: " + err.Error()}
	}
	provider, err := scenario.ReadProvider(&source.File{Name: p.Setup, Data: text}, apis)
	if err != nil {
		return err
	}
	run.Provider = *provider
	return nil
}

// chooseScenarios finds the scenarios with the names and tags.
func chooseScenarios(set *scenario.Set, patterns, tags []string) ([]*scenario.Scenario, error) {
	used := make([]bool, len(patterns)+len(tags))
	var list []*scenario.Scenario
	for _, sc := range set.Scenarios {
		named, tagged := len(patterns) == 0, len(tags) == 0
		for i, pattern := range patterns {
			if ok, err := path.Match(pattern, sc.Name); err == nil && ok {
				named, used[i] = true, true
			}
		}
		for i, tag := range tags {
			if slices.Contains(sc.Tags, tag) {
				tagged, used[len(patterns)+i] = true, true
			}
		}
		if named && tagged {
			list = append(list, sc)
		}
	}
	for i, pattern := range patterns {
		if !used[i] {
			return nil, unknown("scenario", pattern, set.Names())
		}
	}
	for i, tag := range tags {
		if !used[len(patterns)+i] {
			return nil, unknown("scenario with the tag", tag, tagsOf(set))
		}
	}
	return list, nil
}

func tagsOf(set *scenario.Set) []string {
	var tags []string
	for _, sc := range set.Scenarios {
		tags = append(tags, sc.Tags...)
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}

func chooseOperations(apis []*contract.Contract, names []string) ([]*contract.Operation, error) {
	var list []*contract.Operation
	var known []string
	for _, api := range apis {
		known = append(known, api.OperationNames()...)
	}
	for _, name := range names {
		before := len(list)
		for _, api := range apis {
			op := api.Operation(name)
			if own, ok := strings.CutPrefix(name, api.Name+"."); op == nil && ok {
				op = api.Operation(own)
			}
			if op != nil {
				list = append(list, op)
			}
		}
		if len(list) == before {
			return nil, unknown("operation", name, known)
		}
	}
	return list, nil
}

// unknown is the error for a name that there is not.
func unknown(what, name string, known []string) error {
	text := fmt.Sprintf("there is no %s %q", what, name)
	if hint := source.DidYouMean(name, known); hint != "" {
		text += ": " + hint
	}
	return &UsageError{text}
}
