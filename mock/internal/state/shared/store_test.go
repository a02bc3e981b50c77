package shared_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// eachStore runs a test with every implementation of Store.
func eachStore(t *testing.T, test func(t *testing.T, s state.Store, gone func() []string)) {
	for name, open := range map[string]func(*testing.T, func(...string)) state.Store{
		"memory": func(_ *testing.T, gone func(...string)) state.Store { return &state.Memory{Gone: gone} },
		"redis": func(t *testing.T, gone func(...string)) state.Store {
			return openRedis(t, testenv.NewRedis(t), shared.Options{Gone: gone})
		},
		"cluster": func(t *testing.T, gone func(...string)) state.Store {
			address, err := shared.ParseAddress(testenv.NewRedisCluster(t, 3)[0].URL() + "?cluster=true")
			if err != nil {
				t.Fatal(err)
			}
			return openRedis(t, nil, shared.Options{Address: address, Gone: gone})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var gone []string
			s := open(t, func(ids ...string) {
				mu.Lock()
				defer mu.Unlock()
				gone = append(gone, ids...)
			})
			test(t, s, func() []string {
				mu.Lock()
				defer mu.Unlock()
				return slices.Clone(gone)
			})
		})
	}
}

// on are activations of scenarios.
func on(scenarios ...string) []state.Activation {
	list := make([]state.Activation, len(scenarios))
	for i, name := range scenarios {
		list[i] = state.Activation{Scenario: name, By: "ann", Since: time.UnixMilli(1_700_000_000_000)}
	}
	return list
}

var cell = state.Cell{Scenario: "s", State: "identification", Key: "1"}

// view gives what cells hold, as a request finds out that only looks at them.
func view(t *testing.T, s state.Store, session string, cells ...state.Cell) state.View {
	t.Helper()
	for range 3 {
		v, err := s.View(t.Context(), session, &state.Active{}, cells)
		if err != nil {
			t.Fatal(err)
		}
		ok, err := s.Commit(t.Context(), session, "", &v, nil)
		if err != nil && !errors.Is(err, state.ErrNoSession) {
			t.Fatal(err)
		}
		if ok || err != nil {
			return v
		}
	}
	t.Fatal("what a look has found does not hold")
	return state.View{}
}

func commit(t *testing.T, s state.Store, session string, v state.View, effects ...state.Effect) bool {
	t.Helper()
	ok, err := s.Commit(t.Context(), session, "", &v, effects)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCommitIsAllOrNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
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
	})
}

func TestOneOfSixteenWins(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		for round := range 200 {
			c := state.Cell{Scenario: "s", State: "identification", Key: fmt.Sprint(round)}
			var won, wait sync.WaitGroup
			wins := make(chan struct{}, 16)
			won.Add(1)
			for range 16 {
				wait.Go(func() {
					won.Wait()
					v, err := s.View(context.Background(), "", &state.Active{}, []state.Cell{c})
					if err != nil {
						t.Error(err)
					}
					for v.Value(c).Text == "" {
						ok, err := s.Commit(context.Background(), "", "", &v, []state.Effect{{Cell: c, Value: state.Value{Text: "validated"}}})
						if err != nil {
							t.Error(err)
							return
						}
						if ok {
							wins <- struct{}{}
							return
						}
						v, _ = s.View(context.Background(), "", &state.Active{}, []state.Cell{c})
					}
				})
			}
			won.Done()
			wait.Wait()
			if len(wins) != 1 {
				t.Fatalf("round %d: %d won", round, len(wins))
			}
		}
	})
}

func TestActivationsAreNewestFirstAndRestart(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		enter(t, s, "x")
		must(t, s.Activate(ctx, "", on("a")...))
		must(t, s.Activate(ctx, "", on("b")...))
		must(t, s.Activate(ctx, "x", on("c")...))
		must(t, s.Activate(ctx, "x", on("d")...))
		commit(t, s, "x", view(t, s, "x"), state.Effect{Cell: state.Cell{Scenario: "a", Key: "stub"}, Value: state.Value{Count: 2}})
		commit(t, s, "x", view(t, s, "x"), state.Effect{Cell: state.Cell{Scenario: "c", Key: "stub"}, Value: state.Value{Count: 3}})
		must(t, s.Activate(ctx, "", on("a")...)) // again: on top, and started anew
		active, err := s.Active(ctx, "x")
		must(t, err)
		if diff := cmp.Diff([][]string{{"d", "c"}, {"a", "b"}}, [][]string{active.Own, active.Global}); diff != "" {
			t.Error(diff)
		}
		got := view(t, s, "x", state.Cell{Scenario: "a", Key: "stub"}, state.Cell{Scenario: "c", Key: "stub"})
		if got.Values[0].Count != 0 || got.Values[1].Count != 3 {
			t.Errorf("after the restart of a: %v", got.Values)
		}
		must(t, s.Deactivate(ctx, "x", "c"))
		must(t, s.Deactivate(ctx, "", "b"))
		active, err = s.Active(ctx, "x")
		must(t, err)
		if diff := cmp.Diff([][]string{{"d"}, {"a"}}, [][]string{active.Own, active.Global}); diff != "" {
			t.Error(diff)
		}
		if got := view(t, s, "x", state.Cell{Scenario: "c", Key: "stub"}); got.Values[0].Count != 0 {
			t.Error("a deactivated scenario's values are kept")
		}
	})
}

