package shared_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// openRedis opens a store on a server and ends it with the test.
func openRedis(t *testing.T, server *testenv.RedisServer, opts shared.Options) *shared.Store {
	t.Helper()
	if opts.Address == nil {
		var err error
		if opts.Address, err = shared.ParseAddress(server.URL()); err != nil {
			t.Fatal(err)
		}
	}
	s := shared.Open(opts)
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if err := s.Begin(t.Context(), nil, "program"); err != nil {
		t.Fatal(err)
	}
	return s
}

func globals(t *testing.T, s state.Store) []string {
	t.Helper()
	a, err := s.Active(t.Context(), "")
	if err != nil || a.Degraded {
		t.Error(a, err)
	}
	return a.Global
}

// raw talks to a server past the store.
func raw(t *testing.T, server *testenv.RedisServer) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: server.Address()})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestReplicasShareOneTruth changes on one replica and looks on the other.
func TestReplicasShareOneTruth(t *testing.T) {
	t.Parallel()
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		shareOneTruth(t, testenv.NewRedis(t).URL())
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()
		shareOneTruth(t, testenv.NewRedisCluster(t, 3)[1].URL()+"?cluster=true")
	})
}

func shareOneTruth(t *testing.T, url string) {
	ctx := t.Context()
	address := func() *shared.Address {
		a, err := shared.ParseAddress(url)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := openRedis(t, nil, shared.Options{Address: address()})
	gone := make(chan string, 10)
	b := openRedis(t, nil, shared.Options{Address: address(), Gone: func(ids ...string) { gone <- ids[0] }})
	for range 20 { // at once, each time
		if err := a.Activate(ctx, "", on("x")...); err != nil {
			t.Fatal(err)
		}
		if got := globals(t, b); !slices.Equal(got, []string{"x"}) {
			t.Fatal(got)
		}
		if err := b.Deactivate(ctx, "", "x"); err != nil {
			t.Fatal(err)
		}
		if got := globals(t, a); len(got) != 0 {
			t.Fatal(got)
		}
	}
	enter(t, a, "s")
	enter(t, b, "s")
	if err := a.Activate(ctx, "s", on("y")...); err != nil {
		t.Fatal(err)
	}
	commit(t, a, "s", view(t, a, "s", cell), state.Effect{Cell: cell, Value: state.Value{Text: "paid"}})
	enter(t, b, "s") // a request's first step
	active, err := b.Active(ctx, "s")
	if err != nil || !slices.Equal(active.Own, []string{"y"}) {
		t.Error(active, err)
	}
	if got := view(t, b, "s", cell).Values[0].Text; got != "paid" {
		t.Error(got)
	}
	if err := a.Delete(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if id := <-gone; id != "s" {
		t.Error(id)
	}
	joined := openRedis(t, nil, shared.Options{Address: address()})
	if err := a.Activate(ctx, "", on("x")...); err != nil {
		t.Fatal(err)
	}
	if got := globals(t, joined); !slices.Equal(got, []string{"x"}) {
		t.Error(got)
	}
	if got := a.Condition().Replicas; got < 2 {
		t.Errorf("%d replicas", got)
	}
}

// TestMissedMessagesHeal runs as a user of the server who may hear and tell nothing.
func TestMissedMessagesHeal(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	if err := raw(t, server).Do(ctx, "ACL", "SETUSER", "ann", "on", ">s3cr/t", "~team:*", "~{team*", "resetchannels", "+@all").Err(); err != nil {
		t.Fatal(err)
	}
	open := func() *shared.Store {
		address, err := shared.ParseAddress("redis://ann:s3cr%2Ft@" + server.Address() + "/0?prefix=team")
		if err != nil {
			t.Fatal(err)
		}
		return openRedis(t, server, shared.Options{Address: address})
	}
	a, b := open(), open()
	if err := a.Activate(ctx, "", on("x")...); err != nil {
		t.Fatal(err)
	}
	if got := globals(t, b); !slices.Equal(got, []string{"x"}) {
		t.Error(got)
	}
	keys, err := raw(t, server).Keys(ctx, "*").Result()
	if err != nil || slices.ContainsFunc(keys, func(key string) bool { return !strings.HasPrefix(key, "{team") }) {
		t.Error(keys, err)
	}
}

// TestSilentReplicas activates beside replicas that do not confirm: one that is gone, and
// one that goes on telling that it lives.
func TestSilentReplicas(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	s := openRedis(t, server, shared.Options{})
	c := raw(t, server)
	beat := func(id string, at time.Time) {
		if err := c.HSet(ctx, "{understudy}:replicas", id, fmt.Sprint("1 ", at.UnixMilli(), " 7 4 0")).Err(); err != nil {
			t.Fatal(err)
		}
	}
	beat("killed", time.Now())
	if err := s.Activate(ctx, "", on("x")...); err != nil {
		t.Errorf("a replica that is gone: %v", err)
	}
	beat("stuck", time.Now().Add(time.Hour))
	err := s.Activate(ctx, "", on("y")...)
	var unconfirmed *shared.UnconfirmedError
	if !errors.As(err, &unconfirmed) || unconfirmed.Behind != 1 || unconfirmed.Replicas != 2 {
		t.Error(err)
	}
	if got := globals(t, s); !slices.Equal(got, []string{"y", "x"}) {
		t.Errorf("the change is made all the same: %v", got)
	}
}

// TestOutage pauses the server and kills it.
func TestOutage(t *testing.T) {
	t.Parallel()
	for name, degrade := range map[string]bool{"refuse": false, "degrade": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, ctx := testenv.NewRedis(t, testenv.Durable...), t.Context()
			s := openRedis(t, server, shared.Options{Degrade: degrade})
			enter(t, s, "x")
			if err := errors.Join(s.Activate(ctx, "", on("all")...), s.Activate(ctx, "x", on("mine")...)); err != nil {
				t.Fatal(err)
			}
			enter(t, s, "x")
			commit(t, s, "x", view(t, s, "x", cell), state.Effect{Cell: cell, Value: state.Value{Count: 7}})
			held := 7
			for _, outage := range []struct {
				name       string
				begin, end func()
				may        int // steps that the server may have taken without an answer
			}{{"paused", server.Pause, server.Resume, 3}, {"killed", server.Kill, server.Restart, 0}} {
				outage.begin()
				step := func() (degraded bool, err error) {
					id := rand.Text()
					if _, err := s.Enter(ctx, "x", id, true); err != nil {
						return false, err
					}
					for range 2 { // what it begins with may be the shared state as it was
						a, err := s.Active(ctx, "x")
						if err != nil {
							return false, err
						}
						if !slices.Equal(a.Own, []string{"mine"}) || !slices.Equal(a.Global, []string{"all"}) {
							t.Errorf("%s: %+v", outage.name, a)
						}
						v, err := s.View(ctx, "x", &a, []state.Cell{cell})
						if err != nil {
							return false, err
						}
						ok, err := s.Commit(ctx, "x", id, &v, []state.Effect{{Cell: cell, Value: state.Value{Count: v.Values[0].Count + 1}}})
						if ok || err != nil {
							return v.Degraded, err
						}
					}
					return false, errors.New("not committed")
				}
				for range 3 {
					degraded, err := step()
					if degrade && (!degraded || err != nil) || !degrade && !errors.Is(err, shared.ErrUnavailable) {
						t.Errorf("%s: %t, %v", outage.name, degraded, err)
					}
				}
				testenv.Eventually(t, "the outage is noticed", func() bool { return s.Condition().Err != nil })
				if _, err := s.Commit(ctx, "", "", &state.View{}, []state.Effect{{Cell: cell}}); !errors.Is(err, shared.ErrUnavailable) {
					t.Errorf("%s: a value that is set: %v", outage.name, err)
				}
				if err := s.Activate(ctx, "", on("more")...); !errors.Is(err, shared.ErrUnavailable) {
					t.Errorf("%s: a change for everybody: %v", outage.name, err)
				}
				if a, err := s.Active(ctx, ""); err != nil || !slices.Equal(a.Global, []string{"all"}) {
					t.Errorf("%s: a request that asks nobody: %v, %v", outage.name, a, err)
				}
				outage.end()
				testenv.Eventually(t, "the server is reached again", func() bool { return s.Condition().Err == nil })
				testenv.Eventually(t, "the session is used again", func() bool { _, err := s.Enter(ctx, "x", "", true); return err == nil })
				got := view(t, s, "x", cell)
				if got.Values[0].Count < held || got.Values[0].Count > held+outage.may || got.Degraded {
					t.Errorf("%s: %+v", outage.name, got)
				}
				held = got.Values[0].Count
			}
		})
	}
}

