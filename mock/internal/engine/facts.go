package engine

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// layer is the stubs of one scenario that may answer, in the order in which they
// are tried, with the step of the decision order at which it is active.
type layer struct {
	step     exchange.Step
	scenario *scenario.Scenario
	stubs    []*scenario.Stub
}

// facts is everything that a decision depends on, beside the request itself and
// the view of the state.
type facts struct {
	op         *contract.Operation
	prefer     exchange.Prefer
	violations []exchange.Violation
	validation Validation
	// upstream tells that there is a real API, and that the request asks for nothing that
	// only the contract has.
	upstream bool
	// preferred is the scenario that the request names, nil for none.
	preferred *scenario.Scenario
	// delay is the wait that the request asks for.
	delay  time.Duration
	layers []layer
}

// gather fills in the facts; active scenarios come newest first.
func (h *handling) gather(own, global []string) *exchange.Problem {
	f := &h.facts
	*f = facts{op: h.op, prefer: h.ex.Prefer, violations: h.violations, validation: h.opts.Validation, upstream: h.upstream(), layers: f.layers[:0]}
	if problem := h.checkPreferences(f); problem != nil {
		return problem
	}
	if f.preferred != nil {
		f.layers = append(f.layers, layer{exchange.StepScenario, f.preferred, answering(f.preferred.Candidates(h.op, h.ex), f.prefer.Code, h.op)})
	} else if f.prefer.Code != "" {
		return nil
	}
	h.addLayers(f, exchange.StepSession, own)
	h.addLayers(f, exchange.StepGlobal, global)
	for _, sc := range h.own.defaultsFor(h.snap, h.op) {
		h.addLayer(f, exchange.StepDefault, sc)
	}
	return nil
}

// addLayers adds the active scenarios of a step. A name that a reload has taken
// away has no stubs.
func (h *handling) addLayers(f *facts, step exchange.Step, active []string) {
	for _, name := range active {
		if sc := h.own.find(h.snap, name); sc != nil {
			h.addLayer(f, step, sc)
		}
	}
}

// addLayer adds what of a scenario may answer the request. A scenario that has stubs
// for the operation is noted also where none may: that is evidence.
func (h *handling) addLayer(f *facts, step exchange.Step, sc *scenario.Scenario) {
	if len(sc.Stubs(h.op)) > 0 {
		f.layers = append(f.layers, layer{step, sc, sc.Candidates(h.op, h.ex)})
	}
}

// expectInvalid is what Prefer: expect may say.
const expectInvalid = "invalid"

// checkPreferences resolves the scenario and refuses what cannot be asked for.
func (h *handling) checkPreferences(f *facts) *exchange.Problem {
	if problem := h.checkValues(f); problem != nil {
		return problem
	}
	if f.prefer.Code != "" {
		if _, _, err := contract.ParseStatus(f.prefer.Code); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: "Prefer: code cannot be used: " + err.Error() + "."}
		}
		if _, _, ok := h.op.Respond(f.prefer.Code); !ok {
			return &exchange.Problem{
				Code: exchange.ProblemStatusUnknown, Status: http.StatusNotFound, Known: h.op.Statuses(),
				Detail: fmt.Sprintf("The contract describes %s for %s, and %s is none of them. A stub with offContract may answer it.", strings.Join(h.op.Statuses(), ", "), h.op.Name(), f.prefer.Code),
			}
		}
	}
	if f.prefer.Example != "" && !slices.ContainsFunc(h.op.Responses, func(r *contract.Response) bool { return hasExample(r, f.prefer.Example) }) {
		return h.unknownExample(f.prefer.Example, nil)
	}
	if f.prefer.Scenario != "" {
		if f.preferred = h.own.find(h.snap, f.prefer.Scenario); f.preferred == nil {
			return UnknownScenario(f.prefer.Scenario, h.snap.Names(h.ex.Session))
		}
	}
	return nil
}

// checkValues refuses preferences whose values mean nothing, whatever the request is for, and
// takes the wait that it asks for.
func (h *handling) checkValues(f *facts) *exchange.Problem {
	h.ex.Decision.Step = exchange.StepPreferences
	if f.prefer.Bare != "" {
		return &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: fmt.Sprintf("Prefer: %s has no value: write %[1]s=VALUE, or leave it out.", f.prefer.Bare)}
	}
	if f.prefer.Expect != "" && f.prefer.Expect != expectInvalid {
		return &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: fmt.Sprintf("Prefer: expect cannot be used: %q is not %q.", f.prefer.Expect, expectInvalid)}
	}
	if _, problem := h.generation(); problem != nil {
		return problem
	}
	if f.prefer.Delay != "" {
		var err error
		if f.delay, err = exchange.ParseWait(f.prefer.Delay); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: http.StatusBadRequest, Detail: "Prefer: delay cannot be used: " + err.Error() + "."}
		}
	}
	return nil
}

// answering keeps the stubs that answer a forced status.
func answering(stubs []*scenario.Stub, code string, op *contract.Operation) []*scenario.Stub {
	if code == "" {
		return stubs
	}
	_, number, _ := op.Respond(code)
	var kept []*scenario.Stub
	for _, stub := range stubs {
		if stub.Answers(number) {
			kept = append(kept, stub)
		}
	}
	return kept
}
