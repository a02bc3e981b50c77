package state_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

var cell = state.Cell{Scenario: "s", State: "identification", Key: "1"}

func view(t *testing.T, s state.Store, session string, cells ...state.Cell) state.View {
	t.Helper()
	v, err := s.View(t.Context(), session, cells)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func commit(t *testing.T, s state.Store, session string, v state.View, effects ...state.Effect) bool {
	t.Helper()
	ok, err := s.Commit(t.Context(), session, v, effects)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestCommitIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := new(state.Memory)
	other := state.Cell{Scenario: "s", Key: "stub"}
	before := view(t, s, "", cell, other)
	if !commit(t, s, "", view(t, s, "", other), state.Effect{Cell: other, Value: state.Value{Count: 1}}) {
		t.Fatal("nothing had changed")
	}
	if commit(t, s, "", before, state.Effect{Cell: cell, Value: state.Value{Text: "validated"}}, state.Effect{Cell: other, Value: state.Value{Count: 1}}) {
		t.Error("a view that is out of date was committed")
	}
	after := view(t, s, "", cell, other)
	if diff := cmp.Diff([]state.Value{{}, {Count: 1}}, after.Values); diff != "" {
		t.Error(diff)
	}
	if got := view(t, s, "another", cell, other); got.Values[1].Count != 0 {
		t.Error("a session sees another's values")
	}
}

func TestOneOfSixteenWins(t *testing.T) {
	t.Parallel()
	s := new(state.Memory)
	for round := range 200 {
		c := state.Cell{Scenario: "s", State: "identification", Key: fmt.Sprint(round)}
		var won, wait sync.WaitGroup
		wins := make(chan struct{}, 16)
		won.Add(1)
		for range 16 {
			wait.Go(func() {
				won.Wait()
				v, err := s.View(context.Background(), "", []state.Cell{c})
				if err != nil {
					t.Error(err)
				}
				for v.Value(c).Text == "" {
					ok, err := s.Commit(context.Background(), "", v, []state.Effect{{Cell: c, Value: state.Value{Text: "validated"}}})
					if err != nil {
						t.Error(err)
						return
					}
					if ok {
						wins <- struct{}{}
						return
					}
					v, _ = s.View(context.Background(), "", []state.Cell{c})
				}
			})
		}
		won.Done()
		wait.Wait()
		if len(wins) != 1 {
			t.Fatalf("round %d: %d won", round, len(wins))
		}
	}
}

func TestActivationsAreNewestFirstAndRestart(t *testing.T) {
	t.Parallel()
	s, ctx := new(state.Memory), t.Context()
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(s.ActivateGlobal(ctx, "a"))
	step(s.ActivateGlobal(ctx, "b"))
	step(s.Activate(ctx, "x", "c"))
	step(s.Activate(ctx, "x", "d"))
	commit(t, s, "x", view(t, s, "x"), state.Effect{Cell: state.Cell{Scenario: "a", Key: "stub"}, Value: state.Value{Count: 2}})
	commit(t, s, "x", view(t, s, "x"), state.Effect{Cell: state.Cell{Scenario: "c", Key: "stub"}, Value: state.Value{Count: 3}})
	step(s.ActivateGlobal(ctx, "a")) // again: on top, and started anew
	own, global, err := s.Active(ctx, "x")
	step(err)
	if diff := cmp.Diff([][]string{{"d", "c"}, {"a", "b"}}, [][]string{own, global}); diff != "" {
		t.Error(diff)
	}
	got := view(t, s, "x", state.Cell{Scenario: "a", Key: "stub"}, state.Cell{Scenario: "c", Key: "stub"})
	if got.Values[0].Count != 0 || got.Values[1].Count != 3 {
		t.Errorf("after the restart of a: %v", got.Values)
	}
	step(s.Deactivate(ctx, "x", "c"))
	step(s.DeactivateGlobal(ctx, "b"))
	own, global, err = s.Active(ctx, "x")
	step(err)
	if diff := cmp.Diff([][]string{{"d"}, {"a"}}, [][]string{own, global}); diff != "" {
		t.Error(diff)
	}
	if got := view(t, s, "x", state.Cell{Scenario: "c", Key: "stub"}); got.Values[0].Count != 0 {
		t.Error("a deactivated scenario's values are kept")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s, ctx := new(state.Memory), t.Context()
	effects := make([]state.Effect, state.MaxCells)
	for i := range effects {
		effects[i] = state.Effect{Cell: state.Cell{Scenario: "s", State: "x", Key: fmt.Sprint(i)}, Value: state.Value{Text: "a"}}
	}
	commit(t, s, "", state.View{}, effects...)
	_, err := s.Commit(ctx, "", state.View{}, []state.Effect{{Cell: cell, Value: state.Value{Text: "a"}}})
	if !errors.Is(err, state.ErrFull) {
		t.Errorf("one cell too many: %v", err)
	}
	commit(t, s, "", state.View{}, state.Effect{Cell: effects[0].Cell, Value: state.Value{Text: "b"}}) // no new cell
	for i := range state.MaxSessions - 1 {
		if err := s.Activate(ctx, fmt.Sprint("s", i), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Activate(ctx, "one more", "a"); !errors.Is(err, state.ErrTooManySessions) {
		t.Errorf("one session too many: %v", err)
	}
}
