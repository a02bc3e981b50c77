package shared

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// message is what replicas tell each other. Who misses one finds out by the versions.
type message struct {
	// Kind is "global" when something has changed for everybody, "gone" when a session
	// has ceased to exist, "flush" when all are to write what they keep.
	Kind    string `json:"kind"`
	From    string `json:"from,omitempty"`
	Session string `json:"session,omitempty"`
	Ticket  int64  `json:"ticket,omitempty,string"`
}

// publish tells the other replicas. That it fails is no error: they find out. In a cluster it
// tells the server at which they listen; any would do, also one that does not answer.
func (r *Store) publish(ctx context.Context, m message) {
	m.From = r.replica
	_ = r.do(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		if cluster, ok := c.(*redis.ClusterClient); ok {
			server, err := cluster.MasterForKey(ctx, r.channel())
			if err != nil {
				return err
			}
			c = server
		}
		return c.Publish(ctx, r.channel(), encode(m)).Err()
	})
}

// listen hears what other replicas tell until ctx ends. The client connects again by
// itself.
func (r *Store) listen(ctx context.Context, client redis.UniversalClient) {
	heard := client.Subscribe(ctx, r.channel())
	defer heard.Close()
	messages := heard.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case told := <-messages:
			var m message
			if told == nil || json.Unmarshal([]byte(told.Payload), &m) != nil {
				continue
			}
			switch {
			case m.Kind == "global":
				r.look()
			case m.Kind == "gone" && m.From != r.replica:
				r.gone(m.Session)
			case m.Kind == "flush":
				r.flushing.heed(m.Ticket)
			}
		}
	}
}

// beat tells again and again that this replica lives, until ctx ends.
func (r *Store) beat(ctx context.Context) {
	every := func() time.Duration {
		if r.out.Load() != nil {
			return probeEvery
		}
		return beatEvery
	}
	for swept := time.Now(); wait(ctx, every(), r.wake); {
		names, err := r.sync(ctx)
		if ctx.Err() != nil {
			return
		}
		r.reached(err)
		if len(names) > 0 {
			r.timeOver(ctx, names)
		}
		if err == nil && time.Since(swept) > sweepEvery {
			swept = time.Now()
			r.sweepKnown(ctx)
		}
	}
}

// reached notes whether the state could be reached.
func (r *Store) reached(err error) {
	out := r.out.Load()
	switch {
	case err != nil && !errors.Is(err, ErrUnavailable): // it could
	case err != nil && out == nil:
		r.out.Store(&outage{time.Now(), err})
		r.opts.Logger.Warn("the shared state cannot be reached", "state", r.address.String(), "error", err)
	case err == nil && out != nil:
		r.local.Store(new(state.Memory))
		r.out.Store(nil)
		r.opts.Logger.Info("the shared state is reached again", "state", r.address.String(), "after", time.Since(out.since).Round(time.Millisecond))
	}
}

// errChanging is returned by sync where what is active changes without end.
var errChanging = errors.New("what is active for everybody changes all the time")

// sync tells the server what this replica has of what is active for everybody, and takes
// over what has changed. It gives scenarios that this very call has taken out because
// their time was over.
func (r *Store) sync(ctx context.Context) (over []string, err error) {
	r.syncMu.Lock()
	defer r.syncMu.Unlock()
	if !r.begun {
		return nil, nil
	}
	for range 5 {
		at := time.Now()
		have := r.global.Load()
		version, names, err := r.tell(ctx, have.Version)
		over = append(over, names...)
		if err != nil {
			return over, err
		}
		if r.joined && version == strconv.FormatInt(have.Version, 10) {
			r.lease.Store(int64(at.Add(state.LiveFor).Sub(r.opened)))
			return over, nil
		}
		if !r.joined || version == "" {
			if err := r.join(ctx); err != nil {
				return over, err
			}
		}
		if err := r.fetch(ctx); err != nil {
			return over, err
		}
	}
	return over, unavailable(errChanging)
}

