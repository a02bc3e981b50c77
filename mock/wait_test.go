package mock_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// waited is how long an answer took, and why it says it did.
type waited struct {
	Took time.Duration
	Why  string
}

// timed sends a request over a pipe.
func timed(t *testing.T, client *http.Client, path string, headers ...string) waited {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", "http://mock"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return waited{time.Since(began), res.Header.Get("Understudy-Why")}
}

// TestDelays holds which of several delays counts, and that those which are drawn
// are told and come again in a second run.
func TestDelays(t *testing.T) {
	t.Parallel()
	const stub = "active-scenario: stub slow/getOrder#"
	scenarios := map[string]string{"slow": `
operations:
  getOrder:
    - {when: {path: {id: 1}}, respond: {status: 200, delay: 90s}}
    - {when: {path: {id: 2}}, respond: {status: 200, delay: {uniform: [1s, 2s]}}}
    - {when: {path: {id: 3}}, respond: {status: 200, delay: {lognormal: {median: 1s, sigma: 0.5, max: 3s}}}}
    - {when: {path: {id: 4}}, respond: {status: 200, delay: 0s}}
    - {when: {path: {id: 5}}, respond: {status: 200}}
`}
	run := func(seed uint64) (all []waited) {
		synctest.Test(t, func(t *testing.T) {
			_, client := servePipes(t, newMock(t, mock.Options{Active: []string{"slow"}, Delay: 7 * time.Second, Seed: seed}, scenarios))
			for _, path := range []string{"/orders/1", "/orders/2", "/orders/2", "/orders/3", "/orders/4", "/orders/5", "/orders/6", "/nowhere"} {
				all = append(all, timed(t, client, path))
			}
			all = append(all, timed(t, client, "/orders/2", "Prefer: delay=3s"), timed(t, client, "/orders/5?__delay=0s"))
		})
		return all
	}
	got := run(0)
	for i, want := range map[int]waited{
		0: {90 * time.Second, stub + "1"},
		4: {0, stub + "4"},
		5: {7 * time.Second, stub + "5"},
		6: {7 * time.Second, "contract: no stub answers, and 200 is the contract's own success"},
		7: {0, "routing: The contract has no such path"},
		8: {3 * time.Second, stub + "2"},
		9: {0, stub + "5"},
	} {
		if diff := cmp.Diff(want, got[i]); diff != "" {
			t.Errorf("request %d: %s", i, diff)
		}
	}
	for _, i := range []int{1, 2} {
		if d := got[i].Took; d < time.Second || d > 2*time.Second || got[i].Why != stub+"2; delay "+d.String()+", uniform from 1s to 2s" {
			t.Error(got[i])
		}
	}
	if d := got[3].Took; d <= 0 || d > 3*time.Second || got[3].Why != stub+"3; delay "+d.String()+", lognormal around 1s with sigma 0.5, at most 3s" {
		t.Error(got[3])
	}
	if got[1].Took == got[2].Took {
		t.Error("the same request waited as long twice:", got[1].Took)
	}
	if diff := cmp.Diff(got, run(0)); diff != "" {
		t.Errorf("a second run: %s", diff)
	}
	if other := run(1); other[1] == got[1] && other[2] == got[2] {
		t.Error("the seed does not count")
	}
}

// arrival is a part of a body and when it came.
type arrival struct {
	At   time.Duration
	Data string
}

// arrivals sends a request over a pipe and gives what comes of the body, part by part.
func arrivals(t *testing.T, client *http.Client, method, path string) (header http.Header, all []arrival) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://mock"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	all = append(all, arrival{time.Since(began), res.Status})
	for buffer := make([]byte, 1000); ; {
		n, err := res.Body.Read(buffer)
		if n > 0 {
			all = append(all, arrival{time.Since(began), string(buffer[:n])})
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			return res.Header, all
		}
	}
}

const dribbling = `
operations:
  getOrder:
    - {when: {path: {id: 1}}, respond: {delay: 500ms, example: large, dribble: {chunks: 4, over: 2s}}}
    - {when: {path: {id: 2}}, respond: {status: 200, dribble: {chunks: 2, over: 1s}}}
    - {when: {path: {id: 3}}, respond: {mediaType: text/plain, text: "", dribble: {chunks: 2, over: 1s}}}
`

