package shared_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// counter is a replica that counts.
type counter struct {
	*shared.Store
	mu   sync.Mutex
	list []shared.Difference
}

func (c *counter) count(session string, counts map[string]int64, texts ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, shared.Difference{Session: session, Kind: shared.OfVerdicts, Counts: counts, Lists: map[string][]string{"seen": texts}})
}

func (c *counter) take() []shared.Difference {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

func (c *counter) forget(sessions ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = slices.DeleteFunc(c.list, func(d shared.Difference) bool { return slices.Contains(sessions, d.Session) })
}

func openCounters(t *testing.T, server *testenv.RedisServer, n int) (list []*counter) {
	t.Helper()
	for range n {
		c := &counter{}
		address, err := shared.ParseAddress(server.URL())
		if err != nil {
			t.Fatal(err)
		}
		c.Store = shared.Open(shared.Options{Address: address, Gone: c.forget})
		c.OnCount(c.take)
		t.Cleanup(func() { _ = c.Close(context.Background()) })
		if err := c.Begin(t.Context(), nil, "program"); err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// counted reads what all have counted, after all have written it.
func counted(t *testing.T, c *counter, session string) *shared.Counted {
	t.Helper()
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := c.Counted(t.Context(), session, shared.OfVerdicts)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantCounts(t *testing.T, c *counter, session string, want map[string]int64) {
	t.Helper()
	if got := counted(t, c, session); !maps.Equal(got.Counts, want) {
		t.Errorf("%q: %v, not %v", session, got.Counts, want)
	}
}

// TestCountsAreAddedUp counts on each replica, for everybody and in a session.
func TestCountsAreAddedUp(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	replicas := openCounters(t, server, 3)
	enter(t, replicas[0].Store, "s")
	for i := range int64(30) {
		on := replicas[i%3]
		on.count("", map[string]int64{"all": 2})
		on.count("s", map[string]int64{"mine": 1, "with: a blank": 1}, fmt.Sprint("text ", i))
		on.count("unknown", map[string]int64{"nobody's": 1})
		wantCounts(t, replicas[(i+1)%3], "", map[string]int64{"all": 2 * (i + 1)})
		wantCounts(t, replicas[(i+2)%3], "s", map[string]int64{"mine": i + 1, "with: a blank": i + 1})
	}
	if got := counted(t, replicas[1], "s").Lists["seen"]; len(got) != shared.MaxTexts || got[0] != "text 0" || got[9] != "text 9" {
		t.Error(got)
	}
	if _, err := replicas[0].Counted(t.Context(), "unknown", shared.OfVerdicts); !errors.Is(err, state.ErrNoSession) {
		t.Error(err)
	}
	large := map[string]int64{}
	for i := range 5_000 {
		large[fmt.Sprint(i)] = 1
	}
	replicas[0].count("", large)
	if got := counted(t, replicas[1], ""); len(got.Counts) != 5_001 || got.Full {
		t.Error(len(got.Counts), got.Full)
	}
	for i := range shared.MaxCounts {
		large[fmt.Sprint(i)] = 1
	}
	replicas[0].count("s", large)
	if got := counted(t, replicas[1], "s"); !got.Full || got.Counts["mine"] != 30 {
		t.Errorf("%d counts, full %t", len(got.Counts), got.Full)
	}
}

// TestCountsEndWithTheirSession resets, deletes, makes anew and lets sessions end.
func TestCountsEndWithTheirSession(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	replicas := openCounters(t, server, 2)
	a, b := replicas[0], replicas[1]
	one := map[string]int64{"n": 1}
	enter(t, a.Store, "s")
	enter(t, b.Store, "s")
	b.count("s", one)
	b.count("", one)
	wantCounts(t, a, "s", one)
	if err := errors.Join(a.Uncount(ctx, "s", shared.OfVerdicts), a.Uncount(ctx, "", shared.OfVerdicts)); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, b, "s", map[string]int64{})
	wantCounts(t, b, "", map[string]int64{})
	b.count("s", one)
	if _, err := a.Make(ctx, "s", state.Start{}, "ann"); err != nil { // while b keeps a count of the session before
		t.Fatal(err)
	}
	wantCounts(t, a, "s", map[string]int64{})
	a.count("s", one)
	wantCounts(t, b, "s", one)
	if err := a.Delete(ctx, "s"); err != nil {
		t.Fatal(err)
	}
	if err := a.Uncount(ctx, "s", shared.OfVerdicts); !errors.Is(err, state.ErrNoSession) {
		t.Error(err)
	}
	if _, err := a.Make(ctx, "short", state.Start{Idle: time.Second}, "ann"); err != nil {
		t.Fatal(err)
	}
	a.count("short", one)
	wantCounts(t, b, "short", one)
	key := "{understudy:short}:verdict"
	left, err := raw(t, server).PTTL(ctx, key).Result()
	if err != nil || left <= 0 || left > 2*time.Minute {
		t.Errorf("the counts end in %s: %v", left, err)
	}
	testenv.Eventually(t, "the session ends", func() bool {
		_, err := a.Counted(ctx, "short", shared.OfVerdicts)
		return errors.Is(err, state.ErrNoSession)
	})
	enter(t, b.Store, "short") // anew
	wantCounts(t, b, "short", map[string]int64{})
	b.count("short", map[string]int64{"n": 7})
	wantCounts(t, a, "short", map[string]int64{"n": 7})
	if keys, err := raw(t, server).Keys(ctx, "*s}*").Result(); err != nil || slices.Contains(keys, "{understudy:s}:verdict") {
		t.Errorf("left of a session that was deleted: %v, %v", keys, err)
	}
}

// TestCountsOutliveOutages counts while the server is away, and has it lose answers.
func TestCountsOutliveOutages(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t, testenv.Durable...)
	replicas := openCounters(t, server, 2)
	want := int64(0)
	step := func(n int64) {
		want += n
		replicas[0].count("", map[string]int64{"n": n})
	}
	for _, outage := range []struct{ begin, end func() }{{server.Pause, server.Resume}, {server.Kill, server.Restart}} {
		step(1)
		if err := replicas[1].Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		step(10) // on its way when the server goes
		outage.begin()
		step(100)
		if err := replicas[0].Flush(t.Context()); !errors.Is(err, shared.ErrUnavailable) {
			t.Error(err)
		}
		if _, err := replicas[0].Counted(t.Context(), "", shared.OfVerdicts); !errors.Is(err, shared.ErrUnavailable) {
			t.Error(err)
		}
		step(1000)
		outage.end()
		testenv.Eventually(t, "all is written", func() bool { return replicas[1].Flush(context.Background()) == nil })
		testenv.Eventually(t, "both are heard of", func() bool {
			got, err := replicas[1].Counted(context.Background(), "", shared.OfVerdicts)
			return err == nil && len(got.Lost) == 0
		})
		wantCounts(t, replicas[1], "", map[string]int64{"n": want})
	}
}

// TestCountsSayWhatIsMissing counts beside a replica that is killed.
func TestCountsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	server, ctx := testenv.NewRedis(t), t.Context()
	a := openCounters(t, server, 1)[0]
	enter(t, a.Store, "before")
	if err := raw(t, server).HSet(ctx, "{understudy}:lost", "KILLED", fmt.Sprint(time.Now().UnixMilli(), " 3")).Err(); err != nil {
		t.Fatal(err)
	}
	for _, session := range []string{"", "before"} {
		if got := counted(t, a, session); len(got.Lost) != 1 || got.Lost[0].Counted != 3 {
			t.Errorf("%q: %+v", session, got.Lost)
		}
	}
	time.Sleep(state.LiveFor + 10*time.Millisecond) // real, as is the server's clock
	enter(t, a.Store, "behind")
	if err := a.Uncount(ctx, "before", shared.OfVerdicts); err != nil {
		t.Fatal(err)
	}
	for _, session := range []string{"behind", "before"} {
		a.count(session, map[string]int64{"n": 1})
		if got := counted(t, a, session); len(got.Lost) != 0 {
			t.Errorf("%q has begun when the replica was gone: %+v", session, got.Lost)
		}
	}
}

// TestCountsOfEverybodyBeginWithTheFirstReplica ends all replicas and starts one.
func TestCountsOfEverybodyBeginWithTheFirstReplica(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	replicas := openCounters(t, server, 2)
	enter(t, replicas[0].Store, "s")
	one := map[string]int64{"n": 1}
	replicas[0].count("", one)
	replicas[0].count("s", one)
	end := func(c *counter) {
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	end(replicas[0])
	third := openCounters(t, server, 1)[0]
	wantCounts(t, third, "", one)
	end(replicas[1])
	end(third)
	fourth := openCounters(t, server, 1)[0]
	wantCounts(t, fourth, "", map[string]int64{})
	wantCounts(t, fourth, "s", one)
}
