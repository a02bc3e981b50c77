package upstream_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// TestLargeHeader refuses an answer whose header is longer than MaxHeader.
func TestLargeHeader(t *testing.T) {
	t.Parallel()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := upstream.MaxHeader / 2
		if r.URL.Path == "/large" {
			size = 2 * upstream.MaxHeader
		}
		w.Header().Set("X-Long", strings.Repeat("a", size))
	}))
	defer api.Close()
	tr := transport(t, api.URL, upstream.Options{})
	if _, err := get(t, tr, "/"); err != nil {
		t.Error(err)
	}
	var failed *upstream.Failure
	if _, err := get(t, tr, "/large"); !errors.As(err, &failed) || failed.Timeout {
		t.Errorf("%v", err)
	}
}

// TestConnecting holds that a host which takes a connection and says nothing does not hold a
// request for longer than the time for that, and that no time is longer than MaxTimeout.
func TestConnecting(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	var failed *upstream.Failure
	if _, err := get(t, transport(t, "https://"+silent.Addr().String(), upstream.Options{Timeout: 20 * time.Millisecond}), "/"); !errors.As(err, &failed) || !failed.Timeout {
		t.Errorf("%v", err)
	}
	target, err := upstream.ParseTarget("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := upstream.NewTransport(target, upstream.Options{Timeout: upstream.MaxTimeout + 1}); err == nil {
		t.Error("a longer time is taken")
	}
}

// TestIdleConnections holds that no more than MaxIdle connections are kept for the next
// request.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	const many = upstream.MaxIdle + 20
	var open atomic.Int64
	closed := make(chan struct{}, many)
	release := make(chan struct{})
	var arrived sync.WaitGroup
	arrived.Add(many)
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived.Done()
		<-release
	}))
	api.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
			closed <- struct{}{}
		}
	}
	api.Start()
	defer api.Close()
	tr := transport(t, api.URL, upstream.Options{})
	var all sync.WaitGroup
	for range many {
		all.Go(func() {
			req, err := http.NewRequestWithContext(t.Context(), "GET", api.URL, nil)
			if err != nil {
				t.Error(err)
				return
			}
			res, err := tr.RoundTrip(req)
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		})
	}
	arrived.Wait()
	close(release)
	all.Wait()
	for range many - upstream.MaxIdle {
		<-closed
	}
	if n := open.Load(); n > upstream.MaxIdle {
		t.Errorf("%d connections are kept", n)
	}
}
