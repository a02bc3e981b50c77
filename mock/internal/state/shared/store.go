// Package shared keeps state that several processes share, in Redis or Valkey.
//
// Every change is one script, which compares what the decision was made on. It is apart
// from package state so that who only keeps and asks for state does not wait for the
// compiler to be done with the client of Redis, the largest of all dependencies.
package shared

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// ErrUnavailable is returned where the shared state could not be asked within the time
// for it. Whether a change was made is then not known.
var ErrUnavailable = errors.New("the shared state cannot be reached")

// Times of shared state.
const (
	// MaxWait bounds the wait for one operation of a request.
	MaxWait = time.Second
	// beatEvery is how often a replica tells that it lives and looks for what it has
	// missed, and probeEvery how often while the state cannot be reached.
	beatEvery  = 500 * time.Millisecond
	probeEvery = 200 * time.Millisecond
	// ConfirmWithin bounds the wait for the other replicas to take over a change.
	ConfirmWithin = 5 * time.Second
	// takenFor is how long it is remembered that a request has committed: longer than
	// the client library tries.
	takenFor = 10 * time.Second
	// sweepEvery is how often a replica looks for sessions that have ended unnoticed.
	sweepEvery = 30 * time.Second
)

// Options says how state is shared.
type Options struct {
	Address *Address
	// Degrade lets requests go on with state of this replica alone while the shared one
	// cannot be reached; else they fail with ErrUnavailable.
	Degrade bool
	// Made is called with the id of each session that this replica has made, by use or by
	// name; nil is not called.
	Made func(id string)
	// Gone is called with the ids of sessions that cease to exist, or are made anew, as far
	// as this replica has known them; nil is not called.
	Gone func(ids ...string)
	// Texts is called with the scenarios that were added for a session, "" for everybody,
	// when they are others than before, and before what is active is. It gives false where
	// they cannot be taken over at that moment; nil is not called.
	Texts func(session string, texts map[string]Text) bool
	// Ended is called with scenarios that were active for everybody and for a time that
	// is over, by one of the replicas; nil is not called.
	Ended func(scenarios []string)
	// Counted tells how many requests this replica has counted: those are meant of which
	// something is written later, see OnFlush. nil is not called.
	Counted func() uint64
	// Logger is told when the state cannot be reached, and when it can again.
	Logger *slog.Logger
}

// Store is the state.Store of several processes, in Redis or Valkey. What is active for
// everybody is held here too, so that requests without a session that look at no value
// ask nobody. Open makes it, and it takes part once Begin was called.
type Store struct {
	opts    Options
	address *Address
	replica string

	client atomic.Pointer[client] // nil while it is closed
	out    atomic.Pointer[outage] // nil while the state can be reached
	global atomic.Pointer[state.Actives]
	opened time.Time
	lease  atomic.Int64 // until when global is known to be right, nanoseconds behind opened on the clock that is never set
	live   atomic.Int64 // replicas, when they were last counted
	wake   chan struct{}
	local  atomic.Pointer[state.Memory] // what Degrade writes to

	flushing flushing

	syncMu sync.Mutex // one comparison with the shared state at a time; guards the fields below
	begun  bool       // Begin was called
	joined bool
	texts  string // version of the texts of everybody
	begin  []string
	by     string

	clearing chan struct{} // holds one while sessions that have ended are searched; guards cleared
	cleared  time.Time     // when the last search was over

	mu       sync.Mutex // guards known
	known    map[string]*knownSession
	recalled recalled

	opening sync.Mutex // guards the fields below
	stop    context.CancelFunc
	ended   sync.WaitGroup
}

var _ state.Store = (*Store)(nil)

// outage is a time in which the state cannot be reached.
type outage struct {
	since time.Time
	err   error
}

// Open makes a store, which Close ends. That the server can be reached is found out by
// Begin.
func Open(opts Options) *Store {
	r := &Store{opened: time.Now(), opts: opts, address: opts.Address, replica: rand.Text()[:8], wake: make(chan struct{}, 1), known: map[string]*knownSession{}}
	r.clearing = make(chan struct{}, 1)
	r.flushing.wake = make(chan struct{}, 1)
	if r.opts.Logger == nil {
		r.opts.Logger = slog.New(slog.DiscardHandler)
	}
	r.local.Store(new(state.Memory))
	r.global.Store(state.NewActives(nil, 0))
	r.client.Store(r.address.connect())
	return r
}

