package mock_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/understudy-mock/understudy/mock"
)

// TestFaultToAClientThatDoesNotRead holds that a fault does not wait for its client for ever.
func TestFaultToAClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{Active: []string{"broken"}}, map[string]string{"broken": broken})
		served := make(chan time.Duration, 1)
		p, _ := serveOverPipes(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			defer func() { served <- time.Since(began) }()
			m.ServeHTTP(w, r)
		})})
		conn := p.dial()
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET /orders/3 HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if took := <-served; took != 10*time.Second {
			t.Errorf("it has waited for %s", took)
		}
	})
}

// TestFindingsThatAreLogged holds that a hundred of one load are, and that a line tells how
// many there are beside.
func TestFindingsThatAreLogged(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n")
	for i := range 130 {
		fmt.Fprintf(&text, "  /p%d: {get: {operationId: op%d, responses: {\"200\": {description: ok, content: {application/json: {schema: {type: integer}, example: text}}}}}}\n", i, i)
	}
	file := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	log := warnings{all: make(chan string, 200)}
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: file}}, Scenarios: []string{}, Listen: "127.0.0.1:0", Logger: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Stop(t.Context()) }()
	for range 100 {
		if line := <-log.all; !strings.Contains(line, "the example does not fit") {
			t.Fatal(line)
		}
	}
	if last := <-log.all; !strings.Contains(last, "30") {
		t.Errorf("the last line: %s", last)
	}
}

// TestStubsThatAreListed holds how many of a preferred scenario are named where none answers.
func TestStubsThatAreListed(t *testing.T) {
	t.Parallel()
	var stubs strings.Builder
	stubs.WriteString("operations:\n  getOrder:\n")
	for i := range 30 {
		fmt.Fprintf(&stubs, "    - {name: \"<%d>\", when: {path: {id: %d}}, respond: {status: 404}}\n", i, i+100)
	}
	url := start(t, mock.Options{}, map[string]string{"many": stubs.String()})
	for _, prefer := range []string{"scenario=many", "scenario=many, code=200"} { // the conditions, and the statuses
		got := ask(t, url, "GET /orders/1", "", "Prefer: "+prefer)
		if n := strings.Count(got.Body, "<"); got.Header.Get("Understudy-Error") != "NO_STUB_MATCHED" || n != 20 {
			t.Errorf("%s: %d stubs are listed: %s", prefer, n, got.Body)
		}
	}
}

// TestLongStreams holds that of a stream of a real API a part is kept to be checked, and
// all of it is passed on.
func TestLongStreams(t *testing.T) {
	t.Parallel()
	event := ": " + strings.Repeat("x", 100) + "\ndata: a\n\n"
	body := strings.Repeat(event, (1<<20)/len(event)+1000)
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, body)
		_, _ = io.WriteString(w, "data: lost\n\n") // breaks the contract, behind what is kept
	}), nil)
	res, text := call(t, "GET", url+"/events", "", nil)
	if text != body+"data: lost\n\n" {
		t.Errorf("%d bytes are passed on, want %d", len(text), len(body)+12)
	}
	r, err := m.Record(t.Context(), res.Header.Get("Understudy-Request-Id"))
	if err != nil || r.Response.Outcome != "sent" || len(r.Response.Violations) != 0 {
		t.Errorf("%v %s %v", err, r.Response.Outcome, r.Response.Violations)
	}
}

// TestAnswersWithoutRoom passes the answer of a real API on unchecked where the bodies under
// way take all that they may.
func TestAnswersWithoutRoom(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 5_000)
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, large)
	}), nil)
	m.SetInFlight(1_000)
	res, text := call(t, "GET", url+"/text", "", nil)
	if text != large || !strings.Contains(res.Header.Get("Understudy-Unchecked"), "the body of the answer") {
		t.Errorf("%d bytes, %v", len(text), res.Header)
	}
}

// TestListenerThatDoesNotRead holds that one who listens to events and does not take them
// loses his connection.
func TestListenerThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{Active: []string{"a"}}, map[string]string{"a": "operations: {getOrder: 404}"})
		ended := make(chan time.Time, 1)
		p, _ := serveOverPipes(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() { ended <- time.Now() }()
			m.ServeHTTP(w, r)
		})})
		conn := p.dial()
		defer conn.Close()
		if _, err := io.WriteString(conn, "GET /__admin/events HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		for head := ""; !strings.Contains(head, ": listening\n\n"); {
			b := make([]byte, 1)
			if _, err := conn.Read(b); err != nil {
				t.Fatal(err)
			}
			head += string(b)
		}
		synctest.Wait()
		began := time.Now()
		if err := m.Deactivate(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		if took := (<-ended).Sub(began); took > 11*time.Second {
			t.Errorf("it has waited for %s", took)
		}
		if err := m.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestAnnouncedBodies holds that nothing is held for a long body before it comes, however
// long it says that it will be.
func TestAnnouncedBodies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, nil)
		for length, want := range map[int64]int64{64 << 10: 64 << 10, 64<<10 + 1: 0, 10 << 20: 0} {
			in, out := io.Pipe()
			r := httptest.NewRequest("POST", "http://localhost/orders", in)
			r.Header.Set("Content-Type", "application/json")
			r.ContentLength = length
			done := make(chan struct{})
			go func() {
				defer close(done)
				m.ServeHTTP(httptest.NewRecorder(), r)
			}()
			synctest.Wait()
			if held := m.InFlight(); held != want {
				t.Errorf("of %d bytes that were announced %d are held", length, held)
			}
			_ = out.CloseWithError(io.ErrUnexpectedEOF)
			<-done
		}
	})
}

// TestNamedRequests holds how many requests and stubs results name, and for how many unused
// stubs the closest request is looked for.
func TestNamedRequests(t *testing.T) {
	t.Parallel()
	var stubs strings.Builder
	stubs.WriteString("operations:\n  getOrder:\n")
	for i := range 30 {
		fmt.Fprintf(&stubs, "    - {when: {path: {id: %d}, query: {page: 7}}, respond: {status: 404}}\n", i+100)
	}
	m := newMock(t, mock.Options{Active: []string{"many"}}, map[string]string{"many": stubs.String()})
	for i := range 8 {
		statusOf(m, "GET", fmt.Sprintf("/orders/%d?page=1", i+1))
	}
	none := 0
	result, err := m.Verify(t.Context(), []mock.Expectation{{Operation: "getOrder", Exactly: &none}, {Operation: "getOrder", When: map[string]any{"query": map[string]any{"page": 2}}}}, mock.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	if matching, closest := len(result.Results[0].Matching), len(result.Results[1].Closest); matching != 5 || closest != 5 {
		t.Errorf("%d requests are named as matching, %d as closest", matching, closest)
	}
	verdict := verdictOf(t, m, mock.VerdictOptions{})
	explained := 0
	for _, u := range verdict.Unused {
		if u.Closest != nil {
			explained++
		}
	}
	if len(verdict.Unused) != 30 || explained != 20 {
		t.Errorf("%d unused stubs, %d with the closest request", len(verdict.Unused), explained)
	}
}
