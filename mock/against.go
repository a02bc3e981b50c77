package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// AgainstResult is what CheckAgainst found.
type AgainstResult struct {
	// Scenarios and Stubs count what was proved against both versions.
	Scenarios, Stubs int
	// Findings are those to which the new version leads and the old one does not, by
	// scenario and line.
	Findings []Finding
	// Changes are operations and statuses that the new version does not have or names
	// otherwise, whether scenarios use them or not. They are warnings.
	Changes []Finding
	// Broken are the scenarios with at least one error among Findings, BrokenBefore
	// those that have errors with the old version already. A name may be in both.
	Broken, BrokenBefore []string

	run      report.Run // of Findings
	changes  []report.Finding
	sections []report.Section
}

// Errors counts the findings of severity error: 0 means that nothing breaks.
func (r *AgainstResult) Errors() int { return countErrors(r.Findings) }

// Write writes the result in a format; for an unknown one it fails.
func (r *AgainstResult) Write(w io.Writer, format Format) error {
	if format == Text {
		return report.Grouped(w, &r.run, r.sections)
	}
	whole := r.run
	whole.Findings = slices.Concat(r.run.Findings, r.changes)
	return write(w, format, &whole, r.document())
}

// document is the result as docs/check.md describes its JSON.
func (r *AgainstResult) document() any {
	errors := r.Errors()
	return struct {
		Errors       int       `json:"errors"`
		Warnings     int       `json:"warnings"`
		Scenarios    int       `json:"scenarios"`
		Stubs        int       `json:"stubs"`
		Broken       []string  `json:"broken"`
		BrokenBefore []string  `json:"brokenBefore"`
		Findings     []Finding `json:"findings"`
		Changes      []Finding `json:"changes"`
	}{errors, len(r.Findings) - errors, r.Scenarios, r.Stubs, r.Broken, r.BrokenBefore, r.Findings, r.Changes}
}

// CheckAgainst proves the scenarios against the descriptions of opts and against
// new versions of them, and tells what only the new ones lead to. As many new
// versions as descriptions replace them one by one; fewer replace those with the
// same base path or the same file name. The error is for what keeps it from
// comparing; findings are no error.
func CheckAgainst(ctx context.Context, opts Options, next []Spec) (*AgainstResult, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	c := &comparison{settings: s, AgainstResult: &AgainstResult{
		Findings: []Finding{}, Changes: []Finding{}, Broken: []string{}, BrokenBefore: []string{},
		run: report.Run{Command: "understudy check --against", Version: Version()},
	}}
	if err := c.compare(ctx, next); err != nil {
		return nil, err
	}
	return c.AgainstResult, nil
}

// comparison is a CheckAgainst under way.
type comparison struct {
	*AgainstResult
	settings *settings
	outline  *scenario.Outline
	before   []*contract.Contract
	after    []*contract.Contract
	matches  []*operationMatch // of the descriptions that are compared
}

func (c *comparison) compare(ctx context.Context, next []Spec) error {
	var err error
	if c.before, _, err = loadAPIs(ctx, c.settings, watch.Look()); err != nil {
		return c.unloaded(err)
	}
	renewed := *c.settings
	if renewed.Specs, err = replaced(c.settings.Specs, c.before, next); err != nil {
		return err
	}
	if c.after, _, err = loadAPIs(ctx, &renewed, watch.Look()); err != nil {
		return c.unloaded(err)
	}
	c.outline = scenario.ReadOutline(c.settings.Scenarios)
	c.run.Subjects = append(contractSubjects(c.before), scenarioSubjects(c.outline)...)
	for _, f := range c.outline.Files {
		c.Scenarios++
		c.Stubs += f.Stubs
	}
	if c.Scenarios == 0 {
		c.keep(source.Diagnostics{noScenarios(c.settings.Scenarios)}, &scenario.Outline{})
		c.run.Summary = "nothing was compared"
		return nil
	}
	c.changed()
	old, err := c.prove(c.before, nil)
	if err != nil {
		return err
	}
	now, err := c.prove(c.after, nil)
	if err != nil {
		return err
	}
	if aliases := c.aliases(); len(aliases) > 0 {
		// What breaks beside the name is told at once.
		renamed, err := c.prove(c.after, aliases)
		if err != nil {
			return err
		}
		now = append(now, added(old, added(now, renamed, true), false)...).Sort()
	}
	news := added(old, now, true)
	c.explain(news)
	c.keep(news, c.outline)
	c.Broken, c.BrokenBefore = c.scenariosIn(news), c.scenariosIn(old)
	c.sumUp(old.Errors())
	return nil
}