// TestTimesEnd lets sessions and activations come to their end by the server's clock.
func TestTimesEnd(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	ended := make(chan []string, 10)
	a := openRedis(t, server, shared.Options{Ended: func(names []string) { ended <- names }})
	if _, err := a.Make(ctx, "short", state.Start{Idle: 50 * time.Millisecond}, "ann"); err != nil {
		t.Fatal(err)
	}
	enter(t, a, "long")
	commit(t, a, "long", view(t, a, "long", cell), state.Effect{Cell: cell, Value: state.Value{Count: 1}})
	timed := []state.Activation{{Scenario: "s", By: "ann", Since: time.Now(), Until: time.Now().Add(100 * time.Millisecond)}, on("stays")[0]}
	if err := errors.Join(a.Activate(ctx, "long", timed...), a.Activate(ctx, "", timed...)); err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, "the session ends", func() bool { // by a look that does not use it
		all, err := a.Sessions(ctx)
		return err == nil && len(all) == 1
	})
	if known, err := a.Enter(ctx, "short", "", false); known || err != nil {
		t.Error(known, err)
	}
	testenv.Eventually(t, "the activation of everybody ends", func() bool { return slices.Equal(globals(t, a), []string{"stays"}) })
	if got := <-ended; !slices.Equal(got, []string{"s"}) {
		t.Error(got)
	}
	testenv.Eventually(t, "the activation of the session ends", func() bool {
		enter(t, a, "long")
		active, _ := a.Active(ctx, "long")
		return slices.Equal(active.Own, []string{"stays"})
	})
	if got := view(t, a, "long", cell); got.Values[0].Count != 0 {
		t.Error("values are left of a scenario whose time is over")
	}
}

