package shared

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
)

// answer is an error that a server has answered with.
type answer string

func (a answer) Error() string { return string(a) }
func (answer) RedisError()     {}

// TestWhatSaysThatAServerIsSilent holds that only that makes a server count as silent which
// says that it does not answer, and not what is missing here.
func TestWhatSaysThatAServerIsSilent(t *testing.T) {
	t.Parallel()
	failed := func(op string, err error) error {
		return fmt.Errorf("while it is wrapped: %w", &net.OpError{Op: op, Err: err})
	}
	for name, c := range map[string]struct {
		err             error
		asked, undialed time.Duration
		want            bool
	}{
		"refused":             {err: failed("dial", syscall.ECONNREFUSED), want: true},
		"reset":               {err: failed("read", syscall.ECONNRESET), want: true},
		"closed by it":        {err: io.EOF, want: true},
		"cut off":             {err: io.ErrUnexpectedEOF, want: true},
		"timeout":             {err: failed("read", os.ErrDeadlineExceeded), asked: MaxWait, want: true},
		"short timeout":       {err: failed("read", os.ErrDeadlineExceeded), asked: patience / 2},
		"no connection":       {err: context.DeadlineExceeded, asked: MaxWait, undialed: MaxWait, want: true},
		"no free connection":  {err: context.DeadlineExceeded, asked: MaxWait},
		"pool timeout":        {err: redis.ErrPoolTimeout, asked: MaxWait, undialed: MaxWait},
		"pool exhausted":      {err: redis.ErrPoolExhausted, asked: MaxWait, undialed: MaxWait},
		"client closed":       {err: redis.ErrClosed, asked: MaxWait, undialed: MaxWait},
		"connection closed":   {err: failed("read", net.ErrClosed), asked: MaxWait},
		"cancelled":           {err: context.Canceled, asked: MaxWait, undialed: MaxWait},
		"too many open files": {err: failed("dial", os.NewSyscallError("socket", syscall.EMFILE))},
		"unknown name":        {err: failed("dial", &net.DNSError{IsNotFound: true})},
		"certificate":         {err: x509.UnknownAuthorityError{}, asked: MaxWait},
		"refused by TLS":      {err: failed("remote error", errors.New("bad certificate"))},
		"answer":              {err: answer("OOM command not allowed"), asked: MaxWait, undialed: MaxWait},
		"no answer needed":    {},
	} {
		all := newServers()
		s := &server{all: all}
		if c.undialed > 0 {
			since := time.Now().Add(-c.undialed)
			s.dialing.Store(&since)
		}
		o := &operation{caller: t.Context()}
		o.note(s, c.err, c.asked)
		if s.silent.Load() {
			t.Errorf("%s: it counts before the operation is over", name)
		}
		if o.over(); s.silent.Load() != c.want || len(all.list()) > 0 != c.want {
			t.Errorf("%s: silent %t", name, s.silent.Load())
		}
	}
}

// TestWhoGivesUpSaysNothing lets callers give up, and an operation succeed in the end.
func TestWhoGivesUpSaysNothing(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	late, end := context.WithDeadline(t.Context(), time.Now())
	defer end()
	s := &server{all: newServers(), address: "h:1"}
	ask := func(caller context.Context, results ...error) (err error) {
		o := &operation{caller: caller}
		hook := s.ProcessHook(func(context.Context, redis.Cmder) error {
			err := results[0]
			results = results[1:]
			return err
		})
		for len(results) > 0 && !errors.As(err, new(*silentError)) {
			err = hook(o.within(context.WithoutCancel(caller)), nil)
		}
		o.over()
		return err
	}
	for name, caller := range map[string]context.Context{"cancelled": given, "late": late} {
		if _ = ask(caller, refused); s.silent.Load() {
			t.Errorf("%s: the server counts as silent", name)
		}
	}
	if _ = ask(t.Context(), io.EOF, refused, nil); s.silent.Load() {
		t.Error("it has answered in the end")
	}
	if _ = ask(t.Context(), nil, refused); !s.silent.Load() {
		t.Error("it has not answered in the end")
	}
	if err := ask(t.Context(), nil); err == nil || err.Error() != "the server h:1 of the cluster does not answer" {
		t.Errorf("it is asked all the same: %v", err)
	}
}

// TestDialsThatFailBesideAnswers has a dial fail for want of files while others are answered,
// and later no connection be free: that says nothing about the server. It runs on a clock of
// its own.
func TestDialsThatFailBesideAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &server{all: newServers()}
		ask := func(err error, waited time.Duration) {
			o := &operation{caller: t.Context()}
			_ = s.ProcessHook(func(context.Context, redis.Cmder) error {
				time.Sleep(waited)
				return err
			})(o.within(t.Context()), nil)
			o.over()
		}
		dial := func(err error) {
			_, _ = s.DialHook(func(context.Context, string, string) (net.Conn, error) { return nil, err })(t.Context(), "tcp", "h:1")
		}
		dial(&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)})
		ask(nil, MaxWait)
		if ask(context.DeadlineExceeded, MaxWait); s.silent.Load() {
			t.Error("it has answered since, and counts as silent")
		}
		dial(&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded})
		if ask(context.DeadlineExceeded, MaxWait); !s.silent.Load() {
			t.Error("no connection could be made for as long as it was asked")
		}
	})
}

// TestServersAreProbedSideBySide has more servers be silent than are probed at once. It runs
// on a clock of its own.
func TestServersAreProbedSideBySide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all := newServers()
		var mu sync.Mutex
		asking, most, silent := 0, 0, true
		ping := func(ctx context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			asking++
			most = max(most, asking)
			if silent {
				mu.Unlock()
				<-ctx.Done()
				mu.Lock()
			}
			asking--
			return ctx.Err()
		}
		list := make([]*server, 2*maxProbes)
		for i := range list {
			list[i] = &server{all: all, ping: ping}
			list[i].fails()
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go all.probe(ctx)
		for range 100 {
			time.Sleep(100 * time.Millisecond)
			for i, s := range list {
				if !s.silent.Load() {
					t.Fatalf("server %d counts as one that answers", i)
				}
			}
		}
		mu.Lock()
		silent = false
		mu.Unlock()
		time.Sleep(2*MaxWait + probeEvery) // two times as many as at once
		synctest.Wait()
		if left := all.list(); len(left) > 0 || most != maxProbes {
			t.Errorf("%d servers are left, %d were asked at once", len(left), most)
		}
		gone := &server{all: all, ping: func(context.Context) error { return redis.ErrClosed }}
		gone.fails()
		synctest.Wait()
		if gone.silent.Load() || len(all.list()) > 0 {
			t.Error("a server that the cluster does without is not forgotten")
		}
	})
}
