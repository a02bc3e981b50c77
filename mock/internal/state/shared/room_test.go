package shared_test

import (
	"errors"
	"fmt"
	"testing"
	"unsafe"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestMemoryIsBounded fills sessions until all of them together hold what they may: cells,
// active scenarios and those of starts. Whatever goes makes room again, exactly.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const room = 12
	s, ctx := &state.Memory{Room: room}, t.Context()
	set := func(session, key string) error {
		_, err := s.Commit(ctx, session, "", &state.View{}, []state.Effect{{Cell: state.Cell{Scenario: "s", State: "x", Key: key}, Value: state.Value{Text: "a"}}})
		return err
	}
	// fill gives how many cells there is room for, and takes them away again.
	fill := func() int {
		t.Helper()
		enter(t, s, "fill")
		n := 0
		for ; n <= room; n++ {
			if err := set("fill", fmt.Sprint(n)); err != nil {
				if !errors.Is(err, state.ErrFull) {
					t.Fatal(err)
				}
				break
			}
		}
		if err := s.Delete(ctx, "fill"); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, step := range []struct {
		name string
		do   func() error
		left int
	}{
		{"nothing yet", func() error { return nil }, 12},
		{"a session with a start", func() error {
			_, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"s", "r"}}, "ann")
			return err
		}, 8},
		{"the same again", func() error {
			_, err := s.Make(ctx, "a", state.Start{Scenarios: []string{"s", "r"}}, "ann")
			return err
		}, 8},
		{"a cell", func() error { return set("a", "1") }, 7},
		{"the cell again", func() error { return set("a", "1") }, 7},
		{"a cell twice", func() error {
			two := state.Effect{Cell: state.Cell{Scenario: "s", State: "x", Key: "2"}}
			_, err := s.Commit(ctx, "a", "", &state.View{}, []state.Effect{two, two})
			return err
		}, 6},
		{"a cell of everybody", func() error { return set("", "1") }, 5},
		{"a scenario out, with its cells", func() error { return s.Deactivate(ctx, "a", "s") }, 8},
		{"others on top", func() error { return s.Activate(ctx, "a", on("t", "u", "t")...) }, 6},
		{"at its start again", func() error { return s.Reset(ctx, "a", "ann") }, 7},
		{"cells of everybody dropped", func() error { return s.Forget(ctx, func(state.Cell) bool { return false }) }, 8},
		{"the session's end", func() error { return s.Delete(ctx, "a") }, 12},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		if got := fill(); got != step.left {
			t.Errorf("%s: there is room for %d cells, want %d", step.name, got, step.left)
		}
	}
	many := make([]string, room)
	for i := range many {
		many[i] = fmt.Sprint("s", i)
	}
	enter(t, s, "b")
	for name, err := range map[string]error{
		"a start":     second(s.Make(ctx, "c", state.Start{Scenarios: many}, "ann")),
		"a new start": second(s.Make(ctx, "b", state.Start{Scenarios: many}, "ann")),
		"active ones": s.Activate(ctx, "b", on(append(many, "one more")...)...),
	} {
		if !errors.Is(err, state.ErrFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Session(ctx, "c"); !errors.Is(err, state.ErrNoSession) {
		t.Errorf("a session that there is no room for: %v", err)
	}
	if got := fill(); got != room {
		t.Errorf("in the end there is room for %d cells", got)
	}
}

func second[T any](_ T, err error) error { return err }

// TestCellsOutliveTheirRequests is about keys that are parts of a request's line,
// which may be a megabyte: no cell keeps it.
func TestCellsOutliveTheirRequests(t *testing.T) {
	t.Parallel()
	s, ctx := &state.Memory{}, t.Context()
	enter(t, s, "a")
	line := []byte("key and much more")
	key := alias(line)[:3]
	if ok, err := s.Commit(ctx, "a", "", &state.View{}, []state.Effect{{Cell: state.Cell{Scenario: "s", State: "x", Key: key}, Value: state.Value{Text: "b"}}}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	copy(line, "KEY")
	held, err := s.Values(ctx, "a")
	if err != nil || len(held) != 1 || held[0].Cell.Key != "key" {
		t.Errorf("the cell keeps the line: %v, %v", held, err)
	}
}

// alias is a text that changes with bytes.
func alias(b []byte) string { return unsafe.String(&b[0], len(b)) }
