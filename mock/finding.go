package mock

import (
	"github.com/understudy-mock/understudy/mock/internal/report"
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
	Place
	// Scenario and Stub are those that it is about; empty where it is about none.
	Scenario string `json:"scenario,omitempty"`
	Stub     string `json:"stub,omitempty"`
	// Related are other places that it speaks of, such as the line of the contract
	// that a scenario contradicts.
	Related []Related `json:"related,omitempty"`
	// Text is the finding as people read it: place, line with caret, hint.
	Text string `json:"-"`
}

// Place is a stretch of one line of a file. Lines and columns begin with 1, and
// columns count characters; Line is 0 where the line is not known.
type Place struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	// EndCol is the column behind the last character.
	EndCol int `json:"endCol,omitempty"`
}

// Related is a second place of a finding.
type Related struct {
	Message string `json:"message"`
	Place
}

func placeOf(at source.Span) Place {
	p := at.Position()
	place := Place{File: p.File, Line: p.Line, Col: p.Col}
	if p.Line > 0 {
		place.EndCol = p.Col + at.Columns()
	}
	return place
}

func findingOf(f *report.Finding) Finding {
	finding := Finding{
		Code: string(f.Code), Severity: f.Severity.String(), Message: f.Message, Hint: f.Hint, Place: placeOf(f.At),
		Scenario: f.Scenario, Stub: f.Stub, Text: source.Diagnostics{f.Diagnostic}.Error(),
	}
	for _, r := range f.Related {
		finding.Related = append(finding.Related, Related{r.Message, placeOf(r.At)})
	}
	return finding
}

// FindingsOf gives what is wrong with descriptions, scenario files and other texts, where
// that is what an error says: of New, Reload, AddScenario, Verify and all others that read
// such texts. It gives nil for other errors and for nil.
func FindingsOf(err error) []Finding {
	found, _ := diagnosticsIn(err)
	if len(found) == 0 {
		return nil
	}
	return findings(found)
}

// findings gives diagnostics that belong to no scenario as findings.
func findings(ds source.Diagnostics) []Finding {
	list := make([]Finding, len(ds))
	for i := range ds {
		list[i] = findingOf(&report.Finding{Diagnostic: ds[i]})
	}
	return list
}

// Format is a form in which a result can be written.
type Format string

// The formats: text for people, JSON as docs describe it, SARIF 2.1.0 for code
// scanning, JUnit's XML for CI servers, GitHub Flavored Markdown, and a page of HTML.
const (
	Text     Format = "text"
	JSON     Format = "json"
	SARIF    Format = "sarif"
	JUnit    Format = "junit"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// Formats lists the formats of what Check finds by name.
func Formats() []string { return []string{string(Text), string(JSON), string(SARIF), string(JUnit)} }