func TestStoresAreBounded(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		effects := make([]state.Effect, state.MaxCells)
		for i := range effects {
			effects[i] = state.Effect{Cell: state.Cell{Scenario: "s", State: "x", Key: fmt.Sprint(i)}, Value: state.Value{Text: "a"}}
		}
		for part := range slices.Chunk(effects, 1_000) {
			commit(t, s, "", state.View{}, part...)
		}
		_, err := s.Commit(ctx, "", "", &state.View{}, []state.Effect{{Cell: cell, Value: state.Value{Text: "a"}}})
		if !errors.Is(err, state.ErrFull) {
			t.Errorf("one cell too many: %v", err)
		}
		commit(t, s, "", state.View{}, state.Effect{Cell: effects[0].Cell, Value: state.Value{Text: "b"}}) // no new cell
		for i := range state.MaxSessions {
			enter(t, s, fmt.Sprint("s", i))
		}
		if _, err := s.Enter(ctx, "one more", "", true); !errors.Is(err, state.ErrTooManySessions) {
			t.Errorf("one session too many: %v", err)
		}
		if _, err := s.Make(ctx, "one more", state.Start{}, "ann"); !errors.Is(err, state.ErrTooManySessions) {
			t.Errorf("one session too many: %v", err)
		}
		if err := s.Delete(ctx, "s7"); err != nil {
			t.Error(err)
		}
		enter(t, s, "one more")
	})
}

func enter(t *testing.T, s state.Store, id string) {
	t.Helper()
	if known, err := s.Enter(t.Context(), id, "", true); !known || err != nil {
		t.Fatal(known, err)
	}
}

func TestSessionsAreMadeByUseAndByName(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, gone func() []string) {
		ctx := t.Context()
		if known, err := s.Enter(ctx, "a", "", false); known || err != nil {
			t.Error("a session was made by a look", err)
		}
		if err := s.Activate(ctx, "a", on("x")...); !errors.Is(err, state.ErrNoSession) {
			t.Error(err)
		}
		if _, err := s.Commit(ctx, "a", "", &state.View{}, []state.Effect{{Cell: cell}}); !errors.Is(err, state.ErrNoSession) {
			t.Error(err)
		}
		enter(t, s, "a")
		if isNew, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"x", "y", "x"}}, "ann"); isNew || err != nil {
			t.Error(isNew, err)
		}
		if isNew, err := s.Make(ctx, "b", state.Start{}, "ann"); !isNew || err != nil {
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
		if diff := cmp.Diff([]string{"a", "a", "b"}, gone()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestResetIsTheStart changes everything in a session and for everybody.
func TestResetIsTheStart(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		must(t, s.Begin(ctx, []string{"g1", "g2"}, "program"))
		_, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"x", "y"}}, "ann")
		must(t, err)
		must(t, s.Activate(ctx, "a", on("z")...))
		must(t, s.Deactivate(ctx, "a", "x"))
		for _, id := range []string{"", "a"} {
			commit(t, s, id, state.View{}, state.Effect{Cell: cell, Value: state.Value{Count: 3}})
		}
		must(t, s.Activate(ctx, "", on("g3")...))
		must(t, s.Deactivate(ctx, "", "g1"))
		must(t, s.Reset(ctx, "a", "ben"))
		active, _ := s.Active(ctx, "a")
		if diff := cmp.Diff([][]string{{"y", "x"}, {"g3", "g2"}}, [][]string{active.Own, active.Global}); diff != "" {
			t.Error(diff)
		}
		if values, err := s.Values(ctx, "a"); err != nil || len(values) != 0 {
			t.Error(values, err)
		}
		if values, err := s.Values(ctx, ""); err != nil || len(values) != 1 {
			t.Error("the reset of one session has reached another", values, err)
		}
		must(t, s.Reset(ctx, "", "ben"))
		active, _ = s.Active(ctx, "")
		if diff := cmp.Diff([][]string{nil, {"g2", "g1"}}, [][]string{active.Own, active.Global}); diff != "" {
			t.Error(diff)
		}
	})
}

