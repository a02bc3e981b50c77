// Package engine takes a request through the pipeline: route, validate, decide,
// render, check the answer, commit. It has no server, reads no clock and never
// sleeps; what is to be waited for or written it leaves in the exchange as data.
package engine

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
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

// Handle fills in the parameters, violations, decision and answer of ex, and gives the
// operation that it was for, nil for none. It never fails: what goes wrong becomes a
// problem in the answer. There is no answer for a client that has gone before it was decided
// (exchange.StepGone).
func (e *Engine) Handle(ctx context.Context, ex *exchange.Exchange) *contract.Operation {
	h := handlings.Get().(*handling)
	defer h.release()
	h.Engine, h.ctx, h.ex, h.snap = e, ctx, ex, e.snapshot.Load()
	defer h.unweigh() // also where a mistake of ours ends the request
	if problem := h.run(); problem != nil {
		h.refuse(problem)
	}
	h.finish()
	return h.op
}
