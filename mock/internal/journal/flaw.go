package journal

import (
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// flaw is what is wrong with a request, as far as the verdict of its session goes.
// Each request has one at most.
type flaw int

const (
	// broke: it breaks the contract, and does not say that it means to.
	broke flaw = iota
	// keptTo: it says that it breaks the contract (Prefer: expect=invalid), and does not.
	keptTo
	// unmatched: nothing was there to answer it.
	unmatched
	// failed: Understudy has answered for itself, for another reason, or the real API's
	// answer breaks the contract.
	failed

	flawless flaw = -1
)

var flaws = [...]string{broke: "broke the contract", keptTo: "kept to the contract, against its word", unmatched: "unmatched", failed: "failed"}

// flawOf says what is wrong with a decided request.
func flawOf(ex *exchange.Exchange) flaw {
	d, p := &ex.Decision, ex.Answer.Problem
	switch {
	case len(ex.Violations) > 0 && !d.ExpectedInvalid:
		return broke
	case len(ex.Violations) > 0 && d.Step == exchange.StepViolations:
		return flawless // refused, as it was meant to be
	case len(ex.Violations) == 0 && d.ExpectedInvalid:
		return keptTo
	case len(ex.Answer.Violations) > 0:
		return failed
	case p == nil:
		return flawless
	}
	if gap := gapOf(ex); gap == GapOperation && ex.Prefer.Expect == "invalid" {
		return flawless // the contract has no such operation, as was meant
	} else if gap != "" {
		return unmatched
	}
	return failed
}

// why says in a line what is wrong, without secrets.
func (f flaw) why(ex *exchange.Exchange, secrets *Secrets) string {
	switch f {
	case broke:
		v := secrets.Violation(ex.Violations[0])
		return v.String()
	case keptTo:
		return "it says expect=invalid and keeps to the contract"
	}
	if len(ex.Answer.Violations) > 0 {
		v := secrets.Violation(ex.Answer.Violations[0])
		return "the real API's answer breaks the contract: " + v.String()
	}
	return secrets.Text(ex.Answer.Problem.Error())
}

// Gap says what was missing to answer a request as it was meant, "" where nothing was.
type Gap string

// The gaps.
const (
	// GapRefused: it was refused before the API was reached.
	GapRefused Gap = "refused"
	// GapOperation: the contract has no such path or method.
	GapOperation Gap = "no-operation"
	// GapViolations: the request breaks the contract and no stub takes that.
	GapViolations Gap = "violations"
	// GapStub: the scenario that the request prefers has no stub that takes it.
	GapStub Gap = "no-stub"
	// GapPreference: the request prefers something that there is not, such as an
	// unknown scenario or example, or a status that is not described.
	GapPreference Gap = "preference"
	// GapPassedOver: stubs of active scenarios were tried in vain, and the contract's
	// own answer was given. Default scenarios do not count. It is no flaw, because
	// scenarios may leave the ordinary to the contract.
	GapPassedOver Gap = "passed-over"
)

// gapOf says what was missing for a decided request.
func gapOf(ex *exchange.Exchange) Gap {
	if ex.Refused() {
		return GapRefused
	}
	if p := ex.Answer.Problem; p != nil {
		switch p.Code {
		case exchange.ProblemNoPath, exchange.ProblemNoMethod:
			return GapOperation
		case exchange.ProblemNoStub:
			return GapStub
		case exchange.ProblemScenarioUnknown, exchange.ProblemExampleUnknown, exchange.ProblemStatusUnknown, exchange.ProblemPreference:
			return GapPreference
		}
	}
	switch ex.Decision.Step {
	case exchange.StepViolations:
		return GapViolations
	case exchange.StepContract:
		if ex.Answer.Problem == nil && ex.Decision.Considered != nil {
			for tried := range ex.Decision.Considered.Tried(ex) {
				if tried.Step != exchange.StepDefault {
					return GapPassedOver
				}
				break // default scenarios come last
			}
		}
	}
	return ""
}
