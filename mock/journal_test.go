package mock_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

const vaultScenario = `
operations:
  putItem:
    - {name: seventh, when: {path: {id: 7}}, respond: {status: 409, headers: {Set-Cookie: token=a-new-secret, X-Echo: "${headers.authorization}"}}}
    - {name: by-key, when: {query: {api_key: "another"}}, respond: {status: 409}}
    - {name: by-auth, when: {headers: {Authorization: {startsWith: "Basic"}}}, respond: {status: 409}}
    - {name: slow, when: {path: {id: 8}}, respond: {status: 409, delay: 1m}}
    - {name: broken, when: {path: {id: 9}}, respond: {fault: MALFORMED_RESPONSE_CHUNK}}
    - {name: dribbled, when: {path: {id: 10}}, respond: {dribble: {chunks: 3, over: 1ms}}}
`

// newVault serves a description that has every place where a secret may stand.
func newVault(t testing.TB, opts mock.Options) *mock.Mock {
	t.Helper()
	opts.Specs = []mock.Spec{{Location: "testdata/journal/vault.yaml"}}
	opts.Active = []string{"vault"}
	return newMock(t, opts, map[string]string{"vault": vaultScenario})
}

// records gives all that the journal keeps, oldest first.
func records(t *testing.T, m *mock.Mock, q mock.JournalQuery) []mock.Record {
	t.Helper()
	page, err := m.Journal(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(page.Requests)-1; i < j; i, j = i+1, j-1 {
		page.Requests[i], page.Requests[j] = page.Requests[j], page.Requests[i]
	}
	return page.Requests
}

// volatile is what differs from one run to the next in a record.
var volatile = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\b[0-9a-f]{8}-([0-9a-z]+)\b`), "RUN-$1"},
	{regexp.MustCompile(`"arrived": "[^"]*"`), `"arrived": "TIME"`},
	{regexp.MustCompile(`Ms": [0-9.]+`), `Ms": 0`},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "HOST"},
}

func stable(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, v := range volatile {
		text = v.pattern.ReplaceAllString(text, v.with)
	}
	return text
}

// TestRecords holds the form of what is read from the journal.
func TestRecords(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{Redact: []string{"Pin", "x-secret"}})
	server := httptest.NewServer(m)
	defer server.Close()
	const auth = "Authorization: Bearer abcdefghijkl"
	for _, request := range []struct {
		name, request, body string
		headers             []string
	}{
		{"stub", "PUT /items/7?api_key=topsecret&page=2&x=1", `{"name": "me", "pin": "1"}`, []string{auth, jsonType, "Traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}},
		{"invalid", "PUT /items/1?page=10&filter[pin]=x&api_key=k", `{"name": "long", "pin": "123456"}`, []string{jsonType, "Cookie: theme=light", "X-Secret: s"}},
		{"unrouted", "GET /item?api_key=topsecret", "", nil},
		{"no stub", "PUT /items/1?api_key=topsecret&__scenario=vault", "", []string{auth}},
		{"fault", "PUT /items/9?api_key=k", "", nil},
		{"pieces", "PUT /items/10?api_key=k", "pin text", []string{"Content-Type: text/plain", "Understudy-Session: s1"}},
	} {
		t.Run(request.name, func(t *testing.T) { // one after the other
			if request.name == "fault" {
				raw(t, server.Listener.Addr().String(), request.request)
			} else {
				ask(t, server.URL, request.request, request.body, request.headers...)
			}
			all := records(t, m, mock.JournalQuery{})
			testenv.Golden(t, "testdata/journal/"+strings.ReplaceAll(request.name, " ", "-")+".golden", stable(t, all[len(all)-1]))
		})
	}
	// Nothing that was sent as a secret is in any of them.
	whole := stable(t, records(t, m, mock.JournalQuery{}))
	for _, secret := range []string{"topsecret", "abcdefghijkl", "a-new-secret", "123456", "light", `"s"`} {
		if strings.Contains(whole, secret) {
			t.Errorf("the journal shows %q", secret)
		}
	}
}

// raw sends a request without a body and waits for the end of the connection.
func raw(t *testing.T, address, request string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request+" HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
}

// TestRecordIsCompleteBehindTheCall asks right behind the last byte of an answer, of
// whatever kind, from many clients at once.
func TestRecordIsCompleteBehindTheCall(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	server := httptest.NewServer(m)
	defer server.Close()
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Go(func() {
			for range 50 {
				path := []string{"/items/7", "/items/1", "/items/10", "/nothing"}[client%4]
				got := ask(t, server.URL, "PUT "+path+"?api_key=k", "")
				r, err := m.Record(t.Context(), got.Header.Get("Understudy-Request-Id"))
				if err != nil || r.Response.Outcome != "sent" || r.Response.Status != got.Status {
					t.Errorf("%s: %v, %s, %d of %d", path, err, r.Response.Outcome, r.Response.Status, got.Status)
				}
				if r.Response.Body != nil && r.Response.Body.Text != got.Body {
					t.Errorf("%s: %q, got %q", path, r.Response.Body.Text, got.Body)
				}
			}
		})
	}
	clients.Wait()
	if n, err := m.CountRequests(t.Context(), mock.JournalFilter{}); n != 400 || err != nil {
		t.Errorf("%d requests, %v", n, err)
	}
}

