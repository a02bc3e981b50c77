package mock

import (
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// ProviderResult is what VerifyProvider found.
type ProviderResult struct {
	// Version is that of the form in JSON.
	Version int `json:"understudyVerify"`
	// Target is the URL of the API.
	Target string `json:"target"`
	// The counts of the checks by outcome.
	Passed      int `json:"passed"`
	Differing   int `json:"differing"`
	Failed      int `json:"failed"`
	NotProvable int `json:"notProvable"`
	Skipped     int `json:"skipped"`
	// Checks are in the order of the scenarios and their files; requests that break the
	// contract come last.
	Checks []ProviderCheck `json:"checks"`
	// Troubles are calls to clear up that failed.
	Troubles []string `json:"troubles,omitempty"`
	// MadeUpCredentials names the security schemes for which no secret was given.
	MadeUpCredentials []string `json:"madeUpCredentials,omitempty"`
	// Coverage is what the API has shown of the contract.
	Coverage *Coverage `json:"coverage"`
}

func newProviderResult(target string, found *replay.Result, c *Coverage) *ProviderResult {
	r := &ProviderResult{Version: 1, Target: target, Checks: found.Checks, Troubles: found.Troubles, MadeUpCredentials: found.MadeUp, Coverage: c}
	if r.Checks == nil {
		r.Checks = []ProviderCheck{}
	}
	for i := range r.Checks {
		switch r.Checks[i].Outcome {
		case replay.Passed:
			r.Passed++
		case replay.Differs:
			r.Differing++
		case replay.Failed:
			r.Failed++
		case replay.NotProvable:
			r.NotProvable++
		case replay.Skipped:
			r.Skipped++
		}
	}
	return r
}

// OK tells whether something was verified and all of it is as it should be.
func (r *ProviderResult) OK() bool { return r.Passed > 0 && r.Differing+r.Failed == 0 }

// ProviderFormats lists the formats of ProviderResult.Write by name.
func ProviderFormats() []string {
	return []string{string(Text), string(JSON), string(JUnit), string(Markdown)}
}

// Write writes the result in a format of ProviderFormats; for another one it fails.
func (r *ProviderResult) Write(w io.Writer, format Format) error {
	p := &report.Provider{
		Target: r.Target, Checks: r.Checks, Troubles: r.Troubles, MadeUp: r.MadeUpCredentials,
		Passed: r.Passed, Differing: r.Differing, Failed: r.Failed, NotProvable: r.NotProvable, Skipped: r.Skipped,
		Coverage: report.Coverage{Report: &r.Coverage.CoverageReport},
	}
	switch format {
	case Text:
		return report.ProviderText(w, p)
	case JSON:
		return report.JSON(w, r)
	case JUnit:
		return report.ProviderJUnit(w, p)
	case Markdown:
		return report.ProviderMarkdown(w, p)
	}
	return fmt.Errorf("there is no format %q of verifications: there are %s", format, strings.Join(ProviderFormats(), ", "))
}
