package mock_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

const relay = `
openapi: 3.2.0
info: {title: Relay, version: "1"}
paths:
  /text:
    get: {operationId: getText, responses: {"200": {description: ok, content: {text/plain: {schema: {type: string, maxLength: 100000}}}}}}
    post: {operationId: postText, requestBody: {content: {text/plain: {schema: {type: string}}, application/octet-stream: {}}}, responses: {"200": {description: ok, content: {text/plain: {schema: {type: string}}}}}}
  /events:
    get: {operationId: events, responses: {"200": {description: ok, content: {text/event-stream: {itemSchema: {type: object, required: [data], properties: {data: {enum: [a, b]}}}}}}}}
`

// inFront is a mock in front of api, served over a socket.
func inFront(t *testing.T, api http.Handler, change func(*mock.Options)) (url string, m *mock.Mock) {
	t.Helper()
	real := httptest.NewServer(api)
	t.Cleanup(real.Close)
	file := filepath.Join(t.TempDir(), "relay.yaml")
	if err := os.WriteFile(file, []byte(relay), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}, Upstream: []string{real.URL + "/base"}, Listen: "127.0.0.1:0"}
	if change != nil {
		change(&opts)
	}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Stop(context.Background()) })
	return m.URL(), m
}

func call(t *testing.T, method, url, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if req.Header = header; header == nil {
		req.Header = http.Header{}
	}
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

// TestWhatTheRealAPISees holds what of a request is passed on.
func TestWhatTheRealAPISees(t *testing.T) {
	t.Parallel()
	var seen *http.Request
	var body []byte
	url, _ := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Clone(context.Background())
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Understudy-Scenario", "of another mock")
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "1")
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}), nil)
	res, _ := call(t, "POST", url+"/__session/s1/text?a=%20;x&__seed=1&b", "hello", http.Header{
		"Content-Type": {"text/plain"}, "X-Forwarded-For": {"10.0.0.1"}, "Te": {"trailers"}, "Connection": {"X-Own, Upgrade"}, "Upgrade": {"h2c"}, "X-Own": {"1"},
		"Expect": {"100-continue"}, "Understudy-Session": {"s1"}, "Cookie": {"understudy_session=s1; a=b"}, "Accept-Encoding": {"br, gzip"}, "User-Agent": {"test"},
	})
	if res.StatusCode != 200 || string(body) != "hello" {
		t.Fatalf("%s, body %q, %v", res.Status, body, res.Header)
	}
	if got := seen.RequestURI; got != "/base/text?a=%20;x&b" {
		t.Errorf("URL %s", got)
	}
	if strings.HasPrefix(url, "http://"+seen.Host) {
		t.Errorf("the Host is the mock's: %s", seen.Host)
	}
	for name, want := range map[string]string{
		"X-Forwarded-For": "10.0.0.1", "Te": "trailers", "Cookie": "a=b", "Accept-Encoding": "gzip", "User-Agent": "test",
		"X-Own": "", "Upgrade": "", "Connection": "", "Expect": "", "Understudy-Session": "", "X-Forwarded-Host": "", "X-Forwarded-Proto": "", "Forwarded": "",
	} {
		if got := seen.Header.Get(name); got != want {
			t.Errorf("the header %s is %q, want %q", name, got, want)
		}
	}
	if via := seen.Header.Get("Via"); !strings.HasPrefix(via, "1.1 understudy-") {
		t.Errorf("Via: %q", via)
	}
	for _, name := range []string{"Understudy-Scenario", "X-Hop", "Access-Control-Allow-Origin"} {
		if res.Header[name] != nil {
			t.Errorf("the header %s is passed on", name)
		}
	}
	if res.Header.Get("Understudy-Session") != "s1" {
		t.Errorf("%v", res.Header)
	}
}

// TestLoop holds that a mock which is its own real API says so.
func TestLoop(t *testing.T) {
	t.Parallel()
	var own http.Handler
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/base")
		own.ServeHTTP(w, r)
	}), func(o *mock.Options) { o.Validate = "warn" })
	own = m
	res, text := call(t, "GET", url+"/text", "", nil)
	if res.StatusCode != http.StatusLoopDetected || !strings.Contains(text, "leads to this mock") {
		t.Errorf("%s: %s", res.Status, text)
	}
}