// TestRecordWhileWaiting reads an entry whose answer waits, and one whose client goes.
func TestRecordWhileWaiting(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "PUT", "/items/8?api_key=k", nil))
	}()
	var all []mock.Record
	for len(all) == 0 {
		all = records(t, m, mock.JournalQuery{})
	}
	if r := all[0].Response; r.Outcome != "pending" || r.Status != 409 || all[0].Timing.FirstByte != 0 {
		t.Errorf("%+v", all[0])
	}
	cancel()
	<-done
	if r := records(t, m, mock.JournalQuery{})[0]; r.Response.Outcome != "client-gone" || r.Response.Body != nil || r.Timing.End == 0 {
		t.Errorf("%+v", r)
	}
}

// TestRecordOwnsItsHeaders changes a request behind its answer, as tests do that send
// one request twice.
func TestRecordOwnsItsHeaders(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	req := httptest.NewRequest("PUT", "/items/1?api_key=k", nil)
	for _, value := range []string{"one", "two"} {
		req.Header.Set("X-Test", value)
		w := httptest.NewRecorder()
		m.ServeHTTP(w, req)
		w.Header().Set("Content-Type", value)
	}
	for i, r := range records(t, m, mock.JournalQuery{}) {
		if got := r.Request.Header.Get("X-Test") + " " + r.Response.Header.Get("Content-Type"); got != []string{"one", "two"}[i]+" application/json" {
			t.Error(got)
		}
	}
}

func TestRecordCutsBodies(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	const size = 64<<10 + 1
	req := httptest.NewRequest("PUT", "/items/1?api_key=k", strings.NewReader(strings.Repeat("é", size/2)+"é"))
	req.Header.Set("Content-Type", "text/plain")
	m.ServeHTTP(httptest.NewRecorder(), req)
	b := records(t, m, mock.JournalQuery{})[0].Request.Body
	if !b.Cut || b.Size != size+1 || len(b.Text) != 64<<10 || b.Base64 != nil {
		t.Errorf("cut %t, %d bytes, %d kept as text", b.Cut, b.Size, len(b.Text))
	}
}

