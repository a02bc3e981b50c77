package journal

import (
	"iter"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// settled gives a copy of a complete entry in which texts stand in place of what
// refers to contracts and scenarios; nil where there is nothing of the kind.
func (k *kept) settled(redactor *Redactor) *kept {
	if k.now() != done || !k.refers() {
		return nil
	}
	s := &kept{
		number: k.number, tally: k.tally, time: k.time, flags: k.flags, data: k.data,
		requestBody: k.requestBody, answerBody: k.answerBody, requestSize: k.requestSize, answerSize: k.answerSize,
		considered: k.considered, firstByte: k.firstByte, end: k.end, outcome: k.outcome, sent: k.sent,
	}
	s.phase.Store(uint32(done))
	if k.considered != nil {
		v := k.seen()
		s.considered = textsOf(v.real(), v.shown(v.real(), redactor))
	}
	if k.rare != nil {
		s.rare = &rare{withTexts(k.rare.violations), withTexts(k.rare.answerViolations), k.rare.problem, k.rare.opaque}
		if p := k.rare.problem; p != nil {
			c := *p
			c.Violations = withTexts(p.Violations)
			s.rare.problem = &c
		}
	}
	if k.ending != nil {
		s.ending = &ending{k.ending.garbage, k.ending.stream, withTexts(k.ending.late)}
	}
	s.size = s.measure()
	return s
}

// refers tells whether a complete entry refers to contracts or scenarios.
func (k *kept) refers() bool {
	if _, isText := k.considered.(texts); k.considered != nil && !isText {
		return true
	}
	r, e := k.rare, k.ending
	return r != nil && (refer(r.violations) || refer(r.answerViolations) || r.problem != nil && refer(r.problem.Violations)) || e != nil && refer(e.late)
}

// place is a position in a contract as text.
type place string

// String gives the text.
func (p place) String() string { return string(p) }

// refer tells whether a violation refers to its contract.
func refer(list []exchange.Violation) bool {
	return slices.ContainsFunc(list, func(v exchange.Violation) bool {
		_, isText := v.Contract.(place)
		return v.Contract != nil && !isText
	})
}

func withTexts(list []exchange.Violation) []exchange.Violation {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Contract != nil {
			list[i].Contract = place(list[i].ContractLine())
		}
	}
	return list
}

// maxSettled bounds the stubs whose texts outlive their scenario.
const maxSettled = 2 * MaxCandidates

// texts are the stubs that a decision has tried, without the stubs. Those that are
// more than maxSettled it gives without names, so that their number stays known.
type texts struct {
	list []tried
	more int
}

type tried struct {
	exchange.Tried
	held, conditions int
	failed           string
}

func textsOf(real, shown *exchange.Exchange) texts {
	var t texts
	for each := range real.Decision.Considered.Tried(real) {
		if len(t.list) == maxSettled {
			t.more++
			continue
		}
		j := each.Judge()
		each.Judge = nil // it refers to the stub
		t.list = append(t.list, tried{each, j.Held, j.Conditions, j.Failed(shown)})
	}
	return t
}

// Tried implements exchange.Considered.
func (t texts) Tried(*exchange.Exchange) iter.Seq[exchange.Tried] {
	return func(yield func(exchange.Tried) bool) {
		for i := range t.list {
			known := &t.list[i]
			each := known.Tried
			each.Judge = func() exchange.Judged {
				return exchange.Judged{Held: known.held, Conditions: known.conditions, Failed: func(*exchange.Exchange) string { return known.failed }}
			}
			if !yield(each) {
				return
			}
		}
		for range t.more {
			if !yield(exchange.Tried{Judge: func() exchange.Judged { return exchange.Judged{} }}) {
				return
			}
		}
	}
}

// Size implements exchange.Considered.
func (t texts) Size() int {
	size := 0
	for i := range t.list {
		size += 128 + len(t.list[i].failed)
	}
	return size
}
