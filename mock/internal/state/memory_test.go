package state_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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
	enter(t, s, "x")
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
	for i := range state.MaxSessions {
		enter(t, s, fmt.Sprint("s", i))
	}
	if _, err := s.Enter(ctx, "one more", true); !errors.Is(err, state.ErrTooManySessions) {
		t.Errorf("one session too many: %v", err)
	}
	if _, err := s.Make(ctx, "one more", state.Start{}); !errors.Is(err, state.ErrTooManySessions) {
		t.Errorf("one session too many: %v", err)
	}
	if err := s.Delete(ctx, "s7"); err != nil {
		t.Error(err)
	}
	enter(t, s, "one more")
}

func enter(t *testing.T, s state.Store, id string) {
	t.Helper()
	if known, err := s.Enter(t.Context(), id, true); !known || err != nil {
		t.Fatal(known, err)
	}
}

func TestSessionsAreMadeByUseAndByName(t *testing.T) {
	t.Parallel()
	var gone []string
	s, ctx := &state.Memory{Gone: func(id string) { gone = append(gone, id) }}, t.Context()
	if known, err := s.Enter(ctx, "a", false); known || err != nil {
		t.Error("a session was made by a look", err)
	}
	if err := s.Activate(ctx, "a", "x"); !errors.Is(err, state.ErrNoSession) {
		t.Error(err)
	}
	if _, err := s.Commit(ctx, "a", state.View{}, []state.Effect{{Cell: cell}}); !errors.Is(err, state.ErrNoSession) {
		t.Error(err)
	}
	enter(t, s, "a")
	if isNew, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"x", "y", "x"}}); isNew || err != nil {
		t.Error(isNew, err)
	}
	if isNew, err := s.Make(ctx, "b", state.Start{}); !isNew || err != nil {
		t.Error(isNew, err)
	}
	all, err := s.Sessions(ctx)
	if err != nil || len(all) != 2 || all[0].ID != "a" || all[1].ID != "b" {
		t.Errorf("%+v, %v", all, err)
	}
	if diff := cmp.Diff([]string{"x", "y"}, all[0].Active); diff != "" {
		t.Error(diff)
	}
	if err := errors.Join(s.Delete(ctx, "a"), s.Delete(ctx, "b")); err != nil {
		t.Error(err)
	}
	if err := s.Delete(ctx, "a"); !errors.Is(err, state.ErrNoSession) {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"a", "a", "b"}, gone); diff != "" {
		t.Error(diff)
	}
}

// TestResetIsTheStart changes everything in a session and for everybody.
func TestResetIsTheStart(t *testing.T) {
	t.Parallel()
	s, ctx := new(state.Memory), t.Context()
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(s.Begin(ctx, []string{"g1", "g2"}))
	_, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"x", "y"}})
	step(err)
	for _, id := range []string{"", "a"} {
		step(s.Activate(ctx, id, "z"))
		step(s.Deactivate(ctx, id, "x"))
		commit(t, s, id, state.View{}, state.Effect{Cell: cell, Value: state.Value{Count: 3}})
	}
	step(s.ActivateGlobal(ctx, "g3"))
	step(s.DeactivateGlobal(ctx, "g1"))
	step(s.Reset(ctx, "a"))
	own, global, _ := s.Active(ctx, "a")
	if diff := cmp.Diff([][]string{{"y", "x"}, {"g3", "g2"}}, [][]string{own, global}); diff != "" {
		t.Error(diff)
	}
	if values, err := s.Values(ctx, "a"); err != nil || len(values) != 0 {
		t.Error(values, err)
	}
	if values, err := s.Values(ctx, ""); err != nil || len(values) != 1 {
		t.Error("the reset of one session has reached another", values, err)
	}
	step(s.Reset(ctx, ""))
	own, global, _ = s.Active(ctx, "")
	if diff := cmp.Diff([][]string{{}, {"g2", "g1"}}, [][]string{own, global}); diff != "" {
		t.Error(diff)
	}
}

// TestIdleSessionsGo runs on a clock of its own.
func TestIdleSessionsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var gone []string
		s, ctx := &state.Memory{Gone: func(id string) { gone = append(gone, id) }}, t.Context()
		for id, idle := range map[string]time.Duration{"short": time.Minute, "long": time.Hour, "for ever": 0} {
			if _, err := s.Make(ctx, id, state.Start{Idle: idle}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(50 * time.Second)
		enter(t, s, "short") // used, so it lives on
		time.Sleep(50 * time.Second)
		if len(gone) > 0 {
			t.Error(gone)
		}
		time.Sleep(11 * time.Second)
		if known, _ := s.Enter(ctx, "short", false); known {
			t.Error("it lives longer than it should")
		}
		time.Sleep(10 * time.Hour)
		if all, _ := s.Sessions(ctx); len(all) != 1 || all[0].ID != "for ever" {
			t.Errorf("%+v", all)
		}
		if diff := cmp.Diff([]string{"short", "long"}, gone); diff != "" {
			t.Error(diff)
		}
	})
}

// TestDeletedSessionsStayDeleted lets a request commit that began before.
func TestDeletedSessionsStayDeleted(t *testing.T) {
	t.Parallel()
	s, ctx := new(state.Memory), t.Context()
	enter(t, s, "a")
	v := view(t, s, "a", cell)
	if err := s.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Commit(ctx, "a", v, []state.Effect{{Cell: cell, Value: state.Value{Count: 1}}}); ok || !errors.Is(err, state.ErrNoSession) {
		t.Error(ok, err)
	}
}
