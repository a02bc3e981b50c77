package engine

import (
	"fmt"
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

// choice is the outcome of a decision.
type choice struct {
	step exchange.Step
	// stub answers, if it is set; else the contract's response for status does.
	stub   *scenario.Stub
	status string // as ParseStatus reads it; "" for the contract's own success
	// forced tells that the status was asked for with Prefer: code.
	forced bool
	// fault is the kind of violation that gave the status, "" for none.
	fault exchange.ProblemCode
	// noStub tells that the scenario which the request prefers does not answer it.
	noStub bool
}

// verdict is what a stub says of a request.
type verdict uint8

// A stub refuses a request for which its conditions do not hold, answers others,
// and passes those that chance leaves to the stubs behind it.
const (
	refuses verdict = iota
	answers
	passes
)

// decide chooses what answers. It is a pure function: the same facts and the same
// verdicts give the same choice.
func decide(f *facts, ask func(*scenario.Stub) verdict) choice {
	if f.preferred == nil && f.prefer.Code != "" {
		return choice{step: exchange.StepCode, status: f.prefer.Code, forced: true}
	}
	for _, l := range f.layers {
		passed := false
		for _, stub := range l.stubs {
			switch ask(stub) {
			case answers:
				return choice{step: l.step, stub: stub, forced: l.step == exchange.StepScenario && f.prefer.Code != ""}
			case passes:
				passed = true
			}
		}
		if l.step == exchange.StepScenario && !passed && (f.prefer.Code != "" || len(f.violations) == 0 || f.validation != Strict) {
			return choice{step: l.step, noStub: true}
		}
	}
	if len(f.violations) > 0 && f.validation == Strict {
		status, fault := faultStatus(f.op, f.violations)
		return choice{step: exchange.StepViolations, status: status, fault: fault}
	}
	if f.upstream {
		return choice{step: exchange.StepUpstream}
	}
	return choice{step: exchange.StepContract}
}

// maxPassed bounds the stubs that are listed as tried in vain.
const maxPassed = 20

// noStub is the problem of a preferred scenario that does not answer: for each of
// the stubs that were tried, the first condition that failed.
func noStub(f *facts, tried []*scenario.Stub, reason func(*scenario.Stub) string) *exchange.Problem {
	p := &exchange.Problem{Code: exchange.ProblemNoStub, Status: 404}
	switch {
	case len(tried) > 0:
		p.Detail = fmt.Sprintf("No stub of the scenario %s answers this request to %s. What kept each of them is listed under known.", f.preferred.Name, f.op.Name())
	case f.prefer.Code != "":
		p.Detail = fmt.Sprintf("The scenario %s has no stub that answers %s with %s.", f.preferred.Name, f.op.Name(), f.prefer.Code)
	default:
		p.Detail = fmt.Sprintf("The scenario %s has no stub for %s.", f.preferred.Name, f.op.Name())
	}
	for _, stub := range tried[:min(len(tried), maxPassed)] {
		p.Known = append(p.Known, stub.Name+": "+reason(stub))
	}
	return p
}

// faults are the kinds of violations in the order in which they decide, with the
// status that each gives. What is not listed gives 422 where that is described,
// else 400.
var faults = []struct {
	status string
	code   exchange.ProblemCode
	is     func(*exchange.Violation) bool
}{
	{"401", exchange.ProblemUnauthorized, func(v *exchange.Violation) bool { return v.In == exchange.Security }},
	{"400", exchange.ProblemUndecodable, func(v *exchange.Violation) bool { return v.Rule == exchange.RuleDecode }},
	{"415", exchange.ProblemMediaType, func(v *exchange.Violation) bool { return v.In == exchange.MediaType }},
	{"406", exchange.ProblemNotAcceptable, func(v *exchange.Violation) bool { return v.In == exchange.Accept }},
}

// faultStatus gives the status for violations that no stub took.
func faultStatus(op *contract.Operation, violations []exchange.Violation) (string, exchange.ProblemCode) {
	for _, fault := range faults {
		for i := range violations {
			if fault.is(&violations[i]) {
				return fault.status, fault.code
			}
		}
	}
	if r, _, ok := op.Respond("422"); ok && r.Status == "422" {
		return "422", exchange.ProblemViolations
	}
	return "400", exchange.ProblemViolations
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

// checkPreferences resolves the scenario and refuses a status that cannot be.
func (h *handling) checkPreferences(f *facts) *exchange.Problem {
	h.ex.Decision.Step = exchange.StepPreferences
	if f.prefer.Code != "" {
		if _, _, err := contract.ParseStatus(f.prefer.Code); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: 400, Detail: "Prefer: code cannot be used: " + err.Error() + "."}
		}
		if _, _, ok := h.op.Respond(f.prefer.Code); !ok {
			return &exchange.Problem{
				Code: exchange.ProblemStatusUnknown, Status: 404, Known: h.op.Statuses(),
				Detail: fmt.Sprintf("The contract describes %s for %s, and %s is none of them. A stub with offContract may answer it.", strings.Join(h.op.Statuses(), ", "), h.op.Name(), f.prefer.Code),
			}
		}
	}
	if f.prefer.Expect != "" && f.prefer.Expect != expectInvalid {
		return &exchange.Problem{Code: exchange.ProblemPreference, Status: 400, Detail: fmt.Sprintf("Prefer: expect cannot be used: %q is not %q.", f.prefer.Expect, expectInvalid)}
	}
	if f.prefer.Example != "" && !slices.ContainsFunc(h.op.Responses, func(r *contract.Response) bool { return hasExample(r, f.prefer.Example) }) {
		return h.unknownExample(f.prefer.Example, nil)
	}
	if _, problem := h.generation(); problem != nil {
		return problem
	}
	if f.prefer.Delay != "" {
		var err error
		if f.delay, err = exchange.ParseWait(f.prefer.Delay); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: 400, Detail: "Prefer: delay cannot be used: " + err.Error() + "."}
		}
	}
	if f.prefer.Scenario != "" {
		if f.preferred = h.own.find(h.snap, f.prefer.Scenario); f.preferred == nil {
			return UnknownScenario(f.prefer.Scenario, h.snap.Names(h.ex.Session))
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
