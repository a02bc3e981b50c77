package engine

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// upstream tells whether the real API answers what no stub does. A request that asks for
// an example or for a generated body asks for what only the contract has.
func (h *handling) upstream() bool {
	return h.hasUpstream(h.op.Contract().Name) && !asksContract(&h.ex.Prefer)
}

func asksContract(p *exchange.Prefer) bool {
	return p.Example != "" || strings.EqualFold(p.Dynamic, "true")
}

func (h *handling) hasUpstream(api string) bool {
	return h.opts.Upstream != nil && h.opts.Upstream(api)
}

// passUnrouted leaves a request that the contract has no operation for to the real API,
// unless requests are to keep to the contract. known is the contract that has the path
// with another method, nil for none. There is a problem where it was to be passed on, and
// asks for something in a way that cannot be understood.
func (h *handling) passUnrouted(m *contract.Match, known *contract.Contract) (passed bool, problem *exchange.Problem) {
	ex := h.ex
	// What a browser may do is for the real API to say where the mock does not say it.
	preflight := m.PathKnown && ex.Request.Method == http.MethodOptions && ex.Request.Header["Access-Control-Request-Method"] != nil
	asksMock := ex.Prefer.Code != "" || ex.Prefer.Scenario != "" || asksContract(&ex.Prefer)
	if h.opts.Validation == Strict && !preflight || ex.Request.Method == http.MethodConnect || asksMock {
		return false, nil
	}
	api, base := known, m.Base
	if api == nil {
		api, base = h.below(ex.Request.Path)
	}
	if api == nil || !h.hasUpstream(api.Name) {
		return false, nil
	}
	f := facts{prefer: ex.Prefer}
	if problem := h.checkValues(&f); problem != nil {
		return false, problem
	}
	ex.API, ex.Request.Base = api.Name, base
	ex.Decision.Step = exchange.StepUpstream
	v := exchange.Violation{In: exchange.Path, Rule: exchange.RuleUnknown}
	if m.PathKnown {
		h.why("the contract does not describe the method for this path, so the real API alone answers")
		v.Expected, v.Got = "requested with "+strings.Join(h.methods(api), " or "), ex.Request.Method
	} else {
		h.why("the contract does not describe the path, so the real API alone answers")
		v.Expected, v.Got = "one that the contract describes", fmt.Sprintf("%q", ex.Request.Path)
	}
	if h.opts.Validation != Off && !preflight {
		ex.Violate(v)
	}
	ex.Answer.Delay = h.Delay()
	if f.prefer.Delay != "" {
		ex.Answer.Delay = f.delay
		h.applied("delay", f.prefer.Delay)
	}
	return true, nil
}

// below finds the contract that a path is below the base path of, which is the longest
// one; a single contract takes all paths. nil is for none.
func (h *handling) below(path string) (best *contract.Contract, base string) {
	for _, c := range h.snap.APIs {
		if b, _, ok := c.Below(path); ok && (best == nil || len(b) > len(base)) {
			best, base = c, b
		}
	}
	if best == nil && len(h.snap.APIs) == 1 {
		best = h.snap.APIs[0]
	}
	return best, base
}

// oversize is the problem of a body that is larger than the limit where the real API does
// not answer.
func oversize() *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: "The request body is larger than the limit, which --max-body sets, and what answers this request is not the real API."}
}

// Fallback makes the contract's own answer for a request that the real API was to answer
// and did not, which reason says as a clause. The decision of ex says so from then on. It
// gives false for a client that has gone meanwhile.
func (e *Engine) Fallback(ctx context.Context, ex *exchange.Exchange, op *contract.Operation, reason string) bool {
	h := handling{Engine: e, ctx: ctx, ex: ex, snap: e.snapshot.Load(), op: op, violations: ex.Violations}
	defer h.vacate()
	h.own = h.snap.ownOf(ex.Session)
	ex.Answer = exchange.Answer{Header: make(http.Header, 8)}
	c := choice{step: exchange.StepContract}
	ex.Decision.Step = c.step
	problem := oversize()
	if !ex.Request.Oversize {
		problem = h.contractAnswer(&c)
	}
	if h.gone {
		h.leave()
		return false
	}
	if problem != nil {
		h.refuse(problem)
	} else {
		h.why(ex.Decision.Why + ", because " + reason)
	}
	h.finish()
	return true
}
