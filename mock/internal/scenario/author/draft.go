package author

import (
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
}

// reply is an answer on its way into the file.
type reply struct {
	Answer
	draft *draft
	// reason is why the answer departs from the contract, "" where it does not.
	reason string
	// bare leaves the body to the contract.
	bare bool
}

func newDraft(index int, s *Stub) *draft {
	d := &draft{index: index, stub: s, name: s.Name, when: s.When, derived: s.derived, notes: s.Comment}
	for _, a := range s.Answers {
		r := &reply{Answer: a, draft: d, reason: plainReason(a.OffContract), bare: a.ContractBody}
		if a.Unknown != "" {
			r.leaveBody(a.Unknown)
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
	r.bare = true
	r.draft.note("The body is the contract's own: " + why + ".")
}

// part says what a line of the file belongs to.
type part struct {
	draft *draft
	key   string // of the stub's member
	reply *reply // under respond
}
