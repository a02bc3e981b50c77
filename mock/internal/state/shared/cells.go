package shared

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Values implements Store.
func (r *Store) Values(ctx context.Context, id string) ([]state.Written, error) {
	var all []state.Written
	missing := false
	keys := r.sessionKeys(id)
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		var exists *redis.IntCmd
		var got *redis.MapStringStringCmd
		if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			exists, got = p.Exists(ctx, keys[0]), p.HGetAll(ctx, keys[1])
			return nil
		}); err != nil {
			return err
		}
		missing = id != "" && exists.Val() == 0
		for field, value := range got.Val() {
			if cell, ok := decodeCell(field); ok {
				all = append(all, state.Written{Cell: cell, Value: decodeValue(value)})
			}
		}
		return nil
	})
	if err == nil && missing {
		err = state.ErrNoSession
	}
	return all, err
}

// forgetScenarios drops the values of scenarios in all sessions.
func (r *Store) forgetScenarios(ctx context.Context, names []string) error {
	return r.Forget(ctx, func(c state.Cell) bool { return !slices.Contains(names, c.Scenario) })
}

// Forget implements Store.
func (r *Store) Forget(ctx context.Context, keep func(state.Cell) bool) error {
	places, err := r.ids(ctx)
	if err != nil {
		return err
	}
	ids := []string{""}
	for _, p := range places {
		ids = append(ids, text(p.Member))
	}
	for part := range slices.Chunk(ids, batch) {
		if err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error { return r.forget(ctx, c, part, keep) }); err != nil {
			return err
		}
	}
	return nil
}

// forget drops values of some sessions, in two round trips.
func (r *Store) forget(ctx context.Context, c redis.UniversalClient, ids []string, keep func(state.Cell) bool) error {
	fields := make([]*redis.StringSliceCmd, len(ids))
	if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			fields[i] = p.HKeys(ctx, r.cellsKey(id))
		}
		return nil
	}); err != nil {
		return err
	}
	_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			drop := slices.DeleteFunc(fields[i].Val(), func(field string) bool {
				cell, ok := decodeCell(field)
				return ok && keep(cell)
			})
			if len(drop) > 0 {
				p.HDel(ctx, r.cellsKey(id), drop...)
			}
		}
		return nil
	})
	return err
}
