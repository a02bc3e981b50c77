package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// userAgent is sent where the contract asks for no other.
const userAgent = "understudy-verify"

// request is what is sent: a call with credentials in it.
type request struct {
	*sample.Call
	// op tells which base path of the contract stands in front of the path, nil for none.
	op *contract.Operation
	// prefer is the value of Prefer for a mock, "" for none.
	prefer string
}

// send sends a request until it is answered for good. expected tells which statuses are
// no reason to send it again.
func (r *runner) send(ctx context.Context, q request, expected func(status int) bool) (*answer, error) {
	for try := 0; ; try++ {
		a, err := r.once(ctx, q)
		again := err != nil || slices.Contains(transient, a.status) && !expected(a.status)
		if !again || try >= r.Retries || ctx.Err() != nil {
			return a, err
		}
		if err := wait(ctx, min(firstWait<<try, longestWait)); err != nil {
			return a, err
		}
	}
}

// transient are the statuses after which a request is sent again.
var transient = []int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// The waits before a request is sent again, each twice as long as the one before.
const (
	firstWait   = 250 * time.Millisecond
	longestWait = 5 * time.Second
)

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *runner) once(ctx context.Context, q request) (*answer, error) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := wait(ctx, r.pace.next()); err != nil {
		return nil, err
	}
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.Timeout)
		defer cancel()
	}
	req, err := r.request(ctx, q)
	if err != nil {
		return nil, err
	}
	res, err := r.client.Do(req)
	if err != nil {
		var f *upstream.Failure
		if errors.As(err, &f) {
			if r.unreachable(f) {
				r.cancel(f)
			}
			return nil, f
		}
		return nil, err
	}
	defer res.Body.Close()
	r.mu.Lock()
	r.answered = true
	r.mu.Unlock()
	a := &answer{status: res.StatusCode, header: res.Header}
	a.body, err = readBody(res)
	return a, err
}

// path is that of a call below the target. The target says where the API is, in place of
// the contract's base paths; a mock, and one target for several contracts, have those too.
func (r *runner) path(c *sample.Call, op *contract.Operation) string {
	if op == nil || r.keepsBase() {
		return c.Path
	}
	return strings.TrimPrefix(c.Path, op.Contract().Route(c.Method, c.Path, false).Base)
}

// requestLine shows a request without its credentials, which are put in when it is sent.
func (r *runner) requestLine(c *sample.Call, op *contract.Operation) string {
	text := c.Method + " " + r.Transport.Target().Base() + r.path(c, op)
	if c.RawQuery != "" {
		text += "?" + c.RawQuery
	}
	return text
}

func (r *runner) keepsBase() bool {
	return r.Transport.Target().Base() == "" && (r.Mock || len(r.APIs) > 1)
}

// request makes the request; only the target is in it.
func (r *runner) request(ctx context.Context, q request) (*http.Request, error) {
	target := r.Transport.Target()
	u, err := target.URL(r.path(q.Call, q.op), q.RawQuery)
	if err != nil {
		return nil, err
	}
	req := (&http.Request{Method: q.Method, URL: u, Header: q.Header.Clone(), Host: target.Host()}).WithContext(ctx)
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
		req.Header.Del("Host")
	}
	if req.Header.Get("User-Agent") == "" {
		name := userAgent
		if q.op != nil && q.op.Parameter(exchange.Header, "User-Agent") != nil {
			name = "" // left out on purpose: net/http sends none
		}
		req.Header.Set("User-Agent", name)
	}
	if q.Body != nil {
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(q.Body)), int64(len(q.Body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(q.Body)), nil }
		if len(q.Body) == 0 {
			req.Body = http.NoBody
		}
	}
	if q.prefer != "" {
		req.Header.Add("Prefer", q.prefer)
	}
	if r.Mock && r.Session != "" {
		req.Header.Set("Understudy-Session", r.Session)
	}
	return req, nil
}

// readBody reads a body of limited length. An event stream may go on for ever: what came
// until the time was up is its body.
func readBody(res *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	t, _ := contract.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case len(body) > MaxBody:
		return nil, fmt.Errorf("the body of the answer is longer than %d bytes", MaxBody)
	case err != nil && t.Syntax() == contract.EventStream && errors.Is(err, context.DeadlineExceeded):
		return lastEvent(body), nil
	case errors.Is(err, context.DeadlineExceeded):
		return nil, errors.New("the body of the answer took too long")
	case err != nil:
		return nil, fmt.Errorf("the answer broke off in its body, after %d bytes", len(body))
	}
	// Nobody has asked for a coding, which leaves the choice to the server (RFC 9110
	// section 12.5.3).
	plain, reason := upstream.Decode(res.Header, body, MaxBody, nil) // MaxConcurrency bounds how many there are
	if reason != "" {
		return nil, errors.New(reason)
	}
	return plain, nil
}

// lastEvent cuts a stream behind its last whole event.
func lastEvent(body []byte) []byte {
	end := 0
	for _, separator := range []string{"\n\n", "\r\n\r\n", "\r\r"} {
		if i := bytes.LastIndex(body, []byte(separator)); i >= 0 {
			end = max(end, i+len(separator))
		}
	}
	return body[:end]
}

// neverConnected tells of a failure before anything was sent.
func neverConnected(f *upstream.Failure) bool {
	return !errors.Is(f, io.EOF) && !errors.Is(f, io.ErrUnexpectedEOF) && !errors.Is(f, syscall.ECONNRESET) && !errors.Is(f, syscall.EPIPE) &&
		(!f.Timeout || strings.Contains(f.Reason, "connection"))
}

// pacer spreads requests over time. The zero value lets all pass.
type pacer struct {
	mu   sync.Mutex // guards what follows
	rate float64    // in a second
	last time.Time  // when the newest request is sent
}

// end lets all pass from now on.
func (p *pacer) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate = 0
}

// next gives the wait of the next request.
func (p *pacer) next() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate <= 0 {
		return 0
	}
	now := time.Now()
	if at := p.last.Add(time.Duration(float64(time.Second) / p.rate)); at.After(now) {
		p.last = at
	} else {
		p.last = now
	}
	return p.last.Sub(now)
}
