package shared

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// flushEvery is how often a replica writes what it keeps without being asked to.
const flushEvery = 500 * time.Millisecond

// flushing is how replicas write what they keep to themselves for a while, such as counts
// and entries of the journal: nothing of it is on the way of a request, and who reads asks
// all of them to write first.
type flushing struct {
	flushers []flusher   // all of them are registered before Begin
	failed   atomic.Bool // the last flush has

	wake chan struct{}
	// asked is the newest call to write that was heard, heeded the newest that was heeded.
	asked, heeded atomic.Int64
	// written counts the requests of which all is written.
	written atomic.Int64
}

// flusher writes one thing. A turn for each and not for a whole flush: numbers do not wait
// behind a journal that takes long.
type flusher struct {
	turn  chan struct{} // holds one while it writes
	write func(context.Context) error
}

func (f flusher) flush(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case f.turn <- struct{}{}:
		defer func() { <-f.turn }()
		return f.write(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// OnFlush registers what writes something that this replica keeps: all that was kept
// before the call, or it returns an error and keeps what is not written. It is called one
// at a time, in the order of their registration, every half second, when a replica asks by
// Flush, and by Close; also where nothing is kept, and then should ask nobody. It is to be
// registered before Begin.
func (r *Store) OnFlush(write func(context.Context) error) {
	r.flushing.flushers = append(r.flushing.flushers, flusher{make(chan struct{}, 1), write})
}

// UnflushedError is returned by Flush where replicas that live have not written what they
// keep within ConfirmWithin: what is read lacks it.
type UnflushedError struct{ Replicas, Behind int }

func (e *UnflushedError) Error() string {
	return fmt.Sprintf("%d of %d replicas have not told within %s what they have", e.Behind, e.Replicas, ConfirmWithin)
}

// Flush has every replica that lives write what it keeps, and returns when all have
// confirmed it: who then reads finds what happened before the call. It gives
// UnflushedError where one does not confirm, and ErrUnavailable where the state cannot be
// reached. What replicas had that live no longer is told by Losses.
func (r *Store) Flush(ctx context.Context) error {
	reply, err := r.run(ctx, flushScript, append(r.replicaKeys(), r.shared("asked")), r.replica, state.LiveFor.Milliseconds(), r.channel())
	if err != nil {
		return err
	}
	asked, err := items(reply, 2)
	if err != nil {
		return unavailable(err)
	}
	if err := r.flush(ctx); err != nil || number(asked[1]) == 0 {
		return err
	}
	replicas, behind, err := r.until(ctx, func() (any, error) {
		return r.run(ctx, unflushedScript, r.replicaKeys(), r.replica, state.LiveFor.Milliseconds(), asked[0])
	})
	if err == nil && behind > 0 {
		err = &UnflushedError{replicas, behind}
	}
	return err
}

// Write has this replica alone write what it keeps, and waits for no other.
func (r *Store) Write(ctx context.Context) error { return r.flush(ctx) }

// flush has this replica write what it keeps.
func (r *Store) flush(ctx context.Context) error {
	f := &r.flushing
	asked, counted := f.asked.Load(), r.counted()
	var failed []error
	for _, one := range f.flushers { // all of them: they need not write to the same server
		failed = append(failed, one.flush(ctx))
	}
	if err := errors.Join(failed...); err != nil {
		if !f.failed.Swap(true) && r.out.Load() == nil && ctx.Err() == nil {
			r.opts.Logger.Warn("what this mock has counted cannot be written to the shared state yet", "error", err)
		}
		return err
	}
	f.failed.Store(false)
	raise(&f.written, int64(counted))
	if raise(&f.heeded, asked) {
		r.look() // the heartbeat tells it
	}
	return nil
}

// counted is how many requests this replica has counted.
func (r *Store) counted() uint64 {
	if r.opts.Counted == nil {
		return 0
	}
	return r.opts.Counted()
}

// heed has what is kept written, unless that was heeded.
func (f *flushing) heed(ticket int64) {
	if !raise(&f.asked, ticket) {
		return
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// raise sets a number to one that is larger, and gives false where it is not.
func raise(number *atomic.Int64, to int64) bool {
	for {
		before := number.Load()
		if to <= before {
			return false
		}
		if number.CompareAndSwap(before, to) {
			return true
		}
	}
}

// keepFlushing writes again and again, until ctx ends.
func (r *Store) keepFlushing(ctx context.Context) {
	_ = r.flush(ctx)
	for wait(ctx, flushEvery, r.flushing.wake) {
		if r.out.Load() == nil {
			_ = r.flush(ctx) // it comes back
		}
	}
}

// Losses lists the replicas that were lost, the newest first; one that is back is not
// among them. Where there are very many the oldest are left out.
func (r *Store) Losses(ctx context.Context) ([]state.Loss, error) {
	var list []state.Loss
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		got, err := c.HGetAll(ctx, r.replicaKeys()[1]).Result()
		for name, told := range got {
			last, counted, _ := strings.Cut(told, " ")
			n, _ := strconv.ParseUint(counted, 10, 64)
			list = append(list, state.Loss{Replica: name, Last: at(last), Counted: n})
		}
		return err
	})
	slices.SortFunc(list, func(a, b state.Loss) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Replica, b.Replica)) })
	return list, err
}
