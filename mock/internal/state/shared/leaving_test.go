package shared

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// begin opens a store on a server and ends it with the test. What prepares is called before
// it takes part.
func begin(t *testing.T, server *testenv.RedisServer, prepare ...func(*Store)) *Store {
	t.Helper()
	address, err := ParseAddress(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	r := Open(Options{Address: address})
	t.Cleanup(func() { _ = r.Close(context.Background()) })
	for _, f := range prepare {
		f(r)
	}
	if err := r.Begin(t.Context(), nil, "program"); err != nil {
		t.Fatal(err)
	}
	return r
}

// watch is a hook that is called before and behind each command and pipeline, each of which
// may be nil; an error of before keeps it from being sent.
type watch struct {
	before func() error
	behind func(names []string)
}

func (watch) DialHook(next redis.DialHook) redis.DialHook { return next }

func (w watch) around(names []string, next func() error) error {
	if w.before != nil {
		if err := w.before(); err != nil {
			return err
		}
	}
	err := next()
	w.behind(names)
	return err
}

func (w watch) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return w.around([]string{cmd.Name()}, func() error { return next(ctx, cmd) })
	}
}

func (w watch) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		names := make([]string, len(cmds))
		for i := range cmds {
			names[i] = cmds[i].Name()
		}
		return w.around(names, func() error { return next(ctx, cmds) })
	}
}

// TestWhoHasLeftStaysAway has a request ask what is active for everybody while its replica
// leaves: it does not live again by that.
func TestWhoHasLeftStaysAway(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	r, left := begin(t, server), false
	r.client.Load().redis.AddHook(watch{behind: func(names []string) {
		if slices.Contains(names, "hdel") {
			left = true
			_ = r.renew(context.Background())
		}
	}})
	if err := r.Close(t.Context()); err != nil || !left {
		t.Errorf("left %t, %v", left, err)
	}
	if got := server.Ask("EXISTS {understudy}:replicas"); got != ":0" {
		t.Errorf("replicas that live: %s", got)
	}
}

// TestLeavingIsBounded closes a replica that cannot write what it keeps. It runs on a clock
// of its own.
func TestLeavingIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := Open(Options{Address: &Address{}})
		r.OnFlush(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		before := time.Now()
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if got := time.Since(before); got != ConfirmWithin {
			t.Errorf("it has taken %s", got)
		}
	})
}

// TestWhoWaitsToWriteIsBounded has one flush under way for long, and others wait for it, but
// write what comes before that. It runs on a clock of its own.
func TestWhoWaitsToWriteIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := Open(Options{Address: &Address{}})
		quick := 0
		r.OnFlush(func(context.Context) error { quick++; return nil })
		r.OnFlush(func(context.Context) error { time.Sleep(time.Minute); return nil })
		go func() { _ = r.Write(t.Context()) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if err := r.Write(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := r.Close(ctx); err != nil {
			t.Error(err)
		}
		if got := time.Since(before); got != time.Second {
			t.Errorf("they have waited for %s", got)
		}
		if quick != 2 { // when it is closed there is no time left
			t.Errorf("what is quick was written %d times", quick)
		}
		time.Sleep(time.Minute) // the first one ends
	})
}

