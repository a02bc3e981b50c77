package engine

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

const makingAPI = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /made: {get: {operationId: made, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}}}}
  /asked: {get: {operationId: asked, responses: {"200": {description: ok}}}}
  /taken: {post: {requestBody: {content: {application/json: {schema: {type: array}}}}, responses: {"204": {description: ok}}}}
  /same: {get: {operationId: same, responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}}}}
`

const makingScenario = `
default: true
operations:
  made: [{respond: {status: 200, body: {a: "${request.method}"}}}]
  asked: [{when: {expr: 'repeat(request.method, 2) == "GETGET"'}, respond: {status: 200}}]
  same: [{respond: {status: 200}}]
`

func makingEngine(t *testing.T, opts Options) *Engine {
	t.Helper()
	e := New(&state.Memory{}, opts)
	e.Swap(loadSnapshot(t, makingAPI, map[string]string{"making": makingScenario}))
	return e
}

func handled(ctx context.Context, e *Engine, path string, prefer exchange.Prefer) *exchange.Exchange {
	ex := &exchange.Exchange{ID: "a", Request: exchange.Request{Method: "GET", Path: path, Header: http.Header{}}, Prefer: prefer, Answer: exchange.Answer{Header: http.Header{}}}
	e.Handle(ctx, ex)
	return ex
}

// TestMaking holds that no more answers are made at one time than there are slots, and that
// what is the same for all requests waits for none.
func TestMaking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := makingEngine(t, Options{})
		for range maxMaking {
			e.slots <- struct{}{}
		}
		if ex := handled(t.Context(), e, "/same", exchange.Prefer{}); ex.Answer.Status != 200 {
			t.Errorf("the same for all: %d %s", ex.Answer.Status, ex.Answer.Body)
		}
		done := make(chan int)
		for path, prefer := range map[string]exchange.Prefer{"/made": {}, "/asked": {}, "/same": {Seed: "4"}} {
			go func() { done <- handled(t.Context(), e, path, prefer).Answer.Status }()
		}
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan *exchange.Exchange)
		go func() { gone <- handled(ctx, e, "/made", exchange.Prefer{}) }()
		synctest.Wait()
		select {
		case status := <-done:
			t.Errorf("%d was made beyond the slots", status)
		default:
		}
		cancel()
		isGone(t, <-gone)
		<-e.slots
		for range 3 {
			if status := <-done; status != 200 {
				t.Errorf("got %d", status)
			}
		}
		if len(e.slots) != maxMaking-1 {
			t.Errorf("%d slots are taken in the end", len(e.slots))
		}
	})
}

// isGone holds what is recorded for a client that has gone before its request was decided:
// no answer, and nothing that an answer would have had a part in.
func isGone(t *testing.T, ex *exchange.Exchange) {
	t.Helper()
	d, a := &ex.Decision, &ex.Answer
	if d.Step != exchange.StepGone || d.Why != "the client has gone before its request was decided" || d.Scenario+d.Stub != "" || d.StubKey != nil || d.Considered != nil || d.Applied != nil {
		t.Errorf("for a client that has gone: %s, %+v", d, d)
	}
	if a.Status != 0 || a.Body != nil || a.Problem != nil || a.Delay != 0 || a.Header["Content-Type"] != nil {
		t.Errorf("a client that has gone gets %d %s %v after %s", a.Status, a.Body, a.Header, a.Delay)
	}
}

// lost is a store that fails like one that waits for a server.
type lost struct {
	state.Store
	active, commit error
}

func (l *lost) Active(ctx context.Context, session string) (state.Active, error) {
	if l.active != nil {
		return state.Active{}, l.active
	}
	return l.Store.Active(ctx, session)
}

func (l *lost) Commit(ctx context.Context, session, request string, view *state.View, effects []state.Effect) (bool, error) {
	if l.commit != nil {
		return false, l.commit
	}
	return l.Store.Commit(ctx, session, request, view, effects)
}

// TestGone holds that a client that goes while the store waits is told of as gone. Where the
// store fails for another, no stub has answered.
func TestGone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, store := range map[string]*lost{"active": {active: context.Canceled}, "commit": {commit: context.Canceled}} {
		e := makingEngine(t, Options{})
		store.Store = e.store
		e.store = store
		isGone(t, handled(ctx, e, "/same", exchange.Prefer{Seed: "4"}))
		ex := handled(t.Context(), e, "/same", exchange.Prefer{})
		if ex.Answer.Problem == nil || ex.Answer.Problem.Code != exchange.ProblemStateUnavailable || ex.Decision.Step != exchange.StepRouting || ex.Decision.StubKey != nil {
			t.Errorf("%s: %d %s after %+v", name, ex.Answer.Status, ex.Answer.Body, ex.Decision)
		}
	}
}

// TestHeld holds what of an answer is counted: what was made for its request alone.
func TestHeld(t *testing.T) {
	t.Parallel()
	var held int64
	e := makingEngine(t, Options{Room: func(n int64) bool {
		if held+n > 100 {
			return false
		}
		held += n
		return true
	}})
	for name, test := range map[string]struct {
		path   string
		prefer exchange.Prefer
		counts bool
	}{
		"an expression":     {"/made", exchange.Prefer{}, true},
		"a condition":       {"/asked", exchange.Prefer{}, false},
		"the same":          {"/same", exchange.Prefer{}, false},
		"generated with it": {"/same", exchange.Prefer{Seed: "4"}, true},
		"generated anew":    {"/same", exchange.Prefer{Dynamic: "true"}, true},
	} {
		held = 0
		ex := handled(t.Context(), e, test.path, test.prefer)
		if ex.Answer.Status != 200 || held != ex.Held || (held > 0) != test.counts || test.counts && held < int64(len(ex.Answer.Body)) {
			t.Errorf("%s: %d, %d bytes are held, %d by it: %s", name, ex.Answer.Status, held, ex.Held, ex.Answer.Body)
		}
	}
	held = 99
	if ex := handled(t.Context(), e, "/made", exchange.Prefer{}); ex.Answer.Status != 503 || ex.Held != 0 || held != 99 {
		t.Errorf("without room: %d, %d bytes are held", ex.Answer.Status, held)
	}
}
