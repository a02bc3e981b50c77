package state

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// knownSession is what a replica remembers of a session, to be told by the version that
// it is still so. It is replaced, never changed.
type knownSession struct {
	made  string
	own   *actives
	texts string // version of the scenarios that were added
	// local tells that the last request was not compared with the shared state, stale that
	// this replica has changed what is active since.
	local, stale bool
}

// outdate has what is known of a session asked for again.
func (r *Redis) outdate(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.known[id]; s != nil {
		again := *s
		again.stale = true
		r.known[id] = &again
	}
}

func (r *Redis) find(id string) *knownSession {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known[id]
}

// remember notes what is known of a session, unless a request that came later has found
// out more. At the bound another session is given up, which is asked for again when it is
// used.
func (r *Redis) remember(id string, s *knownSession) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.known[id]
	if before != nil && !s.local && !before.local && before.own.version > s.own.version {
		return
	}
	if before == nil && len(r.known) >= MaxSessions {
		for other := range r.known {
			delete(r.known, other)
			break
		}
	}
	r.known[id] = s
}

// gone forgets a session that has ceased to exist.
func (r *Redis) gone(id string) {
	if r.opts.Gone != nil { // first: what it has counted is told apart by what is known of it
		r.opts.Gone(id)
	}
	r.mu.Lock()
	delete(r.known, id)
	r.mu.Unlock()
}

// Enter implements Store. It is the one round trip of a session's request that looks at
// no value: the version that comes back says whether what is known of it still holds.
func (r *Redis) Enter(ctx context.Context, id string, create bool) (bool, error) {
	if id == "" {
		return true, nil
	}
	known, err := r.enter(ctx, id, false)
	if err == nil && !known && create {
		if err = r.reserve(ctx, id); err == nil {
			if known, err = r.enter(ctx, id, true); known {
				r.made(id)
			}
		}
	}
	if r.degrades(err) {
		return r.enterLocal(ctx, id, create)
	}
	return known, err
}

// enterLocal goes on with what this replica knows of a session.
func (r *Redis) enterLocal(ctx context.Context, id string, create bool) (bool, error) {
	own, made, texts := newActives(nil, 0), "", ""
	if before := r.find(id); before != nil {
		own, made, texts, create = before.own, before.made, before.texts, true
	}
	known, err := r.local.Load().Enter(ctx, id, create)
	if known {
		r.remember(id, &knownSession{made: made, own: own, texts: texts, local: true})
	}
	return known, err
}

func (r *Redis) enter(ctx context.Context, id string, create bool) (bool, error) {
	have, version, texts := r.find(id), "", ""
	if have != nil {
		texts = have.texts
	}
	if have != nil && !have.local && !have.stale {
		version = versionText(have.own.version)
	}
	reply, err := r.run(ctx, enterScript, r.sessionKeys(id), create, version, texts)
	if err != nil {
		return false, err
	}
	parts, err := items(reply, 1)
	switch {
	case err != nil:
		return false, unavailable(err)
	case number(parts[0]) == 0:
		if have != nil {
			r.gone(id)
		}
		return false, nil
	case len(parts) < 5:
		return true, nil
	}
	own, err := decodeActives(text(parts[1]), text(parts[3]))
	if err != nil {
		return false, unavailable(err)
	}
	made := text(parts[2])
	texts = text(parts[4])
	if have != nil && have.made != "" && have.made != made {
		r.gone(id) // it was made anew, and the message was missed
	}
	if len(parts) > 5 {
		flat, _ := parts[5].([]any)
		list := make([]string, len(flat))
		for i := range flat {
			list[i] = text(flat[i])
		}
		if err := r.takeOver(id, list); err != nil {
			return false, unavailable(err)
		}
	}
	r.remember(id, &knownSession{made: made, own: own, texts: texts})
	return true, nil
}

// reserve takes a place among the sessions.
func (r *Redis) reserve(ctx context.Context, id string) error {
	for range 2 {
		reply, err := r.run(ctx, reserveScript, []string{r.shared("sessions")}, id, MaxSessions, millis(time.Now()))
		if err != nil || number(reply) == 1 {
			return err
		}
		if _, err := r.Sessions(ctx); err != nil { // those that have ended make room
			return err
		}
	}
	return ErrTooManySessions
}

// Make implements Store.
func (r *Redis) Make(ctx context.Context, id string, start Start, by string) (bool, error) {
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

func (r *Redis) made(id string) {
	if r.opts.Made != nil {
		r.opts.Made(id)
	}
}

// end tells all replicas that a session has ceased to exist.
func (r *Redis) end(ctx context.Context, id string) {
	r.gone(id)
	r.endCounts(ctx, id)
	r.publish(ctx, message{Kind: "gone", Session: id})
}

// Delete implements Store.
func (r *Redis) Delete(ctx context.Context, id string) error {
	if id == "" {
		return ErrNoSession
	}
	var deleted *redis.IntCmd
	keys := r.sessionKeys(id)
	err := r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
			deleted = p.Del(ctx, keys[0])
			p.Del(ctx, keys[1:]...)
			p.ZRem(ctx, r.shared("sessions"), id)
			return nil
		})
		return err
	})
	if err != nil {
		return err
	}
	if deleted.Val() == 0 {
		return ErrNoSession
	}
	r.end(ctx, id)
	return nil
}