// TestJournalBounds sends more than fits, and asks for pages while more arrive.
func TestJournalBounds(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{JournalEntries: 10})
	send := func(n int) {
		for range n {
			m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/items/1?api_key=k", nil))
		}
	}
	send(15)
	page, err := m.Journal(t.Context(), mock.JournalQuery{Limit: 4})
	if err != nil {
		t.Fatal(err)
	}
	if got := numbersOf(page); !cmp.Equal(got, []uint64{15, 14, 13, 12}) || page.Next != 12 || page.Dropped != 5 {
		t.Errorf("%v, next %d, dropped %d", got, page.Next, page.Dropped)
	}
	send(3) // pushes out three more, and does not move the page
	page, err = m.Journal(t.Context(), mock.JournalQuery{Limit: 4, Before: page.Next})
	if got := numbersOf(page); !cmp.Equal(got, []uint64{11, 10, 9}) || page.Next != 0 || err != nil {
		t.Errorf("%v, next %d, %v", got, page.Next, err)
	}
	if n, err := m.DeleteRequests(t.Context(), mock.JournalFilter{}); n != 10 || err != nil {
		t.Errorf("%d deleted, %v", n, err)
	}
	if page, err = m.Journal(t.Context(), mock.JournalQuery{}); len(page.Requests) != 0 || page.Dropped != 8 || err != nil {
		t.Errorf("%+v, %v", page, err)
	}
}

func numbersOf(page mock.JournalPage) []uint64 {
	var list []uint64
	for _, r := range page.Requests {
		list = append(list, r.Number)
	}
	return list
}

func TestJournalOff(t *testing.T) {
	t.Parallel()
	for _, opts := range []mock.Options{{JournalEntries: -1}, {JournalBytes: -1}} {
		m := newVault(t, opts)
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/items/1?api_key=k", nil))
		if _, err := m.Journal(t.Context(), mock.JournalQuery{}); !errors.Is(err, mock.ErrJournalOff) {
			t.Error(err)
		}
		if _, err := m.Record(t.Context(), "x"); !errors.Is(err, mock.ErrJournalOff) {
			t.Error(err)
		}
	}
}

// TestJournalFilters asks for requests by everything that there is to ask for.
func TestJournalFilters(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	for _, request := range []string{
		"PUT /items/7?api_key=secretkey", "PUT /items/1", "GET /other", "PUT /items/1?api_key=k&__code=409", "PUT /__session/s1/items/1?api_key=k&page=10",
	} {
		method, path, _ := strings.Cut(request, " ")
		m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil))
	}
	shared, s1, yes, no := "", "s1", true, false
	third := records(t, m, mock.JournalQuery{})[2].Timing.Arrived
	for name, test := range map[string]struct {
		filter mock.JournalFilter
		want   []uint64
	}{
		"everything":          {mock.JournalFilter{}, []uint64{5, 4, 3, 2, 1}},
		"operation":           {mock.JournalFilter{Operation: "putItem"}, []uint64{5, 4, 2, 1}},
		"operation of an API": {mock.JournalFilter{Operation: "vault.putItem"}, []uint64{5, 4, 2, 1}},
		"status":              {mock.JournalFilter{Status: "409"}, []uint64{4, 1}},
		"range of statuses":   {mock.JournalFilter{Status: "4xx"}, []uint64{5, 4, 3, 2, 1}},
		"session":             {mock.JournalFilter{Session: &s1}, []uint64{5}},
		"no session":          {mock.JournalFilter{Session: &shared}, []uint64{4, 3, 2, 1}},
		"valid":               {mock.JournalFilter{Valid: &yes}, []uint64{4, 1}},
		"invalid":             {mock.JournalFilter{Valid: &no}, []uint64{5, 3, 2}},
		"matched":             {mock.JournalFilter{Matched: &yes}, []uint64{4, 1}},
		"unmatched":           {mock.JournalFilter{Matched: &no}, []uint64{5, 3, 2}},
		"scenario":            {mock.JournalFilter{Scenario: "vault"}, []uint64{1}},
		"stub":                {mock.JournalFilter{Stub: "seventh"}, []uint64{1}},
		"method":              {mock.JournalFilter{Method: "get"}, []uint64{3}},
		"path":                {mock.JournalFilter{Path: "/items/1"}, []uint64{5, 4, 2}},
		"path prefix":         {mock.JournalFilter{Path: "/items/*"}, []uint64{5, 4, 2, 1}},
		"text":                {mock.JournalFilter{Text: "NO_PATH"}, []uint64{3}},
		"a secret is no text": {mock.JournalFilter{Text: "secretkey"}, nil},
		"place":               {mock.JournalFilter{Violates: "query"}, []uint64{5}},
		"place with a name":   {mock.JournalFilter{Violates: "query page"}, []uint64{5}},
		"place, other name":   {mock.JournalFilter{Violates: "query filter"}, nil},
		"credentials":         {mock.JournalFilter{Violates: "security"}, []uint64{2}},
		"since":               {mock.JournalFilter{Since: third}, []uint64{5, 4, 3}},
		"until":               {mock.JournalFilter{Until: third}, []uint64{2, 1}},
		"after a number":      {mock.JournalFilter{After: 3}, []uint64{5, 4}},
		"several at once":     {mock.JournalFilter{Operation: "putItem", Status: "409", Scenario: "vault"}, []uint64{1}},
	} {
		page, err := m.Journal(t.Context(), mock.JournalQuery{Filter: test.filter})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.want, numbersOf(page)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if n, err := m.CountRequests(t.Context(), test.filter); n != len(test.want) || err != nil {
			t.Errorf("%s: counted %d, %v", name, n, err)
		}
	}
	for _, f := range []mock.JournalFilter{{Status: "600"}, {Status: "all"}, {Violates: "cookies"}} {
		if _, err := m.Journal(t.Context(), mock.JournalQuery{Filter: f}); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
}

