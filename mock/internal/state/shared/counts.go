package shared

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Kind says what counts are of.
type Kind string

// The kinds of counts.
const (
	OfCoverage Kind = "coverage"
	OfVerdicts Kind = "verdict"
)

// Limits of counts.
const (
	// MaxCounts bounds the counts of one kind of a session, MaxGlobalCounts those of
	// everybody. What would be more is not counted, and Counted.Full tells of it.
	MaxCounts       = 10_000
	MaxGlobalCounts = 1_000_000
	// MaxTexts bounds the texts of one list.
	MaxTexts = 10
	// maxBatch bounds the counts that are written at once, so that the server does nothing
	// else for no longer than a moment.
	maxBatch = 1_000
	// countsOutlive is how long counts outlive their session at most. It is longer than a
	// session is used without being counted and without a sweep.
	countsOutlive = 3 * sweepEvery
	// silentFor is how long replicas must not have been heard of for the counts of everybody
	// to begin anew with the next one.
	silentFor = time.Minute
)

// Difference is what was counted in a session, "" for everybody, since the last time.
type Difference struct {
	Session string
	Kind    Kind
	// Counts are names with numbers, which are added up.
	Counts map[string]int64
	// Lists are texts by the name of a list, of which the first MaxTexts stay.
	Lists map[string][]string
}

// Counted is what all replicas have counted and written.
type Counted struct {
	Counts map[string]int64
	Lists  map[string][]string
	// Full tells that there was more than there is room for.
	Full bool
	// Lost are the replicas that were lost since counting began: what they had not written
	// is missing.
	Lost []state.Loss
}

// counting writes what is counted. It is for one goroutine.
type counting struct {
	redis *Store
	take  func() []Difference
	last  int64 // number of the last batch
	left  []countBatch
}

// countBatch is part of a Difference, as arguments of the script. It is numbered, so that
// one whose answer was lost can be sent again.
type countBatch struct {
	keys []string
	args []any
}

// OnCount registers what gives the differences. They are written as OnFlush says, and kept
// as they are until they are.
func (r *Store) OnCount(take func() []Difference) {
	c := &counting{redis: r, take: take}
	r.OnFlush(c.write)
}

// write writes all that was counted before the call.
func (c *counting) write(ctx context.Context) error {
	if err := c.send(ctx); err != nil { // what is left of the last time
		return err
	}
	for _, d := range c.take() {
		c.add(&d)
	}
	return c.send(ctx)
}

// add makes batches of a difference.
func (c *counting) add(d *Difference) {
	type pair struct{ name, value any }
	var counts, texts []pair
	for _, name := range slices.Sorted(maps.Keys(d.Counts)) {
		counts = append(counts, pair{name, d.Counts[name]})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Lists)) {
		for _, text := range d.Lists[name] {
			texts = append(texts, pair{name, text})
		}
	}
	made, most := "", MaxGlobalCounts
	if d.Session != "" {
		most = MaxCounts
		if known := c.redis.find(d.Session); known != nil {
			made = known.made
		}
	}
	for len(counts)+len(texts) > 0 {
		c.last++
		n := min(len(counts), maxBatch)
		m := min(len(texts), maxBatch-n)
		args := []any{mustExist(d.Session), made, countsOutlive.Milliseconds(), c.redis.replica, c.last, most, MaxTexts, n}
		for _, p := range slices.Concat(counts[:n], texts[:m]) {
			args = append(args, p.name, p.value)
		}
		counts, texts = counts[n:], texts[m:]
		c.left = append(c.left, countBatch{c.redis.countKeys(d.Session, d.Kind), args})
	}
}

// send writes the batches, several in one round trip.
func (c *counting) send(ctx context.Context) error {
	for len(c.left) > 0 {
		n, size := 0, 0
		for n < len(c.left) && size < maxBatch {
			size += len(c.left[n].args)
			n++
		}
		part := c.left[:n]
		if err := c.redis.do(ctx, func(ctx context.Context, client redis.UniversalClient) error {
			err := sendCounts(ctx, client, part)
			if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") {
				if err = countScript.Load(ctx, client).Err(); err == nil {
					err = sendCounts(ctx, client, part)
				}
			}
			return err
		}); err != nil {
			return err
		}
		c.left = c.left[n:]
	}
	c.left = nil
	return nil
}

