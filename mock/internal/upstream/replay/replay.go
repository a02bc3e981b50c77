// Package replay sends what scenario files describe to a real API and compares its
// answers with them and with the contract.
//
// A plan is made first, without the API: for each answer of each stub the request that
// brings it about, or the reason why none can. Then the plan is carried out, and every
// part of it becomes a Check.
package replay

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// Limits of a replay.
const (
	// MaxConcurrency bounds the requests under way at one time.
	MaxConcurrency = 100
	// MaxRetries bounds how often a request is sent again.
	MaxRetries = 10
	// MaxBody bounds the body of an answer, in bytes.
	MaxBody = 10 << 20
	// MaxSteps bounds the answers of one stub that are asked for.
	MaxSteps = 100
)

// Options says what is replayed and how. Transport and the contracts are mandatory.
type Options struct {
	// Transport reaches the API.
	Transport *upstream.Transport
	APIs      []*contract.Contract
	// Scenarios are those to replay, in order; Operation tells which of their stubs, nil
	// for all.
	Scenarios []*scenario.Scenario
	Operation func(*contract.Operation) bool
	// Negative adds requests that break the contract.
	Negative bool
	// Mock tells that the API is an Understudy mock with the same scenarios: each is asked
	// for by name, in the session.
	Mock    bool
	Session string
	// Provider are calls before everything else and after it.
	Provider scenario.Provider
	// Credentials are secrets by the name of the security scheme.
	Credentials map[string]string
	// Concurrency is how many requests may be under way at a time; 0 means 1.
	Concurrency int
	// Rate is how many requests are sent in a second at most; 0 means any number.
	Rate float64
	// Retries is how often a request is sent again that was not answered, or by 429, 502,
	// 503 or 504 where another status was expected.
	Retries int
	// Timeout bounds one request with its answer; 0 means none.
	Timeout time.Duration
	// Now is the time that expressions see.
	Now time.Time
	// Progress is called after each check, one at a time; nil is not called.
	Progress func(done, total int, c *Check)
	// Observe is called for each answer, also at the same time; nil is not called.
	Observe func(ex *exchange.Exchange, op *contract.Operation)
}

// Result is what a replay found.
type Result struct {
	// Checks are in the order of the scenarios and their files; those that break the
	// contract come last, in the order of the contracts.
	Checks []Check
	// Troubles are calls that clear up and failed.
	Troubles []string
	// MadeUp names the security schemes for which a request had made-up credentials,
	// because none were given.
	MadeUp []string
}

// SetupError tells that nothing was verified because the first calls failed.
type SetupError struct {
	Reason string
	// Troubles are calls that clear up and failed.
	Troubles []string
}

// Error gives the reason, and what was not cleared up.
func (e *SetupError) Error() string { return "the set-up failed: " + e.Reason + uncleared(e.Troubles) }

// Run replays. The error is for what keeps anything from being verified: an API that
// cannot be reached (*upstream.Failure), a *SetupError, or an *InterruptedError where ctx has
// ended: what had been set up is then cleared up first, within ClearWithin.
func Run(ctx context.Context, opts Options) (*Result, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	clear, end := clearing(ctx)
	defer end()
	r := &runner{Options: opts, cancel: cancel, clearing: clear, client: opts.Transport.Client(), pace: pacer{rate: opts.Rate}}
	r.Concurrency = max(1, r.Concurrency)
	r.slots = make(chan struct{}, r.Concurrency)
	r.collectSecrets()
	stories := r.plan()
	for _, s := range stories {
		r.total += s.size()
	}
	if err := r.calls(ctx, r.Provider.Setup); err != nil {
		r.clearUp(ctx, "", r.Provider.Teardown) // the calls before the one that failed have done something
		if ctx.Err() != nil {
			return nil, r.interrupted(ctx)
		}
		return nil, &SetupError{r.secrets.hide(err.Error()), r.troubles}
	}
	inTurn(len(stories), r.Concurrency, func(i int) { r.tell(ctx, stories[i]) })
	r.clearUp(ctx, "", r.Provider.Teardown)
	if ctx.Err() != nil {
		return nil, r.interrupted(ctx)
	}
	result := &Result{Troubles: r.troubles, MadeUp: r.madeUpNames()}
	for _, s := range stories {
		result.Checks = append(result.Checks, s.all()...)
	}
	return result, nil
}

// runner carries a plan out.
type runner struct {
	Options
	client *http.Client
	cancel context.CancelCauseFunc
	// clearing is the context of what clears up, which goes on for a while when that of the
	// run has ended.
	clearing context.Context
	slots    chan struct{} // one for each request that may be under way
	pace     pacer
	secrets  secrets
	total    int

	mu       sync.Mutex // guards the fields below, and calls of Progress
	done     int
	answered bool // an answer has come
	troubles []string
	cleared  int // tear-downs that were called after the run was interrupted
	madeUp   map[string]bool
}

func (r *runner) trouble(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.troubles = append(r.troubles, r.secrets.hide(text))
}

// tell carries a story out: its set-up, its chapters, its tear-down.
func (r *runner) tell(ctx context.Context, s *story) {
	if ctx.Err() != nil {
		return // nothing is there to clear up
	}
	var failed error
	sends := s.sends() && !r.Mock
	if sends {
		failed = r.calls(ctx, s.setup)
	}
	inTurn(len(s.chapters), r.Concurrency, func(i int) { r.chapter(ctx, s.chapters[i], failed) })
	if sends {
		r.clearUp(ctx, s.name+": ", s.teardown)
	}
}

// chapter sends the requests of a chapter one after the other.
func (r *runner) chapter(ctx context.Context, c *chapter, failed error) {
	if ctx.Err() != nil {
		return
	}
	sends := c.sends() && !r.Mock
	if sends {
		defer func() { r.clearUp(ctx, c.name+": ", c.teardown) }()
	}
	if failed == nil && sends {
		failed = r.calls(ctx, c.setup)
	}
	for _, s := range c.scenes {
		if s.check.Outcome == "" {
			if failed != nil {
				s.check.Outcome, s.check.Reason = Failed, "the set-up failed: "+failed.Error()
			} else {
				r.scene(ctx, s)
			}
		}
		if ctx.Err() != nil {
			return // it may have been cut off
		}
		r.finished(s)
	}
}

// finished tells of a check that is over.
func (r *runner) finished(s *scene) {
	if s.support {
		return
	}
	r.secrets.clean(&s.check)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	if r.Progress != nil {
		r.Progress(r.done, r.total, &s.check)
	}
}

// inTurn calls do for 0 to n-1, with as many calls at a time as are allowed; one after
// the other where that is one.
func inTurn(n, atATime int, do func(i int)) {
	if atATime == 1 || n < 2 {
		for i := range n {
			do(i)
		}
		return
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(atATime, n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// unreachable tells whether the API cannot be reached at all, and not just this once.
func (r *runner) unreachable(f *upstream.Failure) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.answered && !f.Gone && neverConnected(f)
}
