package state

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestRefusalsLookAtOneSession refuses requests at a bound beside sessions that nobody can
// look at without a panic: a walk over all of them for each refusal would let anyone who may
// ask keep the mock busy.
func TestRefusalsLookAtOneSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, ctx := &Memory{Room: 2}, t.Context()
		for _, id := range []string{"first", "used"} {
			if _, err := m.Make(ctx, id, Start{Idle: time.Minute}, "ann"); err != nil {
				t.Fatal(err)
			}
		}
		effects := []Effect{{Cell: Cell{Key: "1"}}, {Cell: Cell{Key: "2"}}}
		if _, err := m.Commit(ctx, "used", "", &View{}, effects); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		for _, id := range []string{"first", "used"} {
			if known, err := m.Enter(ctx, id, "", false); !known || err != nil {
				t.Fatal(known, err)
			}
		}
		time.Sleep(time.Second)
		m.sweep() // which finds that both were used
		m.count = MaxSessions
		m.sessions.Store("poison", "no session")
		m.idle = append(m.idle, nil)
		for name, err := range map[string]error{
			"a cell":              second(m.Commit(ctx, "used", "", &View{}, []Effect{{Cell: Cell{Key: "3"}}})),
			"a scenario":          m.Activate(ctx, "used", Activation{Scenario: "s"}),
			"a session made anew": second(m.Make(ctx, "used", Start{Scenarios: []string{"s", "t"}}, "ann")),
		} {
			if !errors.Is(err, ErrFull) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, err := range map[string]error{
			"a session":        second(m.Make(ctx, "new", Start{}, "ann")),
			"a session by use": second(m.Enter(ctx, "new", "", true)),
		} {
			if !errors.Is(err, ErrTooManySessions) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
