package mock

import (
	"crypto/rand"
	"encoding/hex"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/metrics"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// requestIDs numbers requests behind a prefix that tells runs apart.
type requestIDs struct {
	prefix string
	next   atomic.Uint64
}

func newRequestIDs() *requestIDs {
	var random [4]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return &requestIDs{prefix: hex.EncodeToString(random[:]) + "-"}
}

func (r *requestIDs) new() (id string, number uint64) {
	number = r.next.Add(1)
	return string(strconv.AppendUint(append(make([]byte, 0, 24), r.prefix...), number, 36)), number
}

// ServeHTTP answers one request: it makes the exchange, has the engine fill it in,
// waits and writes. A stub's fault panics with http.ErrAbortHandler where w cannot be
// hijacked, as over HTTP/2 or with httptest.ResponseRecorder.
//
// Paths below /__admin/ are those of the control plane, unless it listens by itself.
func (m *Mock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
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
	var body *cargo
	defer func() {
		body.release()
		m.flight.room(-ex.Held)
	}()
	var op *contract.Operation
	if problem := m.receive(ex, &body, w, r); problem != nil {
		refuse(ex, problem)
	} else {
		op = m.engine.Handle(r.Context(), ex)
	}
	if ex.Decision.Step == exchange.StepUpstream && ex.Answer.Problem == nil {
		if m.forward(w, &forwarding{mock: m, r: r, entry: entry, op: op, body: body.oversize()}) {
			return false
		}
	}
	m.log(r, ex)
	m.complete(r, ex)
	used := m.coverage.Locate(ex, op)
	answer := &ex.Answer
	m.enterJournal(entry)
	body.release() // the journal keeps a part, which it bounds itself
	defer m.measure(ex, op, answer.Status)
	hurried := m.hurry.ended()
	if !wait(r.Context(), hurried, answer.Delay) {
		entry.End(journal.OutcomeGone, 0, nil)
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
	m.metrics.Request(m.places.Load().Of(op), ex.Operation, status, m.counted(ex), time.Since(ex.Time))
	m.metrics.Breach(ex.Operation, len(ex.Violations) > 0, len(ex.Answer.Violations) > 0)
}

// counted is the scenario as metrics tell it apart: those that a session alone has are one,
// because whoever knows a session can make any number of names.
func (m *Mock) counted(ex *exchange.Exchange) string {
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
	problem := &exchange.Problem{Code: exchange.ProblemInternal, Status: 500, Detail: "This is a mistake in Understudy, not in the request. The log has the details."}
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

// receive reads the request into the exchange.
func (m *Mock) receive(ex *exchange.Exchange, body **cargo, w http.ResponseWriter, r *http.Request) *exchange.Problem {
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
		return &exchange.Problem{Code: exchange.ProblemReservedPath, Status: 404, Detail: "Paths below /__admin and /__session/ never belong to the API, and nothing is served at this one: below a session there is only the API, and a control plane that listens elsewhere is not here."}
	}
	if problem := m.enter(r.Context(), ex); problem != nil {
		return problem
	}
	problem := m.receiveBody(req, body, w, r)
	if problem != nil {
		_, _ = m.store.Enter(r.Context(), ex.Session, "", false) // the engine does not come to it; the refusal stands
	}
	return problem
}

// controls tells whether the control plane answers a request.
func (m *Mock) controls(r *http.Request) bool {
	path := r.URL.EscapedPath()
	return m.settings.AdminListen == "" && (path == adminPath || strings.HasPrefix(path, adminPath+"/"))
}

// maxLoggedText bounds each text of a request that the log repeats, in bytes.
const maxLoggedText = 1000

// log tells what a person wants to see while the mock runs: requests that broke
// the contract, problems and faults; every other request on the debug level.
func (m *Mock) log(r *http.Request, ex *exchange.Exchange) {
	level := slog.LevelDebug
	if len(ex.Violations) > 0 || len(ex.Answer.Violations) > 0 || ex.Answer.Problem != nil || ex.Answer.Fault != "" {
		level = slog.LevelInfo
	}
	logger := m.settings.Logger
	if !logger.Enabled(r.Context(), level) {
		return
	}
	secrets := m.journal.Redactor().Of(ex)
	attrs := []slog.Attr{
		slog.String("request", ex.ID),
		slog.String("method", source.Cut(r.Method, maxLoggedText)),
		slog.String("path", source.Cut(loggedPath(secrets, &ex.Request), maxLoggedText)),
		slog.String("operation", ex.Operation),
		slog.String("why", source.Cut(secrets.Text(ex.Decision.String()), maxLoggedText)),
	}
	if ex.Answer.Fault != "" {
		attrs = append(attrs, slog.String("fault", string(ex.Answer.Fault)))
	} else {
		attrs = append(attrs, slog.Int("status", ex.Answer.Status))
	}
	if ex.Answer.Problem != nil {
		attrs = append(attrs, slog.String("problem", source.Cut(secrets.Text(ex.Answer.Problem.Error()), maxLoggedText)))
	}
	if len(ex.Violations) > 0 {
		attrs = append(attrs, slog.Any("violations", violationTexts(secrets, ex.Violations)))
	}
	if len(ex.Answer.Violations) > 0 {
		attrs = append(attrs, slog.Any("answerViolations", violationTexts(secrets, ex.Answer.Violations)))
	}
	logger.LogAttrs(r.Context(), level, "answered", attrs...)
}

// loggedPath is the path as it was sent, without percent-encoding and secrets.
func loggedPath(secrets *journal.Secrets, r *exchange.Request) string {
	path := r.Prefix + secrets.Path(r.Path)
	if plain, err := url.PathUnescape(path); err == nil {
		return secrets.Text(plain)
	}
	return path
}

// logged are texts that the log shows as a list in JSON, and one behind the other in text.
type logged []string

// String implements fmt.Stringer.
func (t logged) String() string { return strings.Join(t, "; ") }

func violationTexts(secrets *journal.Secrets, list []exchange.Violation) logged {
	texts := make(logged, len(list))
	for i := range list {
		texts[i] = secrets.Violation(list[i]).String()
	}
	return texts
}

// errorLog takes what net/http itself has to say, which is about broken
// connections, to the debug level.
func errorLog(logger *slog.Logger) *log.Logger {
	return slog.NewLogLogger(logger.Handler(), slog.LevelDebug)
}
