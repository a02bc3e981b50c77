// Package proxy passes requests on to a real API and checks its answers on the way.
//
// An answer is gathered before it is passed on, so that what is wrong with it can be said
// in its header, or in its place. Answers that are values one after the other (event
// streams, JSON lines, JSON text sequences) go on piece by piece: status and header are
// checked before, the values when they are over.
package proxy

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// MaxStream bounds what of a stream is kept to be checked when it is over, in bytes.
const MaxStream = 1 << 20

// Options says how answers are checked. All fields but ErrorLog are mandatory.
type Options struct {
	// Check finds out how answers break the contract, Strict puts a problem in the place
	// of those that do.
	Check, Strict bool
	// Limit bounds the answers that are gathered, in bytes; longer ones are not checked.
	Limit int64
	// Timeout bounds the gathering of one answer.
	Timeout time.Duration
	// Name is the mock's in the header Via (RFC 9110 section 7.6.3). A request that has
	// it there has come round in a circle.
	Name string
	// ErrorLog takes what net/http has to say of broken connections.
	ErrorLog *log.Logger
}

// Proxy passes requests on to one real API. It is safe for concurrent use.
type Proxy struct {
	transport *upstream.Transport
	opts      Options
}

// New makes a proxy. Nothing is contacted before Pass.
func New(t *upstream.Transport, opts Options) *Proxy { return &Proxy{t, opts} }

// Target is the real API.
func (p *Proxy) Target() *upstream.Target { return p.transport.Target() }

// CloseIdle closes the connections that nobody uses at the moment.
func (p *Proxy) CloseIdle() { p.transport.CloseIdle() }

// Call is one request on its way to the real API and back.
type Call struct {
	// Exchange has the request, and gets the answer.
	Exchange *exchange.Exchange
	// Operation is the one that the request is for; nil where the contract has none, so
	// that there is nothing to check the answer against.
	Operation *contract.Operation
	// Body is sent in place of the exchange's where that is too large to be held; nil
	// otherwise.
	Body io.Reader
	// Hold takes memory for n bytes of an answer, or none and gives false where there is
	// no room: such an answer is not checked. A negative n gives memory back. It is called
	// by Pass alone, by one goroutine at a time.
	Hold func(n int64) bool
	// Answered is called once the answer has begun, and before anything of it is passed
	// on. The exchange has its status, its header, what is wrong with it and, where it is
	// Whole, its body without content coding. It gives the header to pass on.
	Answered func(Manner) http.Header
	// Closing is called before the last bytes of an answer are passed on that says how long
	// it is; never for others and for those that are Whole.
	Closing func()
}

// Manner is how an answer is passed on.
type Manner uint8

const (
	// Whole: it was gathered and is checked.
	Whole Manner = iota
	// Stream: it goes on as it comes, and is checked when it is over.
	Stream
	// Unchecked: it goes on as it comes, and its body is not checked.
	Unchecked
)

// Passed says what has become of an answer that was passed on.
type Passed struct {
	// Bytes counts what was passed on of the body.
	Bytes int64
	// Stream is the body of an answer that was passed on as a Stream, without content
	// coding, as far as it was kept.
	Stream []byte
	// Unknown says why neither Stream nor the exchange has all of the body as it is
	// without content coding; "" where one of them has.
	Unknown string
	// Violations are those that were found in Stream.
	Violations []exchange.Violation
	// Broken says why the answer did not come to its end: an error of the API's
	// connection, or ErrClient; nil where it did.
	Broken error
}

// ErrClient is returned for an answer that the client did not take to its end.
var ErrClient = errors.New("the client has gone")

// Pass sends the request of a call and passes the answer on to w. The problem is set where
// nothing was passed on, and nothing was written to w then; ErrClient stands for a client
// who has gone before the answer.
func (p *Proxy) Pass(w http.ResponseWriter, r *http.Request, c *Call) (passed Passed, problem *exchange.Problem, err error) {
	t := &trip{Proxy: p, Call: c, w: w, client: r.Context()}
	if problem := t.prepare(r); problem != nil {
		return Passed{}, problem, nil
	}
	var cancel context.CancelCauseFunc
	t.ctx, cancel = context.WithCancelCause(r.Context())
	t.cancel = cancel
	defer cancel(nil)
	defer t.stopTimer()
	reverse := httputil.ReverseProxy{
		Rewrite: t.rewrite, Transport: p.transport, ModifyResponse: t.received,
		ErrorHandler: func(_ http.ResponseWriter, _ *http.Request, err error) { t.failed = err },
		ErrorLog:     p.opts.ErrorLog,
		BufferPool:   &buffers,
	}
	broken := t.run(func() { reverse.ServeHTTP(w, t.request(r)) })
	if t.failed != nil {
		problem, err := t.explain(t.failed)
		return Passed{}, problem, err
	}
	return t.outcome(broken), nil, nil
}

// trip is one Pass.
type trip struct {
	*Proxy
	*Call
	w      http.ResponseWriter
	client context.Context // of the client's request
	ctx    context.Context // of ours
	cancel context.CancelCauseFunc
	timer  *time.Timer // ends the gathering; nil while nothing is gathered
	url    *url.URL
	body   *counted // of the answer, nil before it has come
	stream *capture // nil for an answer that is no stream
	opaque bool     // the body of the answer has a content coding that cannot be read
	// unknown is why the exchange does not have all of the body, "" where it does.
	unknown string
	failed  error // kept the answer from being passed on
}

