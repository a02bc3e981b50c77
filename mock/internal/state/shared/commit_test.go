package shared_test

import (
	"crypto/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestRepeatedCommitsAreOneStep sends a commit again, as a client library does whose
// answer was lost.
func TestRepeatedCommitsAreOneStep(t *testing.T) {
	t.Parallel()
	s, ctx := openRedis(t, testenv.NewRedis(t), shared.Options{}), t.Context()
	v := view(t, s, "", cell)
	step := []state.Effect{{Cell: cell, Value: state.Value{Count: 1}}}
	for range 2 {
		if ok, err := s.Commit(ctx, "", "request-1", &v, step); !ok || err != nil {
			t.Error(ok, err)
		}
	}
	if ok, err := s.Commit(ctx, "", "request-2", &v, step); ok || err != nil {
		t.Error("another request has made the same step", err)
	}
	if got := view(t, s, "", cell).Values[0].Count; got != 1 {
		t.Errorf("%d steps", got)
	}
}

// TestRoundTrips counts what requests ask the server for: those of a session whose last
// request this replica has answered ask once, those without a session and a value never.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	s, c := openRedis(t, server, shared.Options{}), raw(t, server)
	enter(t, s, "x")
	asked := func() (n int) {
		info, err := c.Info(ctx, "commandstats").Result()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(info) {
			name, rest, _ := strings.Cut(line, ":calls=")
			calls, _, _ := strings.Cut(rest, ",")
			if name == "cmdstat_evalsha" {
				count, _ := strconv.Atoi(calls)
				n += count
			}
		}
		return n
	}
	for _, test := range []struct {
		name, session string
		cells         []state.Cell
		step          bool
		want          int
	}{
		{"no session and no value", "", nil, false, 0},
		{"a session", "x", nil, false, 1},
		{"a look at a value", "x", []state.Cell{cell}, false, 1},
		{"a step", "x", []state.Cell{cell}, true, 1},
		{"a step without a session", "", []state.Cell{cell}, true, 1},
	} {
		const requests, others = 1000, 300 // others are heartbeats
		before := asked()
		for range requests {
			id := rand.Text()
			_, err := s.Enter(ctx, test.session, id, true)
			if err != nil {
				t.Fatal(err)
			}
			a, err := s.Active(ctx, test.session)
			if err != nil {
				t.Fatal(err)
			}
			v, err := s.View(ctx, test.session, &a, test.cells)
			if err != nil {
				t.Fatal(err)
			}
			var effects []state.Effect
			if test.step {
				effects = []state.Effect{{Cell: cell, Value: state.Value{Count: v.Values[0].Count + 1}}}
			}
			if ok, err := s.Commit(ctx, test.session, id, &v, effects); !ok || err != nil {
				t.Fatalf("%s: %t, %v", test.name, ok, err)
			}
		}
		if got := asked() - before; got < test.want*requests || got > test.want*requests+others {
			t.Errorf("%s: %d requests ask %d times", test.name, requests, got)
		}
	}
}

// TestAnOlderStateIsTakenOver takes a session back, as a server does that has lost what it
// had not written to its disk.
func TestAnOlderStateIsTakenOver(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	s := openRedis(t, server, shared.Options{})
	enter(t, s, "x")
	if err := raw(t, server).HSet(ctx, "{understudy:x}:session", "version", 7).Err(); err != nil {
		t.Fatal(err)
	}
	for try := range 2 {
		a, err := s.Active(ctx, "x")
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.View(ctx, "x", &a, []state.Cell{cell})
		if err != nil {
			t.Fatal(err)
		}
		ok, err := s.Commit(ctx, "x", "request-1", &v, []state.Effect{{Cell: cell, Value: state.Value{Count: 1}}})
		if ok != (try == 1) || err != nil {
			t.Errorf("try %d: %t, %v", try, ok, err)
		}
	}
}
