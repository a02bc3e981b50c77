package engine

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestLarge holds that few requests with large bodies are decided at one time, that others
// do not wait for them, and that what was read of a body is not kept.
func TestLarge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := makingEngine(t, Options{})
		for range maxLarge {
			e.large <- struct{}{}
		}
		ask := func(ctx context.Context, length int) *exchange.Exchange { return askLarge(ctx, e, length) }
		if ex := ask(t.Context(), maxPlain); ex.Answer.Status != 204 {
			t.Errorf("a smaller one: %d %s", ex.Answer.Status, ex.Answer.Body)
		}
		done := make(chan *exchange.Exchange)
		go func() { done <- ask(t.Context(), maxPlain+1) }()
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan *exchange.Exchange)
		go func() { gone <- ask(ctx, maxPlain+1) }()
		synctest.Wait()
		cancel()
		isGone(t, <-gone)
		select {
		case <-done:
			t.Error("one was decided beyond the bound")
		default:
		}
		<-e.large
		ex := <-done
		if ex.Answer.Status != 204 || len(e.large) != maxLarge-1 {
			t.Errorf("got %d, %d are decided in the end", ex.Answer.Status, len(e.large))
		}
		if list, ok := ex.Body.Value().([]any); !ok || len(list) != 0 {
			t.Errorf("the body says %v", ex.Body.Value())
		}
	})
}

func askLarge(ctx context.Context, e *Engine, length int) *exchange.Exchange {
	body := bytes.Repeat([]byte(" "), length)
	body[0], body[1] = '[', ']'
	ex := &exchange.Exchange{ID: "a", Request: exchange.Request{Method: "POST", Path: "/taken", Header: http.Header{"Content-Type": {"application/json"}}, Body: body, HasBody: true}, Answer: exchange.Answer{Header: http.Header{}}}
	e.Handle(ctx, ex)
	return ex
}

// silent is a store that does not answer until it is let.
type silent struct {
	state.Store
	active, commit chan struct{}
}

func (s *silent) Active(ctx context.Context, session string) (state.Active, error) {
	<-s.active
	return s.Store.Active(ctx, session)
}

func (s *silent) Commit(ctx context.Context, session, request string, view *state.View, effects []state.Effect) (bool, error) {
	<-s.commit
	return s.Store.Commit(ctx, session, request, view, effects)
}

// TestLargeWaitForNoStore holds that requests with large bodies do not keep others waiting
// while they wait for a store themselves.
func TestLargeWaitForNoStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := makingEngine(t, Options{})
		s := &silent{e.store, make(chan struct{}), make(chan struct{})}
		e.store = s
		done := make(chan int)
		const asked = 2 * maxLarge
		for range asked {
			go func() { done <- askLarge(t.Context(), e, maxPlain+1).Answer.Status }()
		}
		for _, waitsFor := range []chan struct{}{s.active, s.commit} {
			synctest.Wait()
			if len(e.large) > 0 {
				t.Errorf("%d wait for the store and keep others waiting", len(e.large))
			}
			close(waitsFor)
		}
		for range asked {
			if status := <-done; status != 204 {
				t.Errorf("got %d", status)
			}
		}
		if len(e.large) > 0 {
			t.Errorf("%d are decided in the end", len(e.large))
		}
	})
}