// TestLogHidesSecrets looks at what is logged of a request that breaks the contract.
func TestLogHidesSecrets(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	m := newVault(t, mock.Options{Redact: []string{"pin"}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	req := httptest.NewRequest("PUT", "/items/1?filter[pin]=x&filter[name]=y&api_key=k", strings.NewReader(`{"pin": "123456", "name": "long"}`))
	req.Header = http.Header{"Content-Type": {"application/json"}, "Cookie": {"theme=light"}}
	m.ServeHTTP(httptest.NewRecorder(), req)
	if text := log.String(); strings.Contains(text, "123456") || strings.Contains(text, "light") || !strings.Contains(text, "[redacted]") || !strings.Contains(text, "/name") {
		t.Error(text)
	}
}

// TestJournalSurvivesReload reads behind a reload what was decided before it.
func TestJournalSurvivesReload(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/items/1?api_key=k&page=10", nil))
	m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/items/7?api_key=k", nil))
	before := records(t, m, mock.JournalQuery{})
	if err := m.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, records(t, m, mock.JournalQuery{}), cmp.Comparer(func(a, b mock.Violation) bool { return a.String() == b.String() })); diff != "" {
		t.Error(diff)
	}
	if before[0].Violations[0].Contract == "" || len(before[0].Decision.Candidates) == 0 {
		t.Errorf("%+v", before[0])
	}
}

// breaking is a ResponseWriter that panics when it is first written to.
type breaking struct {
	*httptest.ResponseRecorder
	with   any
	broken bool
}

func (b *breaking) WriteHeader(status int) {
	if !b.broken {
		b.broken = true
		panic(b.with)
	}
	b.ResponseRecorder.WriteHeader(status)
}

// TestRecordOfABrokenAnswer completes entries also where a panic ends the answer.
func TestRecordOfABrokenAnswer(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	for _, with := range []any{"a mistake", http.ErrAbortHandler} {
		func() {
			defer func() { _ = recover() }() // ErrAbortHandler goes on to net/http
			m.ServeHTTP(&breaking{ResponseRecorder: httptest.NewRecorder(), with: with}, httptest.NewRequest("PUT", "/items/1?api_key=k", nil))
		}()
	}
	var got []mock.Outcome
	for _, r := range records(t, m, mock.JournalQuery{}) {
		got = append(got, r.Response.Outcome)
	}
	if diff := cmp.Diff([]mock.Outcome{"failed", "cut-off"}, got); diff != "" {
		t.Error(diff)
	}
}