// TestStreamsPass holds that events arrive while the real API goes on, and that what is
// wrong with them is found at the end.
func TestStreamsPass(t *testing.T) {
	t.Parallel()
	next := make(chan string)
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for text := range next {
			_, _ = io.WriteString(w, text)
			_ = http.NewResponseController(w).Flush()
		}
	}), nil)
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for _, event := range []string{"data: a\n", "data: lost\n"} {
		next <- event + "\n"
		if line, err := lines.ReadString('\n'); err != nil || line != event {
			t.Fatalf("%q, %v", line, err)
		}
		if _, err := lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	r, err := m.Record(t.Context(), res.Header.Get("Understudy-Request-Id"))
	if err != nil || r.Response.Outcome != "pending" || len(r.Response.Violations) > 0 {
		t.Errorf("before the end: %+v, %v", r.Response, err)
	}
	close(next)
	if _, err := io.ReadAll(lines); err != nil {
		t.Fatal(err)
	}
	r, err = m.Record(t.Context(), res.Header.Get("Understudy-Request-Id"))
	if err != nil || r.Response.Outcome != "sent" || len(r.Response.Violations) != 1 || r.Response.Violations[0].Pointer != "/1/data" || !strings.Contains(r.Response.Body.Text, "data: lost") {
		t.Errorf("at the end: %+v, %v", r.Response, err)
	}
	for _, api := range coverageOf(t, m).APIs {
		for _, op := range api.Operations {
			if op.Name == "events" && (op.Rows[0].Reached != 1 || op.Rows[0].Conforming != 0) {
				t.Errorf("coverage: %+v", op.Rows)
			}
		}
	}
	if v := verdictOf(t, m, mock.VerdictOptions{}); v.Failed.Count != 1 || !strings.Contains(v.Failed.Examples[0].Why, "the real API's answer breaks the contract") {
		t.Errorf("%+v", v.Failed)
	}
}

// TestClientGoes holds that a client who goes away ends the request to the real API, while
// it waits and while it streams.
func TestClientGoes(t *testing.T) {
	t.Parallel()
	began, ended := make(chan struct{}, 1), make(chan struct{}, 1)
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: a\n\n")
			_ = http.NewResponseController(w).Flush()
		}
		began <- struct{}{}
		<-r.Context().Done()
		ended <- struct{}{}
	}), nil)
	outcomes := map[string]mock.Outcome{"/text": "client-gone", "/events": "cut-off"}
	for path, want := range outcomes {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, "GET", url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		read, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			if res, err := http.DefaultClient.Do(req); err == nil {
				_, _ = io.ReadFull(res.Body, make([]byte, 1))
				close(read)
				_, _ = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
		}()
		<-began
		if want == "cut-off" {
			<-read
		}
		cancel()
		<-done
		<-ended
	}
	if err := m.Stop(t.Context()); err != nil { // then every handler has ended
		t.Fatal(err)
	}
	for path, want := range outcomes {
		page, err := m.Journal(t.Context(), mock.JournalQuery{Filter: mock.JournalFilter{Path: path}, Limit: 1})
		if err != nil || len(page.Requests) != 1 || page.Requests[0].Response.Outcome != want {
			t.Errorf("%s: %+v, %v, want %s", path, page.Requests, err, want)
		}
	}
}