// TestOneThatCannotWriteHoldsUpNoOther has two that write, of which the first fails.
func TestOneThatCannotWriteHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	r, failed, written := Open(Options{Address: &Address{}}), errors.New("not now"), false
	r.OnFlush(func(context.Context) error { return failed })
	r.OnFlush(func(context.Context) error { written = true; return nil })
	if err := r.Write(t.Context()); !errors.Is(err, failed) || !written {
		t.Errorf("written %t, %v", written, err)
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestHeartbeatsWaitForNoRequest takes all connections that requests have.
func TestHeartbeatsWaitForNoRequest(t *testing.T) {
	t.Parallel()
	r := begin(t, testenv.NewRedis(t))
	for range maxConnections {
		c := r.client.Load().redis.(*redis.Client).Conn()
		t.Cleanup(func() { _ = c.Close() })
		if err := c.Ping(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Session(t.Context(), "s"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("there is a connection for a request: %v", err)
	}
	if _, err := r.sync(t.Context()); err != nil {
		t.Errorf("the heartbeat: %v", err)
	}
	if err := r.Condition().Err; err != nil {
		t.Errorf("the server counts as gone: %v", err)
	}
}

// TestDeletingLeavesNothing has a replica be lost behind the step that deletes a session.
func TestDeletingLeavesNothing(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	r := begin(t, server, func(r *Store) {
		r.OnCount(func() []Difference {
			return []Difference{
				{Session: "s", Kind: OfCoverage, Counts: map[string]int64{"n": 1}},
				{Session: "s", Kind: OfVerdicts, Counts: map[string]int64{"n": 1}},
			}
		})
	})
	if _, err := r.Enter(t.Context(), "s", "", true); err != nil {
		t.Fatal(err)
	}
	if err := r.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := server.Ask("EXISTS {understudy:s}:session {understudy:s}:coverage {understudy:s}:verdict"); got != ":3" {
		t.Fatal(got)
	}
	lost := false
	r.client.Load().redis.AddHook(watch{
		before: func() error {
			if lost {
				return errors.New("the replica is lost")
			}
			return nil
		},
		behind: func(names []string) { lost = lost || slices.Contains(names, "del") },
	})
	if err := r.Delete(t.Context(), "s"); err != nil || !lost {
		t.Errorf("lost %t, %v", lost, err)
	}
	if got := server.Ask("KEYS {understudy:s}:*"); got != "*0" {
		t.Errorf("left: %s", got)
	}
}

// TestWhatCannotBeReadIsLost has something else than a replica stand among them.
func TestWhatCannotBeReadIsLost(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	for _, key := range []string{"replicas", "lost"} {
		if got := server.Ask("HSET {understudy}:" + key + " OTHER what-it-tells"); got != ":1" {
			t.Fatal(got)
		}
	}
	r := begin(t, server)
	if lost, err := r.Losses(t.Context()); err != nil || len(lost) != 1 || lost[0].Replica != "OTHER" || lost[0].Last.IsZero() {
		t.Errorf("%+v, %v", lost, err)
	}
	for i := range 101 {
		server.Ask(fmt.Sprint("HSET {understudy}:lost OTHER", i, " what-it-tells"))
	}
	if _, err := r.sync(t.Context()); err != nil {
		t.Error(err)
	}
}

// without is a hook that fails the searches for sessions.
type without struct {
	watch
	search func() error
}

func (w without) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "zrange" {
			return w.search()
		}
		return next(ctx, cmd)
	}
}

func (w without) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// TestSearchesInVainAreNotRepeated has the search fail for which all new sessions wait.
func TestSearchesInVainAreNotRepeated(t *testing.T) {
	t.Parallel()
	r := begin(t, testenv.NewRedis(t))
	var places []redis.Z
	for i := range state.MaxSessions {
		places = append(places, redis.Z{Score: float64(time.Now().UnixMilli()), Member: fmt.Sprint("s", i)})
	}
	if err := r.client.Load().redis.ZAdd(t.Context(), "{understudy}:sessions", places...).Err(); err != nil {
		t.Fatal(err)
	}
	var searches atomic.Int64
	r.client.Load().redis.AddHook(without{search: func() error {
		searches.Add(1)
		return errors.New("not answered")
	}})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			_, err := r.Enter(t.Context(), fmt.Sprint("new", i), "", true)
			if !errors.Is(err, state.ErrTooManySessions) && !errors.Is(err, ErrUnavailable) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := searches.Load(); n == 0 || n > 25 { // one a second
		t.Errorf("%d searches", n)
	}
}

// TestWaitForASearchIsBounded waits for a search that does not end, on a clock of its own.
func TestWaitForASearchIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &Store{clearing: make(chan struct{}, 1)}
		r.clearing <- struct{}{}
		before := time.Now()
		if err := r.clear(t.Context()); err != nil || time.Since(before) != MaxWait {
			t.Errorf("%v after %s", err, time.Since(before))
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.clear(over); !errors.Is(err, context.Canceled) {
			t.Errorf("who has given up: %v", err)
		}
	})
}

// TestTooManySessionsAreSearchedOnce asks for new sessions where there is room for none.
func TestTooManySessionsAreSearchedOnce(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	r := begin(t, server)
	var places []redis.Z
	for i := range state.MaxSessions {
		places = append(places, redis.Z{Score: float64(time.Now().UnixMilli()), Member: fmt.Sprint("s", i)})
	}
	if err := r.client.Load().redis.ZAdd(t.Context(), "{understudy}:sessions", places...).Err(); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	searches := 0
	r.client.Load().redis.AddHook(watch{behind: func(names []string) {
		mu.Lock()
		defer mu.Unlock()
		if slices.Contains(names, "zrange") {
			searches++
		}
	}})
	r.cleared = time.Now().Add(-clearEvery)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if _, err := r.Enter(t.Context(), fmt.Sprint("new", i), "", true); !errors.Is(err, state.ErrTooManySessions) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if r.cleared = time.Now().Add(time.Hour); searches == 0 || searches > 25 { // one a second
		t.Errorf("%d searches", searches)
	}
}
