package exchange

import (
	"fmt"
	"iter"
)

// Decision says how an answer was chosen, for Understudy-Why and the journal.
type Decision struct {
	// Step is the rule of the decision order that answered.
	Step Step
	// Why says it in a sentence.
	Why string
	// Scenario and Stub name what answered, "" where no stub did.
	Scenario, Stub string
	// Applied are the preferences that were honoured, as Preference-Applied lists them.
	Applied []string
	// Drawn says what chance has decided, such as "delay 213ms, uniform from 100ms to
	// 400ms".
	Drawn []string
	// Failed are the expressions of stubs that failed for this request, so that the
	// stubs were passed over.
	Failed []string
	// StubKey identifies the stub that answered, nil where none did. It is comparable;
	// a stub has the same key after a reload as long as its text is the same.
	StubKey any
	// Considered are the stubs that were tried, nil where none were to be.
	Considered Considered
	// ExpectedInvalid tells that the request says of itself that it breaks the
	// contract (Prefer: expect=invalid), and that it was looked at for that.
	ExpectedInvalid bool
}

// Considered is what a decision has looked at, kept as it was. It is immutable and
// becomes text only when somebody reads it, because texts cost more than answers.
type Considered interface {
	// Tried gives the stubs that were tried before one answered, in that order, and
	// the one that answered. ex is the exchange that was decided, or a copy of it;
	// only one goroutine may use it.
	Tried(ex *Exchange) iter.Seq[Tried]
	// Size estimates the memory that is kept by the evidence alone, in bytes.
	Size() int
}

// Tried is a stub that a decision has looked at.
type Tried struct {
	Step           Step
	Scenario, Stub string
	// Judge says how the request fared with it. It looks at the exchange that Tried was
	// asked with, and costs as much as matching does.
	Judge func() Judged
}

// Judged is how a request fared with a stub.
type Judged struct {
	// Held counts the conditions that held, of so many; a stub whose conditions all
	// held has answered, or chance has left the request to others.
	Held, Conditions int
	// Failed says which condition failed first; the values it speaks of are those of
	// the exchange it is given. It gives "" where none failed.
	Failed func(shown *Exchange) string
}

// String says in a line which rule answered and why, what chance has decided and
// which expressions failed.
func (d *Decision) String() string {
	return string(d.Step) + ": " + d.Why + listed(d.Drawn) + listed(d.Failed)
}

// listed appends the first of a list, bounded because an event stream may have a
// delay for each of a thousand events.
func listed(list []string) (text string) {
	for i, each := range list {
		if i == maxListed {
			return fmt.Sprintf("%s; and %d more", text, len(list)-i)
		}
		text += "; " + each
	}
	return text
}

const maxListed = 5

// Step is one rule of the decision order.
type Step string

// The steps of the decision order, first to last.
const (
	StepPreferences Step = "preferences"
	StepCode        Step = "prefer-code"
	StepScenario    Step = "prefer-scenario"
	StepSession     Step = "session-scenario"
	StepGlobal      Step = "active-scenario"
	StepDefault     Step = "default-scenario"
	StepViolations  Step = "violations"
	StepUpstream    Step = "upstream"
	StepContract    Step = "contract"
	StepRouting     Step = "routing"
	// StepRefused is no decision: the request never reached the API, because it names no
	// session that it can have, or a path that is Understudy's own.
	StepRefused Step = "refused"
	// StepGone is no decision either: the client has gone while its request waited for one.
	// There is no answer.
	StepGone Step = "client-gone"
)
