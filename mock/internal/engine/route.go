package engine

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// route finds the operation and validates the request. Without an operation there is the
// problem, or with neither an answer that needs no decision, such as that to OPTIONS.
func (h *handling) route() *exchange.Problem {
	r := &h.ex.Request
	match := &h.match
	var api *contract.Contract
	*match, api = h.find(r.Method, r.Path)
	if match.Op == nil && match.PathKnown && r.Method == http.MethodHead {
		// RFC 9110 section 9.3.2: HEAD is GET without the content.
		*match, api = h.find(http.MethodGet, r.Path)
	}
	if match.Op == nil {
		if passed, problem := h.passUnrouted(match, api); passed || problem != nil {
			return problem
		}
		return h.unrouted(match, api)
	}
	h.op = match.Op
	h.ex.Operation, h.ex.API, h.ex.Request.Base = match.Op.Name(), match.Op.Contract().Name, match.Base
	match.Op.Validate(h.ex, match)
	if h.opts.Validation == Off {
		h.ex.Violations = nil
	}
	h.violations = h.ex.Violations
	return nil
}

// bare tells whether paths without a base path count too: while exactly one API is loaded.
func (h *handling) bare() bool { return len(h.snap.APIs) == 1 }

// methods lists those that a contract describes for the path of the request.
func (h *handling) methods(api *contract.Contract) []string {
	return api.Methods(h.ex.Request.Path, h.bare())
}

// find routes over all APIs.
func (h *handling) find(method, path string) (contract.Match, *contract.Contract) {
	var known contract.Match
	var api *contract.Contract
	for _, c := range h.snap.APIs {
		m := c.Route(method, path, h.bare())
		if m.Op != nil {
			return m, c
		}
		if m.PathKnown && !known.PathKnown {
			known, api = m, c
		}
	}
	return known, api
}

// unrouted answers a request for which there is no operation. api is the contract that has
// the path with another method, nil for none.
func (h *handling) unrouted(m *contract.Match, api *contract.Contract) *exchange.Problem {
	r := &h.ex.Request
	h.ex.Decision.Step = exchange.StepRouting
	if !m.PathKnown {
		return h.noPath()
	}
	allow := strings.Join(h.methods(api), ", ")
	h.ex.Answer.Header.Set("Allow", allow)
	if r.Method == http.MethodOptions {
		h.ex.Answer.Status = http.StatusNoContent
		h.why("the contract describes no OPTIONS here, so its methods are listed")
		return nil
	}
	p := &exchange.Problem{Code: exchange.ProblemNoMethod, Status: http.StatusMethodNotAllowed, Detail: fmt.Sprintf("The contract describes %s with %s, not with %s.", r.Path, allow, r.Method)}
	for method := range strings.SplitSeq(allow, ", ") {
		if other, _ := h.find(method, r.Path); other.Op != nil {
			p.Known = append(p.Known, method+" "+other.Op.Template)
		}
	}
	return p
}

func (h *handling) noPath() *exchange.Problem {
	r := &h.ex.Request
	p := &exchange.Problem{Code: exchange.ProblemNoPath, Status: http.StatusNotFound, Detail: fmt.Sprintf("No operation of the contract has the path %s. The closest ones are listed under known.", r.Path)}
	for _, c := range h.snap.APIs {
		base := ""
		if len(h.snap.APIs) > 1 && len(c.Bases) > 0 {
			base = c.Bases[0]
		}
		for _, op := range c.Closest(r.Method, r.Path, 3) {
			p.Known = append(p.Known, op.Method+" "+base+op.Template)
		}
	}
	return p
}
