package mock

import (
	"context"
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// What the journal of a Mock takes and gives.
type (
	// JournalFilter chooses requests; the zero value chooses all.
	JournalFilter = journal.Filter
	// JournalQuery asks for a page of requests, the newest first.
	JournalQuery = journal.Query
	// UnmatchedQuery asks for a page of the unmatched requests, the newest first.
	UnmatchedQuery = journal.UnmatchedQuery
	// JournalPage is a part of the chosen requests.
	JournalPage = journal.Page

	// Record is one request and its answer, without secrets.
	Record = journal.Record
	// RecordedRequest is what arrived.
	RecordedRequest = journal.RecordedRequest
	// RecordedBody is a body as it was sent.
	RecordedBody = journal.RecordedBody
	// RecordedValue is a declared parameter as the contract's types decode it.
	RecordedValue = journal.RecordedValue
	// RecordedBreach is a breach of the contract.
	RecordedBreach = journal.RecordedBreach
	// Violation is a breach of the contract without texts made of it.
	Violation = exchange.Violation
	// ViolationLocation is the part of a request or answer that a violation is in: "path",
	// "query", "header", "cookie", "body", "security", "mediaType", "accept" or "status".
	ViolationLocation = exchange.Location
	// ContractPosition is the place of a violated rule; its text is file:line:col.
	ContractPosition = exchange.Position
	// RecordedDecision says why the answer was chosen.
	RecordedDecision = journal.RecordedDecision
	// DecisionStep names the step of the decision order that gave the answer, such as
	// "prefer-code" or "contract"; the answer's header Understudy-Why begins with it.
	DecisionStep = exchange.Step
	// Candidate is a stub that was tried.
	Candidate = journal.Candidate
	// RecordedResponse is what was sent.
	RecordedResponse = journal.RecordedResponse
	// ProblemCode is the stable name of a kind of problem that the mock answers with by
	// itself; docs/errors.md has a section for each.
	ProblemCode = exchange.ProblemCode
	// Fault is a way to break the connection, by WireMock's names.
	Fault = exchange.Fault
	// RecordedTiming says when things happened.
	RecordedTiming = journal.RecordedTiming
	// Outcome says what became of an answer.
	Outcome = journal.Outcome
	// JournalIncompleteError is returned where the requests of other replicas may be missing
	// and what is asked for has no place to say so.
	JournalIncompleteError = journal.IncompleteError
	// Gap says what was missing to answer a request as it was meant.
	Gap = journal.Gap
)

// ErrJournalOff is returned by what reads the journal where it keeps no requests.
var ErrJournalOff = journal.ErrOff

// ErrNoRecord is returned for a request that the journal does not keep, or not any more.
var ErrNoRecord = errors.New("the journal does not have the request")

// Journal gives a page of the requests that the journal keeps. A request is in it as
// soon as its answer has begun.
func (m *Mock) Journal(ctx context.Context, q JournalQuery) (JournalPage, error) {
	return m.journal.List(ctx, q)
}

// Record gives a request by its id, the answer's header Understudy-Request-Id.
func (m *Mock) Record(ctx context.Context, id string) (Record, error) {
	if !m.journal.Kept() {
		return Record{}, ErrJournalOff
	}
	r, ok, err := m.journal.Get(ctx, id)
	if err != nil {
		return Record{}, err
	}
	if !ok {
		return Record{}, fmt.Errorf("%w %q", ErrNoRecord, id)
	}
	return r.Record, nil
}

// CountRequests counts the requests of the journal that a filter chooses.
func (m *Mock) CountRequests(ctx context.Context, f JournalFilter) (int, error) {
	return m.journal.Count(ctx, f, 0)
}

// DeleteRequests takes requests out of the journal and tells how many. The verdicts
// of sessions stay as they are.
func (m *Mock) DeleteRequests(ctx context.Context, f JournalFilter) (int, error) {
	n, err := m.journal.Delete(ctx, f)
	if n > 0 {
		m.changed(deletedChange(changer(ctx), f, n))
	}
	return n, err
}

// hideKeys keeps the API keys of contracts out of the journal and the log.
func (m *Mock) hideKeys(apis []*contract.Contract) {
	for _, c := range apis {
		for _, in := range []exchange.Location{exchange.Header, exchange.Query} { // no cookie is shown
			m.journal.Hide(in, c.KeyNames(in))
		}
	}
}
