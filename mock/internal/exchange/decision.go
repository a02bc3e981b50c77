package exchange

import "fmt"

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
}

// String says in a line which rule answered and why, and what chance has decided.
func (d *Decision) String() string {
	text := string(d.Step) + ": " + d.Why
	for i, drawn := range d.Drawn {
		if i == maxDrawn {
			return fmt.Sprintf("%s; and %d more", text, len(d.Drawn)-i)
		}
		text += "; " + drawn
	}
	return text
}

// maxDrawn bounds what String tells of chance: an event stream may have a delay for
// each of a thousand events.
const maxDrawn = 5

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
)