// TestBreaksOff holds that a stream which the real API breaks off ends so for the client.
func TestBreaksOff(t *testing.T) {
	t.Parallel()
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: a\n\ndata: lo")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}), nil)
	res, err := http.Get(url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil || string(text) != "data: a\n\ndata: lo" {
		t.Errorf("%q, %v", text, err)
	}
	r, err := m.Record(t.Context(), res.Header.Get("Understudy-Request-Id"))
	if err != nil || r.Response.Outcome != "upstream-broke-off" || len(r.Response.Violations) != 0 {
		t.Errorf("%+v, %v", r.Response, err)
	}
}

// TestLargeBodiesPass holds that bodies beyond the limit are passed on as they are, and
// marked, and that a stub does not answer them.
func TestLargeBodiesPass(t *testing.T) {
	t.Parallel()
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		if r.Header.Get("X-Length") != "" {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		}
		_, _ = w.Write(body)
	}), func(o *mock.Options) { o.MaxBody, o.MaxUpload = 100_000, 2_000_000 })
	large := strings.Repeat("0123456789", 20_000)
	for _, known := range []bool{true, false} {
		var body io.Reader = strings.NewReader(large)
		if !known {
			body = io.MultiReader(body) // without a length
		}
		req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/text", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "text/plain")
		if known {
			req.Header.Set("X-Length", "1")
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || string(text) != large {
			t.Errorf("%d bytes, %v", len(text), err)
		}
		if got := res.Header.Get("Understudy-Unchecked"); got != "the body of the request is larger than the limit; the body of the answer is larger than 100000 bytes" {
			t.Errorf("unchecked: %q", got)
		}
		r, err := m.Record(t.Context(), res.Header.Get("Understudy-Request-Id"))
		if err != nil || r.Response.Outcome != "sent" || r.Response.Body == nil || r.Response.Body.Size != int64(len(large)) || !r.Response.Body.Cut {
			t.Errorf("%+v, %v", r.Response.Body, err)
		}
	}
	upload := strings.Repeat(large, 15) // half of it is in a temporary file
	for name, body := range map[string]io.Reader{"with a length": strings.NewReader(upload), "without": io.MultiReader(strings.NewReader(upload))} {
		res, err := http.Post(url+"/text", "application/octet-stream", body)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || string(text) != upload {
			t.Errorf("an upload %s: %s, %d bytes, %v", name, res.Status, len(text), err)
		}
		if got := res.Header.Get("Understudy-Unchecked"); !strings.HasPrefix(got, "the body of the request is larger than the limit") {
			t.Errorf("an upload %s is unchecked: %q", name, got)
		}
	}
	res, err := http.Post(url+"/text?__code=200", "text/plain", strings.NewReader(large))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("the contract answers a body that nobody has read with %s", res.Status)
	}
	if err := m.Stop(t.Context()); err != nil { // then every handler has ended
		t.Fatal(err)
	}
	if held, stored := m.InFlight(), m.Stored(); held != 0 || stored != 0 {
		t.Errorf("%d bytes are still held, %d in files", held, stored)
	}
}

// TestTrailersAndInformation holds that what comes before and behind an answer is passed
// on too.
func TestTrailersAndInformation(t *testing.T) {
	t.Parallel()
	url, _ := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, r.Trailer.Get("X-Sent"))
		w.Header().Set("X-Sum", "42")
	}), nil)
	var early []int
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
		early = append(early, code)
		return nil
	}})
	req, err := http.NewRequestWithContext(ctx, "POST", url+"/text", io.MultiReader(strings.NewReader("a")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	req.Trailer = http.Header{"X-Sent": {"sent behind"}}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || string(text) != "sent behind" || res.Trailer.Get("X-Sum") != "42" || !slices.Equal(early, []int{103}) {
		t.Errorf("%q, trailer %v, early %v, %v", text, res.Trailer, early, err)
	}
}

// TestTrailersThatMeanSomething holds that fields which must not stand behind a body are
// not passed on, neither to the real API nor from it (RFC 9110 section 6.5.1).
func TestTrailersThatMeanSomething(t *testing.T) {
	t.Parallel()
	url, _ := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusOK)
		_, _ = fmt.Fprint(w, r.Trailer)
		_ = http.NewResponseController(w).Flush() // only chunks have trailers
		for _, name := range []string{"X-Sum", "Content-Length", "Transfer-Encoding", "Host", "Set-Cookie"} {
			w.Header().Set(http.TrailerPrefix+name, "5")
		}
	}), nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"+
		"0\r\nX-Sent: 1\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\nHost: other.example\r\nAuthorization: Basic eDp5\r\nCookie: a=b\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(answer), "\r\n\r\n")
	if !strings.HasPrefix(head, "HTTP/1.1 200") || !strings.Contains(rest, "map[X-Sent:[1]]") || !strings.HasSuffix(rest, "0\r\nX-Sum: 5\r\n\r\n") {
		t.Errorf("%s", answer)
	}
}

