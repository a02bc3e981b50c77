package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// ProviderMarkdown writes a verification as GitHub Flavored Markdown, for the summaries
// of CI jobs and pull requests.
func ProviderMarkdown(w io.Writer, p *Provider) error {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("## Provider verification\n")
	line("%s", markdown(p.summary()))
	line("\n| scenario | passed | differ | failed | not provable | skipped |\n| --- | ---: | ---: | ---: | ---: | ---: |")
	p.groups(func(name string, checks []replay.Check) {
		counts := map[replay.Outcome]int{}
		for i := range checks {
			counts[checks[i].Outcome]++
		}
		line("| %s | %d | %d | %d | %d | %d |", markdown(name), counts[replay.Passed], counts[replay.Differs], counts[replay.Failed], counts[replay.NotProvable], counts[replay.Skipped])
	})
	if p.Differing+p.Failed > 0 {
		line("\n### What is wrong")
		p.groups(func(name string, checks []replay.Check) {
			for i := range checks {
				if c := &checks[i]; c.Outcome == replay.Differs || c.Outcome == replay.Failed {
					line("\n**%s**, %s\n", markdown(name), markdown(title(c)))
					if c.Request != "" {
						line("- %s", codeSpan(c.Request))
					}
					for _, text := range lines(c) {
						line("- %s", codeSpan(text))
					}
				}
			}
		})
	}
	markdownUnsent(line, p, replay.NotProvable, "Not provable")
	markdownUnsent(line, p, replay.Skipped, "Skipped")
	for _, note := range p.notes() {
		line("\n**Note**: %s", markdown(note))
	}
	if p.Coverage.Requests > 0 {
		line("\n### Coverage of the provider\n")
		b.WriteString(markdownTotals(&p.Coverage))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// codeSpan shows a text as it is (CommonMark 0.31 section 6.1).
func codeSpan(text string) string {
	text = plainLine(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}

func markdownUnsent(line func(string, ...any), p *Provider, outcome replay.Outcome, label string) {
	first := true
	for i := range p.Checks {
		c := &p.Checks[i]
		if c.Outcome != outcome {
			continue
		}
		if first {
			line("\n### %s\n\n| scenario | stub | why |\n| --- | --- | --- |", label)
			first = false
		}
		name := c.Scenario
		if name == "" {
			name = refusals
		}
		line("| %s | %s | %s |", markdown(name), markdown(title(c)), markdown(c.Reason))
	}
}