func sendCounts(ctx context.Context, client redis.UniversalClient, part []countBatch) error {
	_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, b := range part {
			countScript.EvalSha(ctx, p, b.keys, b.args...)
		}
		return nil
	})
	return err
}

// Counted reads what all replicas have counted of a session, "" for everybody, and have
// written: Flush has them write first. It gives ErrNoSession for one that does not exist.
func (r *Store) Counted(ctx context.Context, id string, kind Kind) (*Counted, error) {
	keys := r.countKeys(id, kind)
	var made *redis.StringCmd
	var fields *redis.MapStringStringCmd
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			made, fields = p.HGet(ctx, keys[0], "made"), p.HGetAll(ctx, keys[1])
			return nil
		})
		if errors.Is(err, redis.Nil) { // a session that does not exist
			err = fields.Err()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	counted := &Counted{Counts: map[string]int64{}, Lists: map[string][]string{}}
	since := made.Val()
	switch {
	case id != "" && since == "":
		return nil, state.ErrNoSession
	case id == "" || fields.Val()["=made"] == since:
		counted.read(fields.Val())
		since = fields.Val()["=since"]
	}
	if counted.Lost, err = r.Losses(ctx); err != nil {
		return nil, err
	}
	// A replica may have answered requests until it would have been heard of again.
	counted.Lost = slices.DeleteFunc(counted.Lost, func(l state.Loss) bool { return l.Last.Add(state.LiveFor).Before(at(since)) })
	return counted, nil
}

// read reads what count.lua has written.
func (c *Counted) read(fields map[string]string) {
	_, c.Full = fields["=full"]
	for field, value := range fields {
		n, _ := strconv.ParseInt(value, 10, 64)
		if name, ok := strings.CutPrefix(field, "+"); ok {
			c.Counts[name] = n
		} else if name, ok := strings.CutPrefix(field, "#"); ok {
			for i := range min(n, MaxTexts) {
				c.Lists[name] = append(c.Lists[name], fields["@"+strconv.FormatInt(i, 10)+" "+name])
			}
		}
	}
}

// Uncount drops what was counted of a session, "" for everybody, in all replicas that have
// written it: Flush has them write first. It gives ErrNoSession for one that does not exist.
func (r *Store) Uncount(ctx context.Context, id string, kinds ...Kind) error {
	for _, kind := range kinds {
		reply, err := r.run(ctx, uncountScript, r.countKeys(id, kind), mustExist(id), countsOutlive.Milliseconds())
		if err != nil {
			return err
		}
		if text(reply) == "" {
			return state.ErrNoSession
		}
	}
	return nil
}

// endCounts drops the counts of a session that has ceased to exist.
func (r *Store) endCounts(ctx context.Context, id string) {
	_ = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error { // those of a later one are told apart
		return c.Del(ctx, r.countKeys(id, OfCoverage)[1], r.countKeys(id, OfVerdicts)[1]).Err()
	})
}

// keepCounts keeps the counts of sessions that exist.
func (r *Store) keepCounts(ctx context.Context, list []*loaded) {
	_ = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, s := range list {
				if s == nil || s.Start.Idle == 0 {
					continue
				}
				for _, kind := range []Kind{OfCoverage, OfVerdicts} {
					p.PExpire(ctx, r.countKeys(s.ID, kind)[1], s.Start.Idle+countsOutlive)
				}
			}
			return nil
		})
		return err
	})
}

// countAnew has the counts of everybody begin anew where no other replica lives.
func (r *Store) countAnew(ctx context.Context) error {
	keys := append(r.replicaKeys(), r.countKeys("", OfCoverage)[1], r.countKeys("", OfVerdicts)[1])
	return r.try(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		return anewScript.Run(ctx, c, keys, r.replica, silentFor.Milliseconds()).Err()
	})
}
