package engine

import (
	"testing"
)

func TestUnknownScenario(t *testing.T) {
	t.Parallel()
	for want, known := range map[string][]string{
		`There is no scenario "outtage": did you mean "outage"?`:                        {"other", "outage"},
		`There is no scenario "outtage". Those that there are, are listed under known.`: {"other"},
		`There is no scenario "outtage": none is loaded.`:                               nil,
	} {
		if p := UnknownScenario("outtage", known); p.Detail != want || len(p.Known) != len(known) {
			t.Errorf("%q, want %q", p.Detail, want)
		}
	}
}
