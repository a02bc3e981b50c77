package shared_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestSessionsAreAlwaysThereWhileMadeAnew asks for a session at the very moment at which
// another one of its name takes its place. It is done in the one or in the other, and never
// refused or lost: there is a session of that name all the time.
func TestSessionsAreAlwaysThereWhileMadeAnew(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]struct {
		do   func(ctx context.Context, s *state.Memory) error
		left func(t *testing.T, s *state.Memory)
	}{
		"a value set": {
			do: func(ctx context.Context, s *state.Memory) error {
				ok, err := s.Commit(ctx, "a", "", &state.View{}, []state.Effect{setting("1")})
				if err == nil && !ok {
					err = fmt.Errorf("a view that fits any session does not fit")
				}
				return err
			},
			left: func(t *testing.T, s *state.Memory) {
				if held, err := s.Values(t.Context(), "a"); err != nil || len(held) != 1 {
					t.Errorf("it holds %v, %v", held, err)
				}
			},
		},
		"a scenario activated": {
			do: func(ctx context.Context, s *state.Memory) error { return s.Activate(ctx, "a", on("u")...) },
			left: func(t *testing.T, s *state.Memory) {
				if active, err := s.Active(t.Context(), "a"); err != nil || !slices.Equal(active.Own, []string{"u", "t"}) {
					t.Errorf("active are %v, %v", active.Own, err)
				}
			},
		},
		"a reset": {do: func(ctx context.Context, s *state.Memory) error { return s.Reset(ctx, "a", "ben") }},
		"a look at it": {do: func(ctx context.Context, s *state.Memory) error {
			one, err := s.Session(ctx, "a")
			if err == nil && (one.Start.Scenarios[0] == "s") != (one.Cells == 1) {
				err = fmt.Errorf("it is neither the old nor the new session: %+v", one)
			}
			return err
		}},
		"a list": {do: func(ctx context.Context, s *state.Memory) error {
			all, err := s.Sessions(ctx)
			if err == nil && (len(all) != 1 || (all[0].Start.Scenarios[0] == "s") != (all[0].Cells == 1)) {
				err = fmt.Errorf("it lists neither the old nor the new session: %+v", all)
			}
			return err
		}},
		"its end": {
			do: func(ctx context.Context, s *state.Memory) error { return s.Delete(ctx, "a") },
			left: func(t *testing.T, s *state.Memory) {
				if all, err := s.Sessions(t.Context()); err != nil || len(all) != 0 {
					t.Errorf("there is %v, %v", all, err)
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, done := t.Context(), make(chan error, 1)
			s, began := &state.Memory{}, false
			s.Gone = func(...string) {
				if began {
					return
				}
				began = true
				go func() { done <- step.do(ctx, s) }()
				for turn := 0; turn < 10_000 && len(done) == 0; turn++ { // it may wait for this to be over
					runtime.Gosched()
				}
			}
			must(t, second(s.Make(ctx, "a", state.Start{Scenarios: []string{"s"}}, "ann")))
			must(t, second(s.Commit(ctx, "a", "", &state.View{}, []state.Effect{setting("0")})))
			must(t, second(s.Make(ctx, "a", state.Start{Scenarios: []string{"t"}}, "ann")))
			if err := <-done; err != nil {
				t.Error(err)
			}
			if step.left != nil {
				step.left(t, s)
			}
		})
	}
}

// TestEmptiedSessionsHoldNoMemory fills sessions and empties them again: what does not count
// any more towards the room must not be held either.
func TestEmptiedSessionsHoldNoMemory(t *testing.T) { // not parallel: it measures memory
	effects := make([]state.Effect, 5_000)
	for i := range effects {
		effects[i] = setting(fmt.Sprint(i))
	}
	for name, empty := range map[string]func(ctx context.Context, s *state.Memory, id string) error{
		"a reset":                 func(ctx context.Context, s *state.Memory, id string) error { return s.Reset(ctx, id, "ann") },
		"a scenario started anew": func(ctx context.Context, s *state.Memory, id string) error { return s.Activate(ctx, id, on("s")...) },
		"for everybody":           func(ctx context.Context, s *state.Memory, _ string) error { return s.Activate(ctx, "", on("s")...) },
		"all but a few, bit by bit": func(ctx context.Context, s *state.Memory, _ string) error {
			for n := len(effects); n > 10; n -= n / 3 {
				kept := 0
				if err := s.Forget(ctx, func(state.Cell) bool { kept++; return kept%3 > 0 }); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		s, ctx := &state.Memory{}, t.Context()
		before := inUse()
		const sessions = 20
		for i := range sessions {
			enter(t, s, fmt.Sprint(i))
			must(t, second(s.Commit(ctx, fmt.Sprint(i), "", &state.View{}, effects)))
		}
		full := inUse() - before
		for i := range sessions {
			must(t, empty(ctx, s, fmt.Sprint(i)))
		}
		if left := inUse() - before; left > full/10 {
			t.Errorf("%s: sessions take %d bytes, and %d when they are empty", name, full, left)
		}
		runtime.KeepAlive(s)
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
