package mock_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// streamsAPI has a callback whose receiver the request names, and a webhook.
const streamsAPI = `
openapi: 3.1.0
info: {title: Streams, version: "1"}
paths:
  /streams/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: look, responses: {"200": {description: ok}}}
    post:
      operationId: subscribe
      requestBody: {content: {application/json: {schema: {type: object, properties: {url: {type: string}, size: {type: integer}}}}}}
      responses:
        "201": {description: ok, content: {application/json: {example: {subscription: 7}}}}
      callbacks:
        onData:
          "{$request.body#/url}?subscription={$response.body#/subscription}&status={$statusCode}":
            post:
              requestBody: {content: {application/json: {schema: {type: object, required: [size], properties: {size: {type: integer, maximum: 9}}}, example: {size: 1}}}}
              responses: {"204": {description: taken}}
webhooks:
  ended:
    put: {requestBody: {content: {text/plain: {schema: {type: string}}}}, responses: {"204": {description: taken}}}
`

// received is what a receiver of callbacks has got.
type received struct{ Request, Body string }

// receive starts a receiver of callbacks.
func receive(t *testing.T) (url string, got <-chan received) {
	t.Helper()
	all := make(chan received, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		all <- received{r.Method + " " + r.RequestURI, string(body)}
	}))
	t.Cleanup(server.Close)
	return server.URL, all
}

