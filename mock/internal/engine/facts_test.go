package engine

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

const factsAPI = `openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: read
      responses:
        '200': {description: ok, content: {application/json: {example: 1}}}
        '404': {description: no}
        4XX: {description: other}
    put: {operationId: write, responses: {'200': {description: ok}}}
`

// factsScenarios are the scenarios of TestFacts. Their stubs are named after them.
var factsScenarios = map[string]string{
	"one":       "operations: {read: [{name: one-7, when: {path: {id: 7}}, respond: {status: 404}}, {name: one-any, respond: {status: 400}}]}",
	"two":       "operations: {read: [{name: two-8, when: {path: {id: 8}}, respond: {status: 404}}, {name: two-invalid, when: {valid: false}, respond: {status: 404}}]}",
	"many":      "operations: {read: [" + strings.Repeat("{when: {path: {id: 1X}}, respond: {status: 404}}, ", 5) + "{name: many-7, when: {path: {id: 7}}, respond: {status: 404}}]}",
	"b-default": "{default: true, operations: {read: [{name: b, when: {valid: any}, respond: {status: 404}}]}}",
	"a-default": "{default: true, operations: {read: [{name: a, when: {query: {x: y}}, respond: {status: 404}}], write: 200}}",
	"other":     "operations: {write: 200}",
}

func factsSnapshot(t *testing.T) *Snapshot {
	t.Helper()
	scenarios := map[string]string{}
	for name, text := range factsScenarios {
		for i := 1; strings.Contains(text, "X}"); i++ { // ids of their own
			text = strings.Replace(text, "X}", strings.Repeat("0", i)+"}", 1)
		}
		scenarios[name] = text
	}
	return loadSnapshot(t, factsAPI, scenarios)
}

type noValues struct{}

func (noValues) Count(scenario.Cell) int    { return 0 }
func (noValues) State(scenario.Cell) string { return "" }

