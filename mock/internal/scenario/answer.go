package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// answer is one compiled response of a stub. It is immutable.
type answer struct {
	// message makes what depends on the request, nil where nothing does: then outcome is
	// all that is left of it.
	message *message
	written string // the status as written, "" for a fault
	status  int    // 0 for a fault
	times   int
	calls   []*call
	stands  source.Span // where it is written
	exact   *Exact      // nil unless the API must answer the very same
	// outcome is what does not depend on the request; it is given as it is where
	// nothing else does.
	outcome *Outcome
}

// answer compiles one response. It gives nil where its status cannot be.
func (c *compiler) answer(r *respondSpec, st *Stub) *answer {
	a := &answer{message: &message{streams: true, header: http.Header{}}, times: max(1, r.times)}
	a.outcome = &Outcome{Delay: r.delay}
	if r.fault != nil {
		a.outcome.Fault = exchange.Fault(r.fault.Text)
	} else {
		if !c.status(r, a) {
			return nil
		}
		a.message.status = a.status
		c.stated(&r.messageSpec, a.message)
		c.headers(&r.messageSpec, a.message)
		a.message.header = c.loader.sharedHeader(a.message.header)
	}
	c.callsOf(r, a)
	c.statesOfAnswer(r, a, st)
	a.settle(r)
	a.stands = r.node.At()
	if st.Provider.Exact && r.fault == nil {
		a.exact = c.exactOf(r, a)
	}
	if a.static() {
		a.message = nil
	}
	return a
}

// sharedHeader gives a header that equal ones share: most answers have one of a few.
func (l *loader) sharedHeader(h http.Header) http.Header {
	text := fmt.Sprintf("%q", h) // in the order of the names
	if known, ok := l.headers[text]; ok {
		return known
	}
	l.headers[text] = h
	return h
}

// settle fills in the outcome.
func (a *answer) settle(r *respondSpec) {
	out := a.outcome
	m := a.message
	out.Status, out.Header, out.Body, out.Events = a.status, m.header, m.fixed, m.fixedEvents
	out.Response, out.FromContract, out.Media, out.Generated = m.response, m.fromContract, m.media, m.generated
	out.Static = m.static()
	if r.offContract != nil {
		out.OffContract = r.offContract.Text
	}
	if r.dribble != nil {
		out.Dribble = &r.dribbled
	}
	for _, call := range a.calls {
		out.Calls = append(out.Calls, call.outcome)
	}
}

// status resolves the status of a response.
func (c *compiler) status(r *respondSpec, a *answer) bool {
	if r.status == nil {
		response, number, ok := c.op.Success()
		if !ok {
			c.fault(CodeUndocumentedStatus, r.node.At(), fmt.Sprintf("%s describes no response that can be sent", c.op.Name()), "state a status and why: offContract", related(c.op.At(), "the operation")...)
			return false
		}
		c.describe(a, response, number, strconv.Itoa(number))
		return true
	}
	name, number, err := contract.ParseStatus(r.status.Text)
	if err != nil {
		message, hint, _ := strings.Cut(err.Error(), ": ")
		c.fault(CodeNotAStatus, r.status.At(), message, hint)
		return false
	}
	response, resolved, ok := c.op.Respond(name)
	switch {
	case ok:
		c.describe(a, response, resolved, name)
	case r.offContract != nil && number != 0:
		c.describe(a, nil, number, name)
	default:
		c.fault(CodeUndocumentedStatus, r.status.At(), fmt.Sprintf("%s describes no status %s", c.op.Name(), name), c.statusHint(name), related(c.op.At(), "the operation")...)
		return false
	}
	return true
}

// describe notes what the contract says of the status; response is nil off the contract.
func (c *compiler) describe(a *answer, response *contract.Response, number int, written string) {
	a.status, a.written = number, written
	a.message.subject = fmt.Sprintf("status %s of %s", written, c.op.Name())
	if exchange.Bodiless(number) {
		a.message.bodiless = fmt.Sprintf("an answer with status %d", number)
	}
	if response != nil {
		m := a.message
		m.described, m.at, m.content, m.check, m.response = true, response.At(), response.Content(), response.CheckHeaders, response
	}
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
				c.stateRefs(p.expr, st)
			}
		}
	}
	a.message.templates(note)
	for _, call := range a.calls {
		call.templates(note)
	}
}

// static tells whether nothing of the answer depends on the request.
func (a *answer) static() bool {
	return a.message == nil || a.message.static() && !slices.ContainsFunc(a.calls, func(c *call) bool { return !c.static() })
}

// render gives the answer for a request.
func (a *answer) render(e *evaluation) (*Outcome, error) {
	out := *a.outcome
	var err error
	if out.Header, out.Body, out.Events, err = a.message.render(e); err != nil {
		return nil, err
	}
	if len(a.calls) > 0 {
		out.Calls = make([]Call, len(a.calls))
		for i, call := range a.calls {
			if out.Calls[i], err = call.render(e); err != nil {
				return nil, fmt.Errorf("%s %s: %w", call.outcome.Kind, call.outcome.Name, err)
			}
		}
	}
	return &out, nil
}
