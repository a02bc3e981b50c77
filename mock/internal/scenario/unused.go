package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// proveStates looks at what a file says of its states as a whole: those that
// nothing asks for, and values that they never have. Something broken in the file
// may be what asks for them.
func (l *loader) proveStates(f *file, broken bool) {
	before := l.faults
	for _, m := range f.machines {
		if !m.used {
			l.compileUnused(f, m)
		}
	}
	if broken || l.faults > before {
		return
	}
	for _, m := range f.machines {
		if !m.used {
			l.warn(CodeUnusedState, m.node.KeyAt(), fmt.Sprintf("no stub sets the state %q or asks for it", m.name), "remove it, or name it under when: state and under set")
		} else {
			l.neverSet(f, m)
		}
	}
}

// compileUnused finds what is wrong with a key that no stub has needed: it must be
// right for one of the operations at least.
func (l *loader) compileUnused(f *file, m *machine) {
	var first *findings
	for _, op := range l.operationsOf(f) {
		var found findings
		if ref := l.compiler(f, op, &found).stateRef(m, new(Stub)); ref != nil {
			m.used = false
			return
		}
		if first == nil {
			first = &found
		}
	}
	if first != nil {
		l.list = append(l.list, first.list...)
		l.faults += first.faults
	}
}

// operationsOf lists the operations for which a file has stubs, all where it has none.
func (l *loader) operationsOf(f *file) []*contract.Operation {
	var list []*contract.Operation
	for _, op := range l.names.all() {
		if len(f.scenario.stubs[op]) > 0 {
			list = append(list, op)
		}
	}
	if list == nil {
		return l.names.all()
	}
	return list
}

// neverSet warns of stubs that wait for a value which no stub sets.
func (l *loader) neverSet(f *file, m *machine) {
	has := map[string]bool{m.values[0]: true}
	eachStub(f, func(s *stubSpec) {
		for _, entry := range s.sets {
			if entry.Key == m.name {
				has[entry.Text] = true
			}
		}
	})
	eachStub(f, func(s *stubSpec) {
		for name, entry := range s.when.state.Members() {
			if name == m.name && !has[entry.Text] {
				l.warn(CodeNeverSet, entry.At(), fmt.Sprintf("nothing sets the state %q to %q: this stub never answers", name, entry.Text),
					fmt.Sprintf("write set: {%s: %s} on the stub that leads there", name, entry.Text), related(m.valueAt(entry.Text), "the value is listed here")...)
			}
		}
	})
}

func eachStub(f *file, visit func(*stubSpec)) {
	for i := range f.spec.operations {
		for _, s := range f.spec.operations[i].stubs {
			visit(s)
		}
	}
}

// valueAt is where the machine lists a value.
func (m *machine) valueAt(value string) source.Span {
	for _, item := range m.node.Get("values").Items() {
		if item.Text == value {
			return item.At()
		}
	}
	return m.node.KeyAt()
}