// TestFacts holds what is gathered for a decision, in which order, and what comes
// of it.
func TestFacts(t *testing.T) {
	t.Parallel()
	snap := factsSnapshot(t)
	for name, test := range map[string]struct {
		request     string // method and path, then preferences
		own, global []string
		validation  Validation
		want        string // layers with their stubs, or the problem
		decided     string // step, then stub, status or problem
	}{
		"nothing active":               {"GET /a/7", nil, nil, Strict, "default: a; default: b", "default-scenario b"},
		"defaults in name order":       {"GET /a/7?x=y", nil, nil, Strict, "default: a; default: b", "default-scenario a"},
		"no stub for the operation":    {"PUT /a/7", []string{"one"}, []string{"two"}, Strict, "default: a-default/write#1", "default-scenario a-default/write#1"},
		"own before global":            {"GET /a/8", []string{"one"}, []string{"two"}, Strict, "session: one-7 one-any; global: two-8 two-invalid; default: a; default: b", "session-scenario one-any"},
		"the newest first":             {"GET /a/8", []string{"two", "one"}, nil, Strict, "session: two-8 two-invalid; session: one-7 one-any; default: a; default: b", "session-scenario two-8"},
		"the newest of all first":      {"GET /a/8", nil, []string{"two", "one"}, Strict, "global: two-8 two-invalid; global: one-7 one-any; default: a; default: b", "active-scenario two-8"},
		"a name that is gone":          {"GET /a/7", []string{"gone"}, []string{"gone", "one"}, Strict, "global: one-7 one-any; default: a; default: b", "active-scenario one-7"},
		"candidates alone":             {"GET /a/7", []string{"many"}, nil, Strict, "session: many-7; default: a; default: b", "session-scenario many-7"},
		"no candidate":                 {"GET /a/9", []string{"many"}, nil, Strict, "session:; default: a; default: b", "default-scenario b"},
		"invalid":                      {"GET /a/x", []string{"one", "two"}, nil, Strict, "session: one-7 one-any; session: two-8 two-invalid; default: a; default: b; 1 violation", "session-scenario two-invalid"},
		"invalid, for any":             {"GET /a/x", []string{"one"}, nil, Strict, "session: one-7 one-any; default: a; default: b; 1 violation", "default-scenario b"},
		"invalid, for nobody":          {"PUT /a/x", nil, nil, Strict, "default: a-default/write#1; 1 violation", "violations 400"},
		"invalid, only told":           {"PUT /a/x", nil, nil, Warn, "default: a-default/write#1; 1 violation", "contract"},
		"invalid, forgotten":           {"PUT /a/x", nil, nil, Off, "default: a-default/write#1", "default-scenario a-default/write#1"},
		"prefer code asks no stub":     {"GET /a/7 code=404", []string{"one"}, nil, Strict, "", "prefer-code 404"},
		"prefer code, though invalid":  {"GET /a/x code=404", []string{"one"}, nil, Strict, "1 violation", "prefer-code 404"},
		"prefer a range":               {"GET /a/7 code=4XX", nil, nil, Strict, "", "prefer-code 4XX"},
		"prefer an unknown code":       {"GET /a/7 code=500", nil, nil, Strict, "NO_RESPONSE_DEFINED", ""},
		"prefer no code":               {"GET /a/7 code=abc", nil, nil, Strict, "INVALID_PREFERENCE", ""},
		"prefer scenario first":        {"GET /a/7 scenario=one", []string{"two"}, nil, Strict, "prefer: one-7 one-any; session: two-8 two-invalid; default: a; default: b", "prefer-scenario one-7"},
		"prefer scenario, not active":  {"GET /a/7 scenario=many", nil, nil, Strict, "prefer: many-7; default: a; default: b", "prefer-scenario many-7"},
		"prefer scenario, none fits":   {"GET /a/9 scenario=many", nil, nil, Strict, "prefer:; default: a; default: b", "prefer-scenario no stub"},
		"prefer scenario, other op":    {"GET /a/9 scenario=other", nil, nil, Strict, "prefer:; default: a; default: b", "prefer-scenario no stub"},
		"prefer scenario, invalid":     {"GET /a/x scenario=many", nil, nil, Strict, "prefer:; default: a; default: b; 1 violation", "default-scenario b"},
		"prefer an unknown scenario":   {"GET /a/7 scenario=no", nil, nil, Strict, "SCENARIO_NOT_FOUND", ""},
		"both":                         {"GET /a/7 scenario=one,code=400", []string{"two"}, nil, Strict, "prefer: one-any; session: two-8 two-invalid; default: a; default: b", "prefer-scenario one-any"},
		"both, no stub of that status": {"GET /a/7 scenario=one,code=200", nil, nil, Strict, "prefer:; default: a; default: b", "prefer-scenario no stub"},
		"both, though invalid":         {"GET /a/x scenario=two,code=404", nil, nil, Strict, "prefer: two-8 two-invalid; default: a; default: b; 1 violation", "prefer-scenario two-invalid"},
		"prefer an unknown example":    {"GET /a/7 example=no", nil, nil, Strict, "EXAMPLE_NOT_FOUND", ""},
		"prefer an impossible delay":   {"GET /a/7 delay=soon", nil, nil, Strict, "INVALID_PREFERENCE", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, problem := factsOf(t, snap, test.request, test.validation, test.own, test.global)
			if problem != nil {
				if diff := cmp.Diff(test.want, string(problem.Code)); diff != "" {
					t.Error(diff)
				}
				return
			}
			if diff := cmp.Diff(test.want, f.facts.String()); diff != "" {
				t.Error(diff)
			}
			c := f.decide()
			if diff := cmp.Diff(test.decided, c.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

type gathered struct {
	facts *facts
	ex    *exchange.Exchange
}

// decide asks stubs that know no state, and leaves nothing to chance.
func (g gathered) decide() choice {
	return decide(g.facts, func(st *scenario.Stub) verdict {
		if ok, _ := st.Match(g.ex, noValues{}); ok {
			return answers
		}
		return refuses
	})
}

func factsOf(t *testing.T, snap *Snapshot, request string, v Validation, own, global []string) (gathered, *exchange.Problem) {
	t.Helper()
	words := strings.Fields(request + " ")
	path, query, _ := strings.Cut(words[1], "?")
	ex := &exchange.Exchange{Request: exchange.Request{Method: words[0], Path: path, RawQuery: query, Header: http.Header{}}}
	if len(words) > 2 {
		ex.Prefer, _ = exchange.ParsePrefer(http.Header{"Prefer": {words[2]}}, "")
	}
	h := handling{Engine: New(nil, Options{Validation: v}), ctx: t.Context(), ex: ex, snap: snap}
	if problem := h.route(); h.op == nil {
		t.Fatal("no operation", problem)
	}
	problem := h.gather(own, global)
	return gathered{&h.facts, ex}, problem
}

// String shows the layers: "session: one two; default: three; 1 violation".
func (f *facts) String() string {
	names := map[exchange.Step]string{exchange.StepScenario: "prefer", exchange.StepSession: "session", exchange.StepGlobal: "global", exchange.StepDefault: "default"}
	var parts []string
	for _, l := range f.layers {
		part := names[l.step] + ":"
		for _, stub := range l.stubs {
			part += " " + stub.Name
		}
		parts = append(parts, part)
	}
	if len(f.violations) == 1 {
		parts = append(parts, "1 violation")
	}
	return strings.Join(parts, "; ")
}

// String shows the choice: step, then stub, status or "no stub".
func (c choice) String() string {
	switch {
	case c.noStub:
		return string(c.step) + " no stub"
	case c.stub != nil:
		return string(c.step) + " " + c.stub.Name
	case c.status != "":
		return string(c.step) + " " + c.status
	}
	return string(c.step)
}
