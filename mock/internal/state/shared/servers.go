package shared

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// servers are those of a cluster that do not answer, so that not each request that needs one
// of them waits for it: the heartbeat asks another one, and does not see that they are gone.
// It is safe for concurrent use.
type servers struct {
	wake chan struct{} // tells the probes that there is something to do

	mu sync.Mutex // guards silent
	// silent are those that do not answer, by their addresses, with the time until which
	// they are taken for silent without another probe.
	silent map[string]time.Time
}

// notAskedFor is how long a server is taken for silent without another probe: longer than a
// probe and the pause before it take.
const notAskedFor = 3 * time.Second

// failed notes that a server has not answered.
func (s *servers) failed(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.silent == nil {
		s.silent = map[string]time.Time{}
	}
	s.silent[address] = time.Now().Add(notAskedFor)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// err is why a server is not asked, nil where it is.
func (s *servers) err(address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.silent[address]) {
		return fmt.Errorf("%w: the server %s of the cluster does not answer", ErrUnavailable, address)
	}
	return nil
}

// list gives the addresses of those that do not answer.
func (s *servers) list() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]string, 0, len(s.silent))
	for address := range s.silent {
		list = append(list, address)
	}
	return list
}

// answered forgets what was noted of a server.
func (s *servers) answered(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.silent, address)
}

// doAt is do for keys that are all in the slot of one: in a cluster the server that has the
// slot is not asked while it is known not to answer.
func (r *Store) doAt(ctx context.Context, key string, ask func(context.Context, redis.UniversalClient) error) error {
	address := r.serverOf(ctx, key)
	if address == "" {
		return r.do(ctx, ask)
	}
	if err := r.servers.err(address); err != nil {
		return err
	}
	return r.do(ctx, func(bounded context.Context, c redis.UniversalClient) error {
		err := ask(bounded, c)
		if answer := redis.Error(nil); err != nil && ctx.Err() == nil && !errors.As(err, &answer) {
			r.servers.failed(address)
		}
		return err
	})
}

// serverOf is the address of the server that has a key's slot, "" where there is one server
// alone, and where the cluster cannot say.
func (r *Store) serverOf(ctx context.Context, key string) string {
	c := r.client.Load()
	if c == nil {
		return ""
	}
	cluster, ok := c.redis.(*redis.ClusterClient)
	if !ok || r.out.Load() != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, MaxWait)
	defer cancel()
	server, err := cluster.MasterForKey(ctx, key)
	if err != nil {
		return ""
	}
	return server.Options().Addr
}

// probe asks the servers that do not answer whether they do again, until ctx ends.
func (r *Store) probe(ctx context.Context, c redis.UniversalClient) {
	cluster, ok := c.(*redis.ClusterClient)
	if !ok {
		return
	}
	for {
		list := r.servers.list()
		if len(list) == 0 {
			select {
			case <-r.servers.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		for _, address := range list {
			r.probeOne(ctx, cluster, address)
		}
		if !wait(ctx, probeEvery, nil) {
			return
		}
	}
}

// probeOne forgets a server that answers again, or that the cluster does without.
func (r *Store) probeOne(ctx context.Context, cluster *redis.ClusterClient, address string) {
	bounded, cancel := context.WithTimeout(ctx, MaxWait)
	defer cancel()
	err := cluster.ForEachMaster(bounded, func(ctx context.Context, server *redis.Client) error {
		if server.Options().Addr != address {
			return nil
		}
		return server.Ping(ctx).Err()
	})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		r.servers.failed(address)
	default:
		r.servers.answered(address)
	}
}