// TestALostStateBeginsAnew empties the server.
func TestALostStateBeginsAnew(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	s := openRedis(t, server, shared.Options{})
	if err := errors.Join(s.Begin(ctx, []string{"start"}, "program"), s.Activate(ctx, "", on("x")...), raw(t, server).FlushAll(ctx).Err()); err != nil {
		t.Fatal(err)
	}
	testenv.Eventually(t, "the start is active", func() bool { return slices.Equal(globals(t, s), []string{"start"}) })
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	const inPassword = "what stands before @ has a / or a ? in it: write redis://user:password@host:6379/0, with special characters percent-encoded"
	for text, want := range map[string]string{
		"redis://h": "redis://h",
		"rediss://ann:s3cret@h:7000/2?prefix=a:b": "rediss://ann:xxxxx@h:7000/2?prefix=a:b",
		"redis://:s3cret@[::1]:7000":              "redis://:xxxxx@[::1]:7000",
		"redis://ann:s3cret@h:port":               "it is no URL: write redis://user:password@host:6379/0, with special characters percent-encoded",
		"redis://ann:s3cr%et@h":                   "it is no URL: write redis://user:password@host:6379/0, with special characters percent-encoded",
		"http://ann:s3cret@h":                     `its scheme is "http": use memory, redis:// or, with TLS, rediss://`,
		"redis:///0":                              "it names no host: write redis://host:6379",
		"redis://h/zero":                          `its database is "zero": use a number from 0`,
		"redis://h?timeout=3":                     `it has "timeout" behind ?: there are prefix and cluster, each once`,
		"redis://h?prefix=a&prefix=b":             `it has "prefix" behind ?: there are prefix and cluster, each once`,
		"redis://ann:s3cret@h?cluster=true":       "redis://ann:xxxxx@h?cluster=true",
		"redis://h?cluster=1":                     "for a cluster write ?cluster=true",
		"redis://h/2?cluster=true":                "a cluster has the database 0 alone",
		"redis://ann:12/s3cret@h":                 inPassword,
		"redis://ann:12?s3cret@h":                 inPassword,
		"redis://ann:12/s3cret?3@h":               inPassword,
		"redis://ann:12?cluster=true&s3cret%@h":   inPassword,
		"redis://ann:12#s3cret@h":                 "it names no host: write redis://host:6379",
		"redis://h?prefix={a}":                    "its prefix cannot be used: take 1 to 64 characters without { and }",
	} {
		address, err := shared.ParseAddress(text)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = address.String()
		}
		if got != want || strings.Contains(got, "s3c") {
			t.Errorf("%s: %s", text, got)
		}
	}
}
