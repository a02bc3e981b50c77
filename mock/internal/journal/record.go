package journal

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Record is an entry of the journal as it is read, without secrets. It is the
// reader's own.
type Record struct {
	// ID is the request's, as in the header Understudy-Request-Id.
	ID string `json:"id"`
	// Number counts the entries of a mock from 1, in the order in which requests were
	// decided. It is the cursor of pages.
	Number uint64 `json:"number"`
	// Session is "" for requests without one.
	Session string `json:"session,omitempty"`
	// Operation is "" where the contract has none for the request; API names the
	// description that has it.
	Operation string `json:"operation,omitempty"`
	API       string `json:"api,omitempty"`
	// Traceparent is the trace that the request belongs to (W3C Trace Context, section
	// 3.2), "" for none.
	Traceparent string          `json:"traceparent,omitempty"`
	Request     RecordedRequest `json:"request"`
	Parameters  []RecordedValue `json:"parameters,omitempty"`
	// Valid tells that the contract has an operation for the request and that the
	// request keeps to it.
	Valid      bool             `json:"valid"`
	Violations []RecordedBreach `json:"violations,omitempty"`
	Decision   RecordedDecision `json:"decision"`
	Response   RecordedResponse `json:"response"`
	Timing     RecordedTiming   `json:"timing"`
	Gap        Gap              `json:"gap,omitempty"`
}

// RecordedRequest is what arrived.
type RecordedRequest struct {
	Method string `json:"method"`
	// Protocol is the version of HTTP, such as HTTP/1.1.
	Protocol string `json:"protocol"`
	// URL is absolute, with the session's base path and without directives.
	URL string `json:"url"`
	// Path is escaped and without the session's base path.
	Path   string      `json:"path"`
	Header http.Header `json:"headers"`
	// Body is absent where the request had none.
	Body *RecordedBody `json:"body,omitempty"`
}

// RecordedBody is a body as it was sent. One of Text and Base64 holds it.
type RecordedBody struct {
	Text   string `json:"text,omitempty"`
	Base64 []byte `json:"base64,omitempty"`
	// Size is the length of the whole in bytes.
	Size int64 `json:"size"`
	// Cut tells that the journal keeps less than the whole.
	Cut bool `json:"cut,omitempty"`
}

// RecordedValue is a declared parameter that the request had.
type RecordedValue struct {
	In   exchange.Location `json:"in"`
	Name string            `json:"name"`
	// Value is decoded by the contract's types; text that could not be decoded stays
	// a string.
	Value any  `json:"value"`
	Valid bool `json:"valid"`
}

// RecordedBreach is a breach of the contract.
type RecordedBreach struct {
	exchange.Violation
	Message string `json:"message"`
	// Contract is where the broken rule stands, file:line:col.
	Contract string `json:"contract,omitempty"`
}

// RecordedDecision says why the answer was chosen.
type RecordedDecision struct {
	Step     exchange.Step `json:"step"`
	Why      string        `json:"why"`
	Scenario string        `json:"scenario,omitempty"`
	Stub     string        `json:"stub,omitempty"`
	// Applied are the preferences that were honoured.
	Applied []string `json:"applied,omitempty"`
	// Drawn says what chance has decided.
	Drawn []string `json:"drawn,omitempty"`
	// Candidates are the stubs that were tried, in that order, MaxCandidates at most;
	// the one that answered is the last of all.
	Candidates []Candidate `json:"candidates,omitempty"`
	// MoreCandidates counts those that are not listed.
	MoreCandidates int `json:"moreCandidates,omitempty"`
}

// MaxCandidates bounds the stubs that a Record lists as tried.
const MaxCandidates = 20

// Candidate is a stub that was tried.
type Candidate struct {
	Step     exchange.Step `json:"step"`
	Scenario string        `json:"scenario"`
	Stub     string        `json:"stub"`
	// Held counts the conditions that held, of so many.
	Held       int `json:"held"`
	Conditions int `json:"conditions"`
	// Failed is the first condition that did not hold; "" for the one that answered.
	Failed string `json:"failed,omitempty"`
}

// RecordedResponse is what was sent, or what was about to be while the outcome is
// pending.
type RecordedResponse struct {
	// Status is that of the chosen answer, 0 for a fault that has none and where the client
	// has not waited for the real API's.
	Status int         `json:"status"`
	Header http.Header `json:"headers"`
	// Body is what of the body was sent; Size is its length.
	Body    *RecordedBody  `json:"body,omitempty"`
	Outcome Outcome        `json:"outcome"`
	Fault   exchange.Fault `json:"fault,omitempty"`
	// Problem is set where Understudy spoke for itself.
	Problem     exchange.ProblemCode `json:"problem,omitempty"`
	OffContract string               `json:"offContract,omitempty"`
	// Violations are the ways in which the real API's answer departs from the contract.
	Violations []RecordedBreach `json:"violations,omitempty"`
}

// RecordedTiming says when things happened. What has not happened is 0.
type RecordedTiming struct {
	Arrived time.Time `json:"arrived"`
	// FirstByte and End are when the first byte of the answer was sent and when it was
	// over, in milliseconds since the arrival.
	FirstByte float64 `json:"firstByteMs"`
	End       float64 `json:"endMs"`
}