// tell is one heartbeat.
func (r *Store) tell(ctx context.Context, have int64) (version string, over []string, err error) {
	f := &r.flushing
	heeded, written := f.heeded.Load(), f.written.Load()
	keys := append(append(r.replicaKeys(), r.shared("asked")), r.globalKeys()[:2]...)
	err = r.try(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		reply, err := beatScript.Run(ctx, c, keys, r.replica, state.LiveFor.Milliseconds(), r.channel(), have, r.counted(), written, heeded).Result()
		if err != nil {
			return err
		}
		parts, err := items(reply, 4)
		if err != nil {
			return err
		}
		version = text(parts[0])
		r.live.Store(number(parts[1]))
		asked, _ := strconv.ParseInt(text(parts[3]), 10, 64)
		f.heed(asked)
		names, _ := parts[2].([]any)
		for _, name := range names {
			over = append(over, text(name))
		}
		return nil
	})
	return version, over, err
}

// join makes the start of this replica that of everybody, where none of that kind is.
func (r *Store) join(ctx context.Context) error {
	err := r.try(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		return beginScript.Run(ctx, c, r.globalKeys(), encodeNames(r.begin), r.by, millis(time.Now())).Err()
	})
	r.joined = err == nil
	return err
}

// fetch takes over what is active for everybody, after the scenarios that were added.
func (r *Store) fetch(ctx context.Context) error {
	var global *state.Actives
	texts := ""
	err := r.try(ctx, func(ctx context.Context, c redis.UniversalClient) error {
		got, err := c.HMGet(ctx, r.shared("global"), "version", "active", "texts").Result()
		if err != nil {
			return err
		}
		texts = text(got[2])
		global, err = decodeActives(text(got[0]), text(got[1]))
		return err
	})
	if err != nil {
		return err
	}
	if texts != r.texts {
		flat, err := r.globalTexts(ctx)
		if err == nil {
			err = r.takeOver("", flat)
		}
		if err != nil {
			return err
		}
		r.texts = texts
	}
	r.global.Store(global)
	return nil
}

// timeOver sees to it that nothing is left of what was taken out because its time was over.
func (r *Store) timeOver(ctx context.Context, names []string) {
	if err := r.forgetScenarios(ctx, names); err != nil {
		r.opts.Logger.Warn("values of scenarios whose time is over are left", "scenarios", names, "error", err)
	}
	if r.opts.Ended != nil {
		r.opts.Ended(names)
	}
}

// UnconfirmedError is returned for a change for everybody that was made, but that not all
// replicas have confirmed within ConfirmWithin: requests that they answer may not show it yet.
type UnconfirmedError struct {
	// Replicas counts those that live, Behind those of them that have not confirmed it.
	Replicas, Behind int
	// Err is why they could not be asked, nil where they could.
	Err error
}

func (e *UnconfirmedError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the change is made, but whether all replicas have taken it over is not known (%v): they may answer as before for a while", e.Err)
	}
	return fmt.Sprintf("the change is made, but %d of %d replicas have not confirmed it within %s: they may answer as before for a while", e.Behind, e.Replicas, ConfirmWithin)
}

// confirm waits until all replicas that live have got to a version.
func (r *Store) confirm(ctx context.Context, version string) error {
	replicas, behind, err := r.until(ctx, func() (any, error) {
		return r.run(ctx, behindScript, r.replicaKeys(), version, state.LiveFor.Milliseconds())
	})
	if err == nil && behind > 0 {
		err = &UnconfirmedError{Replicas: replicas, Behind: behind}
	}
	return err
}

// until asks again and again how many replicas there are and how many of them are behind,
// until none is or ConfirmWithin is over.
func (r *Store) until(ctx context.Context, ask func() (any, error)) (replicas, behind int, err error) {
	late := time.Now().Add(ConfirmWithin)
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		reply, err := ask()
		if err != nil {
			return 0, 0, err
		}
		counts, err := items(reply, 2)
		if err != nil {
			return 0, 0, unavailable(err)
		}
		if replicas, behind = int(number(counts[0])), int(number(counts[1])); behind == 0 || time.Now().After(late) {
			return replicas, behind, nil
		}
		if !wait(ctx, pause, nil) {
			return 0, 0, ctx.Err()
		}
	}
}

// wait waits for d, or until it is woken, and gives false where ctx ends before that.
func wait(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-wake:
	}
	return true
}
