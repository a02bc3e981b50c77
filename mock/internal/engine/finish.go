package engine

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// refuse makes the answer out of a problem; what an earlier stage has put into
// the header stays (Allow).
func (h *handling) refuse(p *exchange.Problem) {
	a := &h.ex.Answer
	allow := a.Header["Allow"]
	clear(a.Header)
	*a = exchange.Answer{Status: p.Status, Header: a.Header, Problem: p}
	if allow != nil {
		a.Header["Allow"] = allow
	}
	a.Body = p.Encode(h.ex.ID)
	a.SetHeader("Content-Type", "application/problem+json")
	h.why(p.Code.Title())
}

// why notes, for people, what gave the answer.
func (h *handling) why(reason string) {
	h.ex.Decision.Why = reason
}

// finish adds the headers that tell where the answer came from.
func (h *handling) finish() {
	a, d := &h.ex.Answer, &h.ex.Decision
	if a.Status == 401 && h.op != nil && a.Header["Www-Authenticate"] == nil {
		a.Header["Www-Authenticate"] = h.op.Challenges()
	}
	if a.Problem != nil {
		d.Applied = nil
	}
	looked := h.op != nil || len(h.ex.Violations) > 0 // which is then that there is no operation
	if looked && h.opts.Validation != Off && h.ex.Prefer.Expect == expectInvalid {
		d.ExpectedInvalid = true
		h.applied("expect", expectInvalid)
	}
	if len(d.Applied) > 0 {
		a.SetHeader("Preference-Applied", exchange.HeaderText(strings.Join(d.Applied, ", ")))
	}
	if a.Problem != nil {
		a.SetHeader("Understudy-Error", string(a.Problem.Code))
		if a.Problem.Code == exchange.ProblemInFlight {
			a.SetHeader("Retry-After", "1")
		}
	}
	if d.Stub != "" {
		a.SetHeader("Understudy-Scenario", exchange.HeaderText(d.Scenario))
	}
	if d.Why != "" {
		a.SetHeader("Understudy-Why", exchange.HeaderText(d.String()))
	}
	if a.OffContract != "" {
		a.SetHeader("Understudy-Off-Contract", exchange.HeaderText(a.OffContract))
	}
	if h.degraded {
		a.SetHeader("Understudy-State", "degraded")
	}
	if len(h.ex.Violations) > 0 {
		a.SetHeader("Understudy-Violations", exchange.ViolationsHeader(h.ex.Violations))
	}
}
