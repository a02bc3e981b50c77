package engine

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
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
		ask := func(ctx context.Context, length int) *exchange.Exchange {
			body := bytes.Repeat([]byte(" "), length)
			body[0], body[1] = '[', ']'
			ex := &exchange.Exchange{ID: "a", Request: exchange.Request{Method: "POST", Path: "/taken", Header: http.Header{"Content-Type": {"application/json"}}, Body: body, HasBody: true}, Answer: exchange.Answer{Header: http.Header{}}}
			e.Handle(ctx, ex)
			return ex
		}
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
		if ex := <-gone; ex.Answer.Problem == nil || ex.Answer.Problem.Code != exchange.ProblemInFlight {
			t.Errorf("for a client that has gone: %d %s", ex.Answer.Status, ex.Answer.Body)
		}
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
