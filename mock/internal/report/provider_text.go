package report

import (
	"io"

	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream/replay"
)

// ProviderText writes a verification for people: what is wrong under its scenario and
// stub, then what was not sent and why, and the totals.
func ProviderText(w io.Writer, p *Provider) error {
	t := &textWriter{}
	p.groups(func(name string, checks []replay.Check) {
		first := true
		for i := range checks {
			if c := &checks[i]; c.Outcome == replay.Differs || c.Outcome == replay.Failed {
				if first {
					t.line("%s", scenarioTitle(name))
					first = false
				}
				t.check(c)
			}
		}
		if !first {
			t.line("")
		}
	})
	t.unsent(p, replay.NotProvable, "Not provable")
	t.unsent(p, replay.Skipped, "Skipped")
	if p.Coverage.Requests > 0 {
		t.line("Coverage of the provider")
		t.totals(&p.Coverage)
		t.line("")
	}
	for _, note := range p.notes() {
		t.line("Note: %s", plainLine(note))
	}
	t.line("%s", p.summary())
	_, err := io.WriteString(w, t.String())
	return err
}

func scenarioTitle(name string) string {
	if name == refusals {
		return name
	}
	return "scenario " + name
}

func (t *textWriter) check(c *replay.Check) {
	word := "differs"
	if c.Outcome == replay.Failed {
		word = "failed"
	}
	t.line("  %s: %s", word, plainLine(title(c)))
	if c.Request != "" {
		t.line("    %s", plainLine(c.Request))
	}
	for _, line := range lines(c) {
		t.line("    %s", plainLine(line))
	}
}

// unsent lists the checks for which no request was sent, those with the same reason
// together.
func (t *textWriter) unsent(p *Provider, outcome replay.Outcome, label string) {
	var reasons []string
	names := map[string][]string{}
	for i := range p.Checks {
		c := &p.Checks[i]
		if c.Outcome != outcome {
			continue
		}
		if names[c.Reason] == nil {
			reasons = append(reasons, c.Reason)
		}
		names[c.Reason] = append(names[c.Reason], title(c))
	}
	for i, reason := range reasons {
		if i == 0 {
			t.line("%s", label)
		}
		t.line("  %s", plainLine(reason))
		t.list(source.Count(len(names[reason]), "check"), names[reason], "    ")
	}
	if len(reasons) > 0 {
		t.line("")
	}
}
