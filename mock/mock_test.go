package mock_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop is a description for tests of what the first API does not have.
const shop = `
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /orders:
    post:
      operationId: createOrder
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [sku], properties: {sku: {type: string}, amount: {type: integer}}}}}
      responses:
        "201": {description: created, content: {application/json: {example: {id: 1}}}}
        "422": {description: no, content: {application/json: {schema: {type: object}, example: {error: unprocessable}}}}
  /orders/{id}:
    get:
      operationId: getOrder
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer, minimum: 1}}
      responses:
        "200":
          description: ok
          content:
            application/json: {examples: {small: {value: {id: 1}}, large: {value: {id: 1, lines: [1, 2]}}}}
            text/plain: {example: order 1}
        "404": {description: no, content: {application/json: {examples: {gone: {value: {error: gone}}}}}}
    options:
      operationId: optionsOrder
      responses: {"200": {description: ok}}
`

// start makes a mock of the shop with scenario files and serves it.
func start(t *testing.T, opts mock.Options, scenarios map[string]string) string {
	t.Helper()
	server := httptest.NewServer(newMock(t, opts, scenarios))
	t.Cleanup(server.Close)
	return server.URL
}

func newMock(t testing.TB, opts mock.Options, scenarios map[string]string) *mock.Mock {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("shop.yaml", shop)
	if err := os.Mkdir(filepath.Join(folder, "scenarios"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range scenarios {
		write("scenarios/"+name+".yaml", text)
	}
	if opts.Specs == nil {
		opts.Specs = []mock.Spec{{Location: filepath.Join(folder, "shop.yaml")}}
	}
	opts.Scenarios = []string{filepath.Join(folder, "scenarios")}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// answer is what a test looks at of an HTTP answer.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// ask sends "METHOD /path" with headers "Name: value".
func ask(t *testing.T, base, request, body string, headers ...string) answer {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Add(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(data)}
}

const jsonType = "Content-Type: application/json"

func TestAnswers(t *testing.T) {
	t.Parallel()
	url := start(t, mock.Options{MaxBody: 100}, nil)
	for name, test := range map[string]struct {
		request, body string
		headers       []string
		status        int
		want          string            // the body, or a part of a problem
		header        map[string]string // expected ones; "" for absent
	}{
		"contract's success":         {"POST /orders", `{"sku": "a"}`, []string{jsonType}, 201, `{"id":1}`, map[string]string{"Content-Type": "application/json", "Understudy-Why": "contract: no stub answers, and 201 is the contract's own success", "Understudy-Error": ""}},
		"422 where it is described":  {"POST /orders", `{"amount": "x"}`, []string{jsonType}, 422, `{"error":"unprocessable"}`, map[string]string{"Understudy-Error": "", "Understudy-Violations": `body must be an object with property "sku", got an object without it; body /amount must be an integer, got "x"`}},
		"undecodable is 400":         {"POST /orders", `{"sku"`, []string{jsonType}, 400, `"decode"`, map[string]string{"Understudy-Error": "UNDECODABLE"}},
		"wrong media type is 415":    {"POST /orders", `a=b`, []string{"Content-Type: text/plain"}, 415, `application/json`, map[string]string{"Understudy-Error": "INVALID_CONTENT_TYPE"}},
		"too large is 413":           {"POST /orders", strings.Repeat(" ", 101), []string{jsonType}, 413, `--max-body`, map[string]string{"Understudy-Error": "BODY_TOO_LARGE"}},
		"path parameter":             {"GET /orders/x", "", nil, 400, `"name": "id"`, map[string]string{"Understudy-Error": "UNPROCESSABLE_ENTITY", "Content-Type": "application/problem+json"}},
		"query parameter":            {"GET /orders/1?page=0", "", nil, 400, `"minimum"`, nil},
		"bad escape in the query":    {"GET /orders/1?page=%zz", "", nil, 400, `"decode"`, map[string]string{"Understudy-Error": "UNDECODABLE"}},
		"unknown query parameter":    {"GET /orders/1?limit=3", "", nil, 200, `{"id":1}`, nil},
		"not acceptable":             {"GET /orders/1", "", []string{"Accept: image/png"}, 406, `application/json`, map[string]string{"Understudy-Error": "NOT_ACCEPTABLE"}},
		"accept chooses":             {"GET /orders/1", "", []string{"Accept: text/plain"}, 200, `order 1`, map[string]string{"Content-Type": "text/plain"}},
		"unknown path":               {"GET /order/1", "", nil, 404, `GET /orders/{id}`, map[string]string{"Understudy-Error": "NO_PATH_MATCHED_ERROR"}},
		"other method":               {"DELETE /orders/1", "", nil, 405, `DELETE`, map[string]string{"Allow": "GET, OPTIONS, HEAD", "Understudy-Error": "NO_METHOD_MATCHED_ERROR"}},
		"options not described":      {"OPTIONS /orders", "", nil, 204, ``, map[string]string{"Allow": "POST, OPTIONS", "Understudy-Error": ""}},
		"options described":          {"OPTIONS /orders/1", "", nil, 200, ``, map[string]string{"Allow": ""}},
		"head":                       {"HEAD /orders/1", "", nil, 200, ``, map[string]string{"Content-Length": "8", "Content-Type": "application/json"}},
		"prefer example":             {"GET /orders/1", "", []string{"Prefer: example=large"}, 200, `{"id":1,"lines":[1,2]}`, map[string]string{"Preference-Applied": "example=large"}},
		"example of another status":  {"GET /orders/1?__example=gone", "", nil, 404, `{"error":"gone"}`, map[string]string{"Understudy-Error": ""}},
		"example nobody has":         {"GET /orders/1", "", []string{"Prefer: example=huge"}, 404, `large (status 200, application/json)`, map[string]string{"Understudy-Error": "EXAMPLE_NOT_FOUND", "Preference-Applied": ""}},
		"example with a mistake":     {"GET /orders/1", "", []string{"Prefer: example=lareg"}, 404, `has an example \"lareg\". Did you mean \"large\"?`, nil},
		"example of another code":    {"GET /orders/1", "", []string{"Prefer: code=404, example=large"}, 404, `for status 404 has no example \"large\". Those that there are`, nil},
		"prefer code":                {"GET /orders/1", "", []string{"Prefer: CODE=404; x=y, code=200"}, 404, `{"error":"gone"}`, map[string]string{"Preference-Applied": "code=404"}},
		"header before query form":   {"GET /orders/1?__code=200", "", []string{"Prefer: code=404"}, 404, `{"error":"gone"}`, nil},
		"undocumented code":          {"GET /orders/1", "", []string{"Prefer: code=500"}, 404, `200, 404`, map[string]string{"Understudy-Error": "NO_RESPONSE_DEFINED"}},
		"code that is none":          {"GET /orders/1", "", []string{"Prefer: code=abc"}, 400, `abc`, map[string]string{"Understudy-Error": "INVALID_PREFERENCE"}},
		"code that cannot be sent":   {"GET /orders/1", "", []string{"Prefer: code=103"}, 400, `103`, map[string]string{"Understudy-Error": "INVALID_PREFERENCE"}},
		"delay that is none":         {"GET /orders/1", "", []string{"Prefer: delay=soon"}, 400, `soon`, map[string]string{"Understudy-Error": "INVALID_PREFERENCE"}},
		"unknown preference":         {"GET /orders/1", "", []string{"Prefer: return=minimal"}, 200, `{"id":1}`, map[string]string{"Preference-Applied": ""}},
		"unknown scenario":           {"GET /orders/1", "", []string{"Prefer: scenario=x"}, 404, `no scenario`, map[string]string{"Understudy-Error": "SCENARIO_NOT_FOUND"}},
		"reserved path":              {"GET /__session/a/__admin/x", "", nil, 404, `__admin`, map[string]string{"Understudy-Error": "RESERVED_PATH"}},
		"like a reserved path":       {"GET /__administrator", "", nil, 404, `closest`, map[string]string{"Understudy-Error": "NO_PATH_MATCHED_ERROR"}},
		"no redirect for a double /": {"GET //orders", "", nil, 404, `closest`, nil},
		"strange bytes":              {"GET /orders/1", "", []string{"Prefer: code=\xff\xfe", "X-Odd: \x80"}, 400, `not a status`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, url, test.request, test.body, test.headers...)
			if got.Status != test.status || !strings.Contains(got.Body, test.want) {
				t.Errorf("%d %s\nwant %d %s", got.Status, got.Body, test.status, test.want)
			}
			for name, want := range test.header {
				if diff := cmp.Diff(want, got.Header.Get(name)); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			if got.Header.Get("Understudy-Request-Id") == "" {
				t.Error("the answer has no request id")
			}
			if strings.Contains(got.Header.Get("Content-Type"), "problem") && !json.Valid([]byte(got.Body)) {
				t.Errorf("the problem is no JSON: %s", got.Body)
			}
		})
	}
}

func TestValidationModes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]struct {
		status int
		told   bool
	}{"strict": {400, true}, "warn": {200, true}, "off": {200, false}} {
		url := start(t, mock.Options{Validate: mode}, nil)
		got := ask(t, url, "GET /orders/1?page=0", "")
		if told := got.Header.Get("Understudy-Violations") != ""; got.Status != want.status || told != want.told {
			t.Errorf("%s: %d, told %v", mode, got.Status, told)
		}
	}
	if _, err := mock.New(t.Context(), mock.Options{Validate: "lax"}); err == nil {
		t.Error("a mode that there is not was taken")
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const origin = "Origin: http://localhost:3000"
	url := start(t, mock.Options{}, nil)
	preflight := ask(t, url, "OPTIONS /orders/1", "", origin, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: x-a, x-b", "Access-Control-Request-Private-Network: true")
	want := map[string]string{
		"Access-Control-Allow-Origin": "http://localhost:3000", "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "DELETE",
		"Access-Control-Allow-Headers": "x-a, x-b", "Access-Control-Allow-Private-Network": "true",
	}
	for name, value := range want {
		if got := preflight.Header.Get(name); preflight.Status != 204 || got != value {
			t.Errorf("preflight: %d, %s is %q", preflight.Status, name, got)
		}
	}
	got := ask(t, url, "GET /orders/1", "", origin)
	if got.Header.Get("Access-Control-Allow-Origin") != "http://localhost:3000" || got.Header.Get("Vary") != "Origin" ||
		got.Header.Get("Access-Control-Expose-Headers") != "Date, Understudy-Request-Id, Understudy-Why, Vary" {
		t.Errorf("request: %v", got.Header)
	}
	if got := ask(t, url, "GET /orders/1", ""); got.Header.Get("Access-Control-Allow-Origin") != "" || got.Header.Get("Vary") != "Origin" {
		t.Errorf("without an origin there is nothing to allow, and a cache must know: %v", got.Header)
	}
	narrow := start(t, mock.Options{CORSOrigins: []string{"https://app.example.com"}}, nil)
	if got := ask(t, narrow, "GET /orders/1", "", origin); got.Header.Get("Access-Control-Allow-Origin") != "" || got.Header.Get("Vary") != "Origin" {
		t.Errorf("an origin that is not named was allowed, or a cache does not know: %v", got.Header)
	}
	for of, want := range map[string]string{"Accept-Language, origin": "Accept-Language, origin", "*": "*", "Accept": "Accept Origin"} {
		h := http.Header{"Vary": {of}}
		if mock.Vary(h); strings.Join(h["Vary"], " ") != want {
			t.Errorf("Vary: %s becomes %q", of, h["Vary"])
		}
	}
	off := start(t, mock.Options{NoCORS: true}, nil)
	if got := ask(t, off, "GET /orders/1", "", origin); got.Header.Get("Vary") != "" {
		t.Errorf("with CORS off nothing depends on the origin: %v", got.Header)
	}
	if got := ask(t, off, "OPTIONS /orders", "", origin, "Access-Control-Request-Method: POST"); got.Header.Get("Access-Control-Allow-Origin") != "" || got.Header.Get("Allow") == "" {
		t.Errorf("with CORS off: %v", got.Header)
	}
}

func TestDelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMock(t, mock.Options{}, nil)
		began := time.Now()
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", "/orders/1?__delay=90s", nil))
		if waited := time.Since(began); waited != 90*time.Second || w.Code != 200 {
			t.Errorf("%d after %s", w.Code, waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began, w = time.Now(), httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/orders/1?__delay=90s", nil))
		if waited := time.Since(began); waited != time.Second || w.Body.Len() > 0 {
			t.Errorf("%d bytes after %s", w.Body.Len(), waited)
		}
	})
}

// requestsSeen is a log that tells of each request before its answer is waited for.
type requestsSeen chan struct{}

func (a requestsSeen) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("/orders/1")) {
		a <- struct{}{}
	}
	return len(p), nil
}

