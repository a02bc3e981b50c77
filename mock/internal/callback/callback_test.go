package callback

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// logged is a log that tests read.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// logger leaves out what differs from run to run.
func (l *logged) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" {
			return slog.Attr{}
		}
		return a
	}}))
}

func call(url string) exchange.Call {
	return exchange.Call{Kind: "callback", Name: "onData", Method: "POST", URL: url, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"id":1}`)}
}

// send admits and sends calls, and waits until they have ended.
func send(t *testing.T, s *Sender, calls ...exchange.Call) {
	t.Helper()
	s.Admit(calls)
	for i := range calls {
		calls[i].Shown.URL, calls[i].Shown.Refused = calls[i].URL, calls[i].Refused
	}
	s.Send("r1", calls, func(*exchange.Call) {})
	s.running.Wait()
}

func TestSend(t *testing.T) {
	t.Parallel()
	got := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- strings.Join([]string{r.Method, r.RequestURI, r.Header.Get("Content-Type"), r.Header.Get("Understudy-Request-Id"), r.UserAgent(), string(body)}, " ")
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/no":
			w.WriteHeader(http.StatusTeapot)
		case "/long":
			_, _ = w.Write(make([]byte, 10*MaxAnswer))
		}
	}))
	defer server.Close()
	var log logged
	s := New(hosts(t, "127.0.0.1"), log.logger())
	defer s.Stop(t.Context())
	for _, path := range []string{"/a?b=c d&e=<é>#f", "/moved", "/no", "/long"} {
		send(t, s, call(server.URL+path))
	}
	refused := call("http://example.com/")
	unresolved := call("")
	unresolved.Refused = "$request.body#/url cannot be resolved: it is not there"
	server.Close()
	send(t, s, refused, unresolved, call(server.URL+"/gone"))
	close(got)
	var all []string
	for line := range got {
		all = append(all, line)
	}
	const rest = ` application/json r1 Understudy {"id":1}`
	want := []string{"POST /a?b=c%20d&e=%3C%C3%A9%3E" + rest, "POST /moved" + rest, "POST /no" + rest, "POST /long" + rest}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	wantLog := `level=INFO msg="callback sent" request=r1 name=onData method=POST url="URL/a?b=c%20d&e=%3C%C3%A9%3E" status=200
level=INFO msg="callback sent" request=r1 name=onData method=POST url=URL/moved status=307
level=WARN msg="callback was refused" request=r1 name=onData method=POST url=URL/no status=418
level=INFO msg="callback sent" request=r1 name=onData method=POST url=URL/long status=200
level=WARN msg="callback not sent" request=r1 name=onData method=POST url=http://example.com/ reason="the host example.com is not given: start with --callback-host example.com"
level=WARN msg="callback not sent" request=r1 name=onData method=POST reason="$request.body#/url cannot be resolved: it is not there"
level=WARN msg="callback failed" request=r1 name=onData method=POST url=URL/gone error="dial tcp ADDRESS: connect: connection refused"
`
	shown := strings.NewReplacer(server.URL, "URL", strings.TrimPrefix(server.URL, "http://"), "ADDRESS").Replace(log.String())
	if diff := cmp.Diff(wantLog, shown); diff != "" {
		t.Error(diff)
	}
}

// TestNamesThatResolveToThisMachine holds that a name which was given does not lead to
// this machine because a name server says so.
func TestNamesThatResolveToThisMachine(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]bool{"hooks.example.test": false, "127.0.0.1": true} {
		reached.Store(false)
		var log logged
		s := New(hosts(t, "hooks.example.test", given), log.logger())
		s.resolver = resolving([4]byte{127, 0, 0, 1})
		send(t, s, call("http://hooks.example.test:"+port+"/"))
		s.Stop(t.Context())
		if reached.Load() != want || want == strings.Contains(log.String(), "hooks.example.test resolves to 127.0.0.1, which is no public address") {
			t.Errorf("with %s: reached %t, %s", given, reached.Load(), &log)
		}
	}
}

// resolving is a resolver for which every name has one address.
func resolving(address [4]byte) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			// Over a stream a message has its length before it (RFC 1035 section 4.2.2).
			for length := make([]byte, 2); ; {
				if _, err := io.ReadFull(server, length); err != nil {
					return
				}
				query := make([]byte, binary.BigEndian.Uint16(length))
				if _, err := io.ReadFull(server, query); err != nil {
					return
				}
				if _, err := server.Write(dnsAnswer(query, address)); err != nil {
					return
				}
			}
		}()
		return client, nil
	}}
}

// dnsAnswer answers a query for A with the address, and others with nothing.
func dnsAnswer(query []byte, address [4]byte) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the root, type and class
	isA := query[end-3] == 1
	answer := append([]byte{query[0], query[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:end]...)
	if isA {
		answer[7] = 1
		answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		answer = append(answer, address[:]...)
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)
}

// transport is a RoundTripper for tests with virtual time.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func answered(r *http.Request) *http.Response {
	return &http.Response{StatusCode: 204, Body: http.NoBody, Request: r}
}

// virtual is a sender to a transport.
func virtual(t *testing.T, log *logged, to transport) *Sender {
	t.Helper()
	s := New(hosts(t, "mock.example"), log.logger())
	s.client.Transport = to
	return s
}

func TestAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		began, sent := time.Now(), make(chan time.Duration, 2)
		s := virtual(t, &log, func(r *http.Request) (*http.Response, error) {
			sent <- time.Since(began)
			return answered(r), nil
		})
		late, soon := call("http://mock.example/late"), call("http://mock.example/soon")
		late.After = time.Minute
		calls := []exchange.Call{late, soon}
		s.Admit(calls)
		s.Send("r1", calls, func(*exchange.Call) {})
		if first, second := <-sent, <-sent; first != 0 || second != time.Minute {
			t.Errorf("sent after %s and %s", first, second)
		}
		s.Stop(t.Context())
	})
}

// TestBounds holds that no more calls than MaxInFlight are sent at the same time and
// no more than MaxWaiting wait. It is outside of a bubble of synctest, in which
// thousands of goroutines make the race detector itself fail (go.dev/issue/78156).
func TestBounds(t *testing.T) {
	t.Parallel()
	var log logged
	var mu sync.Mutex
	var now, most int
	count := func(d int) {
		mu.Lock()
		defer mu.Unlock()
		now += d
		most = max(most, now)
	}
	begun, release := make(chan struct{}, MaxWaiting), make(chan struct{})
	s := virtual(t, &log, func(r *http.Request) (*http.Response, error) {
		count(1)
		defer count(-1)
		begun <- struct{}{}
		<-release
		return answered(r), nil
	})
	calls := make([]exchange.Call, MaxWaiting+5)
	for i := range calls {
		calls[i] = call("http://mock.example/")
	}
	s.Admit(calls)
	s.Send("r1", calls, func(*exchange.Call) {})
	if dropped := strings.Count(log.String(), "too many calls are waiting"); dropped != 5 {
		t.Errorf("%d dropped", dropped)
	}
	for range MaxInFlight {
		<-begun
	}
	close(release)
	s.running.Wait()
	if sent := strings.Count(log.String(), "callback sent"); sent != MaxWaiting || most != MaxInFlight || now != 0 {
		t.Errorf("%d sent, %d at the same time", sent, most)
	}
	s.Stop(t.Context())
}

// TestLargeCalls holds what calls that wait may take together, and that it is given back.
func TestLargeCalls(t *testing.T) {
	t.Parallel()
	var log logged
	release := make(chan struct{})
	s := virtual(t, &log, func(r *http.Request) (*http.Response, error) {
		<-release
		return answered(r), nil
	})
	calls := make([]exchange.Call, 5)
	for i := range calls {
		calls[i] = call("http://mock.example/")
		calls[i].Body = make([]byte, MaxWaitingBytes/4-100)
	}
	calls[3].Header.Set("X-Long", strings.Repeat("a", 200))
	s.Admit(calls)
	s.Send("r1", calls, func(*exchange.Call) {})
	if dropped := strings.Count(log.String(), "the calls that are waiting are too large"); dropped != 1 {
		t.Errorf("%d dropped", dropped)
	}
	close(release)
	s.running.Wait()
	if sent := strings.Count(log.String(), "callback sent"); sent != 4 || s.bytes != 0 {
		t.Errorf("%d sent, %d bytes wait in the end", sent, s.bytes)
	}
	s.Stop(t.Context())
}

// TestTimeout holds that a call whose receiver does not answer ends after Timeout.
func TestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log logged
		began := time.Now()
		s := virtual(t, &log, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		send(t, s, call("http://mock.example/"))
		if took := time.Since(began); took != Timeout || !strings.Contains(log.String(), "callback failed") {
			t.Errorf("took %s: %s", took, log.String())
		}
		s.Stop(t.Context())
	})
}

// TestStop holds that calls which wait are dropped, that those under way may finish
// while there is time, and that nothing is sent afterwards.
func TestStop(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes, patience time.Duration
		want            string
	}{
		"in time":  {time.Second, 2 * time.Second, "callback sent"},
		"too late": {5 * time.Second, 2 * time.Second, "callback failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log logged
				s := virtual(t, &log, func(r *http.Request) (*http.Response, error) {
					select {
					case <-time.After(test.takes):
						return answered(r), nil
					case <-r.Context().Done():
						return nil, errors.New("broken off")
					}
				})
				late := call("http://mock.example/late")
				late.After = time.Minute
				calls := []exchange.Call{call("http://mock.example/now"), late}
				s.Admit(calls)
				s.Send("r1", calls, func(*exchange.Call) {})
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), test.patience)
				defer cancel()
				began := time.Now()
				s.Stop(ctx)
				s.Stop(ctx)
				if took := time.Since(began); took != min(test.takes, test.patience) {
					t.Errorf("stopped after %s", took)
				}
				s.Send("r2", []exchange.Call{call("http://mock.example/afterwards")}, func(*exchange.Call) {})
				text := log.String()
				if !strings.Contains(text, test.want) || strings.Count(text, "the mock has stopped") != 2 {
					t.Error(text)
				}
			})
		})
	}
}