// TestManyAtOnce holds that requests which pass at the same time do not meet.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write(body)
	}), nil)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			body := bytes.Repeat([]byte{byte('a' + i)}, 1000*i+1)
			res, text := call(t, "POST", url+"/text", string(body), http.Header{"Content-Type": {"text/plain"}})
			if text != string(body) || res.Header.Get("Understudy-Unchecked") != "" {
				t.Errorf("%d: %d bytes, %v", i, len(text), res.Header)
			}
		})
	}
	all.Wait()
	if err := m.Stop(t.Context()); err != nil { // then every handler has ended
		t.Fatal(err)
	}
	if held := m.InFlight(); held != 0 {
		t.Errorf("%d bytes are still held", held)
	}
}

// TestSlowBody holds that a body which is gathered has its time.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	url, _ := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-release
	}), func(o *mock.Options) { o.UpstreamTimeout = 30 * time.Millisecond })
	defer close(release)
	res, text := call(t, "GET", url+"/text", "", nil)
	if res.StatusCode != http.StatusGatewayTimeout || !strings.Contains(text, "the body of its answer takes too long") {
		t.Errorf("%s: %s", res.Status, text)
	}
}

// TestSecureRealAPI holds that certificates count, that HTTP/2 is spoken to a real API that
// knows it, and that both sides may be HTTP/2.
func TestSecureRealAPI(t *testing.T) {
	t.Parallel()
	real := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprintf(w, "%s %s", r.Proto, body)
	}))
	real.EnableHTTP2 = true
	real.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are meant
	real.StartTLS()
	t.Cleanup(real.Close)
	dir := t.TempDir()
	ca, file := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "relay.yaml")
	for name, text := range map[string][]byte{ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: real.Certificate().Raw}), file: []byte(relay)} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		change func(*mock.Options)
		want   string
	}{
		"unknown authority": {func(*mock.Options) {}, "its certificate is of an unknown authority"},
		"given authority":   {func(o *mock.Options) { o.UpstreamCA = ca }, "HTTP/2.0 hello"},
		"any authority":     {func(o *mock.Options) { o.UpstreamInsecure = true }, "HTTP/2.0 hello"},
		"HTTP/2 on both sides": {func(o *mock.Options) {
			o.UpstreamCA, o.HTTP2 = ca, true
		}, "HTTP/2.0 hello"},
	} {
		opts := mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}, Upstream: []string{real.URL}, Listen: "127.0.0.1:0"}
		test.change(&opts)
		m, err := mock.New(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Start(); err != nil {
			t.Fatal(err)
		}
		protocols := new(http.Protocols)
		protocols.SetHTTP1(!opts.HTTP2)
		protocols.SetUnencryptedHTTP2(opts.HTTP2)
		c := client(t, m, protocols)
		res, err := c.Post(m.URL()+"/text", "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(name, err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || !strings.Contains(string(text), test.want) {
			t.Errorf("%s: %s, %v, want %q", name, text, err, test.want)
		}
		if err := m.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestUncheckedBodies holds that a request body which nobody has checked is told of, counts
// as reached and not as conforming, and is not answered by the contract in the real API's
// place.
func TestUncheckedBodies(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	var gone atomic.Bool
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gone.Load() {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "ok")
	}), func(o *mock.Options) {
		o.MaxBody, o.MaxUpload, o.Fallback, o.Logger = 1000, 1000, true, slog.New(slog.NewTextHandler(&log, nil))
	})
	large := strings.Repeat("0123456789", 200)
	res, _ := call(t, "POST", url+"/text", large, http.Header{"Content-Type": {"text/plain"}})
	if res.StatusCode != 200 || res.Header.Get("Understudy-Unchecked") != "the body of the request is larger than the limit" {
		t.Errorf("%s %v", res.Status, res.Header)
	}
	if text := log.String(); !strings.Contains(text, `unchecked="the body of the request is larger than the limit"`) {
		t.Error(text)
	}
	c, err := m.Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Totals.Statuses; got.Reached != 1 || got.Conforming != 0 {
		t.Errorf("%+v", got)
	}
	gone.Store(true)
	res, text := call(t, "POST", url+"/text", large, http.Header{"Content-Type": {"text/plain"}})
	if res.StatusCode != 413 || res.Header.Get("Understudy-Error") != "BODY_TOO_LARGE" {
		t.Errorf("where the contract would have to answer: %s %s", res.Status, text)
	}
}
