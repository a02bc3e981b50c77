package shared

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// knownSession is what a replica remembers of a session, to be told by the version that
// it is still so. It is replaced, never changed.
type knownSession struct {
	made  string
	own   *state.Actives
	texts string // version of the scenarios that were added
	// entered is the id of the request that has asked for it, "" for none.
	entered string
	// local tells that the last request was not compared with the shared state, stale that
	// this replica has changed what is active since.
	local, stale bool
}

// textsVersion is that of the scenarios that were added; s may be nil.
func (s *knownSession) textsVersion() string {
	if s == nil {
		return ""
	}
	return s.texts
}

// outdate has what is known of a session asked for again.
func (r *Store) outdate(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.known[id]; s != nil {
		again := *s
		again.stale = true
		r.known[id] = &again
	}
}

func (r *Store) find(id string) *knownSession {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[id]
}

// remember notes what is known of a session, unless another request has found out more
// since asked was known. A version that goes back is that of a server which has lost
// something. At the bound another session is given up, which is asked for again when it is
// used.
func (r *Store) remember(id string, s, asked *knownSession) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.known[id]
	if before != nil && before != asked && !s.local && !before.local && before.own.Version > s.own.Version {
		return
	}
	if before == nil && len(r.known) >= state.MaxSessions {
		for other := range r.known {
			delete(r.known, other)
			break
		}
	}
	r.known[id] = s
}

// gone forgets a session that has ceased to exist.
func (r *Store) gone(id string) {
	if r.opts.Gone != nil { // first: what it has counted is told apart by what is known of it
		r.opts.Gone(id)
	}
	r.mu.Lock()
	delete(r.known, id)
	r.mu.Unlock()
	r.recalled.forget(id)
}

// Enter implements Store. What is known of a session is answered from, for a request:
// Commit compares its version.
func (r *Store) Enter(ctx context.Context, id, request string, create bool) (bool, error) {
	if id == "" {
		r.endLocal()
		return true, nil
	}
	if request != "" && r.isKnown(id) {
		return true, nil
	}
	known, err := r.enter(ctx, id, request, false)
	if err == nil && !known && create {
		if err = r.reserve(ctx, id); err == nil {
			if known, err = r.enter(ctx, id, request, true); known {
				r.made(id)
			}
		}
	}
	if r.degrades(err) {
		return r.enterLocal(ctx, id, create)
	}
	return known, err
}

// isKnown tells whether a session was there when it was last heard of, and the server can
// be asked later.
func (r *Store) isKnown(id string) bool {
	known := r.find(id)
	return known != nil && !known.local && !known.stale && r.out.Load() == nil
}

// justEntered tells whether it was a request itself that has asked for what a view without
// values shows.
func (r *Store) justEntered(id, request string, v *state.View) bool {
	known := r.find(id)
	return known != nil && request != "" && known.entered == request && (v.Version == 0 || v.Version == known.own.Version)
}

// endLocal lets requests without a session, which enter none, come back to the shared state.
func (r *Store) endLocal() {
	if !r.opts.Degrade || r.out.Load() != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, "")
}

// enterLocal goes on with what this replica knows of a session.
func (r *Store) enterLocal(ctx context.Context, id string, create bool) (bool, error) {
	own, made, texts := state.NewActives(nil, 0), "", ""
	if before := r.find(id); before != nil {
		own, made, texts, create = before.own, before.made, before.texts, true
	}
	known, err := r.local.Load().Enter(ctx, id, "", create)
	if known {
		r.remember(id, &knownSession{made: made, own: own, texts: texts, local: true}, nil)
	}
	return known, err
}

// enter asks for a session; request is the one that uses it, "" for none.
func (r *Store) enter(ctx context.Context, id, request string, create bool) (bool, error) {
	have, version := r.find(id), ""
	if have != nil && !have.local && !have.stale {
		version = versionText(have.own.Version)
	}
	reply, err := r.run(ctx, enterScript, r.sessionKeys(id), create, version, have.textsVersion(), maxTold)
	if err != nil {
		return false, err
	}
	parts, err := items(reply, 1)
	if err != nil {
		return false, unavailable(err)
	}
	if number(parts[0]) == 0 {
		r.hasEnded(id, have)
		return false, nil
	}
	if parts, err = items(reply, 3); err != nil {
		return false, unavailable(err)
	}
	if err := r.learn(id, request, have, parts[1]); err != nil {
		return false, err
	}
	flat := texts(parts[2])
	for i := 0; i+1 < len(flat); i += 2 {
		if c, ok := decodeCell(flat[i]); ok {
			r.recalled.note(id, c, decodeValue(flat[i+1]))
		}
	}
	return true, nil
}

