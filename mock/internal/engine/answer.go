package engine

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// answer decides and fills in the exchange's decision and answer, which a lost
// race overwrites. The effects are for the caller to commit.
func (h *handling) answer() ([]state.Effect, *exchange.Problem) {
	f, d := &h.facts, &h.ex.Decision
	c := decide(f, func(stub *scenario.Stub) verdict {
		matches, err := stub.Match(h.ex, values{&h.view})
		if err != nil {
			d.Failed = append(d.Failed, stub.Name+": "+err.Error())
		}
		switch {
		case !matches:
			return refuses
		case f.prefer.Code == "" && !h.lucky(stub):
			return passes
		}
		return answers
	})
	d.Step, d.Considered = c.step, h.consider(f, &c, &h.view)
	clear(h.ex.Answer.Header)
	h.ex.Answer = exchange.Answer{Header: h.ex.Answer.Header, Delay: h.Delay()}
	if c.noStub {
		tried := answering(f.preferred.Stubs(h.op), f.prefer.Code, h.op)
		return nil, noStub(f, tried, func(stub *scenario.Stub) string {
			return stub.Judge(h.ex, values{&h.view}).Failed(h.ex)
		})
	}
	if h.ex.Request.Oversize && c.step != exchange.StepUpstream {
		return nil, oversize()
	}
	if c.forced {
		h.applied("code", f.prefer.Code)
	}
	var effects []state.Effect
	var problem *exchange.Problem
	switch {
	case c.stub != nil:
		effects, problem = h.stubAnswer(&c)
	case c.step == exchange.StepUpstream:
		h.why("no stub answers, so the real API does")
	default:
		problem = h.contractAnswer(&c)
	}
	if f.prefer.Delay != "" {
		h.ex.Answer.Delay = f.delay
		h.applied("delay", f.prefer.Delay)
	}
	return effects, problem
}

// contractAnswer answers from the contract alone: a forced status, the fault of a
// request that broke the contract, or the contract's own success.
func (h *handling) contractAnswer(c *choice) *exchange.Problem {
	response, number, ok := h.op.Success()
	if c.status != "" {
		response, number, ok = h.op.Respond(c.status)
	}
	if c.step == exchange.StepViolations {
		if !ok || len(response.Content()) == 0 {
			return h.violationProblem(c)
		}
		h.why(fmt.Sprintf("the request breaks the contract, and status %d is described by %q", number, response.Status))
	} else if !ok {
		return &exchange.Problem{Code: exchange.ProblemNoSuccess, Status: http.StatusInternalServerError, Known: h.op.Statuses(), Detail: fmt.Sprintf("The contract describes no response of %s that can be sent.", h.op.Name())}
	}
	example := ""
	if c.step != exchange.StepViolations {
		example = h.ex.Prefer.Example
	}
	if example != "" && !c.forced {
		response, number = h.exampleResponse(response, number, example)
	}
	h.ex.Answer.Status = number
	switch {
	case c.forced:
		h.why("the request prefers code=" + c.status + ", described by " + strconv.Quote(response.Status))
	case c.step == exchange.StepContract && number >= 400:
		h.why("no stub answers, and the contract describes no success that can be sent: " + response.Status + " is its first response")
	case c.step == exchange.StepContract:
		h.why("no stub answers, and " + response.Status + " is the contract's own success")
	}
	problem := h.headers(response)
	if problem == nil {
		problem = h.body(response, example, nil)
	}
	if problem != nil && c.step == exchange.StepViolations {
		return h.violationProblem(c) // the contract's own error cannot be made
	}
	return problem
}

// exampleResponse finds the response that has an example of that name: the chosen
// one, else the first in file order.
func (h *handling) exampleResponse(chosen *contract.Response, number int, name string) (*contract.Response, int) {
	if hasExample(chosen, name) {
		return chosen, number
	}
	for _, r := range h.op.Responses {
		if hasExample(r, name) {
			if r, n, ok := h.op.Respond(r.Status); ok {
				return r, n
			}
		}
	}
	return chosen, number
}

// hasExample is for responses that can be sent: what comes before an answer is none.
func hasExample(r *contract.Response, name string) bool {
	if r.Informational() {
		return false
	}
	for _, m := range r.Content() {
		if m.Example(name) != nil {
			return true
		}
	}
	return false
}