// unloaded tells of descriptions that cannot be loaded.
func (c *comparison) unloaded(err error) error {
	found, rest := diagnosticsIn(err)
	if rest != nil {
		return rest
	}
	c.keep(found.Sort(), &scenario.Outline{})
	c.run.Summary = "nothing was compared"
	return nil
}

// prove gives all findings about the scenarios with one version of the contracts.
func (c *comparison) prove(apis []*contract.Contract, aliases map[string]*contract.Operation) (source.Diagnostics, error) {
	set, err := scenario.Load(c.settings.Scenarios, apis, scenario.Options{Seed: c.settings.Seed, Aliases: aliases})
	if err == nil {
		return set.Warnings, nil
	}
	found, rest := diagnosticsIn(err)
	return found.Sort(), rest
}

// added gives the findings that are in now and not in old. Without messages those of
// the same code and place are the same, whatever they call an operation.
func added(old, now source.Diagnostics, messages bool) source.Diagnostics {
	type key struct {
		code    source.Code
		file    string
		off     uint32
		message string
	}
	keyOf := func(d *source.Diagnostic) key {
		k := key{code: d.Code, off: d.At.Off}
		if messages {
			k.message = d.Message
		}
		if d.At.File != nil {
			k.file = d.At.File.Name
		}
		return k
	}
	known := map[key]bool{}
	for i := range old {
		known[keyOf(&old[i])] = true
	}
	var list source.Diagnostics
	for i := range now {
		if !known[keyOf(&now[i])] {
			list = append(list, now[i])
		}
	}
	return list
}

// keep takes findings as those of the result.
func (c *comparison) keep(found source.Diagnostics, outline *scenario.Outline) {
	c.run.Findings = reported(found, outline)
	for i := range c.run.Findings {
		c.Findings = append(c.Findings, findingOf(&c.run.Findings[i]))
	}
}

// scenariosIn names the scenarios that have errors among findings.
func (c *comparison) scenariosIn(found source.Diagnostics) []string {
	names := []string{}
	for i := range found {
		name, _ := c.outline.Find(found[i].At)
		if found[i].Severity == source.Error && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sumUp writes the last lines of the text.
func (c *comparison) sumUp(errorsBefore int) {
	news := locations(c.after, c.before)
	errors := c.Errors()
	warnings := len(c.Findings) - errors
	switch {
	case errors > 0:
		verb := "break"
		if len(c.Broken) == 1 {
			verb = "breaks"
		}
		c.run.Summary = fmt.Sprintf("%d of %s %s with %s: %s", len(c.Broken), source.Count(c.Scenarios, "scenario"), verb, news, source.Count(errors, "new error"))
	default:
		c.run.Summary = fmt.Sprintf("%s breaks none of %s with %s", news, source.Count(c.Scenarios, "scenario"), source.Count(c.Stubs, "stub"))
	}
	if warnings > 0 {
		c.run.Summary += ", " + source.Count(warnings, "new warning")
	}
	if len(c.BrokenBefore) > 0 {
		c.run.Summary += fmt.Sprintf("\nbroken with %s already, by %s that this does not repeat: %s", locations(c.before, c.after), source.Count(errorsBefore, "error"), strings.Join(c.BrokenBefore, ", "))
	}
}

// locations names the descriptions that are not among the others.
func locations(apis, others []*contract.Contract) string {
	var names []string
	for i, c := range apis {
		if i >= len(others) || others[i].Location != c.Location {
			names = append(names, c.Location)
		}
	}
	if len(names) == 0 {
		return apis[0].Location // compared with itself
	}
	return strings.Join(names, ", ")
}

// ErrWhichDescription is the error of CheckAgainst for new versions that cannot be
// told to be one of a certain description.
var ErrWhichDescription = errors.New("it is not clear which description this is a new version of")

// replaced puts new versions in the places of descriptions. A new version keeps the
// name and the base path of the one that it replaces, so that scenario files may
// go on calling it so.
func replaced(specs []Spec, loaded []*contract.Contract, next []Spec) ([]Spec, error) {
	all := slices.Clone(specs)
	taken := map[int]bool{}
	for n, spec := range next {
		i := n
		if len(next) != len(specs) {
			i = slices.IndexFunc(loaded, func(c *contract.Contract) bool {
				return spec.Base != "" && slices.Contains(c.Bases, "/"+strings.Trim(spec.Base, "/")) || spec.Base == "" && c.Name == contract.NameOf(spec.Location)
			})
		}
		if i < 0 || taken[i] {
			return nil, fmt.Errorf("%w: %s: write %s=/base with the base path of that one, or name a new version for each, in their order", ErrWhichDescription, spec.Location, spec.Location)
		}
		taken[i] = true
		if spec.Base == "" {
			spec.Base = specs[i].Base
		}
		spec.name = loaded[i].Name
		all[i] = spec
	}
	return all, nil
}
