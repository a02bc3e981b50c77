package admin

import (
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Exchanged is what listeners are told of an answered request. The journal has the
// rest.
type Exchanged struct {
	ID        string        `json:"id"`
	Session   string        `json:"session,omitempty"`
	Method    string        `json:"method"`
	Path      string        `json:"path"`
	Operation string        `json:"operation,omitempty"`
	Status    int           `json:"status"`
	Valid     bool          `json:"valid"`
	Step      exchange.Step `json:"step"`
	Scenario  string        `json:"scenario,omitempty"`
	Stub      string        `json:"stub,omitempty"`
	Problem   string        `json:"problem,omitempty"`
	// AnswerBreaks counts the breaches of the real API's answer.
	AnswerBreaks int    `json:"answerBreaks,omitempty"`
	Fault        string `json:"fault,omitempty"`
}

// TellExchange tells listeners of an exchange that was decided. path is its path without
// secrets.
func (e *Events) TellExchange(ex *exchange.Exchange, path string) {
	told := Exchanged{
		ID: ex.ID, Session: ex.Session, Method: source.Cut(ex.Request.Method, maxMethod), Path: source.Cut(path, maxPath), Operation: ex.Operation,
		Status: ex.Answer.Status, Valid: ex.Operation != "" && len(ex.Violations) == 0, Step: ex.Decision.Step,
		Scenario: ex.Decision.Scenario, Stub: ex.Decision.Stub, Fault: string(ex.Answer.Fault),
		AnswerBreaks: len(ex.Answer.Violations),
	}
	if ex.Answer.Problem != nil {
		told.Problem = string(ex.Answer.Problem.Code)
	}
	e.Tell("exchange", ex.Session, told)
}
