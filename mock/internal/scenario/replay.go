package scenario

import (
	"cmp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// What follows is for those who replay scenarios against the API itself.

// All lists the scenario's stubs, each once for each operation, in the order of the file.
func (sc *Scenario) All() []*Stub {
	var list []*Stub
	for _, stubs := range sc.stubs {
		list = append(list, stubs...)
	}
	slices.SortFunc(list, func(a, b *Stub) int {
		x, y := a.Operation.At(), b.Operation.At()
		if c := cmp.Compare(a.At.Off, b.At.Off); c != 0 || x.File == y.File {
			return cmp.Or(c, cmp.Compare(x.Off, y.Off))
		}
		return cmp.Compare(x.File.Name, y.File.Name)
	})
	return list
}

// Changing tells whether it depends on what happened before whether the stub answers.
func (st *Stub) Changing() bool {
	return st.sequence.atEnd == atEndPass || slices.ContainsFunc(st.conditions, asksState)
}

// Sets tells whether an answer of the stub changes a state.
func (st *Stub) Sets() bool { return len(st.sets) > 0 }

// Mentions tells whether a condition of the stub is about a header, a query parameter or a
// cookie of that name.
func (st *Stub) Mentions(in exchange.Location, name string) bool {
	a := newAsking(st)
	for _, c := range a.undeclared {
		if c.in == in && (c.name == name || in == exchange.Header && strings.EqualFold(c.name, name)) {
			return true
		}
	}
	d := st.Operation.Parameter(in, name)
	return d != nil && len(a.parameters[d]) > 0
}

// InvalidOnly tells whether the stub answers only requests that break the contract.
func (st *Stub) InvalidOnly() bool { return st.valid == invalidOnly }

// Steps counts the answers until each was given as often as it is to be.
func (st *Stub) Steps() int { return st.sequence.total }

// Step is one of the answers of a stub, as a replay sees it.
type Step struct {
	// Fault is set for a broken connection; then there is nothing else.
	Fault exchange.Fault
	// Status is as written, Number what the mock sends for it.
	Status string
	Number int
	// Response describes it, nil off the contract.
	Response    *contract.Response
	OffContract string
	// Success tells that it is what the contract calls the operation's own success.
	Success bool
	// At is where it stands.
	At source.Span
	// Exact is what the stub states of the answer, for those that must be exact.
	Exact *Exact
}

// Step gives the answer that follows count others.
func (st *Stub) Step(count int) Step {
	a, _ := st.sequence.at(count)
	_, success, _ := st.Operation.Success()
	return Step{
		Fault: a.outcome.Fault, Status: a.written, Number: a.status, Response: a.outcome.Response, OffContract: a.outcome.OffContract,
		Success: a.status == success, At: a.stands, Exact: a.exact,
	}
}

// Effects gives what an answer of the stub changes.
func (st *Stub) Effects(ex *exchange.Exchange, values Values) ([]Effect, error) {
	count := 0
	if st.sequence.counts() {
		count = values.Count(st.sequence.cell)
	}
	_, after := st.sequence.at(count)
	effects, err := st.changes(ex)
	if err == nil && after != count {
		effects = append(effects, Effect{Cell: st.sequence.cell, Count: after})
	}
	return effects, err
}

// Passes tells whether the stub lets others answer once its last answer was given.
func (st *Stub) Passes() bool { return st.sequence.atEnd == atEndPass }

// Answers gives the stub that answers a request for an operation, nil for none, and where
// chance decides.
func (sc *Scenario) Answers(op *contract.Operation, ex *exchange.Exchange, values Values) *Stub {
	for _, st := range sc.Candidates(op, ex) {
		if ok, err := st.Match(ex, values); !ok || err != nil {
			continue
		}
		if st.Probability < 1 {
			return nil
		}
		return st
	}
	return nil
}

// First tells whether the stub answers a request while nothing has happened yet.
func (st *Stub) First(ex *exchange.Exchange) bool {
	return st.Scenario.Answers(st.Operation, ex, nothing{}) == st
}
