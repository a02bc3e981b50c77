package engine

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

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

// maxTried bounds the stubs that are listed as tried in vain, and what is listed in their place.
const maxTried = 20

// noStub is the problem of a preferred scenario that does not answer. It lists for each of
// the stubs that were tried the first condition that failed; where none was to be tried, what
// the scenario has instead: other statuses of the operation, else other operations.
func noStub(f *facts, tried []*scenario.Stub, reason func(*scenario.Stub) string) *exchange.Problem {
	p := &exchange.Problem{Code: exchange.ProblemNoStub, Status: http.StatusNotFound}
	others := f.preferred.Stubs(f.op)
	switch {
	case len(tried) > 0:
		p.Detail = fmt.Sprintf("No stub of the scenario %s answers this request to %s. What kept each of them is listed under known.", f.preferred.Name, f.op.Name())
		for _, stub := range tried[:min(len(tried), maxTried)] {
			p.Known = append(p.Known, stub.Name+": "+reason(stub))
		}
	case len(others) > 0:
		p.Detail = fmt.Sprintf("The scenario %s has no stub that answers %s with %s. What its stubs answer is listed under known.", f.preferred.Name, f.op.Name(), f.prefer.Code)
		for _, stub := range others[:min(len(others), maxTried)] {
			p.Known = append(p.Known, stub.Name+": "+offers(stub))
		}
	default:
		p.Detail = fmt.Sprintf("The scenario %s has no stub for %s. The operations for which it has one are listed under known.", f.preferred.Name, f.op.Name())
		p.Known = f.preferred.Operations(maxTried)
	}
	return p
}

// offers tells what a stub answers: each of its statuses once, as written.
func offers(stub *scenario.Stub) string {
	statuses := stub.Statuses()
	if len(statuses) == 0 {
		return "a fault"
	}
	slices.Sort(statuses)
	return strings.Join(slices.Compact(statuses), ", ")
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
