package engine

import (
	"fmt"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// layer is the stubs of one step of the decision order, in the order in which
// they are tried.
type layer struct {
	step  exchange.Step
	stubs []*scenario.Stub
}

// facts is everything that a decision depends on, beside the request itself and
// the view of the state.
type facts struct {
	op         *contract.Operation
	prefer     exchange.Prefer
	violations []exchange.Violation
	validation Validation
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
	// passed are the stubs that were tried before.
	passed  []exchange.Passed
	problem *exchange.Problem
}

// decide chooses what answers. It is a pure function: the same facts, request and
// values give the same choice. match asks whether a stub's conditions hold, with
// the reason if not.
func decide(f *facts, match func(*scenario.Stub) (bool, string)) choice {
	if f.preferred == nil && f.prefer.Code != "" {
		return choice{step: exchange.StepCode, status: f.prefer.Code, forced: true}
	}
	c := choice{}
	for _, l := range f.layers {
		for _, stub := range l.stubs {
			ok, reason := match(stub)
			if ok {
				c.step, c.stub = l.step, stub
				c.forced = l.step == exchange.StepScenario && f.prefer.Code != ""
				return c
			}
			if len(c.passed) < maxPassed {
				c.passed = append(c.passed, exchange.Passed{Scenario: stub.Scenario.Name, Stub: stub.Name, Reason: reason})
			}
		}
		if l.step == exchange.StepScenario && (f.prefer.Code != "" || len(f.violations) == 0 || f.validation != Strict) {
			c.step, c.problem = l.step, noStub(f, c.passed)
			return c
		}
	}
	if len(f.violations) > 0 && f.validation == Strict {
		status, fault := faultStatus(f.op, f.violations)
		c.step, c.status, c.fault = exchange.StepViolations, status, fault
		return c
	}
	c.step = exchange.StepContract
	return c
}

// maxPassed bounds the stubs that a decision lists as tried in vain.
const maxPassed = 20

// noStub is the problem of a preferred scenario that does not answer.
func noStub(f *facts, passed []exchange.Passed) *exchange.Problem {
	p := &exchange.Problem{Code: exchange.ProblemNoStub, Status: 404}
	switch {
	case len(passed) == 0 && f.prefer.Code != "":
		p.Detail = fmt.Sprintf("The scenario %s has no stub that answers %s with %s.", f.preferred.Name, f.op.Name(), f.prefer.Code)
	case len(passed) == 0:
		p.Detail = fmt.Sprintf("The scenario %s has no stub for %s.", f.preferred.Name, f.op.Name())
	default:
		p.Detail = fmt.Sprintf("No stub of the scenario %s answers this request to %s. What kept each of them is listed under known.", f.preferred.Name, f.op.Name())
	}
	for _, stub := range passed {
		p.Known = append(p.Known, stub.Stub+": "+stub.Reason)
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

// facts gathers what the decision depends on; active scenarios come newest first.
func (h *handling) facts(own, global []string) (*facts, *exchange.Problem) {
	f := &facts{op: h.op, prefer: h.ex.Prefer, violations: h.violations, validation: h.opts.Validation}
	if problem := h.checkPreferences(f); problem != nil {
		return nil, problem
	}
	if f.preferred != nil {
		f.layers = append(f.layers, layer{exchange.StepScenario, answering(f.preferred.Stubs(h.op), f.prefer.Code, h.op)})
	} else if f.prefer.Code != "" {
		return f, nil
	}
	f.layers = append(f.layers,
		layer{exchange.StepSession, h.stubs(own)},
		layer{exchange.StepGlobal, h.stubs(global)})
	var defaults []*scenario.Stub
	for _, sc := range h.snap.defaults {
		defaults = join(defaults, sc.Stubs(h.op))
	}
	f.layers = append(f.layers, layer{exchange.StepDefault, defaults})
	return f, nil
}

// checkPreferences resolves the scenario and refuses a status that cannot be.
func (h *handling) checkPreferences(f *facts) *exchange.Problem {
	if f.prefer.Code != "" {
		if _, _, err := contract.ParseStatus(f.prefer.Code); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: 400, Detail: "Prefer: code cannot be used: " + err.Error() + "."}
		}
		if _, _, ok := h.op.Respond(f.prefer.Code); !ok {
			return &exchange.Problem{
				Code: exchange.ProblemStatusUnknown, Status: 404, Known: h.op.Statuses(),
				Detail: fmt.Sprintf("The contract describes %s for %s, and %s is none of them.", strings.Join(h.op.Statuses(), ", "), h.op.Name(), f.prefer.Code),
			}
		}
	}
	if f.prefer.Delay != "" {
		var err error
		if f.delay, err = parseDelay(f.prefer.Delay); err != nil {
			return &exchange.Problem{Code: exchange.ProblemPreference, Status: 400, Detail: "Prefer: delay cannot be used: " + err.Error() + "."}
		}
	}
	if f.prefer.Scenario != "" {
		if f.preferred = h.snap.Scenarios.Scenario(f.prefer.Scenario); f.preferred == nil {
			return &exchange.Problem{
				Code: exchange.ProblemScenarioUnknown, Status: 404, Known: h.snap.Scenarios.Names(),
				Detail: fmt.Sprintf("There is no scenario %q. Those that there are, are listed under known.", f.prefer.Scenario),
			}
		}
	}
	return nil
}

// maxDelay bounds the wait that a request may ask for.
const maxDelay = 5 * time.Minute

// parseDelay reads a wait such as 300ms or 2s.
func parseDelay(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no duration: write 300ms or 2s", text)
	case d < 0 || d > maxDelay:
		return 0, fmt.Errorf("%s is not between 0 and %s", text, maxDelay)
	}
	return d, nil
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

// stubs joins the stubs of active scenarios. A name that a reload has taken away
// has none.
func (h *handling) stubs(active []string) []*scenario.Stub {
	var all []*scenario.Stub
	for _, name := range active {
		if sc := h.snap.Scenarios.Scenario(name); sc != nil {
			all = join(all, sc.Stubs(h.op))
		}
	}
	return all
}

// join appends without changing either list, and without a copy where one is empty.
func join(a, b []*scenario.Stub) []*scenario.Stub {
	if len(a) == 0 {
		return b
	}
	return append(a[:len(a):len(a)], b...)
}
