package shared

import (
	"context"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// View implements Store. It asks nobody: the values are those that this replica has last
// seen.
func (r *Store) View(ctx context.Context, id string, a *state.Active, cells []state.Cell) (state.View, error) {
	if r.isLocal(id) {
		v, err := r.local.Load().View(ctx, id, a, cells)
		v.Version, v.Degraded, v.Local = 0, true, true
		return v, err
	}
	v := state.View{Cells: cells, Values: make([]state.Value, len(cells)), Version: a.Version, Degraded: a.Degraded}
	if len(cells) > 0 {
		r.recalled.fill(id, &v)
	}
	return v, nil
}

// Commit implements Store. It is the one round trip of a request whose decision was made
// over what is still so. A request's id is remembered for longer than the client library
// tries again, so that an answer that was lost is not a second step.
func (r *Store) Commit(ctx context.Context, id, request string, v *state.View, effects []state.Effect) (bool, error) {
	switch {
	case v.Local:
		return r.commitLocal(ctx, id, v, effects)
	case len(effects) == 0 && len(v.Cells) == 0 && (id == "" || r.justEntered(id, request, v)):
		return true, nil
	}
	known := r.find(id)
	keys := append(r.sessionKeys(id), r.tag(id)+"taken:"+request)
	args := make([]any, 0, 7+2*len(v.Cells)+2*len(effects))
	args = append(args, id != "", v.Version, request != "", known.textsVersion(), state.MaxCells, takenFor.Milliseconds(), len(v.Cells))
	if request == "" || len(effects) == 0 {
		args[5] = 0
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
	return r.committed(id, known, v, effects, reply)
}

// committed takes the reply to a commit apart.
func (r *Store) committed(id string, known *knownSession, v *state.View, effects []state.Effect, reply any) (bool, error) {
	parts, err := items(reply, 1)
	if err != nil {
		return false, unavailable(err)
	}
	switch number(parts[0]) {
	case 1:
		for _, e := range effects {
			r.recalled.note(id, e.Cell, e.Value)
		}
		return true, nil
	case -1:
		r.hasEnded(id, known)
		return false, state.ErrNoSession
	case -2:
		return false, state.ErrFull
	}
	if parts, err = items(reply, 3); err != nil {
		return false, unavailable(err)
	}
	if err := r.learn(id, "", known, parts[1]); err != nil {
		return false, err
	}
	for i, value := range texts(parts[2]) {
		r.recalled.note(id, v.Cells[i], decodeValue(value))
	}
	return false, nil
}

// commitLocal commits to this replica alone. A decision over values of the shared state is
// made again, over those that are here.
func (r *Store) commitLocal(ctx context.Context, id string, v *state.View, effects []state.Effect) (bool, error) {
	if _, err := r.enterLocal(ctx, id, true); err != nil {
		return false, err
	}
	if !v.Local && len(v.Cells) > 0 {
		return false, nil
	}
	return r.local.Load().Commit(ctx, id, "", &state.View{Cells: v.Cells, Values: v.Values}, effects)
}

// isLocal tells whether a request goes on with the state of this replica.
func (r *Store) isLocal(id string) bool {
	if !r.opts.Degrade {
		return false
	}
	known := r.find(id)
	return r.out.Load() != nil || known != nil && known.local
}
