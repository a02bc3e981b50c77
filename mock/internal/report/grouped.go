package report

import (
	"fmt"
	"io"
	"strings"
)

// Section is a list under a title, behind the findings.
type Section struct {
	Title string
	Lines []string
}

// Grouped writes the findings under the scenarios and stubs that they are about,
// the sections, and the summary. Findings that are about no scenario come first.
func Grouped(w io.Writer, r *Run, sections []Section) error {
	var b strings.Builder
	var scenarios []string
	byScenario := map[string][]*Finding{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Scenario == "" {
			b.WriteString(f.Text() + "\n")
			continue
		}
		if byScenario[f.Scenario] == nil {
			scenarios = append(scenarios, f.Scenario)
		}
		byScenario[f.Scenario] = append(byScenario[f.Scenario], f)
	}
	for _, name := range scenarios {
		fmt.Fprintf(&b, "scenario %s\n", name)
		stub := ""
		for _, f := range byScenario[name] {
			indent := "  "
			if f.Stub != "" {
				indent = "    "
				if f.Stub != stub {
					fmt.Fprintf(&b, "  stub %s\n", f.Stub)
				}
			}
			stub = f.Stub
			for line := range strings.Lines(f.Text()) {
				b.WriteString(indent + line)
			}
		}
		b.WriteString("\n")
	}
	for _, s := range sections {
		fmt.Fprintf(&b, "%s\n", s.Title)
		for _, line := range s.Lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
		b.WriteString("\n")
	}
	fmt.Fprintln(&b, r.Summary)
	_, err := io.WriteString(w, b.String())
	return err
}
