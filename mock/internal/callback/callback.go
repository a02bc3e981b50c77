// Package callback sends the requests that an API makes by itself, callbacks and
// webhooks. They go to the hosts that were given and nowhere else (see Hosts), follow
// no redirect, and everything about them is bounded. Each is logged, also one that is
// not sent.
package callback

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Limits of calls.
const (
	// MaxWaiting bounds the calls that wait for their time or are being sent.
	MaxWaiting = 1000
	// MaxWaitingBytes bounds what their headers and bodies take together.
	MaxWaitingBytes = 64 << 20
	// MaxInFlight bounds those that are being sent at the same time.
	MaxInFlight = 16
	// Timeout bounds one call, from the connection to the end of its answer.
	Timeout = 10 * time.Second
	// MaxAnswer bounds what is read of an answer, header and body each, in bytes.
	MaxAnswer = 64 << 10
)

// Sender sends calls. It is safe for concurrent use.
type Sender struct {
	hosts  Hosts
	logger *slog.Logger
	client *http.Client
	// resolver is nil for the machine's own.
	resolver *net.Resolver

	ctx     context.Context // ends when Stop waits no longer
	cancel  context.CancelFunc
	slots   chan struct{}
	running sync.WaitGroup

	mu       sync.Mutex // guards the fields below
	waiting  int
	bytes    int           // of those that wait
	stopping chan struct{} // closed by Stop
	stopped  bool
}

// New makes a sender. Nothing runs before Send is called for the first time.
func New(hosts Hosts, logger *slog.Logger) *Sender {
	s := &Sender{hosts: hosts, logger: logger, slots: make(chan struct{}, MaxInFlight), stopping: make(chan struct{})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.client = &http.Client{
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would resolve the name by itself
			DialContext:            s.dial,
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: MaxAnswer,
		},
	}
	return s
}

// dial connects to a host, and refuses the addresses that the name must not resolve to.
func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Resolver: s.resolver, Control: func(_, resolved string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return err
		}
		return s.hosts.admitsAddress(name, to)
	}}
	return d.DialContext(ctx, network, address)
}

// Admit refuses the calls that must not be sent. Their URLs are brought into the form
// in which they are sent.
func (s *Sender) Admit(calls []exchange.Call) {
	for i := range calls {
		c := &calls[i]
		if c.Refused != "" {
			continue
		}
		u, err := parse(c.URL)
		if err == nil {
			err = s.hosts.Admits(u)
		}
		if err != nil {
			c.Refused = err.Error()
			continue
		}
		c.URL = u.String()
	}
}

// parse reads a URL. What cannot stand in one is escaped, so that values that were put
// into it arrive as they are.
func parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	var query strings.Builder
	for i := range len(u.RawQuery) {
		if c := u.RawQuery[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`{}|\\^", c) >= 0 {
			query.WriteString(url.PathEscape(string([]byte{c})))
		} else {
			query.WriteByte(c)
		}
	}
	u.RawQuery, u.Fragment, u.RawFragment = query.String(), "", ""
	return u, nil
}

// Send sends calls, each when its time has come, and returns at once. request is the
// id of the exchange that they belong to. over is told of each call that was sent, or that
// will not be; it may be called at the same time, and by Send itself. The log tells of a call
// what its Shown is.
func (s *Sender) Send(request string, calls []exchange.Call, over func(*exchange.Call)) {
	for i := range calls {
		c := &calls[i]
		if c.Refused != "" {
			s.notSent(request, c, c.Shown.Refused)
			over(c)
			continue
		}
		size := sizeOf(c)
		if reason := s.enter(size); reason != "" {
			s.notSent(request, c, reason)
			over(c)
			continue
		}
		go func() {
			defer s.leave(size)
			defer over(c)
			s.run(request, c)
		}()
	}
}

// sizeOf is what a call takes while it waits.
func sizeOf(c *exchange.Call) int {
	size := len(c.URL) + len(c.Body)
	for name, lines := range c.Header {
		for _, line := range lines {
			size += len(name) + len(line)
		}
	}
	return size
}

// enter counts a call that begins, or says why it cannot.
func (s *Sender) enter(size int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return "the mock has stopped"
	case s.waiting >= MaxWaiting:
		return "too many calls are waiting"
	case s.bytes+size > MaxWaitingBytes:
		return "the calls that are waiting are too large"
	}
	s.waiting++
	s.bytes += size
	s.running.Add(1)
	return ""
}

func (s *Sender) leave(size int) {
	s.mu.Lock()
	s.waiting--
	s.bytes -= size
	s.mu.Unlock()
	s.running.Done()
}

// run waits for a call's time and for a free slot, and sends it.
func (s *Sender) run(request string, c *exchange.Call) {
	timer := time.NewTimer(c.After)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.stopping:
		s.notSent(request, c, "the mock has stopped")
		return
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-s.stopping:
		s.notSent(request, c, "the mock has stopped")
		return
	}
	began := time.Now()
	status, err := s.post(request, c)
	attrs := append(attributes(request, c), slog.Duration("took", time.Since(began)))
	switch {
	case err != nil:
		s.logger.LogAttrs(s.ctx, slog.LevelWarn, c.Kind+" failed", append(attrs, slog.String("error", err.Error()))...)
	case status >= 400:
		s.logger.LogAttrs(s.ctx, slog.LevelWarn, c.Kind+" was refused", append(attrs, slog.Int("status", status))...)
	default:
		s.logger.LogAttrs(s.ctx, slog.LevelInfo, c.Kind+" sent", append(attrs, slog.Int("status", status))...)
	}
}

// post sends a call and gives the status of its answer.
func (s *Sender) post(request string, c *exchange.Call) (status int, err error) {
	req, err := http.NewRequestWithContext(s.ctx, c.Method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return 0, err
	}
	req.Header = c.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header["User-Agent"] == nil {
		req.Header.Set("User-Agent", "Understudy")
	}
	req.Header.Set("Understudy-Request-Id", request)
	res, err := s.client.Do(req)
	if err != nil {
		var failed *url.Error // says method and URL again
		if errors.As(err, &failed) {
			err = failed.Err
		}
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, MaxAnswer))
	return res.StatusCode, err
}

func (s *Sender) notSent(request string, c *exchange.Call, reason string) {
	s.logger.LogAttrs(s.ctx, slog.LevelWarn, c.Kind+" not sent", append(attributes(request, c), slog.String("reason", reason))...)
}

func attributes(request string, c *exchange.Call) []slog.Attr {
	attrs := []slog.Attr{slog.String("request", request), slog.String("name", c.Name), slog.String("method", c.Method)}
	if c.Shown.URL != "" {
		attrs = append(attrs, slog.String("url", c.Shown.URL))
	}
	return attrs
}

// Stop drops the calls whose time has not come, lets those that are being sent finish
// until ctx ends, and then breaks them off. Nothing is sent after it.
func (s *Sender) Stop(ctx context.Context) {
	s.mu.Lock()
	if !s.stopped {
		s.stopped = true
		close(s.stopping)
	}
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.running.Wait()
	}()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	s.cancel()
	<-ended
}
