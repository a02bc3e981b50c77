package author

import (
	"errors"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxRounds bounds how often the file is proved: a stub is made weaker in that many
// steps at most before it is left out.
const maxRounds = 8

// prove makes weaker what does not hold, until all of it does.
func (w *writing) prove() {
	for range maxRounds {
		if len(w.operations()) == 0 || w.round() {
			return
		}
	}
	for range w.drafts { // leaving one out may take from another what it needs
		if len(w.operations()) == 0 || w.leaveOut() {
			return
		}
	}
}

// round proves the file once and makes weaker what does not hold. It gives true where
// everything does.
func (w *writing) round() bool {
	found, owners := w.faults()
	weakened := map[*draft]bool{} // each once, because one fault often brings others
	for i := range found {
		owner := ownerOf(&found[i], owners)
		switch {
		case owner.draft == nil:
			w.leaveAllOut(found[i].Message)
			return true
		case !weakened[owner.draft]:
			weakened[owner.draft] = true
			owner.weaken(&found[i])
		}
	}
	return len(found) == 0
}

// leaveOut leaves out the stubs that do not hold. It gives true where all others do.
func (w *writing) leaveOut() bool {
	found, owners := w.faults()
	for i := range found {
		owner := ownerOf(&found[i], owners)
		if owner.draft == nil {
			w.leaveAllOut(found[i].Message)
			return true
		}
		owner.draft.leftOut = found[i].Message
	}
	return len(found) == 0
}

func (w *writing) leaveAllOut(reason string) {
	for _, d := range w.drafts {
		d.leftOut = reason
	}
}

// faults proves the file with all bodies in it.
func (w *writing) faults() (source.Diagnostics, []part) {
	page, _ := w.render(false)
	_, err := scenario.LoadFiles([]*source.File{{Name: w.scenario.Name + ".yaml", Data: page.Text()}}, w.apis, scenario.Options{})
	var found, faults source.Diagnostics
	if err != nil && !errors.As(err, &found) {
		found = source.Diagnostics{{Message: err.Error()}}
	}
	for _, d := range found {
		if d.Severity == source.Error {
			faults = append(faults, d)
		}
	}
	return faults, page.Owners()
}

func ownerOf(d *source.Diagnostic, owners []part) part {
	if line := d.At.Position().Line; line >= 1 && line <= len(owners) {
		return owners[line-1]
	}
	return part{}
}

// weaken writes the stub so that a fault may go away.
func (p part) weaken(fault *source.Diagnostic) {
	d := p.draft
	switch {
	case fault.Code == scenario.CodeUnreachable:
		d.leftOut = "a stub before it answers all of its requests"
	case fault.Code == scenario.CodeNoOperationFits && d.leaveContract(fault):
	case p.key == "name":
		d.name = ""
	case p.key == "when" && d.answerInvalid(fault):
	case p.key == "when" && d.derived:
		d.weakenWhen(fault)
	case p.reply != nil && p.reply.reason == "" && p.reply.Fault == "":
		p.reply.reason = plainReason(fault.Message)
	case p.reply != nil && !p.reply.bare && p.reply.Fault == "":
		p.reply.leaveBody(fault.Message)
	default:
		d.leftOut = fault.Message
	}
}

// weakenWhen takes conditions out: those that are not on the path first, and then
// those as well.
func (d *draft) weakenWhen(fault *source.Diagnostic) {
	for _, path := range []string{"path", ""} {
		var kept []source.Node
		for _, kid := range d.when.Kids {
			if kid.Key == path || kid.Key == "valid" || kid.Key == "violates" {
				kept = append(kept, kid)
			}
		}
		if len(kept) < len(d.when.Kids) {
			n := source.New(nil, source.Object, "when", "", kept...)
			d.when = &n
			d.note("Conditions were left out: " + fault.Message + ".")
			return
		}
	}
	d.leftOut = fault.Message
}

// leaveContract lets all answers depart from the contract. It gives false where they do
// already.
func (d *draft) leaveContract(fault *source.Diagnostic) bool {
	left := false
	for _, r := range d.answers {
		if r.reason == "" && r.Fault == "" {
			r.reason, left = plainReason(fault.Message), true
		}
	}
	return left
}
