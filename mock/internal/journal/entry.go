package journal

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Entry is one exchange in the journal. It is made before the request is read, so
// that the exchange and what the journal adds to it are one piece of memory. The zero
// value is ready to be filled in.
//
// Until Enter it belongs to the goroutine that serves the request, and then to
// everybody, except for what Begin, Closing and End write. Their effects are seen by
// readers only after the phase says so.
type Entry struct {
	Exchange exchange.Exchange

	// Stream tells that the body of the answer is not in the exchange when it is entered:
	// it comes with Journal.EndStream, which ends the entry then.
	Stream bool

	number uint64
	size   int64
	tally  *tally

	// requestHeader and answerHeader are the headers in no order, a pair for a line.
	requestHeader, answerHeader []exchange.Pair
	// requestBody and answerBody are the lengths of the bodies before they were cut.
	requestBody, answerBody int64
	// bodyDropped tells that a decoded body was not kept because it is too much.
	bodyDropped bool

	phase atomic.Uint32

	firstByte, end time.Duration // since the request arrived, from the phases on that have them
	outcome        Outcome
	sent           int64
	garbage        []byte // what a fault sent behind the header, if any
	stream         []byte // what was kept of a Stream's body
	late           []exchange.Violation
}

// phase is how far the answer of an entered exchange is. Each one makes the fields
// readable that were written before it.
type phase uint32

const (
	waiting phase = iota // nothing was sent
	sending              // firstByte is there
	closing              // the last bytes are on their way
	done                 // everything is there
)

// Outcome says what became of an answer.
type Outcome string

// The outcomes.
const (
	// OutcomePending: the answer is waiting or is being sent.
	OutcomePending Outcome = "pending"
	// OutcomeSent: all of it was handed to the connection.
	OutcomeSent Outcome = "sent"
	// OutcomeGone: the client was gone before the first byte.
	OutcomeGone Outcome = "client-gone"
	// OutcomeCut: the client was gone before the last byte.
	OutcomeCut Outcome = "cut-off"
	// OutcomeFault: the connection was broken on purpose.
	OutcomeFault Outcome = "fault"
	// OutcomeBroken: the real API broke its answer off before the last byte.
	OutcomeBroken Outcome = "upstream-broke-off"
	// OutcomeFailed: a mistake of Understudy ended the answer.
	OutcomeFailed Outcome = "failed"
)

// Begin notes that the first byte of the answer is about to be sent; last tells that
// so is the last.
func (e *Entry) Begin(last bool) {
	e.firstByte = time.Since(e.Exchange.Time)
	if last {
		e.phase.Store(uint32(closing))
		return
	}
	e.phase.Store(uint32(sending))
}

// Closing notes that the last bytes of an answer that has begun are about to be sent.
func (e *Entry) Closing() { e.phase.Store(uint32(closing)) }

// End completes the entry: what became of the answer, and how many bytes of the body
// were sent. garbage is what a fault has sent behind the header, nil for nothing.
// Only the first call counts.
func (e *Entry) End(outcome Outcome, sent int, garbage []byte) {
	if phase(e.phase.Load()) == done {
		return
	}
	e.end = time.Since(e.Exchange.Time)
	e.outcome, e.sent, e.garbage = outcome, int64(sent), garbage
	e.phase.Store(uint32(done))
}

// EndStream completes the entry of a Stream: what became of the answer, how many bytes of
// the body were sent, the beginning of the body, and what was found wrong with it when it
// was over. Only the first end counts.
func (j *Journal) EndStream(e *Entry, outcome Outcome, sent int, body []byte, found []exchange.Violation) {
	if phase(e.phase.Load()) == done {
		return
	}
	e.stream, e.late = bytes.Clone(body[:min(len(body), MaxBody)]), found
	if ex := &e.Exchange; len(found) > 0 && len(ex.Answer.Violations) == 0 {
		e.tally.countLate(ex, found, j.redactor.Load())
	}
	e.End(outcome, sent, nil)
}

// Entered tells whether the entry was given to Enter.
func (e *Entry) Entered() bool { return e.tally != nil }

// settleContent takes out of the exchange what others may change later or what is
// too much to keep, and reckons how much memory the rest takes.
func (e *Entry) settleContent() {
	ex := &e.Exchange
	e.requestHeader, ex.Request.Header = pairsOf(ex.Request.Header), nil
	e.answerHeader, ex.Answer.Header = pairsOf(ex.Answer.Header), nil
	e.requestBody, e.answerBody = ex.Request.BodySize(), int64(len(ex.Answer.Body))
	e.cutRequest()
	if len(ex.Answer.Body) > MaxBody {
		ex.Answer.Body = bytes.Clone(ex.Answer.Body[:MaxBody])
	}
	ex.Answer.Pieces = nil // joined they are the body
	ex.Answer.Calls = nil  // the header tells of them, and they go on changing
	ex.ForgetPairs()
	e.size = e.measure()
}

// cutRequest keeps the beginning of a body that is long. What it says stays for
// conditions where that is short, as of an upload of which only the size is kept.
func (e *Entry) cutRequest() {
	ex := &e.Exchange
	ex.Request.Stored = nil
	if e.requestBody <= MaxBody {
		return
	}
	ex.Request.Body = bytes.Clone(ex.Request.Body[:min(len(ex.Request.Body), MaxBody)])
	if ex.BodyDecoded && valueSize(ex.Body) <= MaxBody {
		ex.Body = cloneValue(ex.Body)
		return
	}
	e.bodyDropped = true
	ex.Body, ex.BodyDecoded = nil, false
}

// cloneValue copies a decoded value with its texts, which may be pieces of the body.
func cloneValue(v any) any {
	switch v := v.(type) {
	case string:
		return strings.Clone(v)
	case json.Number:
		return json.Number(strings.Clone(string(v)))
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = cloneValue(item)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[strings.Clone(name)] = cloneValue(member)
		}
		return object
	}
	return v
}

// pairsOf lists a header, a pair for a line. A copy that shares no map and no list
// is safe from a caller that goes on with its request.
func pairsOf(h http.Header) []exchange.Pair {
	n := 0
	for _, lines := range h {
		n += len(lines)
	}
	if n == 0 {
		return nil
	}
	pairs := make([]exchange.Pair, 0, n)
	for name, lines := range h {
		for _, line := range lines {
			pairs = append(pairs, exchange.Pair{Name: name, Value: line})
		}
	}
	return pairs
}

// headerOf is the opposite of pairsOf. Lines of a name keep their order.
func headerOf(pairs []exchange.Pair) http.Header {
	h := make(http.Header, len(pairs))
	for i := range pairs {
		h[pairs[i].Name] = append(h[pairs[i].Name], pairs[i].Value)
	}
	return h
}
