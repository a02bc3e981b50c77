package replay

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// story is a scenario as it is replayed: chapters that do not depend on each other.
type story struct {
	name            string
	setup, teardown []scenario.ProviderCall
	chapters        []*chapter
}

// chapter is requests that are sent in order.
type chapter struct {
	name            string
	setup, teardown []scenario.ProviderCall
	scenes          []*scene
}

// scene is one request. Its check has an outcome already where none is to be sent.
type scene struct {
	check Check
	op    *contract.Operation
	stub  *scenario.Stub // nil for a request that is to be refused
	step  scenario.Step
	draft *scenario.Draft
	// support tells that it is there for those behind it and is no check by itself.
	support bool
}

func (s *story) size() int { return len(s.all()) }

func (s *story) all() []Check {
	var list []Check
	for _, c := range s.chapters {
		for _, scene := range c.scenes {
			if !scene.support {
				list = append(list, scene.check)
			}
		}
	}
	return list
}

func (s *story) sends() bool {
	for _, c := range s.chapters {
		if c.sends() {
			return true
		}
	}
	return false
}

func (c *chapter) sends() bool {
	for _, s := range c.scenes {
		if s.check.Outcome == "" {
			return true
		}
	}
	return false
}

func (r *runner) plan() []*story {
	p := &planner{runner: r, drafts: map[*contract.Operation]drafted{}}
	var stories []*story
	for _, sc := range r.Scenarios {
		if s := p.story(sc); len(s.chapters) > 0 {
			stories = append(stories, s)
		}
	}
	if r.Negative {
		stories = append(stories, p.refusals()...)
	}
	return stories
}

type planner struct {
	*runner
	// drafts are the requests for stubs without conditions.
	drafts map[*contract.Operation]drafted
}

type drafted struct {
	*scenario.Draft
	err error
}

// story plans the replay of a scenario.
func (p *planner) story(sc *scenario.Scenario) *story {
	s := &story{name: sc.Name, setup: sc.Provider.Setup, teardown: sc.Provider.Teardown}
	var cast []*part
	changes := false
	for _, st := range sc.All() {
		part := p.part(st)
		changes = changes || st.Changing() || st.Sets() || st.Steps() > 1
		cast = append(cast, part)
	}
	if !changes {
		for _, part := range cast {
			if part.wanted {
				s.chapters = append(s.chapters, part.alone())
			}
		}
		return s
	}
	w := &walk{sc: sc, cast: cast, now: newPast()}
	if c := w.chapter(); len(c.scenes) > 0 {
		s.chapters = append(s.chapters, c)
	}
	for _, part := range cast {
		if part.wanted && !part.inWalk {
			s.chapters = append(s.chapters, part.alone())
		}
	}
	return s
}

// part is a stub with the request that brings it about, or the reason why none does.
type part struct {
	stub   *scenario.Stub
	draft  *scenario.Draft
	steps  int
	reason string
	skip   string
	// wanted tells that it is to be checked; others may be needed to get there.
	wanted bool
	// inWalk tells that what came before decides whether it answers.
	inWalk bool
}

func (p *planner) part(st *scenario.Stub) *part {
	part := &part{stub: st, steps: st.Steps(), wanted: p.Operation == nil || p.Operation(st.Operation)}
	ownSetup := len(st.Provider.Setup) > 0 && !p.Mock
	part.inWalk = !ownSetup
	switch {
	case st.Provider.Skip != "":
		part.skip = st.Provider.Skip
		return part
	case st.Probability < 1:
		part.reason = fmt.Sprintf("it answers a share of %v of the calls, by chance", st.Probability)
		return part
	case part.steps > MaxSteps:
		part.reason = fmt.Sprintf("it has %d answers, and %d are asked for at most", part.steps, MaxSteps)
		return part
	}
	for i := range part.steps {
		step := st.Step(i)
		if step.Fault != "" {
			part.reason = "it breaks the connection (" + string(step.Fault) + "), which no provider promises"
			return part
		}
		if !p.Mock && !step.Success && st.Unconditional() && !st.InvalidOnly() && !ownSetup && len(st.Scenario.Provider.Setup) == 0 {
			part.reason = "its when does not set it apart from a plain success, and it has no provider: {setup: …}"
			return part
		}
	}
	d := p.draft(st)
	part.draft = d.Draft
	if d.err != nil {
		part.reason = d.err.Error()
	}
	return part
}

func (p *planner) draft(st *scenario.Stub) drafted {
	plain := st.Unconditional() && !st.InvalidOnly()
	if known, ok := p.drafts[st.Operation]; ok && plain && known.err == nil && st.First(known.Exchange) {
		return known
	}
	var d drafted
	d.Draft, d.err = st.Draft(p.Now)
	if plain {
		p.drafts[st.Operation] = d
	}
	return d
}

// alone is the chapter of a stub for which nothing else matters.
func (p *part) alone() *chapter {
	c := &chapter{name: p.stub.Name, setup: p.stub.Provider.Setup, teardown: p.stub.Provider.Teardown}
	for i := range min(p.steps, MaxSteps) {
		c.scenes = append(c.scenes, p.scene(i))
		if p.draft == nil || p.reason != "" {
			break
		}
	}
	return c
}

// scene is the stub's answer behind so many others.
func (p *part) scene(count int) *scene {
	step := p.stub.Step(count)
	s := &scene{op: p.stub.Operation, stub: p.stub, step: step, draft: p.draft}
	s.check = Check{
		Scenario: p.stub.Scenario.Name, Stub: p.stub.Name, Answer: count + 1, Answers: p.steps,
		API: p.stub.Operation.Contract().Name, Operation: p.stub.Operation.Name(), Place: placeOf(step.At), Expected: step.Status,
	}
	if step.At.File == nil {
		s.check.Place = placeOf(p.stub.At)
	}
	switch {
	case p.skip != "":
		s.check.Outcome, s.check.Reason, s.check.Answers = Skipped, p.skip, 1
	case p.reason != "" || p.draft == nil:
		s.check.Outcome, s.check.Reason, s.check.Answers = NotProvable, p.reason, 1
	default:
		if p.draft.Breach != nil {
			s.check.Breach = p.draft.Breach.What
		}
	}
	return s
}
