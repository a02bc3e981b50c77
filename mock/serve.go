package mock

import (
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/metrics"
)

// ServeHTTP answers one request: it makes the exchange, has the engine fill it in,
// waits and writes. A stub's fault panics with http.ErrAbortHandler where w cannot be
// hijacked, as over HTTP/2 or with httptest.ResponseRecorder.
//
// Paths below /__admin/ are those of the control plane, unless it listens by itself.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor >= 2 {
		if r = wellFormed(w, r); r == nil {
			return
		}
	}
	if strings.HasPrefix(r.URL.Path, adminPath) && m.controls(r) {
		m.serveControl(w, r)
		return
	}
	entry := entries.Get().(*journal.Entry)
	if m.handle(w, r, entry) {
		recycle(entry)
	}
}

// handle answers a request to the API with an entry that is new. It gives false where the
// answer came to another end than most, so that somebody may still look at the exchange.
func (m *Mock) handle(w http.ResponseWriter, r *http.Request, entry *journal.Entry) (over bool) {
	ex := &entry.Exchange
	ex.Time = time.Now()
	ex.ID, ex.Number = m.ids.new()
	defer m.rescue(w, entry)
	if m.draining.Load() {
		w.Header()["Connection"] = []string{"close"} // the next one is for another mock
	}
	if m.preflight(w, r, ex.ID) {
		return true
	}
	var held holding
	defer func() {
		held.body.release()
		m.flight.room(-held.header - ex.Held)
	}()
	var op *contract.Operation
	if problem := m.receive(ex, &held, w, r); problem != nil {
		refuse(ex, problem)
	} else {
		op = m.engine.Handle(r.Context(), ex)
	}
	if ex.Decision.Step == exchange.StepUpstream && ex.Answer.Problem == nil {
		if m.forward(w, &forwarding{mock: m, r: r, entry: entry, op: op, body: held.body.oversize()}) {
			return false
		}
	}
	m.log(r, ex)
	m.complete(r, ex)
	used := m.coverage.Locate(ex, op)
	answer := &ex.Answer
	m.enterJournal(entry)
	m.showCalls(ex)
	ex.ForgetBody()
	held.body.release() // the journal keeps a part, which it bounds itself
	if ex.Decision.Step == exchange.StepGone {
		abandon(w, entry)
		return false
	}
	defer m.measure(ex, op, answer.Status)
	hurried := m.hurry.ended()
	if !wait(r.Context(), hurried, answer.Delay) {
		abandon(w, entry)
		return false
	}
	if !ex.Refused() {
		used.Count()
	}
	defer m.sendCalls(m.sender.Load(), ex) // behind the answer, also where it ends in a panic
	if answer.Fault != "" {
		breakOff(w, entry, answer)
		return false
	}
	writeAnswer(w, r, entry, answer, hurried)
	return true
}

// abandon ends the exchange of a client who has not waited for the answer.
func abandon(w http.ResponseWriter, entry *journal.Entry) {
	entry.End(journal.OutcomeGone, 0, nil)
	cut(w)
}

// cut closes the connection of a client that counts as gone, where w has one that can be
// taken. One that has closed its side alone looks the same from here and still reads: net/http
// would send it an empty 200 where nothing was written, and a proper end to what was cut off.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// enterJournal enters an exchange in the journal, and tells listeners of it: who asks the
// journal then finds it.
func (m *Mock) enterJournal(entry *journal.Entry) {
	m.journal.Enter(entry)
	if ex := &entry.Exchange; m.events.Wanted(ex.Time) {
		m.events.TellExchange(ex, m.journal.Redactor().Of(ex).Path(ex.Request.Path))
	}
}

// measure counts an exchange when its answer is over. op is nil for a request that was for
// no operation.
func (m *Mock) measure(ex *exchange.Exchange, op *contract.Operation, status int) {
	at := m.places.Load().Of(op)
	m.metrics.Request(at, ex.Operation, status, m.scenarioLabel(ex), time.Since(ex.Time))
	m.metrics.Breach(at, ex.Operation, len(ex.Violations) > 0, len(ex.Answer.Violations) > 0)
}

// scenarioLabel is the scenario as metrics tell it apart: those that a session alone has are
// one, because whoever knows a session can make any number of names.
func (m *Mock) scenarioLabel(ex *exchange.Exchange) string {
	name := ex.Decision.Scenario
	if name != "" && ex.Session != "" {
		if own := m.engine.Snapshot().Own(ex.Session); own != nil && own.Scenario(name) != nil {
			return metrics.OfSession
		}
	}
	return name
}

// rescue turns a panic into a problem: a mistake of ours is no reason to drop the
// client's connection without a word.
func (m *Mock) rescue(w http.ResponseWriter, entry *journal.Entry) {
	e := recover()
	if e == nil {
		return
	}
	if e == http.ErrAbortHandler {
		entry.End(journal.OutcomeCut, 0, nil) // whoever has cut it off without a word
		panic(e)
	}
	id := entry.Exchange.ID
	m.settings.Logger.Error("internal error", "request", id, "error", e, "stack", string(debug.Stack()))
	problem := &exchange.Problem{Code: exchange.ProblemInternal, Status: http.StatusInternalServerError, Detail: "This is a mistake in Understudy, not in the request. The log has the details."}
	h := w.Header()
	clear(h)
	h.Set("Content-Type", "application/problem+json")
	h.Set("Understudy-Error", string(problem.Code))
	h.Set("Understudy-Request-Id", id)
	body := problem.Encode(id)
	if !entry.Entered() {
		entry.Exchange.Answer = exchange.Answer{Status: problem.Status, Header: h, Body: body, Problem: problem}
		m.journal.Enter(entry)
		entry.Begin(true)
		defer entry.End(journal.OutcomeSent, len(body), nil)
	} else {
		defer entry.End(journal.OutcomeFailed, 0, nil)
	}
	w.WriteHeader(problem.Status)
	_, _ = w.Write(body)
}

// controls tells whether the control plane answers a request.
func (m *Mock) controls(r *http.Request) bool {
	path := r.URL.EscapedPath()
	return m.settings.AdminListen == "" && (path == adminPath || strings.HasPrefix(path, adminPath+"/"))
}
