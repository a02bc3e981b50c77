package shared

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// maxConnections bounds those of a replica to each server, beside the one that listens
	// and the one of the heartbeat.
	maxConnections = 64
	// maxPrefix bounds the prefix of the keys, in bytes.
	maxPrefix = 64
)

// client is that of one server or of a cluster. It is not embedded: the compiler would
// write out its hundreds of methods.
type client struct {
	redis redis.UniversalClient
	// beside has a connection of its own, for the heartbeat.
	beside  redis.UniversalClient
	servers *servers // of a cluster, else nil
}

// connect makes a client, which connects when it is first used.
func (a *Address) connect() *client {
	quiet()
	options := a.options
	options.Protocol = 2
	options.DisableIdentity = true
	options.ContextTimeoutEnabled = true
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout, options.PoolTimeout = MaxWait, MaxWait, MaxWait, MaxWait
	options.DialerRetries = 1
	options.MaxRetries, options.MinRetryBackoff, options.MaxRetryBackoff = 5, 10*time.Millisecond, 200*time.Millisecond
	options.PoolSize, options.PipelinePoolSize = maxConnections, -1 // else pipelines have some more
	// Of these one connection is made, since one is asked for at a time. A pool of one would
	// dial only once a second while the server is gone.
	beside := options
	if !a.cluster {
		return &client{redis: redis.NewClient(options.Simple()), beside: redis.NewClient(beside.Simple())}
	}
	beside.MaxRedirects = beside.MaxRetries // which are the same there
	of, all := options.Cluster(), newServers()
	of.MaxRedirects, of.MaxRetries = options.MaxRetries, -1 // it tries again itself, and the clients of its servers do not
	of.NewClient = all.connect
	return &client{redis.NewClusterClient(of), redis.NewClusterClient(beside.Cluster()), all}
}

// quiet keeps the client library from writing to the standard error: what matters is
// told by the store.
var quiet = sync.OnceFunc(func() { redis.SetLogger(silence{}) })

type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}
