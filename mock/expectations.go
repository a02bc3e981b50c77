package mock

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/report"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// What verifications of a Mock take and give.
type (
	// Scope says which requests an expectation speaks of; the zero value is all.
	Scope = journal.Scope
	// Verification is what came of expectations; its String is for people.
	Verification = journal.Verification
	// VerificationResult is what came of one expectation.
	VerificationResult = journal.Result
	// Verified is what came of an expectation: VerifiedPass, VerifiedFail or
	// VerifiedIncomplete.
	Verified = journal.Verified
	// SeenRequest is a request as results of verifications name it.
	SeenRequest = journal.Seen

	// FoundRequests are the requests that a pattern chooses.
	FoundRequests = journal.Found
	// UnmatchedRequest is a request that was not answered as it was meant.
	UnmatchedRequest = journal.Unmatched
	// UnmatchedPage is a part of the unmatched requests.
	UnmatchedPage = journal.UnmatchedPage

	// Verdict says whether a session went as its scenarios and the contract want it;
	// its String is for people.
	Verdict = journal.Verdict
	// VerdictOptions says what makes a session pass.
	VerdictOptions = journal.VerdictOptions
	// FlawedRequests are the requests of a session that have the same flaw.
	FlawedRequests = journal.Flawed
	// FlawExample is one of the requests that have a flaw.
	FlawExample = journal.Example
	// UnusedStub is a stub that has answered nothing.
	UnusedStub = journal.UnusedStub
)

// What may come of an expectation.
const (
	VerifiedPass       = journal.Pass
	VerifiedFail       = journal.Fail
	VerifiedIncomplete = journal.Incomplete
)

// Pattern chooses requests by their operation and by conditions.
type Pattern struct {
	// Operation is an operationId, METHOD /path/{template}, or "*" for every request.
	Operation string `json:"operation"`
	// When holds conditions as scenario files state them under when, as a value that
	// encoding/json writes so; nil for none. Requests that break the contract are meant
	// too, unless valid says otherwise.
	When any `json:"when,omitempty"`
}

// Expectation says how many requests of a kind there are to be: at least one where
// nothing else is said.
type Expectation struct {
	// Name is what the result calls it; may be empty.
	Name string `json:"name,omitempty"`
	// Operation and When choose the requests, as in a Pattern.
	Operation string `json:"operation,omitempty"`
	When      any    `json:"when,omitempty"`
	// Exactly, AtLeast and AtMost are counts; nil for none. Exactly stands alone.
	Exactly *int `json:"exactly,omitempty"`
	AtLeast *int `json:"atLeast,omitempty"`
	AtMost  *int `json:"atMost,omitempty"`
	// Order are expectations that are fulfilled one after the other. It stands alone.
	Order []Expectation `json:"order,omitempty"`
}

// Verify compares the requests of a scope, which the journal has, with expectations.
// The error is for expectations that cannot be used, with all that is wrong with them, see
// FindingsOf; what is wrong with the requests is in the Verification.
func (m *Mock) Verify(ctx context.Context, expectations []Expectation, scope Scope) (*Verification, error) {
	data, err := json.Marshal(expectations)
	if err != nil {
		return nil, fmt.Errorf("the expectations cannot be written as JSON: %w", err)
	}
	return m.VerifyText(ctx, "expectations", data, scope)
}

// VerifyText is Verify for expectations in YAML or JSON. name is what errors call the
// text, such as the name of its file.
func (m *Mock) VerifyText(ctx context.Context, name string, text []byte, scope Scope) (*Verification, error) {
	list, err := scenario.ReadExpectations(name, text, m.engine.Snapshot().APIs)
	if err != nil {
		return nil, err
	}
	return m.journal.Verify(ctx, list, scope)
}

// FindRequests counts the requests of a scope that a pattern chooses, and gives at
// most limit of them, the newest first.
func (m *Mock) FindRequests(ctx context.Context, p Pattern, scope Scope, limit int) (FoundRequests, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return FoundRequests{}, fmt.Errorf("the pattern cannot be written as JSON: %w", err)
	}
	pattern, err := scenario.ReadPattern("pattern", data, m.engine.Snapshot().APIs)
	if err != nil {
		return FoundRequests{}, err
	}
	return m.journal.Find(ctx, pattern, scope, limit)
}

// UnmatchedRequests gives a page of the requests that were not answered as they were
// meant, with the operations and stubs that came closest.
func (m *Mock) UnmatchedRequests(ctx context.Context, q UnmatchedQuery) (UnmatchedPage, error) {
	return m.journal.Unmatched(ctx, q)
}

// Verdict gives the verdict of the requests without a session: whether the scenarios of
// everybody were used, and the requests kept to the contract and were answered.
//
// Where state is shared, it is over the requests of all replicas and waits for the others,
// for some seconds at most; without their word it is not passed, and Incomplete says why.
// The error is for shared state that cannot be reached, and for the end of ctx; the verdict
// is not passed then.
func (m *Mock) Verdict(ctx context.Context, opts VerdictOptions) (Verdict, error) {
	return m.verdict(ctx, "", opts)
}

// Verdict is Mock.Verdict for the requests and scenarios of the session. It fails also for
// one that does not exist any more.
func (s *Session) Verdict(ctx context.Context, opts VerdictOptions) (Verdict, error) {
	if _, err := s.mock.store.Session(ctx, s.id); err != nil {
		err = s.explain(err)
		return Verdict{Session: s.id, Incomplete: err.Error()}, err
	}
	return s.mock.verdict(ctx, s.id, opts)
}

// Verify is Mock.Verify for the requests of the session.
func (s *Session) Verify(ctx context.Context, expectations []Expectation) (*Verification, error) {
	return s.mock.Verify(ctx, expectations, Scope{Session: &s.id})
}

// WriteHAR writes the requests of the journal that a filter chooses as an HTTP Archive
// (HAR 1.2), the oldest first.
func (m *Mock) WriteHAR(ctx context.Context, w io.Writer, f JournalFilter) error {
	records, err := m.journal.All(ctx, f)
	if err != nil {
		return err
	}
	return report.HAR(w, records, Version())
}
