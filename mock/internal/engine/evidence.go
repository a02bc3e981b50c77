package engine

import (
	"iter"
	"unsafe"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

var _ exchange.Considered = (*facts)(nil)

// Tried implements exchange.Considered. Stubs that were left out because they ask
// for another value than the request has are among those that it gives.
func (f *facts) Tried(ex *exchange.Exchange) iter.Seq[exchange.Tried] {
	return func(yield func(exchange.Tried) bool) {
		for i := range f.layers {
			l := &f.layers[i]
			asked := make(map[*scenario.Stub]bool, len(l.stubs))
			for _, stub := range l.stubs {
				asked[stub] = true
			}
			for _, stub := range answering(l.scenario.Stubs(f.op), f.codeOf(l), f.op) {
				t := exchange.Tried{Step: l.step, Scenario: l.scenario.Name, Stub: stub.Name}
				t.Judge = func() exchange.Judged { return f.judge(stub, ex, asked[stub]) }
				if !yield(t) || stub == f.decided.stub {
					return
				}
			}
			if f.decided.noStub && l.step == exchange.StepScenario {
				return
			}
		}
	}
}

// codeOf is the forced status, which counts for the preferred scenario alone.
func (f *facts) codeOf(l *layer) string {
	if l.step != exchange.StepScenario {
		return ""
	}
	return f.prefer.Code
}

// judge says how the request fared with a stub. The view shows the state of those
// that were asked alone.
func (f *facts) judge(stub *scenario.Stub, ex *exchange.Exchange, asked bool) exchange.Judged {
	var known scenario.Values
	if asked {
		known = values{f.view}
	}
	j := stub.Judge(ex, known)
	judged := exchange.Judged{Held: j.Held, Conditions: j.Conditions, Failed: j.Failed}
	if j.Held == j.Conditions && stub != f.decided.stub {
		judged.Failed = func(*exchange.Exchange) string { return "chance has left the request to the stubs behind it" }
	}
	return judged
}

// Size implements exchange.Considered.
func (f *facts) Size() int {
	size := int(unsafe.Sizeof(*f)) + len(f.layers)*int(unsafe.Sizeof(layer{}))
	for i := range f.layers {
		size += len(f.layers[i].stubs) * int(unsafe.Sizeof((*scenario.Stub)(nil)))
	}
	if f.view == nil {
		return size
	}
	size += int(unsafe.Sizeof(*f.view)) + len(f.view.Cells)*int(unsafe.Sizeof(state.Cell{})+unsafe.Sizeof(state.Value{}))
	for i := range f.view.Cells {
		size += len(f.view.Cells[i].Key)
	}
	return size
}