// record makes what people read of an entry.
func (v *view) record(redactor *Redactor) Record {
	real := v.real()
	shown := v.shown(real, redactor)
	r := Record{
		ID: shown.ID, Number: v.number, Session: shown.Session, Operation: shown.Operation, API: shown.API, Traceparent: traceparent(shown.Request.Header),
		Request: RecordedRequest{
			Method: shown.Request.Method, Protocol: shown.Request.Protocol, URL: shown.Request.URL(), Path: shown.Request.Path, Header: shown.Request.Header,
		},
		Valid: valid(shown), Gap: gapOf(real),
		Timing: RecordedTiming{Arrived: shown.Time},
	}
	if shown.Request.HasBody {
		r.Request.Body = bodyOf(shown.Request.Body, v.requestSize, v.requestSize > MaxBody)
	}
	for _, p := range shown.Parameters {
		if p.Present {
			r.Parameters = append(r.Parameters, RecordedValue{p.In, p.Name, p.Value, p.Valid})
		}
	}
	r.Violations = breaches(shown.Violations)
	d := &shown.Decision
	r.Decision = RecordedDecision{Step: d.Step, Why: d.Why, Scenario: d.Scenario, Stub: d.Stub, Applied: d.Applied, Drawn: d.Drawn}
	r.Decision.Candidates, r.Decision.MoreCandidates = candidates(real, shown)
	v.recordAnswer(&r, shown)
	return r
}

func (v *view) recordAnswer(r *Record, shown *exchange.Exchange) {
	a := &shown.Answer
	r.Response = RecordedResponse{Status: statusOf(a), Header: a.Header, Fault: a.Fault, OffContract: a.OffContract, Outcome: OutcomePending}
	if a.Problem != nil {
		r.Response.Problem = a.Problem.Code
	}
	r.Response.Violations = breaches(a.Violations)
	size := v.answerSize
	if v.phase >= sending {
		r.Timing.FirstByte = milliseconds(v.firstByte)
	}
	if v.phase == done {
		r.Response.Outcome, size = v.outcome, v.sent
		r.Timing.End = milliseconds(v.end)
		if v.ending != nil && v.ending.garbage != nil {
			a.Body, size = v.ending.garbage, int64(len(v.ending.garbage))
		}
	}
	if size > 0 {
		r.Response.Body = bodyOf(a.Body, size, size > MaxBody || v.is(isStream) && size > int64(len(a.Body)))
	}
}

func breaches(list []exchange.Violation) (all []RecordedBreach) {
	for _, v := range list {
		all = append(all, RecordedBreach{v, v.String(), v.ContractLine()})
	}
	return all
}

// statusOf is the status that an answer is sent with, 0 for a fault that has none.
func statusOf(a *exchange.Answer) int {
	if a.Fault == exchange.FaultMalformedChunk {
		return http.StatusOK
	}
	return a.Status
}

// valid tells that the contract has something to say about a request, and that the
// request keeps to it. What is answered without an operation, as OPTIONS may be, does.
func valid(ex *exchange.Exchange) bool {
	return len(ex.Violations) == 0 && (ex.Operation != "" || ex.Answer.Problem == nil)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func bodyOf(data []byte, size int64, cut bool) *RecordedBody {
	b := &RecordedBody{Size: size, Cut: cut}
	text := data
	if cut { // not through a character
		for i := 1; i < utf8.UTFMax && len(text) > 0 && !utf8.Valid(text); i++ {
			text = text[:len(text)-1]
		}
	}
	if utf8.Valid(text) {
		b.Text = string(text)
	} else {
		b.Base64 = slices.Clone(data)
	}
	return b
}

// candidates lists the stubs that were tried.
func candidates(real, shown *exchange.Exchange) (list []Candidate, more int) {
	if real.Decision.Considered == nil {
		return nil, 0
	}
	for t := range real.Decision.Considered.Tried(real) {
		if len(list) == MaxCandidates {
			more++
			continue
		}
		list = append(list, candidate(&t, t.Judge(), shown))
	}
	return list, more
}

func candidate(t *exchange.Tried, j exchange.Judged, shown *exchange.Exchange) Candidate {
	return Candidate{t.Step, t.Scenario, t.Stub, j.Held, j.Conditions, j.Failed(shown)}
}

// traceparent gives the header of that name where it is well-formed: a version,
// trace and parent that are not all zeros, and flags, in lower-case hex (W3C Trace
// Context, section 3.2.2).
func traceparent(h http.Header) string {
	lines := h["Traceparent"]
	if len(lines) != 1 {
		return ""
	}
	value := strings.TrimSpace(lines[0])
	parts := strings.Split(value, "-")
	if len(parts) < 4 || len(parts) > 4 && parts[0] == "00" || parts[0] == "ff" {
		return ""
	}
	for i, length := range [...]int{2, 32, 16, 2} {
		if len(parts[i]) != length || strings.Trim(parts[i], "0123456789abcdef") != "" {
			return ""
		}
	}
	if strings.Trim(parts[1], "0") == "" || strings.Trim(parts[2], "0") == "" {
		return ""
	}
	return value
}
