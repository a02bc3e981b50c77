package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// handling is one request on its way through the engine.
type handling struct {
	*Engine
	ctx  context.Context
	ex   *exchange.Exchange
	snap *Snapshot
	own  *own // nil where the session has no scenarios of its own
	op   *contract.Operation
	// violations are those that decide: none when validation is off.
	violations []exchange.Violation
	// degraded tells that the state was that of this process alone.
	degraded bool
	// weighing tells that the body is large, and is one of the few that are looked at.
	weighing bool
	// making tells that the request has one of the places in which answers are made.
	making bool
	// gone tells that the client has gone while its answer waited to be made.
	gone bool
	// made is how many bytes of the answer were made for this request alone.
	made int64

	match  contract.Match
	facts  facts
	active state.Active
	view   state.View
}

var handlings = sync.Pool{New: func() any { return &handling{} }}

// release gives the memory back; what the exchange refers to is not in it.
func (h *handling) release() {
	layers := h.facts.layers[:0]
	clear(layers[:cap(layers)])
	*h = handling{}
	h.facts.layers = layers
	handlings.Put(h)
}

// maxTries bounds how often a decision is made again because another request of
// the session was faster. Each lost race means that another request went on.
const maxTries = 10_000

// run gives the problem that stands in the way of an answer, nil for none. A problem too is
// told only when the state is still the one over which it was found.
func (h *handling) run() *exchange.Problem {
	if !h.weigh() {
		return h.leave()
	}
	unrouted := h.route()
	h.unweigh()
	for try := range maxTries {
		if try == 1 {
			line := h.line()
			line.Lock() // those that have lost wait for each other, and no longer for all
			defer line.Unlock()
		}
		problem, committed, err := h.attempt(unrouted)
		if err != nil {
			h.undecided()
		}
		switch {
		case errors.Is(err, state.ErrNoSession) && h.opts.Enter != nil:
			if problem := h.opts.Enter(h.ctx, h.ex); problem != nil {
				return problem
			}
		case err != nil && h.ctx.Err() != nil: // which the store waits for, too
			return h.leave()
		case err != nil:
			return stateProblem(err)
		case committed:
			h.degraded = h.view.Degraded
			return problem
		}
	}
	h.undecided()
	return &exchange.Problem{Code: exchange.ProblemStateBusy, Status: http.StatusServiceUnavailable, Detail: "Other requests of the session changed its state each time an answer was about to be given. Send the request again."}
}

// attempt decides over the state as it is known, and commits what that brings about; it is
// not committed where another request was faster. A request that was for no operation has
// its problem, nil for none, and needs no decision.
func (h *handling) attempt(unrouted *exchange.Problem) (problem *exchange.Problem, committed bool, err error) {
	problem = unrouted
	var effects []state.Effect
	if h.op != nil {
		if effects, problem, err = h.conclude(); err != nil {
			return nil, false, err
		}
	}
	committed, err = h.store.Commit(h.ctx, h.ex.Session, h.ex.ID, &h.view, effects)
	return problem, committed, err
}

// conclude decides and makes the answer. The effects are for the caller to commit; there
// are none where there is a problem.
func (h *handling) conclude() (effects []state.Effect, problem *exchange.Problem, err error) {
	h.ex.Decision = exchange.Decision{Drawn: h.ex.Decision.Drawn[:0]}
	if h.active, err = h.store.Active(h.ctx, h.ex.Session); err != nil {
		return nil, nil, err
	}
	// Looked up after Active: no version is newer than the scenarios that are found.
	h.own = h.snap.ownOf(h.ex.Session)
	if !h.weigh() {
		return nil, nil, errGone
	}
	defer h.unweigh()
	var cells []state.Cell
	if problem = h.gather(h.active.Own, h.active.Global); problem == nil {
		cells = h.facts.cells(h.ex)
	}
	if h.view, err = h.store.View(h.ctx, h.ex.Session, &h.active, cells); err != nil || problem != nil {
		return nil, problem, err
	}
	defer h.vacate()
	if h.mayMake() && !h.occupy() {
		return nil, nil, errGone
	}
	h.made = 0
	effects, problem = h.answer()
	if h.gone {
		return nil, nil, errGone
	}
	if problem == nil {
		problem = h.hold()
	}
	if problem != nil || h.ex.Request.Method == http.MethodHead {
		effects = nil // a look at an answer is no step
	}
	return effects, problem, nil
}

// undecided forgets a decision that does not stand: what it chose has not answered.
func (h *handling) undecided() {
	h.ex.Decision = exchange.Decision{Step: exchange.StepRouting, Drawn: h.ex.Decision.Drawn[:0]}
}

// errGone is returned where the client has gone while its request waited.
var errGone = errors.New("the client has gone")

// leave says so of the exchange, which is recorded.
func (h *handling) leave() *exchange.Problem {
	clear(h.ex.Answer.Header)
	h.ex.Answer = exchange.Answer{Header: h.ex.Answer.Header}
	h.ex.Decision = exchange.Decision{Step: exchange.StepGone}
	h.why("the client has gone before its request was decided")
	return nil
}

// line is the one in which requests of the session stand.
func (h *handling) line() *sync.Mutex {
	return &h.lines[maphash.String(h.seed, h.ex.Session)%uint64(len(h.lines))]
}

func stateProblem(err error) *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemStateUnavailable, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("The session's state cannot be used: %v.", err)}
}
