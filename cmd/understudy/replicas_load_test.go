package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// load is clients that take steps of sessions until they are ended.
type load struct {
	steps   taken
	count   atomic.Int64
	ended   atomic.Bool
	clients sync.WaitGroup
}

// startLoad takes a step after the other; failed is told of each that was not given.
func startLoad(sessions []string, base func() string, failed func(step, status int, err error)) *load {
	l := &load{}
	for _, session := range sessions {
		l.clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for !l.ended.Load() {
				step, status, err := take(client, base(), session)
				if err != nil || status != 200 || step == 0 {
					failed(step, status, err)
				} else {
					l.steps.add(session, step)
					l.count.Add(1)
				}
				time.Sleep(10 * time.Millisecond) // the sequences are not endless
			}
		})
	}
	return l
}

// until waits for n more steps.
func (l *load) until(t *testing.T, n int64) {
	t.Helper()
	n += l.count.Load()
	testenv.Eventually(t, "steps are given", func() bool { return l.count.Load() >= n })
}

func (l *load) end() {
	l.ended.Store(true)
	l.clients.Wait()
}

// balancer shares requests out in turn to those replicas that say that they are ready.
type balancer struct {
	server  *httptest.Server
	stopped chan struct{}
	looking sync.WaitGroup

	mu   sync.Mutex // guards the fields below
	all  []*backend
	next int
}

type backend struct {
	url   *url.URL
	ready bool
}

func newBalancer(replicas []*replica) *balancer {
	b := &balancer{stopped: make(chan struct{})}
	for _, r := range replicas {
		b.add(r)
	}
	b.server = httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(b.pick()) }})
	b.looking.Go(func() {
		for {
			select {
			case <-b.stopped:
				return
			case <-time.After(50 * time.Millisecond):
				b.look()
			}
		}
	})
	return b
}

func (b *balancer) add(r *replica) {
	address, err := url.Parse(r.url)
	if err != nil {
		panic(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, &backend{address, true})
}

func (b *balancer) pick() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.all {
		b.next++
		if one := b.all[b.next%len(b.all)]; one.ready {
			return one.url
		}
	}
	return b.all[0].url
}

func (b *balancer) look() {
	b.mu.Lock()
	all := slices.Clone(b.all)
	b.mu.Unlock()
	for _, one := range all {
		res, err := http.Get(one.url.String() + "/__admin/readiness")
		if err == nil {
			res.Body.Close()
		}
		b.mu.Lock()
		one.ready = err == nil && res.StatusCode == 200
		b.mu.Unlock()
	}
}

func (b *balancer) stop() {
	close(b.stopped)
	b.looking.Wait()
	b.server.Close()
}
