package engine

import (
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// problem makes the answer out of a problem; what an earlier stage has put into
// the header stays (Allow).
func (h *handling) problem(p *exchange.Problem) {
	a := &h.ex.Answer
	allow := a.Header["Allow"]
	*a = exchange.Answer{Status: p.Status, Header: make(http.Header, 8), Problem: p}
	if allow != nil {
		a.Header["Allow"] = allow
	}
	a.Body = p.Encode(h.ex.ID)
	a.Header["Content-Type"] = []string{"application/problem+json"}
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
	if h.op != nil && h.opts.Validation != Off && h.ex.Prefer.Expect == expectInvalid {
		d.ExpectedInvalid = true
		h.applied("expect", expectInvalid)
	}
	if len(d.Applied) > 0 {
		a.Header["Preference-Applied"] = []string{exchange.HeaderText(strings.Join(d.Applied, ", "))}
	}
	if a.Problem != nil {
		a.Header["Understudy-Error"] = []string{string(a.Problem.Code)}
	}
	if d.Stub != "" {
		a.Header["Understudy-Scenario"] = []string{exchange.HeaderText(d.Scenario)}
	}
	if d.Why != "" {
		a.Header["Understudy-Why"] = []string{exchange.HeaderText(d.String())}
	}
	if a.OffContract != "" {
		a.Header["Understudy-Off-Contract"] = []string{exchange.HeaderText(a.OffContract)}
	}
	if h.degraded {
		a.Header["Understudy-State"] = []string{"degraded"}
	}
	if len(h.ex.Violations) > 0 {
		a.Header["Understudy-Violations"] = []string{exchange.ViolationsHeader(h.ex.Violations)}
	}
}
