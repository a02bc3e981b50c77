package shared

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Begin implements Store. Where other replicas have begun with the same scenarios, what is
// active for everybody stays as it is. With Degrade it succeeds also where the state
// cannot be reached.
func (r *Store) Begin(ctx context.Context, scenarios []string, by string) error {
	r.syncMu.Lock()
	first := !r.begun
	r.begin, r.by, r.begun, r.joined = scenarios, by, true, false
	r.syncMu.Unlock()
	var err error
	if first { // before this replica is seen: of several that begin together one is the first
		err = r.countAnew(ctx)
	}
	if err == nil {
		_, err = r.sync(ctx)
	}
	r.reached(err)
	if err == nil || r.opts.Degrade {
		r.start()
	}
	if r.degrades(err) {
		r.global.Store(state.NewActives(state.Starting(scenarios, by), 0))
		return nil
	}
	return err
}

// changeGlobal runs a script that changes what is active for everybody, and waits until
// every replica has it.
func (r *Store) changeGlobal(ctx context.Context, change func() (any, error)) error {
	reply, err := change()
	if err != nil {
		return err
	}
	version := text(reply)
	r.publish(ctx, message{Kind: "global"})
	if _, err = r.sync(ctx); err == nil {
		err = r.confirm(ctx, version)
	}
	var behind *UnconfirmedError
	if err != nil && !errors.As(err, &behind) { // who asked is not to think that nothing was done
		return &UnconfirmedError{Err: err}
	}
	return err
}

// Active implements Store. It asks the server only for a session that this replica has
// never seen, and where it has not heard of the server for LiveFor.
func (r *Store) Active(ctx context.Context, id string) (state.Active, error) {
	var a state.Active
	if int64(time.Since(r.opened)) >= r.lease.Load() {
		a.Degraded = !r.renew(ctx)
	}
	a.Global = r.global.Load().Names
	if id == "" {
		return a, nil
	}
	known := r.find(id)
	if known == nil || known.stale {
		if _, err := r.enter(ctx, id, "", false); err != nil && !r.degrades(err) {
			return a, err
		}
		if known = r.find(id); known == nil {
			return a, state.ErrNoSession
		}
	}
	a.Own, a.Version = known.own.Names, known.own.Version
	if known.local {
		a.Version, a.Degraded = 0, true
	}
	return a, nil
}

// renew finds out whether what is active for everybody is still right.
func (r *Store) renew(ctx context.Context) bool {
	if r.out.Load() != nil {
		return false
	}
	over, err := r.sync(ctx)
	if len(over) > 0 {
		r.timeOver(ctx, over)
	}
	return err == nil
}

// Activate implements Store. For everybody it returns once every replica has confirmed
// it, UnconfirmedError where one has not.
func (r *Store) Activate(ctx context.Context, id string, list ...state.Activation) error {
	out, on := make([]string, len(list)), make([]state.Activation, len(list))
	for i := range list {
		out[i], on[len(list)-1-i] = list[i].Scenario, list[i]
	}
	return r.change(ctx, id, out, on)
}

// Deactivate implements Store, with the errors of Activate.
func (r *Store) Deactivate(ctx context.Context, id string, scenarios ...string) error {
	return r.change(ctx, id, scenarios, nil)
}

// change takes scenarios out and puts others on top, the newest first.
func (r *Store) change(ctx context.Context, id string, out []string, on []state.Activation) error {
	args := []any{"0", encodeNames(out), encodeActivations(on)}
	if id == "" {
		if err := r.forgetScenarios(ctx, out); err != nil {
			return err
		}
		return r.changeGlobal(ctx, func() (any, error) { return r.run(ctx, changeScript, r.globalKeys()[:2], args...) })
	}
	args[0] = "1"
	reply, err := r.run(ctx, changeScript, r.sessionKeys(id)[:2], args...)
	return r.changedSession(id, reply, err)
}

// changedSession makes an error of the reply for a session that does not exist.
func (r *Store) changedSession(id string, reply any, err error) error {
	r.outdate(id)
	if err == nil && text(reply) == "" {
		return state.ErrNoSession
	}
	return err
}

// Reset implements Store, with the errors of Activate.
func (r *Store) Reset(ctx context.Context, id, by string) error {
	return r.reset(ctx, id, by, "0")
}

// ResetTexts is Reset that in the same step drops the scenarios which were added.
func (r *Store) ResetTexts(ctx context.Context, id, by string) error {
	return r.reset(ctx, id, by, "1")
}

func (r *Store) reset(ctx context.Context, id, by, dropTexts string) error {
	args := []any{"0", by, millis(time.Now()), dropTexts}
	if id == "" {
		return r.changeGlobal(ctx, func() (any, error) { return r.run(ctx, resetScript, r.globalKeys(), args...) })
	}
	args[0] = "1"
	reply, err := r.run(ctx, resetScript, r.sessionKeys(id), args...)
	return r.changedSession(id, reply, err)
}

// Activations implements Store.
func (r *Store) Activations(ctx context.Context, id string) ([]state.Activation, error) {
	if id == "" {
		return r.global.Load().List, nil
	}
	s, err := r.load(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.own.List, nil
}

func versionText(v int64) string { return strconv.FormatInt(v, 10) }