func TestLifeCycle(t *testing.T) {
	t.Parallel()
	arrived := make(requestsSeen, 10)
	logger := slog.New(slog.NewTextHandler(arrived, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m := newMock(t, mock.Options{Listen: "127.0.0.1:0", Logger: logger}, nil)
	if m.Addr() != nil || m.URL() != "" {
		t.Error("an address before Start")
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Errorf("Stop before Start: %v", err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err == nil {
		t.Error("a second Start was taken")
	}
	if got := ask(t, m.URL(), "GET /orders/1", ""); got.Status != 200 {
		t.Errorf("%d", got.Status)
	}
	// A request under way finishes.
	<-arrived
	slow := make(chan int)
	go func() {
		defer close(slow)
		slow <- ask(t, m.URL(), "GET /orders/1?__delay=50ms", "").Status
	}()
	<-arrived
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if status := <-slow; status != 200 {
		t.Errorf("the request under way got %d", status)
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
	if err := m.Start(); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Errorf("Start after that: %v", err)
	}
}

func TestChunkedAndBrokenBodies(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{Listen: "127.0.0.1:0", MaxBody: 50}, nil)
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Stop(context.Background()) }()
	head := "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
	for name, test := range map[string]struct{ raw, want string }{
		"chunked":           {head + "c\r\n{\"sku\": \"a\"}\r\n0\r\n\r\n", "201 Created"},
		"chunked, empty":    {head + "0\r\n\r\n", "422 Unprocessable"},
		"chunked, too long": {head + "64\r\n" + strings.Repeat(" ", 100) + "\r\n0\r\n\r\n", "413 Request Entity Too Large"},
		"broken chunk":      {head + "zz\r\n", "400 Bad Request"},
		"no percent":        {"GET /orders/%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"},
		"no host":           {"GET /orders/1 HTTP/1.1\r\n\r\n", "400 Bad Request"},
		"asterisk":          {"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200 OK"}, // by net/http itself
		"absolute form":     {"GET http://x/orders/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200 OK"},
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", m.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, test.raw); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.Contains(line, test.want) {
				t.Errorf("%q %v, want %s", line, err, test.want)
			}
		})
	}
}

func TestReloadIsAllOrNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	spec := filepath.Join(folder, "shop.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(spec, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(shop)
	m, err := mock.New(t.Context(), mock.Options{Specs: []mock.Spec{{Location: spec}}, Scenarios: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(m)
	defer server.Close()
	write(strings.Replace(shop, "{id: 1}", "{id: 2}", 1))
	if err := m.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, server.URL, "POST /orders", `{"sku": "a"}`, jsonType); got.Body != `{"id":2}` {
		t.Error(got)
	}
	write("openapi: 3.1.0\npaths: [")
	if err := m.Reload(t.Context()); err == nil {
		t.Error("a broken description was taken")
	}
	if got := ask(t, server.URL, "POST /orders", `{"sku": "a"}`, jsonType); got.Body != `{"id":2}` {
		t.Error(got)
	}
}
