package admin_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// stream is an answer that is read while it is written.
type stream struct {
	header http.Header
	out    *io.PipeWriter
	lines  *bufio.Scanner
	ended  chan struct{}
}

func (s *stream) Header() http.Header         { return s.header }
func (s *stream) WriteHeader(int)             {}
func (s *stream) Write(p []byte) (int, error) { return s.out.Write(p) }
func (s *stream) Flush()                      {}

// listen asks for events; the stream has begun when it returns.
func (p *plane) listen(path string, headers ...string) *stream {
	p.t.Helper()
	in, out := io.Pipe()
	s := &stream{header: http.Header{}, out: out, lines: bufio.NewScanner(in), ended: make(chan struct{})}
	r := p.request("GET "+path, "", headers)
	if found := p.broken(r, ""); len(found) > 0 {
		p.t.Errorf("%s breaks the description: %v", path, found)
	}
	go func() {
		defer close(s.ended)
		defer out.Close()
		p.mock.ServeHTTP(s, r)
	}()
	p.t.Cleanup(func() {
		_ = in.Close()
		<-s.ended
	})
	if !s.lines.Scan() || s.lines.Text() != ": listening" {
		p.t.Fatalf("the stream begins with %q", s.lines.Text())
	}
	return s
}

// happened is an event as a client reads it.
type happened struct{ ID, Kind, Data string }

// next reads an event; comments are passed over.
func (s *stream) next() (h happened) {
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			h.ID = value
		case "event":
			h.Kind = value
		case "data":
			h.Data = value
		case "":
			if h.Kind != "" {
				return h
			}
		}
	}
	return h
}

func (h happened) has(name string) string {
	var data map[string]any
	if err := json.Unmarshal([]byte(h.Data), &data); err != nil {
		return err.Error()
	}
	return fmt.Sprint(data[name])
}

func TestEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		all, own := p.listen("/events"), p.listen("/sessions/a/events")
		if got := all.header.Get("Content-Type"); got != "text/event-stream" {
			t.Error(got)
		}
		p.status("GET", "/orders/1?secret=hidden")
		if h := all.next(); h.Kind != "exchange" || h.has("operation") != "getOrder" || h.has("status") != "200" || h.has("path") != "/orders/1" || strings.Contains(h.Data, "hidden") {
			t.Errorf("%+v", h)
		}
		go p.do("POST /scenarios/outage/activate", `{"for": "1m"}`)
		if h := all.next(); h.Kind != "change" || h.has("action") != "activate" || h.has("scenario") != "outage" {
			t.Errorf("%+v", h)
		}
		go p.do("PUT /sessions/a", "")
		if h := all.next(); h.Kind != "session" || h.has("action") != "made" {
			t.Errorf("%+v", h)
		}
		if h := own.next(); h.Kind != "session" || h.has("id") != "a" {
			t.Errorf("the session hears first: %+v", h)
		}
		go p.status("GET", "/__session/a/orders")
		if h := all.next(); h.Kind != "exchange" || h.has("session") != "a" || h.has("scenario") != "outage" {
			t.Errorf("%+v", h)
		}
		if h := own.next(); h.Kind != "exchange" {
			t.Errorf("%+v", h)
		}
		time.Sleep(time.Minute) // with signs of life between
		if h := all.next(); h.Kind != "change" || h.has("by") != "timer" {
			t.Errorf("%+v", h)
		}
		go p.do("POST /reload", "")
		if h := all.next(); h.Kind != "reload" || h.has("ok") != "true" {
			t.Errorf("%+v", h)
		}
		if h := all.next(); h.Kind != "change" || h.has("action") != "reload" {
			t.Errorf("%+v", h)
		}
		go p.status("GET", "/__session/by-use/orders")
		if h := all.next(); h.Kind != "session" || h.has("id") != "by-use" || h.has("action") != "made" {
			t.Errorf("made by use: %+v", h)
		}
		if h := all.next(); h.Kind != "exchange" || h.has("session") != "by-use" {
			t.Errorf("%+v", h)
		}
		go p.do("DELETE /sessions/a", "")
		if h := own.next(); h.Kind != "session" || h.has("action") != "ended" {
			t.Errorf("%+v", h)
		}
		for _, s := range []*stream{all, own} { // a write under way ends when it is read
			go func() {
				for s.next().Kind != "" {
				}
			}()
		}
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		<-all.ended
		<-own.ended
	})
}

