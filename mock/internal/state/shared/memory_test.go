package shared_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// setting is an effect on a cell of the scenario s.
func setting(key string) state.Effect {
	return state.Effect{Cell: state.Cell{Scenario: "s", State: "x", Key: key}, Value: state.Value{Text: "a"}}
}

// TestExpiredSessionsMakeRoom fills all the room there is with sessions of which one has
// ended unnoticed. What was refused before its end is done then, and no session that is
// alive has lost anything.
func TestExpiredSessionsMakeRoom(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(ctx context.Context, s *state.Memory) error{
		"a cell": func(ctx context.Context, s *state.Memory) error {
			return second(s.Commit(ctx, "living", "", &state.View{}, []state.Effect{setting("new")}))
		},
		"a cell of everybody": func(ctx context.Context, s *state.Memory) error {
			return second(s.Commit(ctx, "", "", &state.View{}, []state.Effect{setting("new")}))
		},
		"an active scenario": func(ctx context.Context, s *state.Memory) error { return s.Activate(ctx, "living", on("t")...) },
		"a session": func(ctx context.Context, s *state.Memory) error {
			return second(s.Make(ctx, "new", state.Start{Scenarios: []string{"s"}}, "ann"))
		},
		"a session made anew with more": func(ctx context.Context, s *state.Memory) error {
			return second(s.Make(ctx, "anew", state.Start{Scenarios: []string{"s", "t", "u"}}, "ann"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var gone []string
				s, ctx := &state.Memory{Room: 12, Gone: func(ids ...string) { gone = append(gone, ids...) }}, t.Context()
				for id, idle := range map[string]time.Duration{"over": time.Minute, "living": time.Minute, "anew": 0} {
					must(t, second(s.Make(ctx, id, state.Start{Scenarios: []string{"s"}, Idle: idle}, "ann")))
					must(t, second(s.Commit(ctx, id, "", &state.View{}, []state.Effect{setting("1"), setting("2")})))
				}
				time.Sleep(time.Minute)
				enter(t, s, "living") // used, so it lives on
				if err := do(ctx, s); !errors.Is(err, state.ErrFull) {
					t.Errorf("while all are alive: %v", err)
				}
				if len(gone) > 0 {
					t.Fatalf("%v are swept, and are alive", gone)
				}
				time.Sleep(time.Second)
				if err := do(ctx, s); err != nil {
					t.Errorf("with one that has ended: %v", err)
				}
				if !slices.Contains(gone, "over") || slices.Contains(gone, "living") {
					t.Errorf("%v have ended", gone)
				}
				held, err := s.Values(ctx, "living")
				must(t, err)
				if len(held) < 2 {
					t.Errorf("a session that is alive has only %v", held)
				}
			})
		})
	}
}

// TestSessionsAreMadeAnewAtTheBound holds that the old session and the new one never count
// together, and that the old one lives on as it was where there is no room for the new one.
func TestSessionsAreMadeAnewAtTheBound(t *testing.T) {
	t.Parallel()
	var gone []string
	s, ctx := &state.Memory{Room: 7, Gone: func(ids ...string) { gone = append(gone, ids...) }}, t.Context()
	start := func(names ...string) error {
		t.Helper()
		isNew, err := s.Make(ctx, "a", state.Start{Scenarios: names}, "ann")
		if isNew {
			t.Errorf("%v: it is made anew and called new", names)
		}
		return err
	}
	must(t, second(s.Make(ctx, "a", state.Start{Scenarios: []string{"s", "t"}}, "ann")))
	must(t, second(s.Commit(ctx, "a", "", &state.View{}, []state.Effect{setting("1"), setting("2"), setting("3")})))
	must(t, start("t", "u"))
	must(t, start("t", "u", "v"))
	must(t, second(s.Commit(ctx, "a", "", &state.View{}, []state.Effect{setting("1")})))
	must(t, start("t", "u", "v")) // at the bound, and no larger
	must(t, second(s.Commit(ctx, "a", "", &state.View{}, []state.Effect{setting("1")})))
	before, err := s.Active(ctx, "a")
	must(t, err)
	told := len(gone)
	if err := start("t", "u", "v", "w"); !errors.Is(err, state.ErrFull) {
		t.Errorf("more than there is room for: %v", err)
	}
	after, err := s.Active(ctx, "a")
	must(t, err)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if held, err := s.Values(ctx, "a"); err != nil || len(held) != 1 {
		t.Errorf("the session that could not be made anew holds %v, %v", held, err)
	}
	if len(gone) != told || told != 3 {
		t.Errorf("told of %v, and of %d before the refusal", gone, told)
	}
	must(t, s.Delete(ctx, "a"))
	must(t, second(s.Make(ctx, "b", state.Start{Scenarios: []string{"s", "t", "u"}}, "ann"))) // the room is there again
	must(t, second(s.Commit(ctx, "b", "", &state.View{}, []state.Effect{setting("1")})))
	if _, err := s.Commit(ctx, "b", "", &state.View{}, []state.Effect{setting("2")}); !errors.Is(err, state.ErrFull) {
		t.Errorf("one more than there is room for: %v", err)
	}
}