// TestDribble holds that the header comes at once and the body in its pieces, with the
// length announced as ever; an answer without a body does not wait.
func TestDribble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := servePipes(t, newMock(t, mock.Options{Active: []string{"slow"}}, map[string]string{"slow": dribbling}))
		header, got := arrivals(t, client, "GET", "/orders/1")
		want := []arrival{
			{500 * time.Millisecond, "200 OK"},
			{1000 * time.Millisecond, `{"id"`},
			{1500 * time.Millisecond, `:1,"li`},
			{2000 * time.Millisecond, `nes":`},
			{2500 * time.Millisecond, `[1,2]}`},
		}
		if diff := cmp.Diff(want, got); diff != "" || header.Get("Content-Length") != "22" {
			t.Errorf("Content-Length %s: %s", header.Get("Content-Length"), diff)
		}
		_, got = arrivals(t, client, "GET", "/orders/2") // the contract's own body
		if diff := cmp.Diff([]arrival{{0, "200 OK"}, {500 * time.Millisecond, `{"id`}, {time.Second, `":1}`}}, got); diff != "" {
			t.Error(diff)
		}
		if header, got = arrivals(t, client, "HEAD", "/orders/2"); header.Get("Content-Length") != "8" || len(got) != 1 || got[0].At != 0 {
			t.Errorf("HEAD: %v %v", header, got)
		}
		if _, got = arrivals(t, client, "GET", "/orders/3"); len(got) != 1 || got[0].At != 0 {
			t.Errorf("an empty body: %v", got)
		}
	})
}

// TestDribbleEndsWithTheClient holds that nothing waits for a client that has gone.
func TestDribbleEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{Active: []string{"slow"}}, map[string]string{"slow": dribbling})
		began, served := time.Now(), make(chan time.Duration, 1)
		p, _ := servePipes(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			m.ServeHTTP(w, r)
			served <- time.Since(began)
		}))
		conn := p.dial()
		if _, err := io.WriteString(conn, "GET /orders/2 HTTP/1.1\r\nHost: mock\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if _, err := io.ReadFull(res.Body, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
		conn.Close()
		if took := <-served; took != 600*time.Millisecond {
			t.Errorf("the handler ended after %s", took)
		}
	})
}

const streamAPI = `
openapi: 3.1.0
info: {title: Stream, version: "1"}
paths:
  /events:
    get:
      operationId: watch
      parameters:
        - {name: Last-Event-ID, in: header, schema: {type: string}}
        - {name: x-fail, in: header, schema: {type: string}}
      responses: {"200": {description: events, content: {text/event-stream: {}}}}
`

// TestEventStream holds that events come one by one with their delays, without an
// announced length, and that a failure in one of them is told before the first is sent.
func TestEventStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := serveAPI(t, streamAPI, mock.Options{Active: []string{"live"}}, map[string]string{"live": `
operations:
  watch:
    - when: {headers: {last-event-id: "2"}}
      respond: {body: [resumed]}
    - when: {headers: {x-fail: {present: true}}}
      respond: {body: [first, {data: "${int(headers['x-fail'])}"}]}
    - respond:
        delay: 1s
        body:
          - {id: 1, data: {path: "${request.url}"}}
          - {id: 2, data: two, delay: 30s}
          - {delay: 2s}
          - {comment: drawn, delay: {uniform: [1s, 2s]}}
`})
		_, client := servePipes(t, m)
		header, got := arrivals(t, client, "GET", "/events?a=b")
		why := header.Get("Understudy-Why")
		last := got[len(got)-1]
		want := []arrival{
			{time.Second, "200 OK"},
			{time.Second, "id: 1\ndata: {\"path\":\"/events?a=b\"}\n\n"},
			{31 * time.Second, "id: 2\ndata: two\n\n"},
			{last.At, ": drawn\n\n"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if drawn := last.At - 33*time.Second; drawn < time.Second || drawn > 2*time.Second ||
			why != "active-scenario: stub live/watch#3; delay of event 4 "+drawn.String()+", uniform from 1s to 2s" {
			t.Errorf("%s, %s", drawn, why)
		}
		if header.Get("Content-Length") != "" || header.Get("Content-Type") != "text/event-stream" {
			t.Error(header)
		}
		if header, got = arrivals(t, client, "HEAD", "/events"); len(got) != 1 || header.Get("Content-Length") != "" {
			t.Errorf("HEAD: %v %v", header, got)
		}
		for value, want := range map[string]string{"Last-Event-Id: 2": "data: resumed\n\n", "X-Fail: x": ""} {
			name, value, _ := strings.Cut(value, ": ")
			req, err := http.NewRequestWithContext(t.Context(), "GET", "http://mock/events", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set(name, value)
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if failed := res.StatusCode == 500 && res.Header.Get("Understudy-Error") == "STUB_FAILED" && strings.Contains(string(body), "event 2: data"); err != nil || failed != (want == "") || !failed && string(body) != want {
				t.Errorf("%s: %s %s %v", name, res.Status, body, err)
			}
		}
	})
}

// TestEventStreamEndsWithTheClient holds that a stream does not outlive its reader.
func TestEventStreamEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := serveAPI(t, streamAPI, mock.Options{Active: []string{"live"}}, map[string]string{"live": "operations: {watch: {respond: {body: [a, {data: b, delay: 5m}]}}}"})
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/events", nil))
		if took := time.Since(began); took != time.Second || w.Body.String() != "data: a\n\n" || !w.Flushed {
			t.Errorf("%q after %s", w.Body, took)
		}
	})
}
