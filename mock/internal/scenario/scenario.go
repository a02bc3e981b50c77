// Package scenario reads scenario files, proves them against the contract,
// decides whether a stub's conditions hold for a request and renders its answer.
//
// A file is checked as a whole when it is loaded: every mistake is found, with
// the place in the file and, where the contract is involved, the place there.
// What a Set holds afterwards is compiled, immutable and safe for concurrent use.
package scenario

import (
	"net/http"
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
}

// Load reads the scenario files below the folders and proves them against the
// contracts. The error is a source.Diagnostics with all mistakes of all files;
// warnings alone are no error.
func Load(folders []string, apis []*contract.Contract) (*Set, error) {
	panic("not written yet")
}

// Scenario finds a scenario by name, nil for an unknown one.
func (s *Set) Scenario(name string) *Scenario { panic("not written yet") }

// Names lists the scenarios' names in order.
func (s *Set) Names() []string { panic("not written yet") }

// Scenario is one file's story.
type Scenario struct {
	Name        string
	Description string
	// Default scenarios are always active, below those activated by name.
	Default bool
	Tags    []string
	File    *source.File
}

// Stubs are the scenario's stubs for an operation in the order in which they are
// tried: the operation's own before those for "*", then by priority, then by
// file order. The slice is shared and read-only.
func (sc *Scenario) Stubs(op *contract.Operation) []*Stub { panic("not written yet") }

// Stub is one entry of an operation in a scenario: conditions and what to answer.
type Stub struct {
	Scenario *Scenario
	// Name is the stub's own, else scenario/operation#n.
	Name string
	// Fingerprint identifies the stub's text: a reload keeps counters while name
	// and fingerprint stay.
	Fingerprint string
}

// Cell names one mutable value of a session: the position in a stub's sequence
// (State is "", Key is the stub's name) or the current value of a state machine
// (State is its name, Key the rendered key).
type Cell struct {
	Scenario string
	State    string
	Key      string
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

// Cells lists the cells that matching and answering this request may read or
// write. Nil for a stub without sequence and state.
func (st *Stub) Cells(ex *exchange.Exchange) []Cell { panic("not written yet") }

// Match tells whether the stub answers the request. If not, reason is the first
// condition that failed, for people ("header x-fingerprint is not equalTo …"),
// made only if explain is set.
func (st *Stub) Match(ex *exchange.Exchange, values Values, explain bool) (ok bool, reason string) {
	panic("not written yet")
}

// Statuses tells the statuses that the stub may answer, as written.
func (st *Stub) Statuses() []string { panic("not written yet") }

// Outcome is a rendered answer with what it changes. Static answers are rendered
// at load: Header and Body are shared and read-only.
type Outcome struct {
	Status      int
	Header      http.Header
	Body        []byte
	Delay       time.Duration
	OffContract string
	Effects     []Effect
	// Static tells that the answer was proved against the contract at load, so that
	// it needs no check before it is sent.
	Static bool
}

// Render makes the stub's answer for a request that it matched. The error is for a
// 500 problem that names the stub.
func (st *Stub) Render(ex *exchange.Exchange, values Values, now time.Time) (*Outcome, error) {
	panic("not written yet")
}
