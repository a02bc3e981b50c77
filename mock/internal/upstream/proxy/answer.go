package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// received takes the answer of the real API when its header has come. An error keeps it
// from being passed on.
func (t *trip) received(res *http.Response) error {
	if res.StatusCode < 200 || res.StatusCode > 599 {
		return &upstream.Failure{Target: t.Target(), Reason: fmt.Sprintf("it answers with status %d, which is none that ends a request", res.StatusCode)}
	}
	for name := range res.Header {
		if strings.HasPrefix(name, "Understudy-") {
			delete(res.Header, name) // of another mock
		}
	}
	manner, err := t.take(res)
	if err != nil {
		return err
	}
	if problem := t.judge(res, manner == Whole); problem != nil {
		return problem
	}
	t.localize(res)
	ex := t.Exchange
	for name, lines := range ex.Answer.Header { // what the engine tells
		res.Header[name] = lines
	}
	t.tell(res.Header)
	ex.Answer.Status, ex.Answer.Header = res.StatusCode, res.Header
	res.Header = t.Answered(manner)
	if res.Header["Content-Type"] == nil {
		t.w.Header()["Content-Type"] = nil // keeps net/http from guessing one that nobody has sent
	}
	return nil
}

// tell adds what is wrong with the answer, and what was not checked.
func (t *trip) tell(h http.Header) {
	ex := t.Exchange
	if len(ex.Answer.Violations) > 0 {
		h["Understudy-Response-Violations"] = []string{exchange.ViolationsHeader(ex.Answer.Violations)}
	}
	if n := len(ex.Unchecked); n > 0 {
		h["Understudy-Unchecked"] = []string{exchange.HeaderList(n, func(i int) string { return ex.Unchecked[i] })}
	}
}

// take gathers the body, or leaves it where it is not to be gathered.
func (t *trip) take(res *http.Response) (Manner, error) {
	body := io.ReadCloser(&trailing{res.Body, res})
	res.Trailer = passableTrailers(res.Trailer)
	pass := func(r io.Reader) {
		t.body = &counted{Reader: r}
		res.Body = &closing{t.body, body}
	}
	passLater := func(r io.Reader) {
		pass(r)
		t.body.length, t.body.last = res.ContentLength, t.Closing
	}
	media, _ := contract.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case t.bodiless(res):
		pass(body)
		return Whole, nil
	case media.Syntax().IsSequence() || media.Type == "multipart" && media.Subtype == "x-mixed-replace":
		t.stream = &capture{hold: t.Hold, syntax: media.Syntax(), status: res.StatusCode, header: res.Header.Clone()}
		passLater(io.TeeReader(body, t.stream))
		return Stream, nil
	case res.ContentLength > t.opts.Limit:
		t.unchecked(fmt.Sprintf("the body of the answer is larger than %d bytes", t.opts.Limit))
		passLater(body)
		return Unchecked, nil
	}
	data, more, err := t.gather(body)
	if err != nil {
		return Whole, t.readError(err)
	}
	if more != "" {
		t.unchecked(more)
		passLater(io.MultiReader(bytes.NewReader(data), body))
		return Unchecked, nil
	}
	plain, reason := upstream.Decode(res.Header, data, t.opts.Limit, t.Hold)
	if reason != "" {
		t.unchecked(reason)
		plain, t.opaque = data, true
	}
	t.Exchange.Answer.Body = plain
	pass(bytes.NewReader(data))
	if res.ContentLength = int64(len(data)); len(res.Trailer) == 0 {
		res.Header["Content-Length"] = []string{strconv.Itoa(len(data))}
	}
	return Whole, nil
}

func (t *trip) bodiless(res *http.Response) bool {
	return t.Exchange.Request.Method == http.MethodHead || exchange.Bodiless(res.StatusCode)
}

func (t *trip) unchecked(reason string) {
	t.unknown = reason
	t.Exchange.Unchecked = append(t.Exchange.Unchecked, reason)
}

func (t *trip) readError(err error) error {
	if t.client.Err() != nil || t.ctx.Err() != nil {
		return err // the client has gone, or it took too long
	}
	return &upstream.Failure{Target: t.Target(), Reason: "it broke off in the middle of its answer (" + err.Error() + ")"}
}

// chunk is how much of a body is read at once.
const chunk = 32 << 10

// gather reads a body up to the limit. more says why there is more of it, "" where that
// is all.
func (t *trip) gather(body io.Reader) (data []byte, more string, err error) {
	t.timer = time.AfterFunc(t.opts.Timeout, func() { t.cancel(errSlow) })
	defer t.timer.Stop()
	var b bytes.Buffer
	for {
		if int64(b.Len()) > t.opts.Limit {
			return b.Bytes(), fmt.Sprintf("the body of the answer is larger than %d bytes", t.opts.Limit), nil
		}
		if !t.Hold(chunk) {
			return b.Bytes(), upstream.NoRoom, nil
		}
		n, err := io.CopyN(&b, body, chunk)
		switch {
		case err == io.EOF:
			t.Hold(n - chunk)
			return b.Bytes(), "", nil
		case err != nil:
			return nil, "", err
		}
	}
}
