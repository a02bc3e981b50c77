package engine

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestEvidence holds what a decision tells of the stubs that it has tried.
func TestEvidence(t *testing.T) {
	t.Parallel()
	snap := factsSnapshot(t)
	for name, test := range map[string]struct {
		request string
		own     []string
		want    []string
	}{
		"up to the one that answers": {"GET /a/8", []string{"one"}, []string{
			`session-scenario one one-7 1/2: path "id" is 8, expected 7`,
			`session-scenario one one-any 1/1: `,
		}},
		"also those that the index left out": {"GET /a/9", []string{"many"}, []string{
			`session-scenario many many/read#1 1/2: path "id" is 9, expected 10`,
			`session-scenario many many/read#2 1/2: path "id" is 9, expected 100`,
			`session-scenario many many/read#3 1/2: path "id" is 9, expected 1000`,
			`session-scenario many many/read#4 1/2: path "id" is 9, expected 10000`,
			`session-scenario many many/read#5 1/2: path "id" is 9, expected 100000`,
			`session-scenario many many-7 1/2: path "id" is 9, expected 7`,
			`default-scenario a-default a 1/2: query "x" is absent, expected "y"`,
			`default-scenario b-default b 0/0: `,
		}},
		"of the preferred status alone": {"GET /a/9 scenario=one,code=404", nil, []string{
			`prefer-scenario one one-7 1/2: path "id" is 9, expected 7`,
		}},
		"a forced status asks none": {"GET /a/9 code=404", []string{"one"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, problem := factsOf(t, snap, test.request, Strict, test.own, nil)
			if problem != nil {
				t.Fatal(problem)
			}
			decided := f.decide()
			if diff := cmp.Diff(test.want, tried(evidenceOf(f.facts, &decided, &state.View{}), f.ex)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSharedEvidence holds that a decision is told with the evidence of one before only
// where both show the same.
func TestSharedEvidence(t *testing.T) {
	t.Parallel()
	snap := factsSnapshot(t)
	h := &handling{snap: snap}
	shared := 0
	var before exchange.Considered
	for i := range 400 {
		request := []string{"GET /a/7", "GET /a/8", "GET /a/9", "GET /a/9?x=y", "PUT /a/7", "GET /a/9 scenario=one,code=404", "GET /a/9 code=404"}[i*i/2%7]
		active := [][]string{nil, {"one"}, {"two", "one"}, {"many"}}[i/3%4]
		f, problem := factsOf(t, snap, request, Strict, active, nil)
		if problem != nil {
			t.Fatal(problem)
		}
		decided := f.decide()
		got := h.consider(f.facts, &decided, &state.View{})
		if diff := cmp.Diff(tried(evidenceOf(f.facts, &decided, &state.View{}), f.ex), tried(got, f.ex)); diff != "" {
			t.Fatal(request, active, diff)
		}
		if got != nil && got == before {
			shared++
		}
		before = got
	}
	if shared == 0 {
		t.Error("no evidence was shared")
	}
	f, _ := factsOf(t, snap, "GET /a/7", Strict, []string{"one"}, nil)
	decided := choice{stub: f.facts.layers[0].stubs[1]}
	for name, other := range map[string]func() exchange.Considered{
		"a state": func() exchange.Considered {
			return h.consider(f.facts, &decided, &state.View{Cells: make([]state.Cell, 1)})
		},
		"a session's own": func() exchange.Considered {
			return (&handling{snap: snap, own: &own{}}).consider(f.facts, &decided, &state.View{})
		},
		"other scenarios": func() exchange.Considered {
			return (&handling{snap: snap.With(snap.Scenarios)}).consider(f.facts, &decided, &state.View{})
		},
	} {
		if h.consider(f.facts, &decided, &state.View{}) == other() {
			t.Errorf("%s: the evidence is shared", name)
		}
	}
}

func TestEvidenceOfChance(t *testing.T) {
	t.Parallel()
	f, problem := factsOf(t, factsSnapshot(t), "GET /a/7", Strict, []string{"one"}, nil)
	if problem != nil {
		t.Fatal(problem)
	}
	decided := choice{stub: f.facts.layers[0].stubs[1]}
	want := []string{
		"session-scenario one one-7 2/2: chance has left the request to the stubs behind it",
		"session-scenario one one-any 1/1: ",
	}
	if diff := cmp.Diff(want, tried(evidenceOf(f.facts, &decided, &state.View{}), f.ex)); diff != "" {
		t.Error(diff)
	}
}

func tried(c exchange.Considered, ex *exchange.Exchange) []string {
	var list []string
	if c == nil {
		return nil
	}
	for s := range c.Tried(ex) {
		j := s.Judge()
		list = append(list, fmt.Sprintf("%s %s %s %d/%d: %s", s.Step, s.Scenario, s.Stub, j.Held, j.Conditions, j.Failed(ex)))
	}
	return list
}
