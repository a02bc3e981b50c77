package report

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// aRun has a finding of every kind: with and without place, hint and related
// place, in files that are subjects and in one that is none.
func aRun() *Run {
	story := &source.File{Name: "scenarios/größe 1.yaml", Data: []byte("operations:\n  a: \x01\x1b]]>é\n")}
	api := &source.File{Name: "/api/openapi.yaml", Data: []byte("openapi: 3.1.0\n")}
	stray := &source.File{Name: "https://example.com/x.yaml", Data: []byte("x\n")}
	at := source.Span{File: story, Off: 17, Len: 7}
	return &Run{
		Command: "understudy check", Version: "v1.2.3", Summary: "2 errors, 2 warnings",
		Subjects: []Subject{{"contract", "/api/openapi.yaml", api.Name}, {"scenario", "größe 1", story.Name}, {"scenario", "fine", "scenarios/fine.yaml"}},
		Findings: []Finding{
			{Diagnostic: source.Diagnostic{Code: "no-place", Message: "nothing is there", Hint: "make something"}},
			{Diagnostic: source.Diagnostic{Code: "bad-value", Message: "bad", At: at, Related: []source.Related{{At: source.Span{File: api, Len: 7}, Message: "here"}, {Message: "nowhere"}}}, Scenario: "größe 1", Stub: "a"},
			{Diagnostic: source.Diagnostic{Code: "bad-value", Message: "worse", At: at}},
			{Diagnostic: source.Diagnostic{Code: "odd", Severity: source.Warning, Message: "odd", At: source.Span{File: stray}}},
			{Diagnostic: source.Diagnostic{Code: "unreadable", Severity: source.Warning, Message: "no text", At: source.Span{File: &source.File{Name: `C:\x y.yaml`}}}},
		},
	}
}

// TestSARIFShape holds what SARIF 2.1.0 requires of a log, and what readers of it
// count on: rules that the results point at, and places within the text.
func TestSARIFShape(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]*Run{"full": aRun(), "empty": {Command: "understudy check"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := SARIF(&b, run); err != nil {
				t.Fatal(err)
			}
			var raw struct {
				Runs []struct {
					Tool    json.RawMessage `json:"tool"`
					Results json.RawMessage `json:"results"`
				} `json:"runs"`
			}
			var log sarifLog
			for _, into := range []any{&raw, &log} {
				if err := json.Unmarshal([]byte(b.String()), into); err != nil {
					t.Fatal(err)
				}
			}
			if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || string(raw.Runs[0].Results) == "null" {
				t.Fatalf("%s", &b)
			}
			r := log.Runs[0]
			if len(r.Results) != len(run.Findings) {
				t.Errorf("%d results", len(r.Results))
			}
			for _, result := range r.Results {
				checkResult(t, &r, &result)
			}
		})
	}
}

func checkResult(t *testing.T, r *sarifRun, result *sarifResult) {
	t.Helper()
	if result.Message.Text == "" || r.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID || result.Level != "error" && result.Level != "warning" {
		t.Errorf("%+v", result)
	}
	for _, l := range append(result.Locations, result.RelatedLocations...) {
		region := l.Physical.Region
		if l.Physical.Artifact.URI == "" || region != nil && (region.StartLine < 1 || region.StartColumn < 1 || region.EndColumn <= region.StartColumn) {
			t.Errorf("%s: %+v", l.Physical.Artifact.URI, region)
		}
	}
}

func TestURIs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"scenarios/a b.yaml":         "scenarios/a%20b.yaml",
		"../openapi.yaml":            "../openapi.yaml",
		"/api/größe#1.yaml":          "file:///api/gr%C3%B6%C3%9Fe%231.yaml",
		"a:b.yaml":                   "./a:b.yaml",
		`C:\api\openapi.yaml`:        "file:///C:/api/openapi.yaml",
		"https://example.com/x.yaml": "https://example.com/x.yaml",
	} {
		if got := uriOf(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestJUnitShape holds that the document can be read whatever the files hold, and
// that its numbers fit its cases.
func TestJUnitShape(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := JUnit(&b, aRun()); err != nil {
		t.Fatal(err)
	}
	var all junitSuites
	if err := xml.Unmarshal([]byte(b.String()), &all); err != nil {
		t.Fatalf("%v\n%s", err, &b)
	}
	suite := all.Suites[0]
	failed, names := 0, map[string]bool{}
	for _, c := range suite.Cases {
		if c.Name == "" || c.Class == "" || names[c.Class+c.Name] {
			t.Errorf("a case without a name of its own: %+v", c)
		}
		names[c.Class+c.Name] = true
		if c.Failure != nil {
			failed++
			if c.Failure.Message == "" || c.Failure.Text == "" {
				t.Errorf("%+v", c.Failure)
			}
		}
	}
	// Three files, one that stands for what is in none, and two that are no subjects.
	if len(suite.Cases) != 6 || suite.Tests != 6 || suite.Failures != 2 || failed != 2 || all.Tests != 6 || all.Failures != 2 {
		t.Errorf("%d cases, %d failed\n%s", len(suite.Cases), failed, &b)
	}
	if !strings.Contains(b.String(), "(and 1 more)") || !strings.Contains(suite.Cases[2].Failure.Text, "]]>é") {
		t.Errorf("%s", &b)
	}
}
