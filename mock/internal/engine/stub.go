package engine

import (
	"fmt"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// stubAnswer renders a stub.
func (h *handling) stubAnswer(c *choice) ([]state.Effect, *exchange.Problem) {
	d := &h.ex.Decision
	d.Scenario, d.Stub, d.StubKey = c.stub.Scenario.Name, c.stub.Name, c.stub.Key()
	status := 0
	if c.step == exchange.StepScenario {
		h.applied("scenario", d.Scenario)
		if c.forced {
			_, status, _ = h.op.Respond(h.ex.Prefer.Code)
		}
	}
	out, err := c.stub.Render(h.ex, values{&h.view}, h.ex.Time, status)
	if err != nil {
		return nil, &exchange.Problem{Code: exchange.ProblemStubFailed, Status: http.StatusInternalServerError, Detail: fmt.Sprintf("The stub %s could not be rendered: %v.", c.stub.Name, err)}
	}
	h.noteMade(out)
	if out.Delay != nil && h.ex.Prefer.Delay == "" {
		h.ex.Answer.Delay = h.draw("delay", out.Delay)
	}
	if out.Fault != "" {
		h.ex.Answer.Fault = out.Fault
		h.why("stub " + d.Stub + ", fault " + string(out.Fault))
	} else {
		if problem := h.fill(c.stub.Name, out); problem != nil {
			return nil, problem
		}
		h.why("stub " + d.Stub)
	}
	h.calls(out.Calls)
	return effectsOf(out), nil
}

// fill makes the answer out of what a stub has rendered, and keeps one that depends
// on the request from breaking the contract.
func (h *handling) fill(stub string, out *scenario.Outcome) *exchange.Problem {
	a := &h.ex.Answer
	a.Status, a.Body, a.OffContract = out.Status, out.Body, out.OffContract
	for name, lines := range out.Header {
		a.Header[name] = lines
	}
	if out.Generated != nil {
		if problem := h.regenerate(out); problem != nil {
			return problem
		}
	}
	if out.Response != nil && out.OffContract == "" {
		if problem := h.headers(out.Response); problem != nil {
			return problem
		}
	}
	if out.FromContract {
		if problem := h.body(out.Response, h.ex.Prefer.Example, out.Media); problem != nil {
			return problem
		}
	}
	if !out.Static && out.OffContract == "" {
		if problem := h.check(stub); problem != nil {
			return problem
		}
	}
	h.pieces(out)
	return nil
}

// pieces cuts the body where it is not sent at once.
func (h *handling) pieces(out *scenario.Outcome) {
	a := &h.ex.Answer
	if out.Events != nil {
		a.Unsized = true
		for i, e := range out.Events {
			a.Pieces = append(a.Pieces, exchange.Piece{Wait: h.draw(fmt.Sprintf("delay of event %d", i+1), e.Delay), Data: e.Data})
		}
	}
	if out.Dribble != nil {
		a.Pieces = out.Dribble.Cut(a.Body)
	}
}

func effectsOf(out *scenario.Outcome) []state.Effect {
	effects := make([]state.Effect, len(out.Effects))
	for i, e := range out.Effects {
		effects[i] = state.Effect{Cell: Cell(e.Cell), Value: state.Value{Count: e.Count, Text: e.State}}
	}
	return effects
}

// check keeps an answer that depends on the request from breaking the contract.
func (h *handling) check(stub string) *exchange.Problem {
	a := &h.ex.Answer
	found := h.op.ValidateResponse(a.Status, a.Header, a.Body)
	if len(found) == 0 {
		return nil
	}
	return &exchange.Problem{
		Code: exchange.ProblemAnswerNotConform, Status: http.StatusInternalServerError, Violations: found,
		Detail: fmt.Sprintf("The answer of the stub %s with status %d breaks the contract for this request. Mend the stub, or say offContract with a reason.", stub, a.Status),
	}
}
