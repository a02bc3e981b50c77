package scenario

import (
	"fmt"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// proveTogether checks what needs all stubs: those that can never answer.
func (l *loader) proveTogether() {
	told := map[source.Span]bool{}
	for _, sc := range l.set.Scenarios {
		for _, op := range l.names.all() {
			l.unreachable(sc.stubs[op], told)
		}
	}
	for _, op := range l.names.all() {
		l.duplicateDefaults(op, told)
	}
}

// leaves tells whether the stub leaves requests that it could answer to others.
func (st *Stub) leaves() bool { return st.sequence.atEnd == atEndPass || st.Probability < 1 }

// coversValidity tells whether st admits every request that other admits, as far
// as violations go.
func (st *Stub) coversValidity(other *Stub) bool {
	switch {
	case st.valid == validOrNot:
		return true
	case st.valid != other.valid:
		return false
	case len(st.violates) == 0:
		return true
	}
	return len(other.violates) > 0 && !slices.ContainsFunc(other.violates, func(place exchange.Location) bool { return !slices.Contains(st.violates, place) })
}

// duplicateDefaults reports default scenarios that answer the same requests
// without conditions: the one that is later by name never would.
func (l *loader) duplicateDefaults(op *contract.Operation, told map[source.Span]bool) {
	var first []*Stub
	for _, sc := range l.set.Scenarios {
		if !sc.Default {
			continue
		}
		for _, st := range sc.stubs[op] {
			if !st.Unconditional() || st.leaves() {
				continue
			}
			i := slices.IndexFunc(first, func(before *Stub) bool {
				return before.Scenario != sc && before.everywhere == st.everywhere && before.coversValidity(st)
			})
			if i < 0 {
				first = append(first, st)
			} else if !told[st.At] {
				told[st.At] = true
				l.fault(CodeDuplicateDefault, st.At, fmt.Sprintf("two default scenarios answer every request to %s, and this one never does", op.Name()),
					"give one of them conditions, or make it no default", related(first[i].At, "the other one")...)
			}
		}
	}
}
