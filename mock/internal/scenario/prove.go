package scenario

import (
	"fmt"
	"slices"
	"strings"

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

// maxSubset bounds the conditions of a stub of which all combinations are looked
// up: 2 to the power of it.
const maxSubset = 6

// unreachable reports stubs that an earlier one leaves nothing to answer: its
// conditions are among theirs. Stubs for "*" are compared with each other only,
// because they are meant for what an operation's own leave over.
func (l *loader) unreachable(stubs []*Stub, told map[source.Span]bool) {
	earlier := map[string][]*Stub{}
	for _, st := range stubs {
		if first := covering(st, earlier); first != nil && !told[st.At] {
			told[st.At] = true
			l.fault(CodeUnreachable, st.At, fmt.Sprintf("the stub %q can never answer: %q is tried before and answers the same requests", st.Name, first.Name),
				"give this one more conditions and a higher priority, or remove it", related(first.At, "this one answers before")...)
		}
		if !st.leaves() {
			key := conditionKey(st.everywhere, st.texts())
			earlier[key] = append(earlier[key], st)
		}
	}
}

// leaves tells whether the stub leaves requests that it could answer to others.
func (st *Stub) leaves() bool { return st.sequence.atEnd == atEndPass || st.Probability < 1 }

// texts identify the stub's conditions, sorted.
func (st *Stub) texts() []string {
	texts := make([]string, len(st.conditions))
	for i, c := range st.conditions {
		texts[i] = c.text()
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func conditionKey(everywhere bool, texts []string) string {
	return fmt.Sprint(everywhere) + "\n" + strings.Join(texts, "\n")
}

// covering finds an earlier stub whose conditions all are conditions of st too.
func covering(st *Stub, earlier map[string][]*Stub) *Stub {
	if len(earlier) == 0 {
		return nil
	}
	var found *Stub
	eachSubset(st.texts(), func(subset []string) bool {
		for _, first := range earlier[conditionKey(st.everywhere, subset)] {
			if first.coversValidity(st) {
				found = first
				return false
			}
		}
		return true
	})
	return found
}

// eachSubset calls yield for the combinations of texts, or for the smallest and
// the largest where there are too many.
func eachSubset(texts []string, yield func([]string) bool) {
	if len(texts) > maxSubset {
		if !yield(nil) || !yield(texts) {
			return
		}
		for i := range texts {
			if !yield(texts[i : i+1]) {
				return
			}
		}
		return
	}
	for bits := range 1 << len(texts) {
		var subset []string
		for i, text := range texts {
			if bits&(1<<i) != 0 {
				subset = append(subset, text)
			}
		}
		if !yield(subset) {
			return
		}
	}
}

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
