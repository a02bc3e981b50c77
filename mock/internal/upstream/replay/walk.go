package replay

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Bounds of the search for the way to a stub.
const (
	maxWayLength = 8
	maxWays      = 2_000
)

// walk goes through a scenario whose stubs depend on what came before, as a mock would
// answer: each stub is asked for when its turn has come, those first that change nothing
// for others.
type walk struct {
	sc   *scenario.Scenario
	cast []*part
	now  *past
}

// past is what a mock would remember.
type past struct {
	counts map[scenario.Cell]int
	states map[scenario.Cell]string
}

func newPast() *past { return &past{map[scenario.Cell]int{}, map[scenario.Cell]string{}} }

// Count implements scenario.Values.
func (p *past) Count(c scenario.Cell) int { return p.counts[c] }

// State implements scenario.Values.
func (p *past) State(c scenario.Cell) string { return p.states[c] }

func (p *past) clone() *past { return &past{maps.Clone(p.counts), maps.Clone(p.states)} }

// key is the same for the same past.
func (p *past) key() string {
	var list []string
	for c, n := range p.counts {
		list = append(list, fmt.Sprint(c, n))
	}
	for c, s := range p.states {
		list = append(list, fmt.Sprint(c, s))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// apply remembers an answer; false where it has none to give.
func (p *past) apply(part *part) bool {
	effects, err := part.stub.Effects(part.draft.Exchange, p)
	if err != nil {
		return false
	}
	for _, e := range effects {
		if e.State != "" {
			p.states[e.Cell] = e.State
		} else {
			p.counts[e.Cell] = e.Count
		}
	}
	return true
}

// answers tells whether the stub is the one that answers its request now.
func (p *past) answers(part *part) bool {
	return part.playable() && part.stub.Scenario.Answers(part.stub.Operation, part.draft.Exchange, p) == part.stub
}

// playable tells whether there is a request for the stub.
func (p *part) playable() bool { return p.inWalk && p.reason == "" && p.skip == "" && p.draft != nil }

// chapter plans the requests in their order.
func (w *walk) chapter() *chapter {
	c := &chapter{name: w.sc.Name}
	var pending []*part
	for _, part := range w.cast {
		switch {
		case !part.inWalk || !part.wanted:
		case !part.playable():
			c.scenes = append(c.scenes, part.scene(0))
		default:
			pending = append(pending, part)
		}
	}
	for len(pending) > 0 {
		i := w.next(pending)
		if i < 0 {
			way := w.way(pending)
			if way == nil {
				break
			}
			for _, part := range way {
				s := part.scene(w.count(part))
				s.support = true
				c.scenes = append(c.scenes, s)
				w.now.apply(part)
			}
			continue
		}
		w.play(c, pending[i])
		pending = slices.Delete(pending, i, i+1)
	}
	for _, part := range pending {
		part.reason = w.refusal(part)
		c.scenes = append(c.scenes, part.scene(0))
	}
	return c
}

// next chooses the stub whose turn it is, -1 for none.
func (w *walk) next(pending []*part) int {
	for _, changing := range []bool{false, true} {
		for i, part := range pending {
			if (part.stub.Sets() || part.stub.Passes()) == changing && w.now.answers(part) {
				return i
			}
		}
	}
	return -1
}

// count is how often the stub has answered.
func (w *walk) count(part *part) int {
	if cell, counts := part.stub.Sequence(); counts {
		return w.now.Count(cell)
	}
	return 0
}

// play asks for the answers of a stub that have not been given yet.
func (w *walk) play(c *chapter, part *part) {
	for n := w.count(part); n < part.steps; n++ {
		s := part.scene(n)
		c.scenes = append(c.scenes, s)
		if !w.now.answers(part) || !w.now.apply(part) {
			s.check.Outcome = NotProvable
			s.check.Reason = "after the answer before it, the stub does not answer any more: " + w.refusal(part)
			return
		}
	}
}

// way finds the stubs whose answers lead to where one of those pending answers, nil for
// none.
func (w *walk) way(pending []*part) []*part {
	type place struct {
		past *past
		way  []*part
	}
	open, seen := []place{{w.now, nil}}, map[string]bool{w.now.key(): true}
	for len(open) > 0 && len(seen) < maxWays {
		at := open[0]
		open = open[1:]
		if len(at.way) == maxWayLength {
			continue
		}
		for _, part := range w.cast {
			if !at.past.answers(part) {
				continue
			}
			next := place{at.past.clone(), append(at.way[:len(at.way):len(at.way)], part)}
			if !next.past.apply(part) || seen[next.past.key()] {
				continue
			}
			seen[next.past.key()] = true
			if slices.ContainsFunc(pending, next.past.answers) {
				return next.way
			}
			open = append(open, next)
		}
	}
	return nil
}

// refusal says why a stub does not answer.
func (w *walk) refusal(part *part) string {
	ex := part.draft.Exchange
	if reason := part.stub.Judge(ex, w.now).Failed(ex); reason != "" {
		return reason + ", and no stub of the scenario brings that about"
	}
	if other := part.stub.Scenario.Answers(part.stub.Operation, ex, w.now); other != nil && other != part.stub {
		return fmt.Sprintf("the stub %s answers in its place", other.Name)
	}
	return "no order of the scenario's requests brings it about"
}
