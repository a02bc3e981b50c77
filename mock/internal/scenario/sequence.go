package scenario

import (
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// sequence is the answers of a stub, given one after the other. Most stubs have
// one answer that is given for ever.
type sequence struct {
	answers []*answer
	// total is how often the answers can be given before the end is reached.
	total int
	atEnd string
	cell  Cell
}

// counts tells whether the position matters.
func (s *sequence) counts() bool { return s.total > 1 || s.atEnd == atEndPass }

// over tells whether the stub has given its last answer and lets the next stub answer.
func (s *sequence) over(values Values) bool {
	return s.atEnd == atEndPass && values.Count(s.cell) >= s.total
}

// at gives the answer for a number of answers given before, and the number after it.
func (s *sequence) at(count int) (a *answer, next int) {
	if !s.counts() {
		return s.answers[0], count
	}
	next = count + 1
	if count >= s.total {
		count %= s.total
		if s.atEnd != atEndRestart {
			count = s.total - 1
		}
	}
	if s.atEnd == atEndStay && next >= s.total {
		next = s.total - 1 // stays with the last answer, so nothing changes any more
	}
	for _, a = range s.answers {
		if count < a.times {
			break
		}
		count -= a.times
	}
	return a, next
}

// first gives the first answer with a status, nil for none.
func (s *sequence) first(status int) *answer {
	for _, a := range s.answers {
		if a.status == status {
			return a
		}
	}
	return nil
}

// give renders an answer; one that does not depend on the request costs nothing.
func (st *Stub) give(a *answer, ex *exchange.Exchange, values Values, now time.Time) (*Outcome, error) {
	if a.static() {
		return a.outcome, nil
	}
	return a.render(&evaluation{ex: ex, values: values, now: now, states: st.states})
}

// next renders the answer whose turn it is, with its effects.
func (st *Stub) next(ex *exchange.Exchange, values Values, now time.Time) (*Outcome, error) {
	count := 0
	if st.sequence.counts() {
		count = values.Count(st.sequence.cell)
	}
	a, after := st.sequence.at(count)
	out, err := st.give(a, ex, values, now)
	if err != nil {
		return nil, err
	}
	effects, err := st.changes(ex)
	if err != nil {
		return nil, err
	}
	if after != count {
		effects = append(effects, Effect{Cell: st.sequence.cell, Count: after})
	}
	if effects == nil {
		return out, nil
	}
	changed := *out
	changed.Effects = effects
	return &changed, nil
}
