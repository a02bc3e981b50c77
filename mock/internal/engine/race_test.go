package engine

import (
	"context"
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// outrun is a store in which another request is always faster.
type outrun struct {
	state.Store
	tries int
}

func (o *outrun) Commit(context.Context, string, string, *state.View, []state.Effect) (bool, error) {
	o.tries++
	return false, nil
}

// TestLostRaces holds how often a decision is made anew before the request is refused.
func TestLostRaces(t *testing.T) {
	t.Parallel()
	store := &outrun{Store: &state.Memory{}}
	e := New(store, Options{})
	e.Swap(factsSnapshot(t))
	ex := &exchange.Exchange{ID: "a", Request: exchange.Request{Method: "GET", Path: "/a/7", Header: http.Header{}}, Answer: exchange.Answer{Header: http.Header{}}}
	e.Handle(t.Context(), ex)
	if p := ex.Answer.Problem; store.tries != maxTries || p == nil || p.Code != exchange.ProblemStateBusy || ex.Answer.Status != http.StatusServiceUnavailable {
		t.Errorf("after %d tries: %d %+v", store.tries, ex.Answer.Status, p)
	}
	if d := &ex.Decision; d.Step != exchange.StepRouting || d.StubKey != nil || ex.Answer.Header["Understudy-Scenario"] != nil {
		t.Errorf("a stub that has not answered is named: %+v", d)
	}
}
