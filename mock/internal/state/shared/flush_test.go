package shared_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// keeper is something that keeps a number and adds it to one that all have in common.
type keeper struct {
	*shared.Store
	kept, failing atomic.Int64
}

// openKeepers opens replicas that add what they keep to the key sum of a server.
func openKeepers(t *testing.T, server *testenv.RedisServer, address *shared.Address, n int) (list []*keeper, sum func() int64) {
	t.Helper()
	c := raw(t, server)
	var err error
	if address == nil {
		if address, err = shared.ParseAddress(server.URL()); err != nil {
			t.Fatal(err)
		}
	}
	for range n {
		k := &keeper{}
		k.Store = shared.Open(shared.Options{Address: address, Counted: func() uint64 { return 7 }})
		k.OnFlush(func(ctx context.Context) error {
			if k.failing.Load() > 0 {
				return errors.New("not now")
			}
			if n := k.kept.Swap(0); n > 0 {
				return c.IncrBy(ctx, "sum", n).Err()
			}
			return nil
		})
		t.Cleanup(func() { _ = k.Close(context.Background()) })
		if err := k.Begin(t.Context(), nil, "program"); err != nil {
			t.Fatal(err)
		}
		list = append(list, k)
	}
	return list, func() int64 {
		n, err := c.Get(context.Background(), "sum").Int64()
		if err != nil && !errors.Is(err, redis.Nil) {
			t.Error(err)
		}
		return n
	}
}

// TestFlushHasAllWritten keeps something on each replica and asks another.
func TestFlushHasAllWritten(t *testing.T) {
	t.Parallel()
	replicas, sum := openKeepers(t, testenv.NewRedis(t), nil, 3)
	for i := range int64(30) {
		replicas[i%3].kept.Add(1)
		if err := replicas[(i+1)%3].Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := sum(); got != i+1 {
			t.Fatalf("%d of %d are written", got, i+1)
		}
	}
	replicas[0].kept.Add(5)
	if err := replicas[0].Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sum(); got != 35 {
		t.Errorf("%d behind Close", got)
	}
	replicas[1].kept.Add(1)
	testenv.Eventually(t, "a replica writes without being asked", func() bool { return sum() == 36 })
}

// TestFlushWithoutMessages runs as a user of the server who may hear and tell nothing.
func TestFlushWithoutMessages(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	if err := raw(t, server).Do(t.Context(), "ACL", "SETUSER", "ann", "on", ">s3cret", "~{team*", "resetchannels", "+@all").Err(); err != nil {
		t.Fatal(err)
	}
	address, err := shared.ParseAddress("redis://ann:s3cret@" + server.Address() + "/0?prefix=team")
	if err != nil {
		t.Fatal(err)
	}
	replicas, sum := openKeepers(t, server, address, 2)
	replicas[0].kept.Add(1)
	if err := replicas[1].Flush(t.Context()); err != nil || sum() != 1 {
		t.Error(sum(), err)
	}
}

// TestFlushWithReplicasThatDoNot asks beside one that cannot write, and beside one that is
// gone.
func TestFlushWithReplicasThatDoNot(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	replicas, sum := openKeepers(t, server, nil, 2)
	replicas[1].kept.Add(1)
	replicas[1].failing.Store(1)
	var unflushed *shared.UnflushedError
	if err := replicas[0].Flush(t.Context()); !errors.As(err, &unflushed) || *unflushed != (shared.UnflushedError{Replicas: 2, Behind: 1}) {
		t.Error(err)
	}
	if err := replicas[1].Flush(t.Context()); err == nil {
		t.Error("what this replica keeps is not written, and nobody says so")
	}
	replicas[1].failing.Store(0)
	if err := replicas[0].Flush(t.Context()); err != nil || sum() != 1 {
		t.Error(sum(), err)
	}
	if lost, err := replicas[0].Losses(t.Context()); err != nil || len(lost) != 0 {
		t.Error(lost, err)
	}
	now := time.Now()
	told := func(at time.Time) {
		if err := raw(t, server).HSet(t.Context(), "{understudy}:replicas", "KILLED", fmt.Sprint("1 ", at.UnixMilli(), " 12 9 0")).Err(); err != nil {
			t.Fatal(err)
		}
	}
	told(now)
	if err := replicas[0].Flush(t.Context()); err != nil {
		t.Errorf("a replica that is gone is waited for: %v", err)
	}
	lost, err := replicas[0].Losses(t.Context())
	if err != nil || len(lost) != 1 || lost[0].Replica != "KILLED" || lost[0].Counted != 3 || lost[0].Last.UnixMilli() != now.UnixMilli() {
		t.Error(lost, err)
	}
}

// TestALostReplicaComesBack stops hearing of a replica while the server stands still.
func TestALostReplicaComesBack(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	replicas, sum := openKeepers(t, server, nil, 2)
	server.Pause()
	replicas[1].kept.Add(1)
	if err := replicas[0].Flush(t.Context()); !errors.Is(err, shared.ErrUnavailable) {
		t.Error(err)
	}
	time.Sleep(state.LiveFor) // real, as is the server's clock
	server.Resume()
	testenv.Eventually(t, "both are back and have written", func() bool {
		err := replicas[0].Flush(t.Context())
		lost, failed := replicas[0].Losses(t.Context())
		return err == nil && failed == nil && len(lost) == 0 && sum() == 1
	})
}
