package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
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

// TestUnknownExample holds that the examples of what is no answer are none.
func TestUnknownExample(t *testing.T) {
	t.Parallel()
	e := New(&state.Memory{}, Options{})
	e.Swap(loadSnapshot(t, `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /a: {get: {responses: {"103": {description: early, content: {text/plain: {examples: {early: {value: a}, both: {value: b}}}}}, "200": {description: ok, content: {text/plain: {examples: {full: {value: c}, both: {value: d}}}}}}}}
  /b: {get: {responses: {"103": {description: early, content: {text/plain: {examples: {early: {value: a}}}}}, "200": {description: ok}}}}
`, nil))
	for _, test := range []struct {
		path, example, body, detail string
		known                       []string
	}{
		{"/a", "both", "d", "", nil},
		{"/a", "early", "", `No response of GET /a has an example "early". Those that there are, are listed under known.`, []string{"full (status 200, text/plain)", "both (status 200, text/plain)"}},
		{"/a", "earl", "", `No response of GET /a has an example "earl". Those that there are, are listed under known.`, []string{"full (status 200, text/plain)", "both (status 200, text/plain)"}},
		{"/b", "early", "", `No response of GET /b has an example "early". The contract names no example of this operation.`, nil},
	} {
		ex := handled(t.Context(), e, test.path, exchange.Prefer{Example: test.example})
		p := ex.Answer.Problem
		if test.detail == "" {
			if string(ex.Answer.Body) != test.body {
				t.Errorf("%s %s: %d %s", test.path, test.example, ex.Answer.Status, ex.Answer.Body)
			}
			continue
		}
		if p == nil || p.Code != exchange.ProblemExampleUnknown {
			t.Errorf("%s %s: %d %s", test.path, test.example, ex.Answer.Status, ex.Answer.Body)
		} else if diff := cmp.Diff(append([]string{test.detail}, test.known...), append([]string{p.Detail}, p.Known...)); diff != "" {
			t.Errorf("%s %s: %s", test.path, test.example, diff)
		}
	}
}