// lockedBuffer is a log that is read while it may be written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestCallbacks holds what is sent behind an answer, and what the answer tells of it.
func TestCallbacks(t *testing.T) {
	t.Parallel()
	receiver, got := receive(t)
	var log lockedBuffer
	m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}, CallbackHosts: []string{"127.0.0.1"}, Logger: slog.New(slog.NewTextHandler(&log, nil))}, map[string]string{"live": `
operations:
  look: {respond: {webhooks: {ended: {url: "` + receiver + `/look"}}}}
  subscribe:
    - {when: {path: {id: 1}}, respond: {status: 201, callbacks: {onData: {}}, webhooks: {ended: {url: "` + receiver + `/ended", body: "stream ${path.id}"}}}}
    - {when: {path: {id: 2}}, respond: {status: 201, callbacks: {onData: {after: 1ms, body: {size: "${body.size}"}}}}}
    - {when: {path: {id: 3}}, respond: {fault: EMPTY_RESPONSE, webhooks: {ended: {url: "` + receiver + `/fault", text: after a fault}}}}
`})
	server := httptest.NewServer(m)
	defer server.Close()
	body := func(rest string) string { return `{"url": "` + receiver + `/data"` + rest + `}` }
	const onData = "callback onData"

	answered := ask(t, server.URL, "POST /streams/1", body(""), jsonType)
	wantHeader := onData + ": POST " + receiver + "/data?subscription=7&status=201; webhook ended: PUT " + receiver + "/ended"
	if diff := cmp.Diff(wantHeader, answered.Header.Get("Understudy-Callbacks")); diff != "" || answered.Status != 201 {
		t.Error(answered.Status, diff)
	}
	first := map[received]bool{<-got: true, <-got: true}
	if diff := cmp.Diff(map[received]bool{{"POST /data?subscription=7&status=201", `{"size":1}`}: true, {"PUT /ended", "stream 1"}: true}, first); diff != "" {
		t.Error(diff)
	}
	ask(t, server.URL, "POST /streams/2", body(`, "size": 5`), jsonType)
	if diff := cmp.Diff(received{"POST /data?subscription=7&status=201", `{"size":5}`}, <-got); diff != "" {
		t.Error(diff)
	}
	// A broken connection keeps nothing from being sent.
	if _, err := http.Post(server.URL+"/streams/3", "application/json", strings.NewReader(body(""))); err == nil {
		t.Error("the connection was not broken")
	}
	if diff := cmp.Diff(received{"PUT /fault", "after a fault"}, <-got); diff != "" {
		t.Error(diff)
	}

	// What is not sent is told: in the answer, and in the log.
	for name, test := range map[string]struct{ path, body, want string }{
		"no receiver":          {"/streams/2", `{"size": 5}`, onData + " not sent: $request.body#/url cannot be resolved: it is not there"},
		"breaks the contract":  {"/streams/2", body(`, "size": 10`), onData + " not sent: it would break the contract: body /size must be a number of at most 9, got 10"},
		"another host":         {"/streams/2", `{"url": "http://localhost:1/", "size": 5}`, onData + " not sent: the host localhost:1 is not given: start with --callback-host localhost:1"},
		"no URL":               {"/streams/2", `{"url": "data", "size": 5}`, onData + ` not sent: "data?subscription=7&status=201" is no absolute http or https URL`},
		"a look at the answer": {"HEAD", "", ""},
		"another answer's":     {"/streams/9", body(""), ""},
	} {
		var answered answer
		if test.path == "HEAD" {
			answered = ask(t, server.URL, "HEAD /streams/1", "")
		} else {
			answered = ask(t, server.URL, "POST "+test.path, test.body, jsonType)
		}
		if diff := cmp.Diff(test.want, answered.Header.Get("Understudy-Callbacks")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if _, reason, ok := strings.Cut(test.want, "not sent: "); ok && !strings.Contains(strings.ReplaceAll(log.String(), `\"`, `"`), reason) {
			t.Errorf("%s: the log lacks it: %s", name, &log)
		}
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if text := log.String(); strings.Count(text, `msg="callback sent"`) != 2 || strings.Count(text, `msg="webhook sent"`) != 2 || !strings.Contains(text, "status=200") {
		t.Error(text)
	}
	select {
	case r := <-got:
		t.Errorf("%+v was sent too", r)
	default:
	}
}

// TestCallbackLogsHideSecrets has secrets of a request in the URL of a callback, and in the
// reason why another is not sent.
func TestCallbackLogsHideSecrets(t *testing.T) {
	t.Parallel()
	receiver, got := receive(t)
	var log lockedBuffer
	m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}, Redact: []string{"url"}, CallbackHosts: []string{"127.0.0.1"}, Logger: slog.New(slog.NewTextHandler(&log, nil))}, map[string]string{"live": `
operations: {subscribe: {respond: {status: 201, callbacks: {onData: {body: {size: 5}}}}}}
`})
	for _, url := range []string{receiver + "/open-sesame", "open-sesame"} {
		r := httptest.NewRequest("POST", "/streams/1", strings.NewReader(`{"url": "`+url+`"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if m.ServeHTTP(w, r); w.Code != 201 {
			t.Error(w.Code, w.Body)
		}
	}
	<-got
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	text := log.String()
	if strings.Contains(text, "open-sesame") || !strings.Contains(text, `msg="callback sent"`) || !strings.Contains(text, `msg="callback not sent"`) || !strings.Contains(text, "is no absolute http") {
		t.Error(text)
	}
}

// TestNoCallbackHost holds that nothing is sent where no host is given, which the load
// tells, and that New refuses hosts that are none.
func TestNoCallbackHost(t *testing.T) {
	t.Parallel()
	m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}}, map[string]string{"live": "operations: {subscribe: {respond: {callbacks: {onData: {}}}}}"})
	warnings := m.Describe().Warnings
	if len(warnings) != 1 || warnings[0].Code != "callback-not-sent" || !strings.Contains(warnings[0].Hint, "--callback-host") {
		t.Errorf("%+v", warnings)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/streams/1", strings.NewReader(`{"url": "http://127.0.0.1:9/"}`))
	r.Header.Set("Content-Type", "application/json")
	m.ServeHTTP(w, r)
	if got := w.Header().Get("Understudy-Callbacks"); w.Code != 201 || got != "callback onData not sent: the host 127.0.0.1:9 is not given: start with --callback-host 127.0.0.1:9" {
		t.Error(w.Code, got)
	}
	if _, err := mock.New(t.Context(), mock.Options{CallbackHosts: []string{"http://a"}}); err == nil || !strings.Contains(err.Error(), `"http://a" is no host`) {
		t.Error(err)
	}
}

// TestStopBeforeStart holds that a mock which is stopped before it is started sends
// callbacks all the same once it is started.
func TestStopBeforeStart(t *testing.T) {
	t.Parallel()
	receiver, got := receive(t)
	m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}, CallbackHosts: []string{"127.0.0.1"}, Listen: "127.0.0.1:0"},
		map[string]string{"live": "operations: {subscribe: {respond: {callbacks: {onData: {}}}}}"})
	if err := m.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	ask(t, m.URL(), "POST /streams/1", `{"url": "`+receiver+`/data"}`, jsonType)
	if diff := cmp.Diff(received{"POST /data?subscription=7&status=201", `{"size":1}`}, <-got); diff != "" {
		t.Error(diff)
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestStopDropsCallbacks holds that a stopped mock sends nothing later.
func TestStopDropsCallbacks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log lockedBuffer
		m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}, CallbackHosts: []string{"127.0.0.1"}, Logger: slog.New(slog.NewTextHandler(&log, nil))},
			map[string]string{"live": "operations: {subscribe: {respond: {callbacks: {onData: {after: 5m}}}}}"})
		r := httptest.NewRequest("POST", "/streams/1", strings.NewReader(`{"url": "http://127.0.0.1:9/"}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if got := w.Header().Get("Understudy-Callbacks"); !strings.HasSuffix(got, " after 5m0s") {
			t.Error(got)
		}
		synctest.Wait()
		began := time.Now()
		if err := m.Stop(t.Context()); err != nil || time.Since(began) != 0 {
			t.Error(err, time.Since(began))
		}
		if !strings.Contains(log.String(), "the mock has stopped") {
			t.Error(&log)
		}
	})
}

