package journal

import (
	"iter"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// settled gives a copy of a complete entry in which texts stand in place of what
// refers to contracts and scenarios; nil where there is nothing of the kind.
func (e *Entry) settled(redactor *Redactor) *Entry {
	if phase(e.phase.Load()) != done {
		return nil
	}
	d := &e.Exchange.Decision
	_, isText := d.Considered.(texts)
	if (d.Considered == nil || isText) && !refers(e.Exchange.Violations) && !refers(e.Exchange.Answer.Violations) && !refers(e.late) && (e.Exchange.Answer.Problem == nil || !refers(e.Exchange.Answer.Problem.Violations)) {
		return nil
	}
	real := e.real()
	s := &Entry{
		Exchange: *real, number: e.number, tally: e.tally, requestHeader: e.requestHeader, answerHeader: e.answerHeader,
		requestBody: e.requestBody, answerBody: e.answerBody, bodyDropped: e.bodyDropped,
		firstByte: e.firstByte, end: e.end, outcome: e.outcome, sent: e.sent, garbage: e.garbage,
	}
	s.phase.Store(uint32(done))
	ex := &s.Exchange
	ex.Request.Header, ex.Answer.Header = nil, nil
	ex.ForgetPairs()
	if d.Considered != nil {
		ex.Decision.Considered = textsOf(real, e.shown(real, redactor, done))
	}
	ex.Violations, ex.Answer.Violations = withTexts(ex.Violations), withTexts(ex.Answer.Violations)
	if p := ex.Answer.Problem; p != nil {
		c := *p
		c.Violations = withTexts(p.Violations)
		ex.Answer.Problem = &c
	}
	s.size = s.measure()
	return s
}

// place is a position in a contract as text.
type place string

// String gives the text.
func (p place) String() string { return string(p) }

// refers tells whether a violation refers to its contract.
func refers(list []exchange.Violation) bool {
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
