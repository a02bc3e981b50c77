package scenario

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// answer is one compiled response of a stub. It is immutable.
type answer struct {
	written string // the status as written, "" for a fault
	status  int    // 0 for a fault
	times   int
	// response describes the status, nil where it is off the contract.
	response *contract.Response
	// outcome is what does not depend on the request; it is given as it is where
	// nothing else does.
	outcome *Outcome
	// body, events and headers are what depends on the request; zero where the outcome
	// has them.
	body    bodySource
	events  stream
	headers []headerTemplate
}

// bodySource makes a body, or a part of one, for a request.
type bodySource interface {
	render(e *evaluation) ([]byte, error)
	// fixed gives what does not depend on the request; ok is false where it does.
	fixed() (body []byte, ok bool)
	// templates calls note for each text that depends on the request.
	templates(note func(*template))
}

// headerTemplate is a header whose lines depend on the request.
type headerTemplate struct {
	name  string
	lines []*template
}

// answer compiles one response. It gives nil where its status cannot be.
func (c *compiler) answer(r *respondSpec, st *Stub) *answer {
	a := &answer{times: max(1, r.times), outcome: &Outcome{Header: http.Header{}, Delay: r.delay}}
	if r.fault != nil {
		a.outcome.Fault, a.outcome.Static = exchange.Fault(r.fault.Text), true
		return a
	}
	if !c.status(r, a) {
		return nil
	}
	a.outcome.Status = a.status
	if r.offContract != nil {
		a.outcome.OffContract = r.offContract.Text
	}
	if r.dribble != nil {
		a.outcome.Dribble = &r.dribbled
	}
	c.stated(r, a)
	c.headers(r, a)
	a.outcome.Static = a.static()
	c.statesOfAnswer(r, a, st)
	return a
}

// status resolves the status of a response.
func (c *compiler) status(r *respondSpec, a *answer) bool {
	if r.status == nil {
		response, number, ok := c.op.Success()
		if !ok {
			c.fault(CodeUndocumentedStatus, r.node.At(), fmt.Sprintf("%s describes no response that can be sent", c.op.Name()), "state a status and why: offContract", related(c.op.At(), "the operation")...)
			return false
		}
		a.response, a.status, a.written = response, number, strconv.Itoa(number)
		return true
	}
	name, number, err := contract.ParseStatus(r.status.Text)
	if err != nil {
		message, hint, _ := strings.Cut(err.Error(), ": ")
		c.fault(CodeNotAStatus, r.status.At(), message, hint)
		return false
	}
	a.written = name
	response, resolved, ok := c.op.Respond(name)
	switch {
	case ok:
		a.response, a.status = response, resolved
	case r.offContract != nil && number != 0:
		a.status = number
	default:
		c.fault(CodeUndocumentedStatus, r.status.At(), fmt.Sprintf("%s describes no status %s", c.op.Name(), name), c.statusHint(name), related(c.op.At(), "the operation")...)
		return false
	}
	return true
}

func (c *compiler) statusHint(name string) string {
	statuses := c.op.Statuses()
	if best := source.Closest(name, statuses); best != "" && len(statuses) > 6 {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "it describes " + strings.Join(statuses, ", ") + "; with offContract any number can be sent"
}

// statesOfAnswer notes the states that the answer's expressions ask for, so that
// they are among the stub's cells.
func (c *compiler) statesOfAnswer(r *respondSpec, a *answer, st *Stub) {
	note := func(t *template) {
		for _, p := range t.parts {
			if p.expr != nil {
				c.stateRefs(p.expr, r.node, st)
			}
		}
	}
	for _, h := range a.headers {
		for _, line := range h.lines {
			note(line)
		}
	}
	if a.body != nil {
		a.body.templates(note)
	}
	a.events.templates(note)
}

// static tells whether the answer does not depend on the request.
func (a *answer) static() bool { return a.body == nil && a.events == nil && len(a.headers) == 0 }

// render gives the answer for a request.
func (a *answer) render(e *evaluation) (*Outcome, error) {
	out := *a.outcome
	if a.body != nil {
		body, err := a.body.render(e)
		if err != nil {
			return nil, err
		}
		out.Body = body
	}
	if a.events != nil {
		var err error
		if out.Events, out.Body, err = a.events.render(e); err != nil {
			return nil, err
		}
	}
	if len(a.headers) > 0 {
		out.Header = a.outcome.Header.Clone()
		for _, h := range a.headers {
			lines, err := h.render(e)
			if err != nil {
				return nil, err
			}
			out.Header[h.name] = lines
		}
	}
	return &out, nil
}