// TestIdleSessionsGo runs on a clock of its own.
func TestIdleSessionsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var gone []string
		s, ctx := &state.Memory{Gone: func(ids ...string) { gone = append(gone, ids...) }}, t.Context()
		for id, idle := range map[string]time.Duration{"short": time.Minute, "long": time.Hour, "for ever": 0} {
			if _, err := s.Make(ctx, id, state.Start{Idle: idle}, "ann"); err != nil {
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
		if known, _ := s.Enter(ctx, "short", "", false); known {
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
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		enter(t, s, "a")
		v := view(t, s, "a", cell)
		if err := s.Delete(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		if ok, err := s.Commit(ctx, "a", "", &v, []state.Effect{{Cell: cell, Value: state.Value{Count: 1}}}); ok || !errors.Is(err, state.ErrNoSession) {
			t.Error(ok, err)
		}
	})
}

// TestActivationsSayByWhom activates, activates again and resets.
func TestActivationsSayByWhom(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		for _, id := range []string{"", "x"} {
			if id == "" {
				if err := s.Begin(ctx, []string{"a", "b"}, "program"); err != nil {
					t.Fatal(err)
				}
			} else if _, err := s.Make(ctx, id, state.Start{Scenarios: []string{"a", "b"}}, "program"); err != nil {
				t.Fatal(err)
			}
			until := time.UnixMilli(4_000_000_000_000)
			timed := on("c", "a")
			timed[1].Until = until
			if err := s.Activate(ctx, id, timed...); err != nil {
				t.Fatal(err)
			}
			list, err := s.Activations(ctx, id)
			if err != nil || len(list) != 3 {
				t.Fatalf("%+v, %v", list, err)
			}
			list = slices.Clone(list)
			if list[2].Since.IsZero() {
				t.Error("a start has no time")
			}
			list[2].Since = time.Time{}
			want := []state.Activation{timed[1], timed[0], {Scenario: "b", By: "program"}}
			if diff := cmp.Diff(want, list); diff != "" {
				t.Error(diff)
			}
			if err := s.Reset(ctx, id, "ben"); err != nil {
				t.Fatal(err)
			}
			list, err = s.Activations(ctx, id)
			if err != nil || len(list) != 2 || list[0].Scenario != "b" || list[1].Scenario != "a" || list[0].By != "ben" || !list[1].Until.IsZero() {
				t.Errorf("after the reset: %+v, %v", list, err)
			}
		}
		if _, err := s.Activations(ctx, "nobody"); !errors.Is(err, state.ErrNoSession) {
			t.Error(err)
		}
	})
}

// TestDecisionsOverOtherActivationsAreMadeAgain changes what is active, or the session,
// between a decision and its commit.
func TestDecisionsOverOtherActivationsAreMadeAgain(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		for name, change := range map[string]func() error{
			"activated":   func() error { return s.Activate(ctx, "x", on("b")...) },
			"deactivated": func() error { return s.Deactivate(ctx, "x", "a") },
			"reset":       func() error { return s.Reset(ctx, "x", "ben") },
			"made anew": func() error {
				_, err := s.Make(ctx, "x", state.Start{Scenarios: []string{"a"}}, "ben")
				return err
			},
		} {
			if _, err := s.Make(ctx, "x", state.Start{Scenarios: []string{"a"}}, "ann"); err != nil {
				t.Fatal(err)
			}
			decide := func() bool {
				a, err := s.Active(ctx, "x")
				must(t, err)
				v, err := s.View(ctx, "x", &a, []state.Cell{cell})
				must(t, err)
				if change != nil {
					must(t, change())
					change = nil
				}
				return commit(t, s, "x", v, state.Effect{Cell: cell, Value: state.Value{Count: 1}})
			}
			if decide() {
				t.Errorf("%s: a decision over what was active before was committed", name)
			}
			if !decide() {
				t.Errorf("%s: the decision that was made again was not committed", name)
			}
		}
	})
}

// TestLooksAreOfOneMoment has what is active change between what a request without effects
// sees of it and what it sees of the values.
func TestLooksAreOfOneMoment(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s state.Store, _ func() []string) {
		ctx := t.Context()
		for name, change := range map[string]func() error{
			"deactivated": func() error { return s.Deactivate(ctx, "x", cell.Scenario) },
			"made anew":   func() error { return second(s.Make(ctx, "x", state.Start{}, "ben")) },
			"ended":       func() error { return s.Delete(ctx, "x") },
		} {
			must(t, second(s.Make(ctx, "x", state.Start{Scenarios: []string{cell.Scenario}}, "ann")))
			commit(t, s, "x", view(t, s, "x"), state.Effect{Cell: cell, Value: state.Value{Text: "validated"}})
			view(t, s, "x", cell)
			a, err := s.Active(ctx, "x")
			must(t, err)
			must(t, change())
			v, err := s.View(ctx, "x", &a, []state.Cell{cell})
			must(t, err)
			if ok, err := s.Commit(ctx, "x", "", &v, nil); ok || err != nil && !errors.Is(err, state.ErrNoSession) {
				t.Errorf("%s: what is active is of before, the values are of behind it: %v, %v", name, ok, err)
			}
		}
	})
}

// TestIdleSessionsGoTogether holds that sessions which have ended unnoticed are told at
// once: who is told looks at the whole journal.
func TestIdleSessionsGoTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls [][]string
		s, ctx := &state.Memory{Gone: func(ids ...string) { calls = append(calls, slices.Sorted(slices.Values(ids))) }}, t.Context()
		for _, id := range []string{"a", "b", "c"} {
			if _, err := s.Make(ctx, id, state.Start{Idle: time.Minute}, "ann"); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Minute)
		if _, err := s.Sessions(ctx); err != nil {
			t.Fatal(err)
		}
		if len(calls) != 1 || !slices.Equal(calls[0], []string{"a", "b", "c"}) {
			t.Error(calls)
		}
	})
}
