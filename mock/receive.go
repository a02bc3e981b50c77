package mock

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// receive reads the request into the exchange. What it holds of it is in held from the first
// byte on: it is to be released also where reading ends in a panic.
func (m *Mock) receive(ex *exchange.Exchange, held *holding, w http.ResponseWriter, r *http.Request) *exchange.Problem {
	req := &ex.Request
	req.Method, req.Protocol, req.Host, req.Header = r.Method, r.Proto, r.Host, r.Header
	if req.Path = r.URL.EscapedPath(); req.Path == "" {
		req.Path = "/" // RFC 9110 section 4.2.3
	}
	req.TLS = r.TLS != nil
	req.ClientCertificate = req.TLS && len(r.TLS.PeerCertificates) > 0
	ex.Prefer, req.RawQuery = exchange.ParsePrefer(r.Header, r.URL.RawQuery)
	if problem := ex.ReadSession(); problem != nil {
		return problem
	}
	if reserved(req.Path) {
		return &exchange.Problem{Code: exchange.ProblemReservedPath, Status: http.StatusNotFound, Detail: "Paths below /__admin and /__session/ never belong to the API, and nothing is served at this one: below a session there is only the API, and a control plane that listens elsewhere is not here."}
	}
	problem := held.holdHeader(&m.flight, r)
	if problem := m.enter(r.Context(), ex); problem != nil {
		return problem
	}
	if problem == nil {
		problem = m.receiveBody(req, &held.body, w, r)
	}
	if problem != nil {
		_, _ = m.store.Enter(r.Context(), ex.Session, "", false) // the engine does not come to it; the refusal stands
	}
	return problem
}

// refuse makes a problem the answer of a request that the engine never sees.
func refuse(ex *exchange.Exchange, p *exchange.Problem) {
	ex.Decision.Step, ex.Decision.Why = exchange.StepRouting, p.Code.Title()
	switch p.Code {
	case exchange.ProblemSession, exchange.ProblemSessionRequired, exchange.ProblemTooManySessions, exchange.ProblemReservedPath:
		ex.Decision.Step, ex.Session = exchange.StepRefused, ""
	}
	a := &ex.Answer
	a.Status, a.Problem, a.Body = p.Status, p, p.Encode(ex.ID)
	a.Header["Content-Type"] = []string{"application/problem+json"}
	a.Header["Understudy-Error"] = []string{string(p.Code)}
	if p.Code == exchange.ProblemInFlight {
		a.Header["Retry-After"] = []string{"1"}
	}
}
