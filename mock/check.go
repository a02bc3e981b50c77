package mock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// CheckResult is what Check found.
type CheckResult struct {
	// Operations, Scenarios and Stubs count what was looked at; all are 0 where a
	// description could not be loaded.
	Operations, Scenarios, Stubs int
	// Findings are errors and warnings in the order of files and lines.
	Findings []Finding

	run report.Run
}

// Errors counts the findings of severity error.
func (r *CheckResult) Errors() int { return countErrors(r.Findings) }

func countErrors(list []Finding) int {
	n := 0
	for i := range list {
		if list[i].Severity == source.Error.String() {
			n++
		}
	}
	return n
}

// document is the result as docs/check.md describes its JSON.
func (r *CheckResult) document() any {
	errors := r.Errors()
	return struct {
		Errors     int       `json:"errors"`
		Warnings   int       `json:"warnings"`
		Operations int       `json:"operations"`
		Scenarios  int       `json:"scenarios"`
		Stubs      int       `json:"stubs"`
		Findings   []Finding `json:"findings"`
	}{errors, len(r.Findings) - errors, r.Operations, r.Scenarios, r.Stubs, r.Findings}
}

// Write writes the result in a format; for an unknown one it fails.
func (r *CheckResult) Write(w io.Writer, format Format) error {
	return write(w, format, &r.run, r.document())
}

// write writes a run, or for JSON the document that was made of it.
func write(w io.Writer, format Format, run *report.Run, document any) error {
	switch format {
	case Text:
		return report.Text(w, run)
	case JSON:
		return report.JSON(w, document)
	case SARIF:
		return report.SARIF(w, run)
	case JUnit:
		return report.JUnit(w, run)
	}
	return fmt.Errorf("there is no format %q: there are %s", format, strings.Join(Formats(), ", "))
}

// Check proves the scenarios against the descriptions, compiles everything that
// a Mock compiles on demand, and tells all that is wrong. The error is for what
// keeps it from checking; findings are no error.
func Check(ctx context.Context, opts Options) (*CheckResult, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	r := &CheckResult{run: report.Run{Command: "understudy check", Version: Version()}}
	apis, found, err := loadAPIs(ctx, s, watch.Look())
	r.run.Subjects = contractSubjects(apis)
	outline := &scenario.Outline{}
	if err == nil {
		outline = scenario.ReadOutline(s.Scenarios)
		r.run.Subjects = append(r.run.Subjects, scenarioSubjects(outline)...)
		r.count(apis, outline)
		found = append(found, lint(ctx, apis)...)
		var set *scenario.Set
		if set, err = loadScenarios(s, apis, nil); err == nil {
			found = append(found, set.Warnings...)
			if r.Scenarios == 0 {
				found = append(found, noScenarios(s.Scenarios))
			}
		}
	}
	failed, rest := diagnosticsIn(err)
	if rest != nil {
		return nil, rest
	}
	r.finish(append(found, failed...).Sort(), outline)
	return r, nil
}

// lint looks at everything in the descriptions, also at what no scenario uses.
func lint(ctx context.Context, apis []*contract.Contract) source.Diagnostics {
	var found source.Diagnostics
	for _, c := range apis {
		for _, op := range c.Operations {
			found = append(found, op.Findings()...)
		}
		found = append(found, c.WebhookFindings()...)
		found = append(found, c.Lint(ctx)...)
	}
	return append(found, inspect(ctx, apis)...)
}

func (r *CheckResult) count(apis []*contract.Contract, outline *scenario.Outline) {
	for _, c := range apis {
		r.Operations += len(c.Operations)
	}
	for _, f := range outline.Files {
		r.Scenarios++
		r.Stubs += f.Stubs
	}
}

func (r *CheckResult) finish(found source.Diagnostics, outline *scenario.Outline) {
	r.run.Findings = reported(found, outline)
	r.Findings = make([]Finding, len(r.run.Findings))
	for i := range r.run.Findings {
		r.Findings[i] = findingOf(&r.run.Findings[i])
	}
	errors := r.Errors()
	warnings := len(r.Findings) - errors
	switch {
	case errors > 0:
		r.run.Summary = fmt.Sprintf("%s, %s", source.Count(errors, "error"), source.Count(warnings, "warning"))
	default:
		r.run.Summary = fmt.Sprintf("%s with %s proved against %s", source.Count(r.Scenarios, "scenario"), source.Count(r.Stubs, "stub"), source.Count(r.Operations, "operation"))
		if warnings > 0 {
			r.run.Summary += ", " + source.Count(warnings, "warning")
		}
	}
}

// reported adds to diagnostics what they belong to.
func reported(ds source.Diagnostics, outline *scenario.Outline) []report.Finding {
	list := make([]report.Finding, len(ds))
	for i := range ds {
		list[i].Diagnostic = ds[i]
		list[i].Scenario, list[i].Stub = outline.Find(ds[i].At)
	}
	return list
}

func contractSubjects(apis []*contract.Contract) []report.Subject {
	list := make([]report.Subject, len(apis))
	for i, c := range apis {
		list[i] = report.Subject{Kind: "contract", Name: c.Location, File: c.Root().File().Name}
	}
	return list
}

func scenarioSubjects(outline *scenario.Outline) []report.Subject {
	list := make([]report.Subject, len(outline.Files))
	for i, f := range outline.Files {
		list[i] = report.Subject{Kind: "scenario", Name: f.Scenario, File: f.File}
	}
	return list
}

// codeNoScenarios is the code of the finding that there is nothing to prove: a
// check of nothing must not look like a success.
const codeNoScenarios source.Code = "no-scenarios"

func noScenarios(folders []string) source.Diagnostic {
	d := source.Diagnostic{Code: codeNoScenarios, Message: "there are no scenario files to check", Hint: "make a folder " + DefaultScenarios + ", or name one with --scenarios"}
	if len(folders) > 0 {
		d.Message = "there are no scenario files in " + strings.Join(folders, ", ")
		d.Hint = "scenario files end in .yaml, .yml or .json"
	}
	return d
}

// diagnosticsIn takes the diagnostics out of a joined error; rest is what is none.
func diagnosticsIn(err error) (all source.Diagnostics, rest error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			more, other := diagnosticsIn(e)
			all, rest = append(all, more...), errors.Join(rest, other)
		}
		return all, rest
	}
	var ds source.Diagnostics
	if errors.As(err, &ds) {
		return ds, nil
	}
	return nil, err
}

// DidYouMean gives the known word that word was probably meant to be, "" if none
// is near.
func DidYouMean(word string, known []string) string { return source.Closest(word, known) }
