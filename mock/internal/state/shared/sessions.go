package shared

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// loaded is a session as it is kept.
type loaded struct {
	state.Session
	own *state.Actives
}

// load reads a session, ErrNoSession for one that does not exist.
func (r *Store) load(ctx context.Context, id string) (*loaded, error) {
	if id == "" {
		return &loaded{own: state.NewActives(nil, 0)}, nil
	}
	list, err := r.loadAll(ctx, []string{id})
	if err == nil && list[0] == nil {
		err = state.ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// loadAll reads sessions, nil for those that do not exist.
func (r *Store) loadAll(ctx context.Context, ids []string) ([]*loaded, error) {
	list := make([]*loaded, len(ids))
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		hashes, cells := make([]*redis.MapStringStringCmd, len(ids)), make([]*redis.IntCmd, len(ids))
		if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, id := range ids {
				keys := r.sessionKeys(id)
				hashes[i], cells[i] = p.HGetAll(ctx, keys[0]), p.HLen(ctx, keys[1])
			}
			return nil
		}); err != nil {
			return err
		}
		for i, id := range ids {
			h := hashes[i].Val()
			if h["version"] == "" {
				continue
			}
			own, err := decodeActives(h["version"], h["active"])
			if err != nil {
				return err
			}
			s := &loaded{own: own, Session: state.Session{ID: id, Made: at(h["made"]), Used: at(h["used"]), Active: own.Names, Cells: int(cells[i].Val())}}
			idle, _ := strconv.ParseInt(h["idle"], 10, 64)
			s.Start.Idle = time.Duration(idle) * time.Millisecond
			if err := json.Unmarshal([]byte(h["start"]), &s.Start.Scenarios); err != nil {
				return err
			}
			list[i] = s
		}
		return nil
	})
	return list, err
}

func at(millis string) time.Time {
	n, _ := strconv.ParseInt(millis, 10, 64)
	return time.UnixMilli(n)
}

// Session implements Store.
func (r *Store) Session(ctx context.Context, id string) (state.Session, error) {
	s, err := r.load(ctx, id)
	if err != nil {
		return state.Session{}, err
	}
	return s.Session, nil
}

// batch is how many sessions are asked for in one round trip.
const batch = 500

// newborn is how long a place among the sessions is kept for one that is about to be made.
const newborn = 10 * time.Second

// Sessions implements Store. Places of sessions that have ended are given up.
func (r *Store) Sessions(ctx context.Context) ([]state.Session, error) {
	ids, err := r.ids(ctx)
	if err != nil {
		return nil, err
	}
	var all []state.Session
	var ended []any
	for part := range slices.Chunk(ids, batch) {
		names := make([]string, len(part))
		for i := range part {
			names[i] = text(part[i].Member)
		}
		list, err := r.loadAll(ctx, names)
		if err != nil {
			return nil, err
		}
		for i, s := range list {
			if s != nil {
				all = append(all, s.Session)
			} else if time.Since(time.UnixMilli(int64(part[i].Score))) > newborn {
				ended = append(ended, names[i])
			}
		}
	}
	if len(ended) > 0 {
		err = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
			return c.ZRem(ctx, r.shared("sessions"), ended...).Err()
		})
	}
	slices.SortFunc(all, func(a, b state.Session) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// ids lists the places among the sessions with the times at which they were taken.
func (r *Store) ids(ctx context.Context) (list []redis.Z, err error) {
	err = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) (err error) {
		list, err = c.ZRangeWithScores(ctx, r.shared("sessions"), 0, -1).Result()
		return err
	})
	return list, err
}

// sweepKnown forgets sessions that have ended without a request that noticed.
func (r *Store) sweepKnown(ctx context.Context) {
	r.mu.Lock()
	ids := make([]string, 0, len(r.known))
	for id := range r.known {
		if id != "" {
			ids = append(ids, id)
		}
	}
	r.mu.Unlock()
	for part := range slices.Chunk(ids, batch) {
		list, err := r.loadAll(ctx, part)
		if err != nil {
			return
		}
		for i, s := range list {
			if s == nil {
				r.gone(part[i])
			}
		}
		r.keepCounts(ctx, list)
	}
}
