// Package engine takes a request through the pipeline: route, validate, decide,
// render, check the answer, commit. It has no server, reads no clock and never
// sleeps; what is to be waited for or written it leaves in the exchange as data.
package engine

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Validation says what violations of the contract lead to.
type Validation uint8

// Strict answers them with the contract's error, Warn tells and records them and
// goes on, Off decodes the request and forgets them.
const (
	Strict Validation = iota
	Warn
	Off
)

// ParseValidation reads "strict", "warn" or "off".
func ParseValidation(text string) (Validation, error) {
	if i := slices.Index([]string{"strict", "warn", "off"}, text); i >= 0 {
		return Validation(i), nil
	}
	return 0, fmt.Errorf("%q is no validation mode: use strict, warn or off", text)
}

// Options sets how an Engine answers. The zero value is the strict default.
type Options struct {
	Validation Validation
	// Seed varies generated bodies; 0 is a seed too, and the one that Dynamic bodies
	// do not keep to.
	Seed uint64
	// Dynamic generates a body for every request instead of sending examples.
	Dynamic bool
	// Delay is the wait before every answer in the API's name for which neither the
	// request nor the stub asks for another.
	Delay time.Duration
	// Upstream tells whether there is a real API for the one of that name, which answers
	// what no stub does; nil is for none.
	Upstream func(api string) bool
	// Enter finds or makes the session of a request again, which has ended since the request
	// came; nil refuses the request.
	Enter func(context.Context, *exchange.Exchange) *exchange.Problem
	// Room takes memory for n more bytes of answers, or none and gives false where there is
	// no room; a negative n gives memory back. What an answer has is in Exchange.Held, for
	// the caller of Handle to give back. Nil is for no bound. It may be called concurrently.
	Room func(n int64) bool
}

// Engine answers requests from the current snapshot. It is safe for concurrent use.
type Engine struct {
	opts     Options
	store    state.Store
	snapshot atomic.Pointer[Snapshot]
	delay    atomic.Int64 // opts.Delay, or what SetDelay has put in its place

	// lines are where requests of a session stand in line that have lost a race.
	lines [64]sync.Mutex
	seed  maphash.Seed
	slots semaphore // for answers that are being made
	large semaphore // for requests with large bodies that are being decided
}

// New makes an engine over a store. It answers once Swap has given it a snapshot.
func New(store state.Store, opts Options) *Engine {
	e := &Engine{opts: opts, store: store, seed: maphash.MakeSeed(), slots: make(semaphore, maxMaking), large: make(semaphore, maxLarge)}
	e.SetDelay(opts.Delay)
	return e
}

// Delay is the wait of Options.Delay, or the one that SetDelay has put in its place.
func (e *Engine) Delay() time.Duration { return time.Duration(e.delay.Load()) }

// SetDelay changes the wait for the requests to come.
func (e *Engine) SetDelay(d time.Duration) { e.delay.Store(int64(d)) }

// Snapshot is the current one, nil before the first Swap.
func (e *Engine) Snapshot() *Snapshot { return e.snapshot.Load() }

// Swap makes s the current snapshot. Requests under way finish with the one they
// began with.
func (e *Engine) Swap(s *Snapshot) { e.snapshot.Store(s) }

// maxTries bounds how often a decision is made again because another request of
// the session was faster. Each lost race means that another request went on.
const maxTries = 10_000

// Handle fills in the parameters, violations, decision and answer of ex, and gives the
// operation that it was for, nil for none. It never fails: what goes wrong becomes a
// problem in the answer.
func (e *Engine) Handle(ctx context.Context, ex *exchange.Exchange) *contract.Operation {
	h := handlings.Get().(*handling)
	defer h.release()
	h.Engine, h.ctx, h.ex, h.snap = e, ctx, ex, e.snapshot.Load()
	defer h.unweigh() // also where a mistake of ours ends the request
	if problem := h.run(); problem != nil {
		h.problem(problem)
	}
	h.finish()
	return h.op
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
	// made is how many bytes of the answer were made for this request alone.
	made int64

	match  contract.Match
	facts  facts
	active state.Active
	view   state.View
}

// run gives the problem that stands in the way of an answer, nil for none. A problem too is
// told only when the state is still the one over which it was found.
func (h *handling) run() *exchange.Problem {
	if !h.weigh() {
		return noRoom()
	}
	unrouted, done := h.route()
	h.unweigh()
	for try := range maxTries {
		if try == 1 {
			line := h.line()
			line.Lock() // those that have lost wait for each other, and no longer for all
			defer line.Unlock()
		}
		var effects []state.Effect
		problem, ok := unrouted, false
		var err error
		if unrouted == nil && !done {
			effects, problem, err = h.attempt()
		}
		if err == nil {
			ok, err = h.store.Commit(h.ctx, h.ex.Session, h.ex.ID, &h.view, effects)
		}
		switch {
		case errors.Is(err, state.ErrNoSession) && h.opts.Enter != nil:
			if problem := h.opts.Enter(h.ctx, h.ex); problem != nil {
				return problem
			}
		case err != nil:
			return stateProblem(err)
		case ok:
			h.degraded = h.view.Degraded
			return problem
		}
	}
	return &exchange.Problem{Code: exchange.ProblemStateBusy, Status: 503, Detail: "Other requests of the session changed its state each time an answer was about to be given. Send the request again."}
}