// violationProblem lists the violations where the contract has no body for them.
func (h *handling) violationProblem(c *choice) *exchange.Problem {
	status, _ := strconv.Atoi(c.status)
	n, places := "one", " place."
	if len(h.violations) > 1 {
		n, places = strconv.Itoa(len(h.violations)), " places."
	}
	detail := "The request to " + h.op.Name() + " breaks the contract in " + n + places
	return &exchange.Problem{Code: c.fault, Status: status, Detail: detail, Violations: h.violations}
}

// body fills in the contract's body for a response: the named example, else the
// first that conforms, else a generated one. media is the media type that a stub
// asks for, nil to take what the client accepts; where it accepts nothing of what
// is described, that was told as a violation, and the first described is sent.
func (h *handling) body(r *contract.Response, example string, media *contract.Media) *exchange.Problem {
	a := &h.ex.Answer
	if len(r.Content()) == 0 || exchange.Bodiless(a.Status) {
		return nil
	}
	accept := h.ex.Request.Header["Accept"]
	var candidates []*contract.Media
	if media != nil {
		candidates = []*contract.Media{media}
	} else if candidates = r.Acceptable(accept); len(candidates) == 0 {
		candidates = r.Content()[:1]
	}
	if example != "" {
		if candidates = withExample(r, candidates, example); candidates == nil {
			return h.unknownExample(example, r)
		}
	}
	var first *exchange.Problem
	for _, m := range candidates {
		contentType := m.ContentType(accept)
		body, problem := h.content(m, contentType, example)
		if problem == nil {
			a.Body = body
			a.Header["Content-Type"] = contentType
			return nil
		}
		if first == nil {
			first = problem
		}
	}
	return first
}

// withExample keeps the media types that have an example of that name; where none
// of the candidates has it, any of the response's.
func withExample(r *contract.Response, candidates []*contract.Media, name string) []*contract.Media {
	for _, list := range [][]*contract.Media{candidates, r.Content()} {
		for _, m := range list {
			if m.Example(name) != nil {
				return []*contract.Media{m}
			}
		}
	}
	return nil
}

// content gives the body for a media type, sent as contentType: the named example,
// else, unless the request wants another each time, the first example that conforms,
// else a generated one.
func (h *handling) content(m *contract.Media, contentType []string, name string) ([]byte, *exchange.Problem) {
	if name != "" {
		body, broken := m.EncodeAs(m.As(contentType), m.Example(name))
		if len(broken) > 0 {
			return nil, &exchange.Problem{
				Code: exchange.ProblemNoBody, Status: http.StatusInternalServerError, Violations: broken,
				Detail: fmt.Sprintf("The example %q of %s for status %s of %s does not fit its own schema.", name, m.Name, m.Response().Status, h.op.Name()),
			}
		}
		h.applied("example", name)
		return body, nil
	}
	g, problem := h.generation()
	if problem != nil {
		return nil, problem
	}
	if !g.Dynamic {
		for _, e := range m.Examples {
			if body, broken := m.EncodeAs(m.As(contentType), e); len(broken) == 0 {
				return body, nil
			}
		}
	}
	return h.generate(m, contentType, g)
}

// applied notes a preference that was honoured; an empty value is none.
func (h *handling) applied(name, value string) {
	if value != "" {
		h.ex.Decision.Applied = append(h.ex.Decision.Applied, name+"="+value)
	}
}

// unknownExample is the problem of an example that the response has not, or, where it
// is nil, no response of the operation.
func (h *handling) unknownExample(name string, r *contract.Response) *exchange.Problem {
	p := &exchange.Problem{Code: exchange.ProblemExampleUnknown, Status: http.StatusNotFound, Detail: fmt.Sprintf("No response of %s has an example %q.", h.op.Name(), name)}
	if r != nil {
		p.Detail = fmt.Sprintf("The response of %s for status %s has no example %q.", h.op.Name(), r.Status, name)
	}
	var meant []string
	for _, other := range h.op.Responses {
		if other.Informational() {
			continue
		}
		for _, m := range other.Content() {
			for _, e := range m.Examples {
				if e.Name == "" {
					continue
				}
				p.Known = append(p.Known, fmt.Sprintf("%s (status %s, %s)", e.Name, other.Status, m.Name))
				if r == nil || r == other {
					meant = append(meant, e.Name)
				}
			}
		}
	}
	switch best := source.Closest(name, meant); {
	case p.Known == nil:
		p.Detail += " The contract names no example of this operation."
	case best != "":
		p.Detail += fmt.Sprintf(" Did you mean %q?", best)
	default:
		p.Detail += " Those that there are, are listed under known."
	}
	return p
}
