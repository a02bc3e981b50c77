package shared

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// journalPage is how many parts are read in one round trip.
const journalPage = 32

// Read reads the parts behind a position.
func (j *Journal) Read(ctx context.Context, after state.JournalPosition) (*state.JournalParts, error) {
	keys := j.journalKeys()
	read := &state.JournalParts{Lost: map[string]uint64{}}
	err := j.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		var parts *redis.XMessageSliceCmd
		var oldest, newest, dropped, own *redis.StringCmd
		var lost *redis.MapStringStringCmd
		_, _ = c.Pipelined(ctx, func(p redis.Pipeliner) error {
			parts = p.XRangeN(ctx, keys[0], "("+after.String(), "+", journalPage)
			oldest, newest = p.LIndex(ctx, keys[1], 0), p.LIndex(ctx, keys[1], -1)
			dropped, own, lost = p.HGet(ctx, keys[2], "dropped"), p.HGet(ctx, keys[3], j.replica), p.HGetAll(ctx, keys[4])
			return nil
		})
		for _, err := range []error{parts.Err(), oldest.Err(), newest.Err(), dropped.Err(), own.Err(), lost.Err()} {
			if err != nil && !errors.Is(err, redis.Nil) {
				return err
			}
		}
		for _, m := range parts.Val() {
			read.Parts = append(read.Parts, state.JournalPart{Position: positionOf(m.ID), Replica: text(m.Values["r"]), Data: text(m.Values["d"])})
		}
		read.More = len(read.Parts) == journalPage
		read.Oldest, read.Newest = positionOf(oldest.Val()), positionOf(newest.Val())
		read.Dropped, _ = dropped.Uint64()
		appended, _, _ := strings.Cut(own.Val(), " ")
		read.Appended, _ = strconv.ParseUint(appended, 10, 64)
		for field, n := range lost.Val() {
			read.Lost[field], _ = strconv.ParseUint(n, 10, 64)
		}
		return nil
	})
	return read, err
}

// positionOf reads what begins with a position; it gives the zero value for what does not.
func positionOf(text string) (p state.JournalPosition) {
	id, _, _ := strings.Cut(text, " ")
	at, count, _ := strings.Cut(id, "-")
	p.Time, _ = strconv.ParseUint(at, 10, 64)
	p.Count, _ = strconv.ParseUint(count, 10, 64)
	return p
}
