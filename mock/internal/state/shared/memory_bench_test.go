package shared_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// BenchmarkMemory measures what a request asks of the state in memory: that moves a sequence
// in a session that lives for ever or may be idle for a time, that is the first of a key, and
// that has a session of its own.
func BenchmarkMemory(b *testing.B) {
	ctx := context.Background()
	made := func(b *testing.B, s *state.Memory, id string, idle time.Duration) {
		if _, err := s.Make(ctx, id, state.Start{Scenarios: []string{"s"}, Idle: idle}, "ann"); err != nil {
			b.Fatal(err)
		}
	}
	request := func(b *testing.B, s *state.Memory, id, key string) {
		c := state.Cell{Scenario: "s", Key: key}
		if _, err := s.Enter(ctx, id, "", true); err != nil {
			b.Fatal(err)
		}
		a, err := s.Active(ctx, id)
		if err != nil {
			b.Fatal(err)
		}
		v, err := s.View(ctx, id, &a, []state.Cell{c})
		if err != nil {
			b.Fatal(err)
		}
		if ok, err := s.Commit(ctx, id, "", &v, []state.Effect{{Cell: c, Value: state.Value{Count: v.Values[0].Count + 1}}}); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
	for name, idle := range map[string]time.Duration{"for ever": 0, "idle": time.Hour} {
		b.Run(name, func(b *testing.B) {
			s := &state.Memory{}
			made(b, s, "a", idle)
			b.ReportAllocs()
			for b.Loop() {
				request(b, s, "a", "1")
			}
		})
	}
	b.Run("keys", func(b *testing.B) {
		s := &state.Memory{}
		made(b, s, "a", 0)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%1000 == 999 {
				if err := s.Deactivate(ctx, "a", "s"); err != nil {
					b.Fatal(err)
				}
			}
			request(b, s, "a", fmt.Sprint(i%1000))
		}
	})
	b.Run("sessions", func(b *testing.B) {
		s := &state.Memory{}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			id := fmt.Sprint(i)
			made(b, s, id, time.Hour)
			request(b, s, id, "1")
			if err := s.Delete(ctx, id); err != nil {
				b.Fatal(err)
			}
		}
	})
}
