package author

import (
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// draft is a stub on its way into the file.
type draft struct {
	index   int
	stub    *Stub
	name    string
	when    *source.Node // nil for none
	derived bool         // when may be made weaker
	answers []*reply
	notes   []string
	leftOut string // why it is not written, "" while it is
	// invalid is why it answers requests that break the contract, "" where it does not.
	invalid string
}

// reply is an answer on its way into the file.
type reply struct {
	Answer
	draft *draft
	// reason is why the answer departs from the contract, "" where it does not.
	reason string
	// bare leaves the body to the contract, taken says why where that was not asked for.
	bare  bool
	taken string
}

func newDraft(index int, s *Stub) *draft {
	d := &draft{index: index, stub: s, name: s.Name, when: s.When, derived: s.derived, notes: s.Comment}
	for _, a := range s.Answers {
		r := &reply{Answer: a, draft: d, reason: plainReason(a.OffContract), bare: a.ContractBody}
		if a.Unknown != "" {
			r.leaveBody(a.Unknown)
			r.taken = ""
		}
		r.judge()
		d.answers = append(d.answers, r)
	}
	if len(d.answers) == 0 {
		d.leftOut = "it has no answer"
	}
	return d
}

func (d *draft) note(text string) { d.notes = append(d.notes[:len(d.notes):len(d.notes)], text) }

// leaveBody leaves the body to the contract.
func (r *reply) leaveBody(why string) {
	r.bare, r.taken = true, why
	r.draft.note("The body is the contract's own: " + why + ".")
}

// part says what a line of the file belongs to.
type part struct {
	draft *draft
	key   string // of the stub's member
	reply *reply // under respond
}

// changes are what was made of the stub.
func (d *draft) changes() []Change {
	var list []Change
	if d.invalid != "" {
		list = append(list, Change{d.index, -1, AnswersInvalid, d.invalid})
	}
	for i, r := range d.answers {
		if r.reason != "" && r.OffContract == "" {
			list = append(list, Change{d.index, i, LeavesContract, r.reason})
		}
		if r.taken != "" {
			list = append(list, Change{d.index, i, HasContractBody, r.taken})
		}
	}
	return list
}

// answerInvalid lets the stub answer requests that break the contract too. It gives
// false where that does not help.
func (d *draft) answerInvalid(fault *source.Diagnostic) bool {
	if !d.stub.AnyValidity || d.invalid != "" || fault.Code != scenario.CodeNeverAdmitted && fault.Code != scenario.CodeNeverHolds {
		return false
	}
	d.invalid = fault.Message
	when := source.New(nil, source.Object, "when", "")
	for _, kid := range d.when.Kids {
		if kid.Key != "valid" {
			when.Kids = append(when.Kids, kid)
		}
	}
	when.Kids = append(when.Kids, *text("valid", "any"))
	d.when = &when
	return true
}
