// Package scenario reads scenario files, proves them against the contract,
// decides whether a stub's conditions hold for a request and renders its answer.
//
// A file is checked as a whole when it is loaded: every mistake is found, with
// the place in the file and, where the contract is involved, the place there.
// What a Set holds afterwards is compiled, immutable and safe for concurrent use.
//
// The way of a file: folder.go reads it, the tables of format_*.go decode its
// tree into specs, compile.go turns the specs into stubs operation by operation
// (conditions, answers, states), and prove.go looks at the stubs of all files
// together.
package scenario

import (
	"net/http"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Set is all scenarios of a running mock. It is immutable.
type Set struct {
	// Scenarios are in name order.
	Scenarios []*Scenario
	// Warnings are the findings that do not keep the files from being used.
	Warnings source.Diagnostics
	// Files are the paths of all files that were read, scenarios and bodies, for
	// watching.
	Files []string

	byName map[string]*Scenario
	// changing are the cells of sequences and states, without the keys of states,
	// with the names by which people know them.
	changing map[Cell]string
}

// Scenario finds a scenario by name, nil for an unknown one.
func (s *Set) Scenario(name string) *Scenario { return s.byName[name] }

// Names lists the scenarios' names in order.
func (s *Set) Names() []string {
	names := make([]string, len(s.Scenarios))
	for i, sc := range s.Scenarios {
		names[i] = sc.Name
	}
	return names
}

// Scenario is one file's story.
type Scenario struct {
	Name        string
	Description string
	// Default scenarios are always active, below those activated by name.
	Default bool
	Tags    []string
	File    *source.File
	// Provider is what tests of the API itself need to know of all stubs.
	Provider Provider

	stubs   map[*contract.Operation][]*Stub
	indexes map[*contract.Operation]*index
	entries int

	machines []Machine
}

// Len counts the scenario's stubs as they are written: one for "*" counts once.
func (sc *Scenario) Len() int { return sc.entries }

// Stubs are the scenario's stubs for an operation in the order in which they are
// tried: the operation's own before those for "*", then by priority, then by
// file order. The slice is shared and read-only.
func (sc *Scenario) Stubs(op *contract.Operation) []*Stub { return sc.stubs[op] }

// Candidates are those of Stubs that may answer the request, in the same order:
// every stub that matches is among them. It is what to ask in place of Stubs where
// there may be many. The slice may be shared and is read-only.
func (sc *Scenario) Candidates(op *contract.Operation, ex *exchange.Exchange) []*Stub {
	if x := sc.indexes[op]; x != nil {
		return x.candidates(ex)
	}
	return nil
}

// Stub is one entry of an operation in a scenario: conditions and what to answer.
// An entry for "*" gives a Stub for each operation that it fits; they share a name.
type Stub struct {
	Scenario  *Scenario
	Operation *contract.Operation
	// Name is the stub's own, else scenario/operation#n.
	Name string
	// Fingerprint identifies the stub's text: a reload keeps counters while name
	// and fingerprint stay.
	Fingerprint string
	// Priority is the stub's own, 0 where it states none.
	Priority int
	// Probability is the share of the calls that match which the stub answers, above 0;
	// 1 for all. Match does not look at it: chance is for the engine.
	Probability float64
	// At is where the stub begins in its file.
	At source.Span
	// Provider is what tests of the API itself need to know. A reason to skip and Exact
	// are the scenario's where the stub states none.
	Provider Provider

	key        any  // of type Cell, boxed once so that looking it up allocates nothing
	everywhere bool // written for "*"
	position   int  // among the stubs of its scenario and operation
	valid      validity
	violates   []exchange.Location
	conditions []condition
	computes   bool
	states     []*stateRef // states that matching or answering looks at
	sets       []stateChange
	sequence   sequence
}

// Cell names one mutable value of a session: the position in a stub's sequence
// (State is "", Key names operation and stub) or the current value of a state
// machine (State is its name, Key the rendered key).
type Cell struct {
	Scenario string
	State    string
	Key      string
	// Revision identifies the text of the stub or state: another text is another
	// cell, so that what a reload changes starts anew.
	Revision string
}

// Values reads cells while a stub is matched. A sequence's count is the number
// of answers it has given; a state that was never set has the empty text.
type Values interface {
	Count(Cell) int
	State(Cell) string
}

// Effect is a change that an answer makes to a cell, applied when it is committed.
type Effect struct {
	Cell  Cell
	Count int    // for sequences
	State string // for states
}

// Outcome is a rendered answer with what it changes. It is shared and read-only,
// with everything in it, because answers that do not depend on the request are
// rendered at load.
type Outcome struct {
	// Fault takes the place of an answer; "" for none. Then Status is 0.
	Fault  exchange.Fault
	Status int
	Header http.Header
	Body   []byte
	// Delay is nil where the stub states none.
	Delay *Delay
	// Dribble is nil for a body that is sent at once.
	Dribble     *Dribble
	OffContract string
	Effects     []Effect
	// Events are what Body is sent in where it is an event stream, else nil.
	Events []Event
	// Calls are what the API sends by itself when the answer was sent.
	Calls []Call
	// Response describes the status, nil where the contract does not.
	Response *contract.Response
	// FromContract asks the engine for the body: the stub states none and the
	// contract describes content for the status. Media is the media type that the
	// stub asks for, nil for the one that suits the client.
	FromContract bool
	Media        *contract.Media
	// Generated is set where the body was generated for this media type: with a seed
	// or preferences of its own, a request gets another one.
	Generated *contract.Media
	// Static tells that the answer was proved against the contract at load, so that
	// it needs no check before it is sent. With FromContract it speaks of status
	// and headers.
	Static bool
}

// Cells lists the cells that matching and answering this request may read or
// write. Nil for a stub without sequence and state.
func (st *Stub) Cells(ex *exchange.Exchange) []Cell {
	if len(st.states) == 0 && !st.sequence.counts() {
		return nil
	}
	cells := make([]Cell, 0, len(st.states)+1)
	if st.sequence.counts() {
		cells = append(cells, st.sequence.cell)
	}
	for _, ref := range st.states {
		// A key that cannot be made keeps the stub from matching; Match says why.
		if cell, err := ref.cell(ex); err == nil {
			cells = append(cells, cell)
		}
	}
	return cells
}

// Match tells whether the stub answers the request; Judge says why not. The error is
// that of an expression which fails for this request, so that it does not hold.
func (st *Stub) Match(ex *exchange.Exchange, values Values) (bool, error) {
	if !st.admits(ex.Violations) {
		return false, nil
	}
	for _, c := range st.conditions {
		if e, ok := c.(*expressionCondition); ok {
			if holds, err := e.eval(ex, values); !holds {
				return false, e.failure(err)
			}
		} else if !c.holds(ex, values) {
			return false, nil
		}
	}
	return !st.sequence.over(values), nil
}

// Computes tells whether expressions have a part in the stub: in its conditions, answers or
// calls.
func (st *Stub) Computes() bool { return st.computes }

// Key identifies the stub: it is comparable and stays the same over reloads as long
// as the stub's text does. The stubs that an entry for "*" gives share one.
func (st *Stub) Key() any { return st.key }

// Speaks tells whether a request is for the stub's operation, or for any where it is
// written for "*".
func (st *Stub) Speaks(ex *exchange.Exchange) bool {
	return ex.Operation != "" && (st.everywhere || keyOfOperation(st.Operation) == operationKey{ex.API, ex.Operation})
}

// Statuses tells the statuses that the stub may answer, as written; the contract's
// own success by its number. Faults have none.
func (st *Stub) Statuses() []string {
	list := make([]string, 0, len(st.sequence.answers))
	for _, a := range st.sequence.answers {
		if a.outcome.Fault == "" {
			list = append(list, a.written)
		}
	}
	return list
}

// Answers tells whether the stub has an answer with this very status.
func (st *Stub) Answers(status int) bool { return st.sequence.first(status) != nil }

// Sequence gives the cell that counts the stub's answers; ok is false for a stub
// whose answer never changes.
func (st *Stub) Sequence() (cell Cell, ok bool) { return st.sequence.cell, st.sequence.counts() }

// Unconditional tells whether the stub answers every request of its validity.
func (st *Stub) Unconditional() bool { return len(st.conditions) == 0 && len(st.violates) == 0 }

// Render makes the stub's answer for a request that it matched. A status other
// than 0 asks for the first of its responses that answers with it; that takes no
// step and sets nothing. The error is for a 500 problem that names the stub.
func (st *Stub) Render(ex *exchange.Exchange, values Values, now time.Time, status int) (*Outcome, error) {
	if status != 0 {
		a := st.sequence.first(status)
		if a == nil {
			return nil, errNoAnswer(status)
		}
		return st.give(a, ex, values, now)
	}
	return st.next(ex, values, now)
}

type errNoAnswer int

func (e errNoAnswer) Error() string {
	return "it has no response with status " + strconv.Itoa(int(e))
}
