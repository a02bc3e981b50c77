package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

// maxProbes bounds the servers of a cluster that are asked side by side whether they answer
// again.
const maxProbes = 16

// servers are those of a cluster. What does not answer is not asked by each request that
// needs it: the heartbeat asks another one, and does not see that it is gone. It is safe
// for concurrent use.
type servers struct {
	wake chan struct{} // tells the probes that there is something to do

	mu     sync.Mutex // guards silent
	silent map[*server]bool
}

func newServers() *servers {
	return &servers{wake: make(chan struct{}, 1), silent: map[*server]bool{}}
}

// server is one of them. As a hook of its client it sees every command to it, whatever
// operation that belongs to.
type server struct {
	all     *servers
	address string
	ping    func(context.Context) error
	silent  atomic.Bool               // it does not answer
	dialing atomic.Pointer[time.Time] // since when no connection could be made and nothing was answered, nil where either was so
}

// connect makes the client of one of them.
func (s *servers) connect(options *redis.Options) *redis.Client {
	c := redis.NewClient(options)
	c.AddHook(&server{all: s, address: options.Addr, ping: func(ctx context.Context) error { return c.Ping(ctx).Err() }})
	return c
}

// silentError is the reason of ErrUnavailable where a server of the cluster is not asked,
// because it did not answer before and no probe has found that it does again.
type silentError struct{ address string }

func (e *silentError) Error() string {
	return fmt.Sprintf("the server %s of the cluster does not answer", e.address)
}

// operation is one that servers are asked in, for at most MaxWait; it may ask several, side
// by side, and one again and again. What it finds counts when it is over: a connection that
// breaks is followed by another try.
type operation struct {
	caller context.Context

	mu         sync.Mutex // guards unanswered
	unanswered map[*server]bool
}

type operationKey struct{}

func (o *operation) within(ctx context.Context) context.Context {
	return context.WithValue(ctx, operationKey{}, o)
}

// note takes what a server was asked for, and for how long; err is nil for an answer.
func (o *operation) note(s *server, err error, waited time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case isAnswer(err):
		s.dialing.Store(nil) // a dial that failed for want of something here says nothing any more
		delete(o.unanswered, s)
		if s.silent.Load() {
			s.answers()
		}
	case saysSilent(err, waited, s.undialed()):
		if o.unanswered == nil {
			o.unanswered = map[*server]bool{}
		}
		o.unanswered[s] = true
	}
}

// over has the servers that have not answered count as silent, unless it was the caller who
// has waited no longer.
func (o *operation) over() {
	if late, ok := o.caller.Deadline(); o.caller.Err() != nil || ok && !time.Now().Before(late) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for s := range o.unanswered {
		s.fails()
	}
}

// isAnswer tells whether a server has answered, be it with an error.
func isAnswer(err error) bool {
	answer := redis.Error(nil)
	return err == nil || errors.As(err, &answer)
}

// patience is how long a server must have been asked at once to count as silent, where that is
// told by the end of a time: an operation may have spent most of it elsewhere before.
const patience = MaxWait / 2

// saysSilent tells whether an error says that a server does not answer, where it was asked for
// a time and no connection could be made for another. An exhausted pool, a client that was
// closed, too many open files and a name that nobody knows say nothing about it.
func saysSilent(err error, asked, undialed time.Duration) bool {
	var failed *net.OpError
	var unknown *net.DNSError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	case errors.Is(err, net.ErrClosed), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.As(err, &unknown):
		return false
	case errors.As(err, &failed):
		return failed.Op != "remote error" && (!failed.Timeout() || asked >= patience)
	}
	return errors.Is(err, context.DeadlineExceeded) && undialed >= patience && asked >= patience
}

// ask asks the server, unless it is known not to answer.
func (s *server) ask(ctx context.Context, next func() error) error {
	o, _ := ctx.Value(operationKey{}).(*operation)
	switch {
	case o == nil:
		return next()
	case s.silent.Load():
		return &silentError{s.address}
	}
	before := time.Now()
	err := next()
	o.note(s, err, time.Since(before))
	return err
}

// DialHook implements redis.Hook.
func (s *server) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		before := time.Now()
		s.dialing.CompareAndSwap(nil, &before)
		conn, err := next(ctx, network, address)
		if err == nil {
			s.dialing.Store(nil)
		}
		return conn, err
	}
}

// undialed is for how long no connection could be made.
func (s *server) undialed() time.Duration {
	if since := s.dialing.Load(); since != nil {
		return time.Since(*since)
	}
	return 0
}

// ProcessHook implements redis.Hook.
func (s *server) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return s.ask(ctx, func() error { return next(ctx, cmd) })
	}
}

// ProcessPipelineHook implements redis.Hook.
func (s *server) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		return s.ask(ctx, func() error { return next(ctx, cmds) })
	}
}

// fails notes that the server has not answered.
func (s *server) fails() {
	s.all.mu.Lock()
	defer s.all.mu.Unlock()
	s.silent.Store(true)
	s.all.silent[s] = true
	select {
	case s.all.wake <- struct{}{}:
	default:
	}
}

// answers notes that it does again.
func (s *server) answers() {
	s.all.mu.Lock()
	defer s.all.mu.Unlock()
	s.silent.Store(false)
	delete(s.all.silent, s)
}

// list gives those that do not answer.
func (s *servers) list() []*server {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*server, 0, len(s.silent))
	for one := range s.silent {
		list = append(list, one)
	}
	return list
}

// probe asks the servers that do not answer whether they do again, until ctx ends: side by
// side, so that none waits for the silence of another.
func (s *servers) probe(ctx context.Context) {
	for ctx.Err() == nil {
		list := s.list()
		if len(list) == 0 {
			select {
			case <-s.wake:
			case <-ctx.Done():
			}
			continue
		}
		var all sync.WaitGroup
		free := make(chan struct{}, maxProbes)
		for _, one := range list {
			free <- struct{}{}
			all.Go(func() {
				defer func() { <-free }()
				one.probe(ctx)
			})
		}
		all.Wait()
		wait(ctx, probeEvery, nil)
	}
}

// probe finds out whether the server answers again. One that the cluster does without is
// forgotten: its client is closed.
func (s *server) probe(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, MaxWait)
	defer cancel()
	if err := s.ping(bounded); isAnswer(err) || errors.Is(err, redis.ErrClosed) {
		s.answers()
	}
}
