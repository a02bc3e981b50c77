package report

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Section is a list under a title, behind the findings.
type Section struct {
	Title string
	Lines []string
}

// Grouped writes the findings under the scenarios and stubs that they are about,
// the sections, and the summary. Findings that are about no scenario come first, and then
// once what is the same for several stubs, with all of these.
func Grouped(w io.Writer, r *Run, sections []Section) error {
	var b strings.Builder
	var scenarios []string
	byScenario := map[string][]*Finding{}
	shared := sharedCauses(r.Findings)
	for i := range r.Findings {
		if r.Findings[i].Scenario == "" {
			b.WriteString(r.Findings[i].Text() + "\n")
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Scenario == "" {
			continue
		}
		if found := shared[causeOf(f)]; found != nil {
			if found[0] == f {
				writeShared(&b, found)
			}
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

// cause is what findings have in common that one change leads to.
type cause struct {
	code                   source.Code
	message, hint, related string
}

func causeOf(f *Finding) cause {
	var related strings.Builder
	for _, r := range f.Related {
		fmt.Fprintf(&related, "%s: %s\n", r.At, r.Message)
	}
	return cause{f.Code, f.Message, f.Hint, related.String()}
}

// sharedCauses gives the findings about scenarios that have a cause in common.
func sharedCauses(all []Finding) map[cause][]*Finding {
	shared := map[cause][]*Finding{}
	for i := range all {
		if f := &all[i]; f.Scenario != "" {
			shared[causeOf(f)] = append(shared[causeOf(f)], f)
		}
	}
	maps.DeleteFunc(shared, func(_ cause, found []*Finding) bool { return len(found) == 1 })
	return shared
}

// writeShared writes a cause, and where it is felt.
func writeShared(b *strings.Builder, found []*Finding) {
	once := *found[0]
	once.At = source.Span{}
	b.WriteString(once.Text())
	for _, f := range found {
		fmt.Fprintf(b, "  scenario %s", f.Scenario)
		if f.Stub != "" {
			fmt.Fprintf(b, ", stub %s", f.Stub)
		}
		fmt.Fprintf(b, ": %s\n", f.At)
	}
	b.WriteString("\n")
}