// TestRefusalsRefuseNobodyElse has one session ask for far too much, again and again, while
// another asks for what there is room for.
func TestRefusalsRefuseNobodyElse(t *testing.T) {
	t.Parallel()
	s, ctx := &state.Memory{Room: 10}, t.Context()
	enter(t, s, "large")
	enter(t, s, "small")
	list := on("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() {
		for range 3_000 {
			if err := s.Activate(ctx, "large", list...); !errors.Is(err, state.ErrFull) {
				t.Error(err)
				return
			}
		}
	})
	for range 10_000 {
		if _, err := s.Commit(ctx, "small", "", &state.View{}, []state.Effect{setting("1")}); err != nil {
			t.Errorf("one of ten: %v", err)
			return
		}
		must(t, s.Reset(ctx, "small", "ann"))
	}
}

// TestRoomIsCountedSideBySide has sessions take room and give it back at the same time.
func TestRoomIsCountedSideBySide(t *testing.T) {
	t.Parallel()
	s, ctx := &state.Memory{Room: 100}, t.Context()
	var wait sync.WaitGroup
	for i := range 4 {
		id := fmt.Sprint(i)
		enter(t, s, id)
		wait.Go(func() {
			for range 10_000 {
				if _, err := s.Commit(ctx, id, "", &state.View{}, []state.Effect{setting("1")}); err != nil {
					t.Error(err)
					return
				}
				if err := s.Reset(ctx, id, "ann"); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	allIsFree(t, s, 100)
}

// allIsFree fills all the room that there is, and fails where it is not n cells.
func allIsFree(t *testing.T, s *state.Memory, n int) {
	t.Helper()
	effects := make([]state.Effect, n)
	for i := range effects {
		effects[i] = setting(fmt.Sprint(i))
	}
	if _, err := s.Commit(t.Context(), "", "", &state.View{}, effects); err != nil {
		t.Errorf("there is no room for %d cells: %v", n, err)
	}
	if _, err := s.Commit(t.Context(), "", "", &state.View{}, []state.Effect{setting("one more")}); !errors.Is(err, state.ErrFull) {
		t.Errorf("there is room for more than %d cells: %v", n, err)
	}
}

// TestSweepsEndWhatHasEnded uses, makes anew, deletes and leaves alone sessions at random,
// and compares which ones a request at the bound ends with a model that looks at all.
func TestSweepsEndWhatHasEnded(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	synctest.Test(t, func(t *testing.T) {
		type life struct {
			used time.Time
			idle time.Duration
		}
		r, model, gone := rand.New(rand.NewPCG(seed, 0)), map[string]*life{}, map[string]bool{}
		s, ctx := &state.Memory{Room: 1, Gone: func(ids ...string) {
			for _, id := range ids {
				gone[id] = true
			}
		}}, t.Context()
		must(t, second(s.Commit(ctx, "", "", &state.View{}, []state.Effect{setting("1")}))) // all the room that there is
		for step := range 3_000 {
			clear(gone)
			now, id := time.Now(), fmt.Sprint(r.IntN(40))
			known := model[id]
			alive := known != nil && (known.idle == 0 || now.Sub(known.used) <= known.idle)
			switch r.IntN(6) {
			case 0:
				idle := time.Duration(r.IntN(5)) * 10 * time.Second
				isNew, err := s.Make(ctx, id, state.Start{Idle: idle}, "ann")
				if err != nil || isNew == alive {
					t.Fatalf("step %d of %d: %q is new: %v, %v", step, seed, id, isNew, err)
				}
				model[id] = &life{now, idle}
			case 1:
				if err := s.Delete(ctx, id); err == nil != alive {
					t.Fatalf("step %d of %d: deleting %q: %v", step, seed, id, err)
				}
				delete(model, id)
			case 2, 3:
				if found, err := s.Enter(ctx, id, "", false); err != nil || found != alive {
					t.Fatalf("step %d of %d: %q is found: %v, %v", step, seed, id, found, err)
				}
				if alive {
					known.used = now
				} else {
					delete(model, id)
				}
			case 4:
				time.Sleep(time.Duration(r.IntN(15)) * time.Second)
			case 5:
				want := map[string]bool{}
				for id, l := range model {
					if l.idle > 0 && now.Sub(l.used) > l.idle {
						want[id] = true
						delete(model, id)
					}
				}
				if _, err := s.Commit(ctx, "", "", &state.View{}, []state.Effect{setting("2")}); !errors.Is(err, state.ErrFull) {
					t.Fatal(err)
				}
				if !maps.Equal(want, gone) {
					t.Fatalf("step %d of %d: %v were swept, and %v have ended", step, seed, gone, want)
				}
			}
		}
		all, err := s.Sessions(ctx)
		must(t, err)
		for _, one := range all {
			if l := model[one.ID]; l == nil || l.idle > 0 && time.Since(l.used) > l.idle {
				t.Errorf("%q is listed: %+v", one.ID, l)
			}
		}
	})
}

// TestRoomIsCountedWhileAllChanges has sessions made anew, used, filled, reset, deleted and
// swept at the same time, near the bound. In the end there is room for exactly as much as in
// the beginning, and each session that was told to begin was told to end once.
func TestRoomIsCountedWhileAllChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const room = 40
		var mu sync.Mutex
		living := map[string]int{}
		told := func(id string, n int) {
			mu.Lock()
			defer mu.Unlock()
			if living[id] += n; living[id] < 0 || living[id] > 1 {
				t.Errorf("%q is there %d times", id, living[id])
			}
		}
		s, ctx := &state.Memory{
			Room: room,
			Made: func(id string) { told(id, 1) },
			Gone: func(ids ...string) {
				for _, id := range ids {
					told(id, -1)
				}
			},
		}, t.Context()
		refused := func(err error) {
			if err != nil && !errors.Is(err, state.ErrFull) && !errors.Is(err, state.ErrNoSession) {
				t.Error(err)
			}
		}
		var wait sync.WaitGroup
		for range 8 {
			seed := rand.Uint64()
			wait.Go(func() {
				r := rand.New(rand.NewPCG(seed, 0))
				for range 2_000 {
					id := fmt.Sprint(r.IntN(6))
					switch r.IntN(10) {
					case 0:
						refused(second(s.Make(ctx, id, state.Start{Scenarios: []string{"s", "t", "u"}[:r.IntN(4)], Idle: time.Duration(r.IntN(3)) * time.Second}, "ann")))
					case 1:
						refused(second(s.Enter(ctx, id, "", true)))
					case 2:
						refused(s.Activate(ctx, id, on("s", "v", "w")[:1+r.IntN(3)]...))
					case 3:
						refused(s.Deactivate(ctx, id, "s"))
					case 4:
						refused(s.Reset(ctx, id, "ann"))
					case 5:
						if r.IntN(3) == 0 {
							refused(s.Delete(ctx, id))
						}
					case 6:
						if r.IntN(3) == 0 {
							refused(second(s.Sessions(ctx)))
						}
					case 7:
						if r.IntN(10) == 0 {
							time.Sleep(time.Duration(r.IntN(1500)) * time.Millisecond)
						}
					default:
						effects := make([]state.Effect, 1+r.IntN(6))
						for i := range effects {
							effects[i] = setting(fmt.Sprint(r.IntN(12)))
						}
						refused(second(s.Commit(ctx, id, "", &state.View{}, effects)))
					}
				}
			})
		}
		wait.Wait()
		for i := range 6 {
			refused(s.Delete(ctx, fmt.Sprint(i)))
		}
		for id, n := range living {
			if n != 0 {
				t.Errorf("%q has not ended", id)
			}
		}
		allIsFree(t, s, room)
	})
}