// maxTold bounds the values of a session that a replica is told when it enters it.
const maxTold = 64

// hasEnded forgets a session that was found not to exist, unless another request has found
// out more meanwhile; before is what was known then.
func (r *Store) hasEnded(id string, before *knownSession) {
	r.mu.Lock()
	same := before != nil && r.known[id] == before
	r.mu.Unlock()
	if same {
		r.gone(id)
	}
}

// learn takes over what a script has told of a session; before is what was known then.
func (r *Store) learn(id, request string, before *knownSession, reply any) error {
	told, err := items(reply, 4)
	if err != nil { // nothing is new
		return nil
	}
	own, err := decodeActives(text(told[0]), text(told[2]))
	if err != nil {
		return unavailable(err)
	}
	made := text(told[1])
	if before != nil && before.made != "" && before.made != made {
		r.hasEnded(id, before) // it was made anew, and the message was missed
	}
	if len(told) > 4 {
		if err := r.takeOver(id, texts(told[4])); err != nil {
			return unavailable(err)
		}
	}
	r.remember(id, &knownSession{made: made, own: own, texts: text(told[3]), entered: request}, before)
	return nil
}

// reserve takes a place among the sessions.
func (r *Store) reserve(ctx context.Context, id string) error {
	for range 2 {
		reply, err := r.run(ctx, reserveScript, []string{r.shared("sessions")}, id, state.MaxSessions, millis(time.Now()))
		if err != nil || number(reply) == 1 {
			return err
		}
		if err := r.clear(ctx); err != nil { // those that have ended make room
			return err
		}
	}
	return state.ErrTooManySessions
}

// clearEvery is how often a replica looks for sessions that have ended to make room: that
// asks for all of them, and at the bound each request that names a new one would.
const clearEvery = time.Second

// clear gives up the places of sessions that have ended, unless that was just tried. Who
// finds another one at it waits for that, but no longer than MaxWait.
func (r *Store) clear(ctx context.Context) error {
	late := time.NewTimer(MaxWait)
	defer late.Stop()
	select {
	case r.clearing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return nil
	}
	defer func() { <-r.clearing }()
	if !r.cleared.IsZero() && time.Since(r.cleared) < clearEvery {
		return nil
	}
	_, err := r.Sessions(ctx)
	if err == nil || ctx.Err() == nil { // in vain too, else all who wait would try one by one
		r.cleared = time.Now()
	}
	return err
}

// Make implements Store.
func (r *Store) Make(ctx context.Context, id string, start state.Start, by string) (bool, error) {
	if err := r.reserve(ctx, id); err != nil {
		return false, err
	}
	idle := int64(0)
	if start.Idle > 0 {
		idle = max(1, start.Idle.Milliseconds())
	}
	reply, err := r.run(ctx, makeScript, r.sessionKeys(id), encodeNames(start.Scenarios), idle, by, millis(time.Now()))
	if err != nil {
		return false, err
	}
	isNew := number(reply) == 0
	if isNew {
		r.outdate(id)
	} else {
		r.end(ctx, id)
	}
	r.made(id)
	return isNew, nil
}

func (r *Store) made(id string) {
	if r.opts.Made != nil {
		r.opts.Made(id)
	}
}

// end tells all replicas that a session has ceased to exist.
func (r *Store) end(ctx context.Context, id string) {
	r.gone(id)
	r.endCounts(ctx, id)
	r.publish(ctx, message{Kind: "gone", Session: id})
}

// Delete implements Store.
func (r *Store) Delete(ctx context.Context, id string) error {
	if id == "" {
		return state.ErrNoSession
	}
	var deleted *redis.IntCmd
	keys := r.sessionKeys(id)
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		_, err := c.TxPipelined(ctx, func(p redis.Pipeliner) error { // at once: without the session nobody looks for the rest
			deleted = p.Del(ctx, keys[0])
			p.Del(ctx, append(keys[1:], r.countKeys(id, OfCoverage)[1], r.countKeys(id, OfVerdicts)[1])...)
			return nil
		})
		return err
	})
	if err != nil {
		return err
	}
	// Afterwards, since another server may have it: a session without a place is not listed.
	_ = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		return c.ZRem(ctx, r.shared("sessions"), id).Err() // else it is given up by Sessions
	})
	if deleted.Val() == 0 {
		return state.ErrNoSession
	}
	r.end(ctx, id)
	return nil
}
