// Package author writes scenario files from requests and answers that were seen: by
// the journal, by a recording proxy, or by another tool whose files are imported.
//
// Stubs makes stubs of exchanges: it finds out what tells their answers apart. Write
// makes a file of stubs and proves it: what does not hold is written in a simpler
// form, marked as off the contract, and in the end left out with the reason. The
// same input gives the same bytes.
package author

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Scenario is what a file says.
type Scenario struct {
	// Name is its path below the scenarios folder, without extension.
	Name string
	// Description and Tags are those of the format; "" and nil leave them out.
	Description string
	Tags        []string
	// Default scenarios are always active.
	Default bool
	// Comment are lines for the top of the file, without "#".
	Comment []string
	// State are the state machines as the format writes them; nil for none.
	State *source.Node
	// Stubs stand in the file by operation, in the order in which the operations first
	// occur, and else in this order.
	Stubs []Stub
}

// Stub is what an operation answers, and when.
type Stub struct {
	// Operation is nil for "*", every operation that the stub fits.
	Operation *contract.Operation
	// Name is unique in its operation; "" for none.
	Name string
	// When are the conditions as the format writes them; nil for none.
	When *source.Node
	// AnyValidity lets Write make the stub answer requests that break the contract
	// too, where no others fulfil When.
	AnyValidity bool
	// Answers are given one after the other, and the last again and again.
	Answers []Answer
	// More are further members of the stub as the format writes them, such as set or
	// priority.
	More []source.Node
	// Comment are lines above the stub, without "#".
	Comment []string
	// From are the requests that Stubs has made it of, by their index in what it was
	// given; Write does not look at it.
	From []int

	// derived tells that When was made by Stubs, and may be made weaker where the
	// contract does not take it.
	derived bool
}

// Answer is an answer as it was sent.
type Answer struct {
	// Status is from 200 to 599, 0 for the contract's own success.
	Status int
	// Header is as sent. What a stub cannot set, what belongs to one connection, and
	// what is different each time is left out, unless the contract describes it.
	Header http.Header
	// Body is as sent, without content coding; nil or empty for none.
	Body []byte
	// ContractBody gives the contract's own body in place of Body.
	ContractBody bool
	// Unknown says, for people, why Body is not what was sent; "" where it is. The
	// contract's own body takes its place then, and a comment tells the reason.
	Unknown string
	// Fault takes the place of everything above; "" for none.
	Fault exchange.Fault
	// OffContract is why the answer may depart from the contract; "" lets Write give the
	// reason where it does.
	OffContract string
	// Times is how often the answer is given where others follow it; 0 is once.
	Times int
	// More are further members of the answer as the format writes them, such as delay.
	// One that states a body takes the place of Body.
	More []source.Node
}

// Options says how files are written. The zero value is ready to use.
type Options struct {
	// Schema is what the file names as its JSON Schema, relative to it; "" names none.
	Schema string
	// Files puts large bodies, and those that are no text, into files of their own.
	Files bool
}

// MaxInline is how long a body may be that stands in the scenario file where bodies
// may have files of their own, in bytes.
const MaxInline = 4 << 10

// File is one file to write.
type File struct {
	// Path is below the scenarios folder, with slashes.
	Path string
	Data []byte
}

// Result is what there is to write.
type Result struct {
	// Files has the scenario first, and then the bodies; nil where every stub was left
	// out.
	Files []File
	// LeftOut are stubs that are not in the file.
	LeftOut []LeftOut
	// Changes are what Write has made of the others, so that they hold.
	Changes []Change
}

// Change is something that is written in another form than it was given in.
type Change struct {
	// Index is the stub's in Scenario.Stubs, Answer the answer's in the stub; -1 where
	// it is about none.
	Index, Answer int
	Kind          ChangeKind
	// Reason is a sentence for people without full stop.
	Reason string
}

// ChangeKind says what was changed.
type ChangeKind uint8

// The kinds of changes.
const (
	// LeavesContract is an answer that says why it departs from the contract.
	LeavesContract ChangeKind = iota
	// HasContractBody is an answer with the contract's own body in place of its own.
	HasContractBody
	// AnswersInvalid is a stub that answers requests which break the contract too.
	AnswersInvalid
)

// LeftOut is a stub that is not written.
type LeftOut struct {
	// Index is the stub's in Scenario.Stubs.
	Index int
	// Reason is a sentence for people without full stop.
	Reason string
}

// Write writes a scenario for operations of the contracts. Its files load without an
// error.
func Write(s Scenario, apis []*contract.Contract, opts Options) Result {
	w := &writing{scenario: s, apis: apis, opts: opts}
	for i := range s.Stubs {
		w.drafts = append(w.drafts, newDraft(i, &s.Stubs[i]))
	}
	w.prove()
	var r Result
	for _, d := range w.drafts {
		if d.leftOut != "" {
			r.LeftOut = append(r.LeftOut, LeftOut{d.index, d.leftOut})
			continue
		}
		r.Changes = append(r.Changes, d.changes()...)
	}
	if len(r.LeftOut) == len(w.drafts) {
		return r
	}
	page, bodies := w.render(opts.Files)
	r.Files = append([]File{{Path: s.Name + ".yaml", Data: page.Text()}}, bodies...)
	return r
}
