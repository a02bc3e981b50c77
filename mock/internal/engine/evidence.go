package engine

import (
	"iter"
	"slices"
	"unsafe"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// evidence is what a decision has looked at: the stubs that were asked, what the state
// was, and what was made of it. It is immutable and outlives the request in the journal.
type evidence struct {
	op *contract.Operation
	// code is the forced status, which counts for the preferred scenario alone.
	code   string
	layers []layer
	view   state.View
	// stub has answered, nil where none has.
	stub   *scenario.Stub
	noStub bool

	few [2]layer // where layers are, unless there are more
}

var _ exchange.Considered = (*evidence)(nil)

// consider gives the evidence of a decision, nil where no stub was to be tried. The same
// decision about the same operation mostly comes again: as long as neither states nor
// scenarios of a session's own have a part in it, its evidence is there once.
func (h *handling) consider(f *facts, c *choice, view *state.View) exchange.Considered {
	switch {
	case len(f.layers) == 0:
		return nil
	case len(view.Cells) > 0 || h.own != nil:
		return evidenceOf(f, c, view)
	}
	last := h.snap.last.Of(f.op)
	e := last.Load()
	if e == nil || !e.shows(f, c) {
		e = evidenceOf(f, c, &state.View{})
		last.Store(e)
	}
	return e
}

// shows tells whether the evidence is that of a decision over no state.
func (e *evidence) shows(f *facts, c *choice) bool {
	return e.stub == c.stub && e.noStub == c.noStub && e.code == f.prefer.Code && slices.EqualFunc(e.layers, f.layers, layer.same)
}

// same tells whether the same stubs were asked, where that is seen at once: lists of
// candidates are mostly shared.
func (l layer) same(other layer) bool {
	return l.step == other.step && l.scenario == other.scenario && len(l.stubs) == len(other.stubs) && unsafe.SliceData(l.stubs) == unsafe.SliceData(other.stubs)
}

func evidenceOf(f *facts, c *choice, view *state.View) *evidence {
	e := &evidence{op: f.op, code: f.prefer.Code, view: *view, stub: c.stub, noStub: c.noStub}
	e.layers = append(e.few[:0], f.layers...)
	return e
}

// Tried implements exchange.Considered. Stubs that were left out because they ask
// for another value than the request has are among those that it gives.
func (e *evidence) Tried(ex *exchange.Exchange) iter.Seq[exchange.Tried] {
	return func(yield func(exchange.Tried) bool) {
		for i := range e.layers {
			l := &e.layers[i]
			asked := make(map[*scenario.Stub]bool, len(l.stubs))
			for _, stub := range l.stubs {
				asked[stub] = true
			}
			for _, stub := range answering(l.scenario.Stubs(e.op), e.codeOf(l), e.op) {
				t := exchange.Tried{Step: l.step, Scenario: l.scenario.Name, Stub: stub.Name}
				t.Judge = func() exchange.Judged { return e.judge(stub, ex, asked[stub]) }
				if !yield(t) || stub == e.stub {
					return
				}
			}
			if e.noStub && l.step == exchange.StepScenario {
				return
			}
		}
	}
}

// codeOf is the status that was forced on the stubs of a layer, "" for none.
func (e *evidence) codeOf(l *layer) string {
	if l.step != exchange.StepScenario {
		return ""
	}
	return e.code
}

// judge says how the request fared with a stub. The view shows the state of those
// that were asked alone.
func (e *evidence) judge(stub *scenario.Stub, ex *exchange.Exchange, asked bool) exchange.Judged {
	var known scenario.Values
	if asked {
		known = values{&e.view}
	}
	j := stub.Judge(ex, known)
	judged := exchange.Judged{Held: j.Held, Conditions: j.Conditions, Failed: j.Failed}
	if j.Held == j.Conditions && stub != e.stub {
		judged.Failed = func(*exchange.Exchange) string { return "chance has left the request to the stubs behind it" }
	}
	return judged
}

// Size implements exchange.Considered.
func (e *evidence) Size() int {
	size := int(unsafe.Sizeof(*e)) + len(e.code)
	if cap(e.layers) > len(e.few) {
		size += cap(e.layers) * int(unsafe.Sizeof(layer{}))
	}
	for i := range e.layers {
		size += len(e.layers[i].stubs) * int(unsafe.Sizeof((*scenario.Stub)(nil)))
	}
	size += len(e.view.Cells) * int(unsafe.Sizeof(state.Cell{})+unsafe.Sizeof(state.Value{}))
	for i := range e.view.Cells {
		size += len(e.view.Cells[i].Key)
	}
	return size
}
