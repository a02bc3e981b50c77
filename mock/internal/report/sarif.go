package report

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Where Understudy and its catalogue of findings are described.
const (
	home      = "https://github.com/understudy-mock/understudy"
	catalogue = home + "/blob/main/docs/errors.md#"
)

// The parts of SARIF 2.1.0 (OASIS) that are written, section numbers behind them.
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct { // 3.18
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct { // 3.19
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct { // 3.49
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
		Help             sarifMessage `json:"help"`
		HelpURI          string       `json:"helpUri"`
	}
	sarifMessage struct { // 3.11
		Text string `json:"text"`
	}
	sarifResult struct { // 3.27
		RuleID           string           `json:"ruleId"`
		RuleIndex        int              `json:"ruleIndex"`
		Level            string           `json:"level"`
		Message          sarifMessage     `json:"message"`
		Locations        []sarifLocation  `json:"locations,omitempty"`
		RelatedLocations []sarifLocation  `json:"relatedLocations,omitempty"`
		Properties       *sarifProperties `json:"properties,omitempty"`
	}
	sarifLocation struct { // 3.28
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct { // 3.29
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct { // 3.4
		URI string `json:"uri"`
	}
	sarifRegion struct { // 3.30
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
	sarifProperties struct { // 3.8
		Scenario string `json:"scenario,omitempty"`
		Stub     string `json:"stub,omitempty"`
	}
)

// SARIF writes the findings in the Static Analysis Results Interchange Format
// 2.1.0, which code scanning services show beside the lines. Files are named
// relative to the working directory where they are below it.
func SARIF(w io.Writer, r *Run) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "Understudy", Version: r.Version, InformationURI: home, Rules: []sarifRule{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		result := sarifResult{
			RuleID: string(f.Code), RuleIndex: run.Tool.Driver.rule(f.Code), Level: f.Severity.String(),
			Message: sarifMessage{f.Message},
		}
		if f.Hint != "" {
			result.Message.Text += ": " + f.Hint
		}
		if f.At.File != nil {
			result.Locations = []sarifLocation{{Physical: physical(f.At)}}
		}
		for _, related := range f.Related {
			if related.At.File != nil {
				result.RelatedLocations = append(result.RelatedLocations, sarifLocation{physical(related.At), &sarifMessage{related.Message}})
			}
		}
		if f.Scenario != "" {
			result.Properties = &sarifProperties{f.Scenario, f.Stub}
		}
		run.Results = append(run.Results, result)
	}
	return JSON(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// rule gives the index of the rule for a code, which is added where it is new.
func (d *sarifDriver) rule(code source.Code) int {
	i := slices.IndexFunc(d.Rules, func(r sarifRule) bool { return r.ID == string(code) })
	if i < 0 {
		i = len(d.Rules)
		d.Rules = append(d.Rules, sarifRule{
			ID: string(code), ShortDescription: sarifMessage{strings.ReplaceAll(string(code), "-", " ")},
			Help: sarifMessage{"What it means and what to do: " + catalogue + string(code)}, HelpURI: catalogue + string(code),
		})
	}
	return i
}

func physical(at source.Span) sarifPhysical {
	p := sarifPhysical{Artifact: sarifArtifact{uriOf(at.File.Name)}}
	if start := at.Position(); start.Line > 0 && len(at.File.Data) > 0 {
		p.Region = &sarifRegion{start.Line, start.Col, start.Col + at.Columns()}
	}
	return p
}

// uriOf writes the name of a file as a URI reference (RFC 3986): a URL stays one,
// an absolute path becomes one of a file.
func uriOf(name string) string {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		return name
	}
	name = strings.ReplaceAll(name, `\`, "/")
	u := url.URL{Path: name}
	switch {
	case path.IsAbs(name):
		u.Scheme = "file"
	case len(name) > 2 && name[1] == ':' && name[2] == '/':
		u.Scheme, u.Path = "file", "/"+name
	}
	return u.String()
}
