package shared

import (
	"context"
	_ "embed" // for the script
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

var (
	//go:embed lua/journal.lua
	journalText   string
	journalScript = redis.NewScript(journalText)
)

// Journal is the journal that the replicas of a store share: one stream for all, whose
// elements are batches of one replica each. It is safe for concurrent use.
//
// One stream, and not one for each session, because its bounds are those of all sessions
// together, lists of everybody need no merging of thousands, and a batch is one round trip
// whatever sessions are in it.
type Journal struct {
	*Store
	ahead atomic.Int64 // how far the server's clock is ahead of this one, in nanoseconds
}

// Journal is the shared journal of the store.
func (r *Store) Journal() *Journal { return &Journal{Store: r} }

// journalKeys are in the order in which the script takes them.
func (j *Journal) journalKeys() []string {
	return []string{j.shared("journal"), j.shared("journal:index"), j.shared("journal:meta"), j.shared("journal:replicas"), j.shared("journal:lost")}
}

// Replica names this replica.
func (j *Journal) Replica() string { return j.replica }

// Now is the time by the server's clock, as far as it is known to differ from this one's.
func (j *Journal) Now() time.Time { return time.Now().Add(time.Duration(j.ahead.Load())) }

// Made tells by the server's clock when the session was made that requests of that id are
// in, in milliseconds of Unix time, 0 where this replica does not know. It asks nobody.
func (j *Journal) Made(session string) uint64 {
	if session == "" {
		return 0
	}
	known := j.find(session)
	if known == nil {
		return 0
	}
	made, _ := strconv.ParseUint(known.made, 10, 64)
	return made
}

// Began asks when a session was made, the zero Time for one that does not exist.
func (j *Journal) Began(ctx context.Context, session string) (began time.Time, err error) {
	err = j.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		made, err := c.HGet(ctx, j.sessionKeys(session)[0], "made").Result()
		if err == nil {
			began = at(made)
		}
		return err
	})
	return began, err
}

// Append appends a batch and gives the last item of this replica that is appended. What
// was appended already is not appended again: a batch that begins with such an item is not
// taken, and the caller makes another of the items behind.
func (j *Journal) Append(ctx context.Context, b *state.JournalBatch, bounds state.JournalBounds) (uint64, error) {
	args := []any{
		j.replica, b.First, b.Last, b.Data, b.Entries, b.Bytes, b.Newest, bounds.Entries, bounds.Bytes, state.JournalFor.Milliseconds(), b.Dropped,
	}
	for field, n := range b.Lost {
		args = append(args, field, n)
	}
	before := time.Now()
	reply, err := j.run(ctx, journalScript, j.journalKeys(), args...)
	if err != nil {
		return 0, err
	}
	parts, err := items(reply, 2)
	if err != nil {
		return 0, unavailable(err)
	}
	if micros, err := strconv.ParseInt(text(parts[1]), 10, 64); err == nil {
		j.compare(before, time.UnixMicro(micros), time.Now())
	}
	return uint64(number(parts[0])), nil
}

// compare finds out how far the server's clock is ahead at least, if it surely is: what
// may be the way of the message says nothing.
func (j *Journal) compare(before, server, after time.Time) {
	switch least, most := server.Sub(after), server.Sub(before); {
	case least > 0:
		j.ahead.Store(int64(least))
	case most < 0:
		j.ahead.Store(int64(most))
	default:
		j.ahead.Store(0)
	}
}