// run tells whether net/http has broken the answer off.
func (t *trip) run(serve func()) (broken bool) {
	defer func() {
		if e := recover(); e != nil {
			if e != http.ErrAbortHandler {
				panic(e)
			}
			broken = true
		}
	}()
	serve()
	return false
}

// prepare finds what keeps a request from being sent.
func (t *trip) prepare(r *http.Request) *exchange.Problem {
	ex := t.Exchange
	for _, line := range r.Header["Via"] {
		if strings.Contains(line, t.opts.Name) {
			return &exchange.Problem{Code: exchange.ProblemUpstreamLoop, Status: http.StatusLoopDetected, Detail: "The request has come back to the mock that has sent it on: " + t.Target().String() + " leads to this mock."}
		}
	}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return &exchange.Problem{Code: exchange.ProblemUpgrade, Status: http.StatusNotImplemented, Detail: "WebSocket connections are not passed on: a contract describes requests and answers, and there would be none to check."}
	}
	path := strings.TrimPrefix(ex.Request.Path, ex.Request.Base)
	if path == "" {
		path = "/"
	}
	var err error
	if t.url, err = t.Target().URL(path, ex.Request.RawQuery); err != nil {
		return &exchange.Problem{Code: exchange.ProblemUpstreamPath, Status: http.StatusBadRequest, Detail: "The request was not passed on: " + err.Error() + "."}
	}
	return nil
}

// request is the client's request as the exchange knows it, without what was taken off.
func (t *trip) request(r *http.Request) *http.Request {
	ex := t.Exchange
	in := r.WithContext(t.interim(t.ctx))
	in.Header = ex.Request.Header
	switch {
	case t.Body != nil:
		in.Body = io.NopCloser(t.Body)
	case ex.Request.BodySize() > 0:
		in.Body, in.ContentLength = ex.Request.OpenBody(), ex.Request.BodySize()
	default:
		in.Body, in.ContentLength = http.NoBody, 0
	}
	in.Trailer = passableTrailers(r.Trailer)
	if len(in.Trailer) > 0 && in.Body != http.NoBody {
		in.ContentLength = -1 // trailers follow chunks
	}
	return in
}

// outcome tells what became of an answer that has begun.
func (t *trip) outcome(broken bool) (p Passed) {
	if t.body != nil {
		p.Bytes = t.body.n
	}
	if broken || t.body != nil && t.body.err != nil {
		p.Broken = ErrClient
		if t.body != nil && t.body.err != nil && t.client.Err() == nil {
			p.Broken = t.body.err
		}
	}
	p.Unknown = t.unknown
	if t.stream != nil {
		p.Stream, p.Unknown = t.stream.text()
		p.Violations = t.judgeStream(p.Stream, p.Broken != nil)
	}
	return p
}

// errSlow ends the gathering of an answer.
var errSlow = errors.New("the body of its answer takes too long")

// explain makes a problem of what kept an answer from being passed on.
func (t *trip) explain(err error) (*exchange.Problem, error) {
	var refused *exchange.Problem
	var failure *upstream.Failure
	switch {
	case errors.As(err, &refused):
		return refused, nil
	case context.Cause(t.ctx) == errSlow:
		failure = &upstream.Failure{Target: t.Target(), Timeout: true, Reason: errSlow.Error()}
	case t.client.Err() != nil:
		return nil, ErrClient
	case !errors.As(err, &failure):
		failure = &upstream.Failure{Target: t.Target(), Reason: err.Error()}
	case failure.Gone:
		return nil, ErrClient
	}
	p := &exchange.Problem{Code: exchange.ProblemUpstream, Status: http.StatusBadGateway, Detail: failure.Error() + "."}
	if failure.Timeout {
		p.Code, p.Status = exchange.ProblemUpstreamTimeout, http.StatusGatewayTimeout
	}
	return p, nil
}

func (t *trip) stopTimer() {
	if t.timer != nil {
		t.timer.Stop()
	}
}

// forwarded are headers that httputil takes off. A client that sends them may mean them
// for the API; none is added, because the API is to see the request as the client has
// made it.
var forwarded = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewrite makes the request for the real API.
func (t *trip) rewrite(pr *httputil.ProxyRequest) {
	out := pr.Out
	out.URL, out.Host = t.url, t.Target().Host()
	for _, name := range forwarded {
		if lines := pr.In.Header[name]; lines != nil {
			out.Header[name] = slices.Clone(lines)
		}
	}
	delete(out.Header, "Connection")
	delete(out.Header, "Upgrade") // a server may pass over it (RFC 9110 section 7.8)
	delete(out.Header, "Expect")  // the body is here
	out.Header["Via"] = append(slices.Clip(out.Header["Via"]), "1.1 "+t.opts.Name)
	if lines := out.Header["Accept-Encoding"]; lines != nil {
		out.Header["Accept-Encoding"] = []string{readable(lines)}
	}
	if request := t.Exchange.Request; t.Body == nil && request.BodySize() > 0 {
		// So that it can be sent again on another connection where one was closed before.
		out.GetBody = func() (io.ReadCloser, error) { return request.OpenBody(), nil }
	}
}