// start starts the heartbeat and hears the other replicas; while it does, it does nothing.
func (r *Store) start() {
	r.opening.Lock()
	defer r.opening.Unlock()
	c := r.client.Load()
	if r.stop != nil || c == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	r.ended.Go(func() { r.beat(ctx) })
	r.ended.Go(func() { r.listen(ctx, c.redis) })
	r.ended.Go(func() { r.keepFlushing(ctx) })
	if c.servers != nil {
		r.ended.Go(func() { c.servers.probe(ctx) })
	}
}

// Reopen takes part again after Close; for a store that is open it does nothing.
func (r *Store) Reopen() {
	r.opening.Lock()
	closed := r.client.Load() == nil
	if closed {
		r.client.Store(r.address.connect())
	}
	r.opening.Unlock()
	if closed {
		r.start()
	}
}

// Close writes what is kept, for at most ConfirmWithin and no longer than ctx lasts, and
// leaves the other replicas, which then wait for this one no longer. Operations fail from
// then on.
func (r *Store) Close(ctx context.Context) error {
	r.opening.Lock()
	defer r.opening.Unlock()
	c := r.client.Load()
	if c == nil {
		return nil
	}
	if r.stop != nil {
		r.stop()
		r.stop = nil
		r.ended.Wait() // or it would tell that the state cannot be reached
	}
	written := r.out.Load() == nil && r.writeAtLast(ctx) == nil
	r.syncMu.Lock() // the last heartbeat is over, and none follows that would make it live again
	r.client.Store(nil)
	r.syncMu.Unlock()
	if written {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), MaxWait)
		defer cancel()
		c.redis.HDel(ctx, r.shared("replicas"), r.replica) // else it is lost after LiveFor
	}
	return errors.Join(c.redis.Close(), c.beside.Close())
}

// writeAtLast writes what is kept, for at most ConfirmWithin.
func (r *Store) writeAtLast(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ConfirmWithin)
	defer cancel()
	return r.flush(ctx)
}

var errClosed = errors.New("the mock was stopped")

// do asks the server, for at most MaxWait. While it is known not to answer it is not
// asked, and of a cluster no server that is known not to.
func (r *Store) do(ctx context.Context, ask func(context.Context, redis.UniversalClient) error) error {
	if out := r.out.Load(); out != nil {
		return out.err
	}
	return r.attempt(ctx, false, ask)
}

// try asks the server also while it is known not to answer, beside all requests: it is not
// held up where these wait for a connection.
func (r *Store) try(ctx context.Context, ask func(context.Context, redis.UniversalClient) error) error {
	return r.attempt(ctx, true, ask)
}

func (r *Store) attempt(ctx context.Context, beside bool, ask func(context.Context, redis.UniversalClient) error) error {
	c := r.client.Load()
	if c == nil {
		return unavailable(errClosed)
	}
	bounded, cancel := context.WithTimeout(ctx, MaxWait)
	defer cancel()
	var err error
	switch {
	case beside:
		err = ask(bounded, c.beside)
	case c.servers != nil:
		o := &operation{caller: ctx}
		err = ask(o.within(bounded), c.redis)
		o.over()
	default:
		err = ask(bounded, c.redis)
	}
	switch {
	case err == nil, errors.Is(err, redis.Nil):
		return nil
	case ctx.Err() != nil:
		return ctx.Err() // the caller has given up
	}
	if silent := (*silentError)(nil); !errors.As(err, &silent) { // which says nothing new
		r.look()
	}
	return unavailable(err)
}

func unavailable(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("it has not answered within %s", MaxWait)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// look lets the heartbeat come at once.
func (r *Store) look() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Condition is how the shared state is.
type Condition struct {
	// Address is without the password.
	Address string
	// Since is since when it cannot be reached, and Err why; zero and nil while it can.
	Since time.Time
	Err   error
	// Degraded tells that requests go on with the state of this replica meanwhile.
	Degraded bool
	// Replica names this one, Replicas counts those that live, as far as it is known.
	Replica  string
	Replicas int
}

// Condition tells how the shared state is. It asks nobody.
func (r *Store) Condition() Condition {
	c := Condition{Address: r.address.String(), Replica: r.replica, Replicas: int(r.live.Load())}
	if out := r.out.Load(); out != nil {
		c.Since, c.Err, c.Degraded = out.since, out.err, r.opts.Degrade
	}
	return c
}

// degrades tells whether a request goes on with the state of this replica after an error.
func (r *Store) degrades(err error) bool { return r.opts.Degrade && errors.Is(err, ErrUnavailable) }
