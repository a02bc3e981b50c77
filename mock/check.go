package mock

import (
	"context"
	"errors"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Finding is one thing that is wrong with a description or a scenario file.
type Finding struct {
	// Code is the finding's stable name; docs/errors.md has a section for each.
	Code string `json:"code"`
	// Severity is "error" or "warning".
	Severity string `json:"severity"`
	Message  string `json:"message"`
	// Hint says what to write instead; may be empty.
	Hint string `json:"hint,omitempty"`
	// File, Line and Col are where it stands; Line is 0 where that is not known.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	// Text is the finding as people read it: place, line with caret, hint.
	Text string `json:"-"`
}

func findings(ds source.Diagnostics) []Finding {
	list := make([]Finding, 0, len(ds))
	for i := range ds {
		at := ds[i].At.Position()
		list = append(list, Finding{
			Code: string(ds[i].Code), Severity: ds[i].Severity.String(), Message: ds[i].Message, Hint: ds[i].Hint,
			File: at.File, Line: at.Line, Col: at.Col, Text: ds[i : i+1].Error(),
		})
	}
	return list
}

// CheckResult is what Check found.
type CheckResult struct {
	// Operations, Scenarios and Stubs count what was proved.
	Operations, Scenarios, Stubs int
	// Findings are errors and warnings in the order of files and lines.
	Findings []Finding
}

// Errors counts the findings of severity error.
func (r *CheckResult) Errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == source.Error.String() {
			n++
		}
	}
	return n
}

// Check proves the scenarios against the descriptions, compiles everything that
// Serve compiles on demand, and tells all that is wrong. The error is for what
// keeps it from checking; findings are no error.
func Check(ctx context.Context, opts Options) (*CheckResult, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	snapshot, found, err := load(ctx, s)
	r := &CheckResult{}
	if err != nil {
		all, rest := diagnosticsIn(err)
		if rest != nil {
			return nil, rest
		}
		r.Findings = findings(append(found, all...).Sort())
		return r, nil
	}
	for _, c := range snapshot.APIs {
		r.Operations += len(c.Operations)
		for _, op := range c.Operations {
			found = append(found, op.Findings()...)
		}
		found = append(found, c.Lint(ctx)...)
	}
	found = append(found, inspect(ctx, snapshot)...)
	for _, sc := range snapshot.Scenarios.Scenarios {
		r.Scenarios++
		r.Stubs += sc.Len()
	}
	if r.Scenarios == 0 {
		found = append(found, noScenarios(s.Scenarios))
	}
	r.Findings = findings(found.Sort())
	return r, nil
}

// CodeNoScenarios is the code of the finding that there is nothing to prove: a
// check of nothing must not look like a success.
const CodeNoScenarios source.Code = "no-scenarios"

func noScenarios(folders []string) source.Diagnostic {
	d := source.Diagnostic{Code: CodeNoScenarios, Message: "there are no scenario files to check", Hint: "make a folder " + DefaultScenarios + ", or name one with --scenarios"}
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
