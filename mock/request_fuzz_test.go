package mock_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// FuzzRequest sends whatever net/http takes for a request to a mock with stubs of every
// kind. It always answers, never by a mistake of its own, says which request it was and why
// it answers so, and the journal has it.
func FuzzRequest(f *testing.F) {
	var log bytes.Buffer
	m := newMock(f, mock.Options{Active: []string{"kinds"}, JournalEntries: 10, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))}, map[string]string{"kinds": `
state: {order: {key: "${path.id}", values: [new, seen]}}
operations:
  getOrder:
    - {when: {path: {id: 1}, headers: {X-A: {matches: "^a+$"}}, cookies: {c: {present: true}}}, respond: {status: 404}}
    - {when: {query: {q: {contains: x}}}, respond: {status: 200, headers: {X-Echo: "${get(query, 'q')}"}, body: {id: 1}}}
    - {when: {path: {id: 2}, state: {order: new}}, respond: {status: 200}, set: {order: seen}}
    - {when: {path: {id: 3}}, respond: [{status: 404}, {status: 200, generate: true}]}
  createOrder:
    - {when: {body: {sku: {startsWith: a}}, expr: "len(body.sku) > 1"}, respond: {status: 422}}
    - {when: {valid: false, violates: body}, respond: {status: 422}}
    - {when: {jsonPath: {"$.lines[?@.n > 1]": {present: true}}}, respond: {status: 422}}
`})
	for _, seed := range []string{
		"GET /orders/1?page=2 HTTP/1.1\r\nHost: x\r\nX-A: aa\r\nCookie: c=1; understudy_session=s\r\n\r\n",
		"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"sku\": \"ab\"}",
		"GET /__session/a/orders/3?__code=404&__scenario=kinds&__delay=0s HTTP/1.1\r\nHost: x\r\nPrefer: dynamic=true, seed=4; x=y\r\nAccept: text/*;q=0.1, */*\r\n\r\n",
		"GET /orders/2?q=%0d%0aSet-Cookie:%20a HTTP/1.0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT orders:1 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://other.example/orders/1 HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD /orders%2f1/../..//?a%zz HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n",
		"POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nd\r\n{\"sku\": \"ab\"}\r\n0\r\nX: y\r\n\r\n",
		"GET /__admin/scenarios?__session=a HTTP/1.1\r\nHost: localhost\r\n\r\n", "OPTIONS /orders/1 HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\nAccess-Control-Request-Method: PUT\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil || strings.Contains(strings.ToLower(string(raw)), "delay") {
			return // a wait is no finding
		}
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(r.Body, 1<<16), r.Body}
		r.RemoteAddr = "127.0.0.1:1"
		log.Reset()
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if log.Len() > 0 || w.Code == http.StatusInternalServerError && w.Header().Get("Understudy-Error") != "STUB_FAILED" && !strings.Contains(string(raw), "500") {
			t.Fatalf("%d %v\n%s\n%s", w.Code, w.Header(), w.Body, &log)
		}
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("the status is %d", w.Code)
		}
		for name, lines := range w.Header() {
			if line := strings.Join(lines, ""); strings.ContainsAny(name+line, "\r\n\x00") {
				t.Errorf("%q: %q", name, lines)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/__admin") || w.Header().Get("Access-Control-Allow-Methods") != "" {
			return // the control plane, or a preflight
		}
		id := w.Header().Get("Understudy-Request-Id")
		if id == "" || w.Header().Get("Understudy-Why") == "" && w.Header().Get("Understudy-Error") == "" {
			t.Errorf("%d without a reason: %v", w.Code, w.Header())
		}
		if got, err := m.Record(t.Context(), id); err != nil || got.Response.Status != w.Code || fmt.Sprint(got.Response.Outcome) == "pending" {
			t.Errorf("the journal has %v %+v for %d", err, got.Response, w.Code)
		}
	})
}
