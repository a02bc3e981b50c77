package mock_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// BenchmarkServe measures requests over real sockets, the mock beside a bare
// net/http handler that sends the same bytes. Compare the two of one run.
func BenchmarkServe(b *testing.B) {
	m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}})
	if err != nil {
		b.Fatal(err)
	}
	const path = "/v1/orgs/yoigo/identifications/identity_document/3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51"
	header := http.Header{"X-Installation_id": {"625fc44b-5b1c-451e-bcc7-276c911f0af8"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}, "User-Agent": {"Mozilla/5.0"}}
	for _, request := range []struct{ method, path string }{{"GET", path}, {"POST", path + "/validate"}} {
		for _, handler := range []struct {
			name string
			http.Handler
		}{{"bare", bare(b, m, request.method, request.path, header)}, {"understudy", m}} {
			b.Run(request.method+"/"+handler.name, func(b *testing.B) {
				server := httptest.NewServer(handler)
				defer server.Close()
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					client := &http.Client{Transport: &http.Transport{}}
					defer client.CloseIdleConnections()
					for pb.Next() {
						send(b, client, request.method, server.URL+request.path, header)
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
			})
		}
	}
}

// bare is a handler that sends what m answers to a request.
func bare(b *testing.B, m http.Handler, method, path string, header http.Header) http.Handler {
	req := httptest.NewRequest(method, path, nil)
	req.Header = header
	w := httptest.NewRecorder()
	m.ServeHTTP(w, req)
	if w.Code >= 300 {
		b.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	status, body, sent := w.Code, w.Body.Bytes(), w.Result().Header
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for name, lines := range sent {
			h[name] = lines
		}
		if len(body) > 0 {
			h["Content-Length"] = []string{strconv.Itoa(len(body))}
		}
		w.WriteHeader(status)
		_, _ = w.Write(body)
	})
}

func send(b *testing.B, client *http.Client, method, url string, header http.Header) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = header
	res, err := client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	res.Body.Close()
	if res.StatusCode >= 300 {
		b.Fatal(res.Status)
	}
}

// BenchmarkHandle measures the handler alone, without sockets.
func BenchmarkHandle(b *testing.B) {
	m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}})
	if err != nil {
		b.Fatal(err)
	}
	header := http.Header{"X-Installation_id": {"625fc44b-5b1c-451e-bcc7-276c911f0af8"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}, "User-Agent": {"Mozilla/5.0"}}
	const path = "/v1/orgs/yoigo/identifications/identity_document/3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51"
	for _, request := range []struct{ name, method, path string }{
		{"GET", "GET", path}, {"POST", "POST", path + "/validate"}, {"forced", "GET", path + "?__code=500"}, {"invalid", "POST", path + "/validate?__x"},
	} {
		b.Run(request.name, func(b *testing.B) {
			req := httptest.NewRequest(request.method, request.path, nil)
			if req.Header = header; request.name == "invalid" {
				req.Header = http.Header{}
			}
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				m.ServeHTTP(w, req)
			}
		})
	}
}

// BenchmarkJournal measures the handler with a journal that is full, and without one.
// Compare the two of one run.
func BenchmarkJournal(b *testing.B) {
	for _, kind := range []struct {
		name    string
		entries int
	}{{"off", -1}, {"kept", 1_000}} {
		m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: "../openapi.yaml"}}, Scenarios: []string{"../scenarios"}, JournalEntries: kind.entries})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(kind.name, func(b *testing.B) {
			req := httptest.NewRequest("GET", "/v1/orgs/yoigo/identifications/identity_document/3d2d9b4e-5a76-4a0e-9d7a-4e9c3c1b7a51", nil)
			req.Header = http.Header{
				"X-Installation_id": {"625fc44b-5b1c-451e-bcc7-276c911f0af8"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"},
				"User-Agent": {"Mozilla/5.0"}, "Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "Connection": {"keep-alive"},
			}
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				m.ServeHTTP(w, req)
			}
		})
	}
}

// manyStubs is the description for BenchmarkStubs.
const manyStubs = `
openapi: 3.1.0
info: {title: Items, version: "1"}
paths:
  /items/{id}:
    post:
      operationId: postItem
      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: page, in: query, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {customer: {type: object, properties: {id: {type: integer}}}}}}}}
      responses: {"200": {description: ok}, "404": {description: none}}
`

// BenchmarkStubs measures the handler where an operation has one stub, and where
// it has ten thousand of which the last one tried answers. Compare the two of one run,
// with GOGC=off: a larger heap is collected less often.
func BenchmarkStubs(b *testing.B) {
	for _, kind := range []struct{ name, when string }{
		{"path", "path: {id: %d}"},
		{"state", "path: {id: %d}, state: {item: created}"},
		{"query", "query: {page: %d}"},
		{"header", "headers: {X-Trace: t%d}"},
		{"cookie", "cookies: {sid: s%d}"},
		{"body", "body: {customer: {id: %d}}"},
	} {
		for _, n := range []int{1, 10_000} {
			b.Run(kind.name+"/"+strconv.Itoa(n), func(b *testing.B) {
				m := withStubs(b, n, kind.when)
				body := strings.NewReader(`{"customer":{"id":0}}`)
				req := httptest.NewRequest("POST", "/items/0?page=0", body)
				req.Header = http.Header{"X-Trace": {"t0"}, "Cookie": {"sid=s0"}, "Content-Type": {"application/json"}}
				w := &discard{header: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.header)
					_, _ = body.Seek(0, io.SeekStart) // never fails
					m.ServeHTTP(w, req)
				}
				if got := w.header.Get("Understudy-Why"); got != "active-scenario: stub many/postItem#"+strconv.Itoa(n) {
					b.Fatal(got)
				}
			})
		}
	}
}

// withStubs gives a mock with a scenario of n stubs, of which the last is for 0.
func withStubs(b *testing.B, n int, when string) http.Handler {
	b.Helper()
	var text strings.Builder
	text.WriteString("state: {item: {key: \"${path.id}\", values: [created]}}\noperations:\n  postItem:\n")
	for i := range n {
		fmt.Fprintf(&text, "    - {when: {"+when+"}, respond: {status: 404}}\n", n-1-i)
	}
	dir := b.TempDir()
	for name, content := range map[string]string{"api.yaml": manyStubs, "scenarios/many.yaml": text.String()} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	m, err := mock.New(b.Context(), mock.Options{Specs: []mock.Spec{{Location: filepath.Join(dir, "api.yaml")}}, Scenarios: []string{filepath.Join(dir, "scenarios")}, Active: []string{"many"}})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// discard is a ResponseWriter that costs nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