// attempt decides over the state as it is known. The effects are for the caller to commit;
// there are none where there is a problem.
func (h *handling) attempt() (effects []state.Effect, problem *exchange.Problem, err error) {
	h.ex.Decision = exchange.Decision{Drawn: h.ex.Decision.Drawn[:0]}
	if h.active, err = h.store.Active(h.ctx, h.ex.Session); err != nil {
		return nil, nil, err
	}
	// Looked up after Active: no version is newer than the scenarios that are found.
	h.own = h.snap.ownOf(h.ex.Session)
	if !h.weigh() {
		return nil, noRoom(), nil
	}
	defer h.unweigh()
	var cells []state.Cell
	if problem = h.gather(h.active.Own, h.active.Global); problem == nil {
		cells = h.facts.cells(h.ex)
	}
	if h.view, err = h.store.View(h.ctx, h.ex.Session, &h.active, cells); err != nil || problem != nil {
		return nil, problem, err
	}
	if h.mayMake(&h.facts) {
		if !h.slots.acquire(h.ctx) {
			return nil, noRoom(), nil
		}
		defer h.slots.release()
	}
	h.made = 0
	if effects, problem = h.answer(&h.facts, &h.view); problem == nil {
		problem = h.hold()
	}
	if problem != nil {
		effects = nil
	}
	if h.ex.Request.Method == "HEAD" {
		effects = nil // a look at an answer is no step
	}
	return effects, problem, nil
}

// line is the one in which requests of the session stand.
func (h *handling) line() *sync.Mutex {
	return &h.lines[maphash.String(h.seed, h.ex.Session)%uint64(len(h.lines))]
}

func stateProblem(err error) *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemStateUnavailable, Status: 503, Detail: fmt.Sprintf("The session's state cannot be used: %v.", err)}
}

// route finds the operation and validates the request. done is true for answers
// that need no decision, such as OPTIONS.
func (h *handling) route() (problem *exchange.Problem, done bool) {
	r := &h.ex.Request
	match := &h.match
	var api *contract.Contract
	*match, api = h.find(r.Method, r.Path)
	if match.Op == nil && match.PathKnown && r.Method == "HEAD" {
		// RFC 9110 section 9.3.2: HEAD is GET without the content.
		*match, api = h.find("GET", r.Path)
	}
	if match.Op == nil {
		if h.passUnrouted(match, api) {
			return nil, true
		}
		return h.unrouted(match, api)
	}
	h.op = match.Op
	h.ex.Operation, h.ex.API, h.ex.Request.Base = match.Op.Name(), match.Op.Contract().Name, match.Base
	match.Op.Validate(h.ex, match)
	if h.opts.Validation == Off {
		h.ex.Violations = nil
	}
	h.violations = h.ex.Violations
	return nil, false
}

// find routes over all APIs; the bare path counts while exactly one is loaded.
func (h *handling) find(method, path string) (contract.Match, *contract.Contract) {
	var known contract.Match
	var api *contract.Contract
	bare := len(h.snap.APIs) == 1
	for _, c := range h.snap.APIs {
		m := c.Route(method, path, bare)
		if m.Op != nil {
			return m, c
		}
		if m.PathKnown && !known.PathKnown {
			known, api = m, c
		}
	}
	return known, api
}

func (h *handling) unrouted(m *contract.Match, api *contract.Contract) (*exchange.Problem, bool) {
	r := &h.ex.Request
	h.ex.Decision.Step = exchange.StepRouting
	if !m.PathKnown {
		return h.noPath(), false
	}
	allow := strings.Join(api.Methods(r.Path, len(h.snap.APIs) == 1), ", ")
	h.ex.Answer.Header.Set("Allow", allow)
	if r.Method == "OPTIONS" {
		h.ex.Answer.Status = 204
		h.why("the contract describes no OPTIONS here, so its methods are listed")
		return nil, true
	}
	p := &exchange.Problem{Code: exchange.ProblemNoMethod, Status: 405, Detail: fmt.Sprintf("The contract describes %s with %s, not with %s.", r.Path, allow, r.Method)}
	for method := range strings.SplitSeq(allow, ", ") {
		if other, _ := h.find(method, r.Path); other.Op != nil {
			p.Known = append(p.Known, method+" "+other.Op.Template)
		}
	}
	return p, false
}

func (h *handling) noPath() *exchange.Problem {
	r := &h.ex.Request
	p := &exchange.Problem{Code: exchange.ProblemNoPath, Status: 404, Detail: fmt.Sprintf("No operation of the contract has the path %s. The closest ones are listed under known.", r.Path)}
	for _, c := range h.snap.APIs {
		base := ""
		if len(h.snap.APIs) > 1 && len(c.Bases) > 0 {
			base = c.Bases[0]
		}
		for _, op := range c.Closest(r.Method, r.Path, 3) {
			p.Known = append(p.Known, op.Method+" "+base+op.Template)
		}
	}
	return p
}
