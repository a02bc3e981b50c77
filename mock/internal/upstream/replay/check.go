package replay

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Outcome is what became of a check.
type Outcome string

// The outcomes.
const (
	// Passed: the answer is as it should be.
	Passed Outcome = "passed"
	// Differs: it is not.
	Differs Outcome = "differs"
	// Failed: there was no answer, or the situation could not be brought about.
	Failed Outcome = "failed"
	// NotProvable: no request brings it about.
	NotProvable Outcome = "notProvable"
	// Skipped: the scenario says so.
	Skipped Outcome = "skipped"
)

// Check is one answer that was asked for, or was not and why.
type Check struct {
	Outcome Outcome `json:"outcome"`
	// Scenario and Stub are "" for a request that breaks the contract to see it refused.
	Scenario string `json:"scenario,omitempty"`
	Stub     string `json:"stub,omitempty"`
	// Answer numbers the answer among the Answers of the stub, from 1.
	Answer  int `json:"answer,omitempty"`
	Answers int `json:"answers,omitempty"`
	// API and Operation are their names.
	API       string `json:"api"`
	Operation string `json:"operation"`
	// Breach says what of the request breaks the contract on purpose, "" for nothing.
	Breach string `json:"breach,omitempty"`
	// Place is where the answer stands in the scenario, or the operation in the contract.
	Place
	// Request is method and path with the query, without credentials; "" where none was
	// made.
	Request string `json:"request,omitempty"`
	// Expected is the status as it is written, Status the one that came; 0 for none.
	Expected string `json:"expected,omitempty"`
	Status   int    `json:"status,omitempty"`
	// Reason says why it was not sent or not answered.
	Reason string `json:"reason,omitempty"`
	// Differences are empty but for Differs.
	Differences []Difference `json:"differences,omitempty"`
}

// Title names the check for people.
func (c *Check) Title() string {
	switch {
	case c.Stub == "":
		return c.Breach
	case c.Answers > 1:
		return fmt.Sprintf("%s, answer %d of %d", c.Stub, c.Answer, c.Answers)
	}
	return c.Stub
}

// String says in a line what became of the check, and why.
func (c Check) String() string {
	text := fmt.Sprintf("%s: %s, %s", c.Outcome, c.Operation, c.Title())
	if c.Request != "" {
		text += ", " + c.Request
	}
	reasons := make([]string, len(c.Differences))
	for i := range c.Differences {
		reasons[i] = c.Differences[i].String()
	}
	if c.Reason != "" {
		reasons = append(reasons, c.Reason)
	}
	if len(reasons) > 0 {
		text += ": " + strings.Join(reasons, "; ")
	}
	return text
}

// Rules of differences that are no rules of the contract.
const (
	// RuleStatus: it is another status than the stub's.
	RuleStatus = "status"
	// RuleExact: it is not what the stub states, which must be exact.
	RuleExact = "exact"
	// RuleMock: a mock has not answered by the scenario.
	RuleMock = "mock"
	// RuleRefusal: a request that breaks the contract was not refused as such.
	RuleRefusal = "refusal"
)

// Difference is one thing in which an answer is not as it should be.
type Difference struct {
	// Rule is RuleStatus, RuleExact, RuleMock, RuleRefusal, or the contract's rule.
	Rule string `json:"rule"`
	// Where names the place in the answer, such as body or header "Location"; Pointer is
	// the JSON pointer in a body.
	Where    string `json:"where"`
	Pointer  string `json:"pointer,omitempty"`
	Expected string `json:"expected"`
	Got      string `json:"got"`
	// Place is where the scenario says so, Contract where the contract does; nil for
	// nowhere.
	Place
	Contract *Place `json:"contract,omitempty"`
}

// String says it in a line, without the places.
func (d *Difference) String() string {
	where := d.Where
	if d.Pointer != "" {
		where += " " + d.Pointer
	}
	return fmt.Sprintf("%s: expected %s, got %s", where, d.Expected, d.Got)
}

// Place is a place in a file; lines and columns begin with 1.
type Place struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// String is file:line:col.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

func placeOf(at source.Span) Place {
	p := at.Position()
	return Place{p.File, p.Line, p.Col}
}
