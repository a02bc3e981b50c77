// Package report writes what a command has found, in the forms that people and
// other programs read: text, JSON, SARIF, JUnit, Markdown and HTML; and the journal
// as HAR.
//
// There are three kinds of findings: a Run is about files, Coverage about what was used
// of the contract, and Provider about a real API. A command fills one of them and knows
// nothing of the forms; a form knows nothing of the command. All forms of one kind say
// the same: what they share is said once, beside the kind (report.go, coverage.go,
// provider.go). Texts that come from elsewhere, such as names in a contract, are made
// harmless where they are written.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Run is what one run of a command looked at and found.
type Run struct {
	// Command names what was done, such as "understudy check".
	Command string
	// Version is Understudy's own, "" where it is not known.
	Version string
	// Subjects are the files that were looked at, in order.
	Subjects []Subject
	// Findings are in the order in which they are told.
	Findings []Finding
	// Summary is the whole in one line; it may have several lines.
	Summary string
}

// Subject is one file that was looked at.
type Subject struct {
	// Kind is "contract" or "scenario".
	Kind string
	// Name is how people call it, File how findings name the file.
	Name, File string
}

// Finding is a diagnostic with what it belongs to.
type Finding struct {
	source.Diagnostic
	// Scenario and Stub are those that it is about, "" for none.
	Scenario, Stub string
}

// Text is the finding as people read it: place, line with caret, hint. It ends
// with a line feed.
func (f *Finding) Text() string {
	return source.Diagnostics{f.Diagnostic}.Error() + "\n"
}

// Text writes the findings, with an empty line after each, and the summary.
func Text(w io.Writer, r *Run) error {
	for i := range r.Findings {
		if _, err := fmt.Fprintln(w, r.Findings[i].Text()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, r.Summary)
	return err
}

// JSON writes a value with two blanks for each level, < and > as they are.
func JSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// of gives the findings in one file; "" stands for those that are in none.
func (r *Run) of(file string) []*Finding {
	var list []*Finding
	for i := range r.Findings {
		if r.Findings[i].file() == file {
			list = append(list, &r.Findings[i])
		}
	}
	return list
}

func (f *Finding) file() string {
	if f.At.File == nil {
		return ""
	}
	return f.At.File.Name
}

// withStrays gives the subjects with one more for each file that has findings and
// is no subject: those that a description refers to, and bodies.
func (r *Run) withStrays() []Subject {
	all := slices.Clone(r.Subjects)
	for i := range r.Findings {
		name := r.Findings[i].file()
		if name != "" && !slices.ContainsFunc(all, func(s Subject) bool { return s.File == name }) {
			all = append(all, Subject{Kind: "file", Name: name, File: name})
		}
	}
	return all
}
