// Package coverage counts which parts of contracts requests and answers have used.
//
// A row is one operation with one media type of its request, one described status and
// one media type of the answer. Two things are counted apart: how often a row was
// reached, and how often request and answer kept to the contract then. Only the
// second says that something was tried as the contract means it.
//
// Every answered exchange is counted once, by a few atomic additions: no lock is
// shared by requests, and nothing is allocated for a row that was reached before.
package coverage

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Recorder counts exchanges, for everybody and for each session. It is safe for
// concurrent use.
type Recorder struct {
	unchecked bool
	current   atomic.Pointer[generation]
	outside   atomic.Uint64
	sessions  sessions

	swapping sync.Mutex // one Swap at a time
	taking   sync.Mutex // one Take at a time
}

// New makes a recorder; Swap says what there is to be covered. unchecked tells that
// requests are not checked against the contract: then nothing is known to conform.
func New(unchecked bool) *Recorder {
	r := &Recorder{unchecked: unchecked}
	r.sessions.begin()
	r.current.Store(&generation{plans: contract.NewByOperation[atomic.Pointer[plan]](nil)})
	return r
}

// generation is what is served from one load to the next.
type generation struct {
	apis      []*contract.Contract
	scenarios []*scenarioCount
	byName    map[string]*scenarioCount

	// plans are made when an operation is first used, because describing one compiles it.
	plans *contract.ByOperation[atomic.Pointer[plan]]

	making sync.Mutex // one plan is made at a time; guards the field below
	// ended tells that another generation has taken the plans over.
	ended bool
}

// plan is an operation's rows with the counts of everybody.
type plan struct {
	everybody counters
	shape
	key string // names it in what Take gives
}

// scenarioCount counts the answers of a scenario.
type scenarioCount struct {
	name     string
	answered atomic.Uint64
}

// Swap makes apis and scenarios those that are to be covered. The counts of operations
// whose rows have stayed are kept, for everybody and for sessions; so are those of
// scenarios whose names have stayed.
func (r *Recorder) Swap(apis []*contract.Contract, set *scenario.Set) {
	r.swapping.Lock()
	defer r.swapping.Unlock()
	before := r.current.Load()
	next := &generation{apis: apis, byName: map[string]*scenarioCount{}, plans: contract.NewByOperation[atomic.Pointer[plan]](apis)}
	for _, sc := range set.Scenarios {
		count := before.byName[sc.Name]
		if count == nil {
			count = &scenarioCount{name: strings.Clone(sc.Name)}
		}
		next.scenarios = append(next.scenarios, count)
		next.byName[count.name] = count
	}
	kept := map[any]bool{}
	for _, count := range next.scenarios {
		kept[count] = true
	}
	before.making.Lock() // a plan that was made behind the look at them would be lost
	defer before.making.Unlock()
	before.ended = true
	for was, known := range before.plans.All() {
		p := known.Load()
		if p == nil {
			continue
		}
		// Where scenarios alone have changed, the operations are the same.
		if op := next.same(was); op != nil && (op == was || p.fits(op)) {
			next.plans.Of(op).Store(p)
			kept[p] = true
		}
	}
	r.current.Store(next)
	r.sessions.keep(kept)
}

// same finds the operation that stands where one of another generation stood, nil
// for none.
func (g *generation) same(op *contract.Operation) *contract.Operation {
	for _, c := range g.apis {
		if c.Name == op.Contract().Name && c.Location == op.Contract().Location {
			return c.Operation(op.Method + " " + op.Template)
		}
	}
	return nil
}

// plan gives an operation's plan, nil for one of an earlier generation whose rows are
// others now.
func (r *Recorder) plan(op *contract.Operation) *plan {
	for {
		g := r.current.Load()
		at := g.plans.Of(op)
		if at == nil {
			// The request began before a reload.
			now := g.same(op)
			if now == nil {
				return nil
			}
			if p := r.plan(now); p != nil && p.fits(op) {
				return p
			}
			return nil
		}
		if p := at.Load(); p != nil {
			return p
		}
		if p := g.make(op); p != nil {
			return p
		}
	}
}

// make makes the plan of an operation, unless there is one by now. It gives nil where
// the generation has ended.
func (g *generation) make(op *contract.Operation) *plan {
	g.making.Lock()
	defer g.making.Unlock()
	if g.ended {
		return nil
	}
	at := g.plans.Of(op)
	if p := at.Load(); p != nil {
		return p
	}
	p := &plan{shape: shapeOf(op)}
	p.key = keyOf(op, &p.layout)
	p.everybody.begin(&p.shape, true)
	at.Store(p)
	return p
}

// Use is an exchange that was decided and is to be counted once it is answered.
type Use struct {
	recorder *Recorder
	ex       *exchange.Exchange
	plan     *plan // nil for an operation that is not counted
	outside  bool
	hit      hit
	answered *scenarioCount // nil where no scenario answered
}

// Locate finds what a decided exchange uses of the contract. op is the operation that
// the request was for, nil for none.
func (r *Recorder) Locate(ex *exchange.Exchange, op *contract.Operation) Use {
	u := Use{recorder: r, ex: ex, outside: op == nil}
	if u.outside {
		return u
	}
	if u.plan = r.plan(op); u.plan != nil {
		u.hit = u.plan.locate(ex, r.unchecked)
	}
	if ex.Decision.Scenario != "" {
		u.answered = r.current.Load().byName[ex.Decision.Scenario]
	}
	return u
}

// Broke tells that the answer was found to break the contract when it was over. It is to be
// called before Count.
func (u *Use) Broke() {
	if u.hit.outcome == conformed {
		u.hit.outcome = broke
	}
}

// Count counts the use, for everybody and for the session. It is to be called once,
// before the first byte of the answer is sent: who has the answer finds it counted.
func (u *Use) Count() {
	r, ex := u.recorder, u.ex
	switch {
	case u.outside:
		r.outside.Add(1)
		if hasSession(ex) {
			s := r.sessions.enter(ex)
			s.outside.Add(1)
			set(&s.changed)
		}
		return
	case u.plan == nil:
		return
	}
	u.plan.everybody.count(ex, u.hit)
	if u.answered != nil {
		u.answered.answered.Add(1)
	}
	if ex.Session == "" {
		return
	}
	s := r.sessions.enter(ex)
	r.sessions.counters(s, u.plan).count(ex, u.hit)
	if u.answered != nil {
		s.answeredBy(u.answered).Add(1)
	}
	set(&s.changed)
}

// hasSession tells whether an exchange belongs to a session that there is.
func hasSession(ex *exchange.Exchange) bool {
	if ex.Session == "" {
		return false
	}
	p := ex.Answer.Problem
	return p == nil || p.Code != exchange.ProblemTooManySessions && p.Code != exchange.ProblemStateUnavailable
}

// Forget drops what a session has counted; everybody's counts stay.
func (r *Recorder) Forget(session string) { r.sessions.forget(session) }