// TestCallbacksStayInTheSession calls the mock itself by URLs that are made of the request
// and of the answer: within the session's base path they stay in the session.
func TestCallbacksStayInTheSession(t *testing.T) {
	t.Parallel()
	const api = `
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    post:
      operationId: start
      responses: {"201": {description: ok, headers: {Location: {schema: {type: string, pattern: ^/jobs/}}}}}
      callbacks:
        own: {"{$url}/done": {post: {responses: {"204": {description: taken}}}}}
        made: {"http://{$request.header.X-Host}{$response.header.Location}": {post: {responses: {"204": {description: taken}}}}}
`
	spec := filepath.Join(t.TempDir(), "jobs.yaml")
	if err := os.WriteFile(spec, []byte(api), 0o600); err != nil {
		t.Fatal(err)
	}
	m := newMock(t, mock.Options{Specs: []mock.Spec{{Location: spec}}, CallbackHosts: []string{"127.0.0.1"}}, map[string]string{
		"job": "default: true\noperations: {start: {respond: {status: 201, headers: {Location: /jobs/1}, callbacks: {own: {}, made: {}}}}}\n",
	})
	url, got := receive(t)
	host := strings.TrimPrefix(url, "http://")
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = m.Stop(t.Context()) })
	req, err := http.NewRequest("POST", server.URL+"/__session/a/jobs", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Host", host)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("Location"); got != "/__session/a/jobs/1" {
		t.Errorf("Location: %s", got)
	}
	if diff := cmp.Diff(received{"POST /__session/a/jobs/1", ""}, <-got); diff != "" {
		t.Error(diff)
	}
	want := "callback own: POST " + server.URL + "/__session/a/jobs/done"
	if told := res.Header.Get("Understudy-Callbacks"); !strings.Contains(told, want) {
		t.Errorf("%s\nhas no %s", told, want)
	}
}

// TestCallbacksInFlight counts what was made of callbacks for one request alone until they
// were sent: their answer may have been read long before.
func TestCallbacksInFlight(t *testing.T) {
	t.Parallel()
	arrived, let := make(chan struct{}), make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-let
	}))
	defer receiver.Close()
	m := serveAPI(t, streamsAPI, mock.Options{Active: []string{"live"}, CallbackHosts: []string{"127.0.0.1"}}, map[string]string{"live": `
operations:
  subscribe:
    - when: {path: {id: 1}}
      respond:
        status: 201
        headers: {X-Made: "${path.id}${path.id}"}
        webhooks: {ended: {url: "` + receiver.URL + `", body: '${repeat("ab", 40)}'}}
    - {when: {path: {id: 2}}, respond: {status: 201, callbacks: {onData: {body: {size: "${path.id}"}}}}}
    - {when: {path: {id: 3}}, respond: {status: 201, webhooks: {ended: {url: "` + receiver.URL + `", after: 5m, body: '${repeat("ab", 40)}'}}}}
`})
	subscribe := func(id string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "http://localhost/streams/"+id, strings.NewReader(`{"url": "http://elsewhere.example"}`))
		r.Header.Set("Content-Type", "application/json")
		m.ServeHTTP(w, r)
		if told := w.Header().Get("Understudy-Callbacks"); w.Code != 201 || strings.Contains(told, "not sent") != (id == "2") {
			t.Errorf("%d %s %s", w.Code, told, w.Body)
		}
	}
	const made = int64(len("Content-Type")+len("text/plain")) + 80
	subscribe("2")
	if held := m.InFlight(); held != 0 {
		t.Errorf("%d bytes are held for one that is not sent", held)
	}
	subscribe("1")
	<-arrived
	subscribe("3")
	if held := m.InFlight(); held != 2*made {
		t.Errorf("%d bytes are held for one that is being sent and one that waits, want %d", held, 2*made)
	}
	close(let)
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if held := m.InFlight(); held != 0 {
		t.Errorf("%d bytes are held in the end", held)
	}
}