// TestSlowListener loses what it does not take, is told how much, and asks for what
// others have heard.
func TestSlowListener(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		slow := p.listen("/events")
		slow.lines.Scan() // the end of the comment
		p.status("GET", "/orders/1")
		synctest.Wait() // else it may count among those that wait
		for range 299 {
			p.status("GET", "/orders/1")
		}
		synctest.Wait()
		// The first is being written, and 256 wait.
		var last happened
		for range 257 {
			last = slow.next()
		}
		go p.status("GET", "/orders/1")
		if h := slow.next(); h.Kind != "lost" || h.has("count") != "43" {
			t.Errorf("%+v", h)
		}
		if h := slow.next(); h.Kind != "exchange" {
			t.Errorf("%+v", h)
		}
		// Those that were lost are still known.
		again := p.listen("/events", "Last-Event-ID: "+last.ID)
		var ids []string
		for range 44 {
			ids = append(ids, again.next().ID)
		}
		run, number, _ := strings.Cut(last.ID, "-")
		var want []string
		var n int
		if _, err := fmt.Sscan(number, &n); err != nil {
			t.Fatal(err)
		}
		for i := range 44 {
			want = append(want, fmt.Sprintf("%s-%d", run, n+1+i))
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Error(diff)
		}
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestGaps tells listeners who come back what they have missed and cannot get.
func TestGaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		begin := func(path string, headers ...string) *stream {
			s := p.listen(path, headers...)
			go p.status("GET", "/__session/a/orders/1")
			return s
		}
		first := begin("/events")
		first.next() // the session was made
		heard := "Last-Event-ID: " + first.next().ID
		drain := func(s *stream) {
			go func() {
				for s.next().Kind != "" {
				}
			}()
		}
		drain(first)
		for range 299 {
			p.status("GET", "/__session/a/orders/1")
		}
		synctest.Wait()
		// 299 have happened, and 256 are known.
		again := begin("/events", heard)
		if h := again.next(); h.Kind != "lost" || h.has("count") != "43" {
			t.Errorf("%+v", h)
		}
		if h := again.next(); h.Kind != "exchange" {
			t.Errorf("%+v", h)
		}
		// How many of them were a session's is not known, and neither is anything of another run.
		for path, id := range map[string]string{"/sessions/a/events": heard, "/events": "Last-Event-ID: OTHERRUN-7"} {
			s := begin(path, id)
			if h := s.next(); h.Kind != "lost" || h.Data != "{}" {
				t.Errorf("%s: %+v", path, h)
			}
			if h := s.next(); h.Kind != "exchange" {
				t.Errorf("%s: %+v", path, h)
			}
			drain(s)
		}
		drain(again)
		synctest.Wait()
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestUnheardEvents tells who comes back after all have left that he has missed some.
func TestUnheardEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		s := p.listen("/events")
		go p.status("GET", "/orders/1")
		heard := s.next()
		if err := p.mock.Stop(t.Context()); err != nil { // sends listeners away
			t.Fatal(err)
		}
		<-s.ended
		time.Sleep(10 * time.Second)
		p.status("GET", "/orders/1") // still told
		s = p.listen("/events", "Last-Event-ID: "+heard.ID)
		if h := s.next(); h.Kind != "exchange" {
			t.Errorf("%+v", h)
		}
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-s.ended
		time.Sleep(time.Minute)
		p.status("GET", "/orders/1") // nobody wants to know
		s = p.listen("/events", "Last-Event-ID: "+heard.ID)
		if h := s.next(); h.Kind != "lost" || h.Data != "{}" {
			t.Errorf("%+v", h)
		}
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEventsTellNoSecrets holds that a secret stays one also where it stands in a path, or is a
// part of it.
func TestEventsTellNoSecrets(t *testing.T) {
	t.Parallel()
	for _, entries := range []int{0, -1} { // with a journal and without
		synctest.Test(t, func(t *testing.T) {
			p := newPlane(t, mock.Options{Redact: []string{"secret", "id"}, JournalEntries: entries})
			s := p.listen("/events")
			for request, want := range map[string]string{"/order/letmein123?secret=letmein123": "/order/[redacted]", "/orders/7": "/orders/[redacted]"} {
				go p.status("GET", request)
				if h := s.next(); h.has("path") != want {
					t.Errorf("%+v, want %s", h, want)
				}
			}
			go func() {
				for s.next().Kind != "" {
				}
			}()
			if err := p.mock.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestLongEvents are cut: a client can make a path as long as it likes.
func TestLongEvents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		s := p.listen("/events")
		go p.status("GET", "/orders/"+strings.Repeat("%C3%BC", 10_000))
		if h := s.next(); h.Kind != "exchange" || len(h.has("path")) > 1010 || !strings.HasSuffix(h.has("path"), "…") {
			t.Errorf("%d bytes: %.100s", len(h.Data), h.Data)
		}
		go func() {
			for s.next().Kind != "" {
			}
		}()
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTooManyListeners(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		for range 100 {
			p.listen("/events")
		}
		p.do("GET /events", "").want(t, 503, "TOO_MANY_LISTENERS")
		own := p.listen("/sessions/a/events") // they have room of their own
		go p.do("PUT /sessions/a", "")
		own.next()
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"token"}})
	p.status("GET", "/orders/1")
	p.status("GET", "/orders/7")
	p.status("GET", "/nothing")
	p.status("GET", "/__session/a/orders/1")
	for _, name := range []string{"one", "two"} {
		p.add("/sessions/b/scenarios?name="+name, `{"operations": {"getOrders": 404}}`, 201)
		p.status("GET", "/__session/b/orders")
	}
	if err := p.mock.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.do("GET /metrics", "").want(t, 401, "TOKEN_REQUIRED")
	a := p.do("GET /metrics", "", "Authorization: Bearer token")
	a.want(t, 200, "")
	for _, line := range []string{
		`understudy_requests_total{operation="getOrder",scenario="none",status="200"} 2`,
		`understudy_requests_total{operation="getOrder",scenario="always",status="404"} 1`,
		`understudy_requests_total{operation="none",scenario="none",status="404"} 1`,
		`understudy_request_duration_seconds_count{operation="getOrder",scenario="always",status="404"} 1`,
		`understudy_requests_total{operation="getOrders",scenario="of a session",status="404"} 2`, `understudy_sessions 2`, `understudy_scenarios 5`, `understudy_reloads_total{result="ok"} 1`, `understudy_bodies_in_flight_bytes 0`,
	} {
		if !strings.Contains(a.Body, line+"\n") {
			t.Errorf("no %s in\n%s", line, a.Body)
		}
	}
	if !strings.Contains(a.Body, "\ngo_goroutines ") {
		t.Error("no metrics of Go's runtime")
	}
}
