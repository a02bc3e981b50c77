package journal

import (
	"bytes"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Entry is one exchange on its way into the journal. It is made before the request is
// read. The zero value is ready to be filled in.
//
// It belongs to the goroutine that serves the request. Enter takes down what there is to
// keep, so that the entry and its exchange may be used again when the answer is over;
// what the exchange refers to, such as bodies, must not change any more.
type Entry struct {
	Exchange exchange.Exchange

	// Stream tells that the body of the answer is not in the exchange when it is entered:
	// it comes with Journal.EndStream, which ends the entry then.
	Stream bool

	tally *tally
	kept  *kept // nil where no entries are kept
}

// phase is how far the answer of an entered exchange is. Each one makes the fields of
// kept readable that were written before it.
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
	k := e.kept
	if k == nil {
		return
	}
	k.firstByte = time.Since(k.time)
	if last {
		k.phase.Store(uint32(closing))
		return
	}
	k.phase.Store(uint32(sending))
}

// Closing notes that the last bytes of an answer that has begun are about to be sent.
func (e *Entry) Closing() {
	if e.kept != nil {
		e.kept.phase.Store(uint32(closing))
	}
}

// End completes the entry: what became of the answer, and how many bytes of the body
// were sent. garbage is what a fault has sent behind the header, nil for nothing.
// Only the first call counts.
func (e *Entry) End(outcome Outcome, sent int, garbage []byte) {
	k := e.kept
	if k == nil || k.now() == done {
		return
	}
	if garbage != nil {
		k.ending = &ending{garbage: garbage}
	}
	k.end = time.Since(k.time)
	k.outcome, k.sent = outcome, int64(sent)
	k.phase.Store(uint32(done))
}

// EndStream completes the entry of a Stream: what became of the answer, how many bytes of
// the body were sent, the beginning of the body, and what was found wrong with it when it
// was over. Only the first end counts.
func (j *Journal) EndStream(e *Entry, outcome Outcome, sent int, body []byte, found []exchange.Violation) {
	if e.kept != nil && e.kept.now() == done {
		return
	}
	if ex := &e.Exchange; len(found) > 0 && len(ex.Answer.Violations) == 0 {
		e.tally.countLate(ex, found, j.redactor.Load())
	}
	if e.kept != nil {
		e.kept.ending = &ending{stream: bytes.Clone(body[:min(len(body), MaxBody)]), late: found}
	}
	e.End(outcome, sent, nil)
}

// Entered tells whether the entry was given to Enter.
func (e *Entry) Entered() bool { return e.tally != nil }
