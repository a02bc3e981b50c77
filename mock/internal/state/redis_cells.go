package state

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"
)

// View implements Store.
func (r *Redis) View(ctx context.Context, id string, a *Active, cells []Cell) (View, error) {
	v := View{Cells: cells, Values: make([]Value, len(cells)), Version: a.Version, Degraded: a.Degraded}
	if len(cells) == 0 {
		return v, nil
	}
	fields := make([]string, len(cells))
	for i, c := range cells {
		fields[i] = encodeCell(c)
	}
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		got, err := c.HMGet(ctx, r.cellsKey(id), fields...).Result()
		for i := range got {
			v.Values[i] = decodeValue(text(got[i]))
		}
		return err
	})
	if r.degrades(err) {
		v, err = r.local.Load().View(ctx, id, a, cells)
		v.Version, v.Degraded = 0, true
	}
	return v, err
}

// Commit implements Store. A request's id is remembered for longer than the client
// library tries again, so that an answer that was lost is not a second step.
func (r *Redis) Commit(ctx context.Context, id, request string, v *View, effects []Effect) (bool, error) {
	if len(effects) == 0 {
		return true, nil
	}
	keys := append(r.sessionKeys(id)[:2], r.tag(id)+"taken:"+request)
	args := make([]any, 0, 5+2*len(v.Cells)+2*len(effects))
	args = append(args, id != "", v.Version, MaxCells, takenFor.Milliseconds(), len(v.Cells))
	if request == "" {
		args[3] = 0
	}
	for i, c := range v.Cells {
		args = append(args, encodeCell(c), encodeValue(v.Values[i]))
	}
	for _, e := range effects {
		args = append(args, encodeCell(e.Cell), encodeValue(e.Value))
	}
	reply, err := r.run(ctx, commitScript, keys, args...)
	if request != "" && r.degrades(err) { // who only sets a value is told that it is not set
		v.Degraded = true
		return r.commitLocal(ctx, id, v, effects)
	}
	if err != nil {
		return false, err
	}
	switch number(reply) {
	case 1:
		return true, nil
	case -1:
		return false, ErrNoSession
	case -2:
		return false, ErrFull
	}
	if id != "" {
		_, err = r.enter(ctx, id, false) // what is known of it may be out of date
	}
	return false, err
}

// commitLocal commits to this replica alone. What was seen of the shared state does not
// bind it.
func (r *Redis) commitLocal(ctx context.Context, id string, v *View, effects []Effect) (bool, error) {
	local := r.local.Load()
	if _, err := local.Enter(ctx, id, true); err != nil {
		return false, err
	}
	return local.Commit(ctx, id, "", &View{Cells: v.Cells, Values: v.Values}, effects)
}

// Values implements Store.
func (r *Redis) Values(ctx context.Context, id string) ([]Written, error) {
	var all []Written
	missing := false
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		keys := r.sessionKeys(id)
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
				all = append(all, Written{cell, decodeValue(value)})
			}
		}
		return nil
	})
	if err == nil && missing {
		err = ErrNoSession
	}
	return all, err
}

// forgetScenarios drops the values of scenarios in all sessions.
func (r *Redis) forgetScenarios(ctx context.Context, names []string) error {
	return r.Forget(ctx, func(c Cell) bool { return !slices.Contains(names, c.Scenario) })
}

// Forget implements Store.
func (r *Redis) Forget(ctx context.Context, keep func(Cell) bool) error {
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
func (r *Redis) forget(ctx context.Context, c redis.UniversalClient, ids []string, keep func(Cell) bool) error {
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
