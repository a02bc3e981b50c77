package mock

import (
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/upstream/proxy"
)

// forwarding is a request that a real API answers, from the decision to the end of the
// answer.
type forwarding struct {
	mock  *Mock
	r     *http.Request
	entry *journal.Entry
	op    *contract.Operation // nil where the contract has none
	body  io.Reader           // of a request that is too large to be held, else nil
	held  cargo               // what is held of the answer

	used   coverage.Use
	late   bool              // used is counted when the answer is over
	seen   exchange.Exchange // as it was entered, for who records it
	header http.Header       // of the answer before the mock's own were added
	status int
}

// forward has the real API answer. It gives false where nothing was sent to the client,
// and the exchange has the answer to send in place of the real API's.
func (m *Mock) forward(w http.ResponseWriter, f *forwarding) bool {
	ex := &f.entry.Exchange
	if !wait(f.r.Context(), f.mock.hurry.ended(), ex.Answer.Delay) {
		f.gone(w)
		return true
	}
	ex.Answer.Delay = 0 // it is over
	if f.body != nil {
		ex.Unchecked = append(ex.Unchecked, "the body of the request is larger than the limit")
	}
	defer func() {
		if f.entry.Entered() && f.status > 0 { // 0 for a client who has not waited
			m.measure(ex, f.op, f.status)
		}
	}()
	f.held = cargo{flight: &m.flight, room: math.MaxInt64}
	defer f.held.release()
	passed, problem, err := m.proxies[ex.API].Pass(w, f.r, &proxy.Call{
		Exchange: ex, Operation: f.op, Body: f.body, Hold: f.hold, Answered: f.answered, Closing: f.entry.Closing,
	})
	switch {
	case err != nil, problem != nil && !f.failed(problem):
		f.gone(w)
	case problem != nil:
		return false
	default:
		f.passed(&passed)
	}
	return true
}

// hold takes memory for n bytes of the answer, or gives it back.
func (f *forwarding) hold(n int64) bool {
	if n < 0 {
		f.held.give(-n)
		return true
	}
	return f.held.take(n)
}

// answered enters the exchange, and gives the header to pass on.
func (f *forwarding) answered(manner proxy.Manner) http.Header {
	m, ex := f.mock, &f.entry.Exchange
	if m.settings.record != nil {
		f.header = ex.Answer.Header.Clone()
	}
	if !m.settings.NoCORS {
		for name := range ex.Answer.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				delete(ex.Answer.Header, name) // who may call is for the mock to say
			}
		}
	}
	f.entry.Stream = manner != proxy.Whole
	f.enter()
	if f.late = manner == proxy.Stream; !f.late {
		f.used.Count()
	}
	f.entry.Begin(manner == proxy.Whole)
	return f.seen.Answer.Header
}

// enter does with the exchange what is done with every one.
func (f *forwarding) enter() {
	m, ex := f.mock, &f.entry.Exchange
	f.status = ex.Answer.Status
	m.log(f.r, ex)
	m.complete(f.r, ex)
	f.used = m.coverage.Locate(ex, f.op)
	f.seen = *ex
	m.enterJournal(f.entry)
}

// gone ends the exchange of a client who has not waited for an answer.
func (f *forwarding) gone(w http.ResponseWriter) {
	ex := &f.entry.Exchange
	ex.Answer = exchange.Answer{Header: http.Header{}}
	ex.Decision.Why = "the client has gone before the real API has answered"
	f.enter()
	abandon(w, f.entry)
}

// passed completes the exchange when the answer is over. Where it has broken off, so does
// the client's connection.
func (f *forwarding) passed(p *proxy.Passed) {
	m, ex := f.mock, &f.entry.Exchange
	outcome := journal.OutcomeSent
	switch {
	case errors.Is(p.Broken, proxy.ErrClient):
		outcome = journal.OutcomeCut
	case p.Broken != nil:
		outcome = journal.OutcomeBroken
		m.settings.Logger.Info("the real API broke its answer off", "request", ex.ID, "error", p.Broken)
	}
	if f.entry.Stream {
		f.streamed(p, outcome)
	} else {
		sent := int(p.Bytes)
		if p.Broken == nil && f.r.Method != http.MethodHead {
			sent = len(f.seen.Answer.Body) // without content coding, as it is shown
		}
		f.entry.End(outcome, sent, nil)
	}
	if m.settings.record != nil && p.Broken == nil {
		f.seen.Answer.Header = f.header
		m.settings.record(f.op, m.journal.Redactor().Exchange(&f.seen), p.Unknown)
	}
	if p.Broken != nil {
		panic(http.ErrAbortHandler)
	}
}

// streamed completes the exchange of an answer that was passed on as it came.
func (f *forwarding) streamed(p *proxy.Passed, outcome journal.Outcome) {
	m, ex := f.mock, &f.entry.Exchange
	if len(p.Violations) > 0 {
		f.used.Broke()
		if len(f.seen.Answer.Violations) == 0 {
			m.metrics.Breach(m.places.Load().Of(f.op), ex.Operation, false, true)
		}
		m.events.Tell("answer", ex.Session, lateEvent{ex.ID, len(f.seen.Answer.Violations) + len(p.Violations)})
		m.settings.Logger.Info("the real API's answer breaks the contract", "request", ex.ID, "operation", ex.Operation,
			"violations", violationTexts(m.journal.Redactor().Of(&f.seen), p.Violations))
	}
	if f.late {
		f.used.Count() // the client has the end of the answer when this handler has ended
	}
	m.journal.EndStream(f.entry, outcome, int(p.Bytes), p.Stream, p.Violations)
	f.seen.Answer.Violations = append(slices.Clip(f.seen.Answer.Violations), p.Violations...)
	f.seen.Answer.Body = p.Stream
}

// lateEvent tells that an answer which was told of before breaks the contract.
type lateEvent struct {
	ID           string `json:"id"`
	AnswerBreaks int    `json:"answerBreaks"`
}

// failed makes the answer where the real API has given none, or none that may be passed
// on. It gives false for a client that has gone meanwhile.
func (f *forwarding) failed(p *exchange.Problem) bool {
	m, ex := f.mock, &f.entry.Exchange
	down := p.Code == exchange.ProblemUpstream || p.Code == exchange.ProblemUpstreamTimeout
	if down && m.settings.Fallback && f.op != nil {
		return m.engine.Fallback(f.r.Context(), ex, f.op, p.Detail[:len(p.Detail)-1])
	}
	violations, told := ex.Answer.Violations, ex.Answer.Header
	ex.Answer = exchange.Answer{Status: p.Status, Header: told, Body: p.Encode(ex.ID), Problem: p, Violations: violations}
	h := ex.Answer.Header
	h["Content-Type"] = []string{"application/problem+json"}
	h["Understudy-Error"] = []string{string(p.Code)}
	if len(violations) > 0 {
		h["Understudy-Response-Violations"] = []string{exchange.ViolationsHeader(violations)}
	}
	ex.Decision.Why = p.Code.Title()
	h["Understudy-Why"] = []string{exchange.HeaderText(ex.Decision.String())}
	return true
}
