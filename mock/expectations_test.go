package mock_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// shopScenarios are what requests of the shop are answered by where they are counted.
var shopScenarios = map[string]string{"orders": `
operations:
  getOrder:
    - {name: gone, when: {path: {id: 3}, query: {page: 2}}, respond: {status: 404}}
    - {name: first, when: {path: {id: 1}}, respond: {status: 404}}
  createOrder:
    - {name: refused, when: {body: {sku: X}}, respond: {status: 422}}
`, "unused": "operations: {getOrder: 404}"}

// verifiedMock has seen some requests of the shop, in the session s1 and in none.
func verifiedMock(t *testing.T, opts mock.Options) *mock.Mock {
	t.Helper()
	m := newMock(t, opts, shopScenarios)
	for _, request := range []string{
		"GET /orders/1", "GET /orders/2?page=0", "POST /orders {\"sku\": \"A\"}", "GET /orders/3?page=1", "GET /order/1", "DELETE /orders/1",
		"GET /orders/2?page=0&__expect=invalid", "GET /orders/2?__expect=invalid", "GET /orders/2?__scenario=orders", "GET /orders/2?__scenario=order",
		"GET /__session/s1/orders/1", "GET /nowhere?__expect=invalid",
	} {
		send1(m, request)
	}
	return m
}

// send1 sends "METHOD /path body".
func send1(m http.Handler, request string) *httptest.ResponseRecorder {
	parts := strings.SplitN(request, " ", 3)
	req := httptest.NewRequest(parts[0], parts[1], nil)
	if len(parts) == 3 {
		req = httptest.NewRequest(parts[0], parts[1], strings.NewReader(parts[2]))
		req.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, req)
	return w
}

// TestNearMisses names requests for no operation only where they are like the one that
// was expected.
func TestNearMisses(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, nil)
	for _, request := range []string{"GET /order/1", "GET /nothing", "GET /favicon.ico", "GET /api/orders/1", "DELETE /orders/1", "GET /a/b/c/d/e"} {
		send1(m, request)
	}
	v, err := m.Verify(t.Context(), []mock.Expectation{{Operation: "getOrder"}}, mock.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	var urls []string
	for _, s := range v.Results[0].Closest {
		urls = append(urls, s.Method+" "+s.URL)
	}
	if diff := cmp.Diff([]string{"DELETE /orders/1", "GET /api/orders/1", "GET /order/1"}, urls); diff != "" {
		t.Error(diff)
	}
}

// TestVerify holds what is told of expectations that hold and that do not.
func TestVerify(t *testing.T) {
	t.Parallel()
	m := verifiedMock(t, mock.Options{Active: []string{"orders"}})
	text, err := os.ReadFile("testdata/expectations/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.VerifyText(t.Context(), "shop.yaml", text, mock.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	testenv.Golden(t, "testdata/expectations/shop.golden", runIDs(v.String()))
	testenv.Golden(t, "testdata/expectations/shop.json.golden", stable(t, v))
}

func runIDs(text string) string { return volatile[0].pattern.ReplaceAllString(text, volatile[0].with) }

// TestVerifyInGo states expectations as Go values.
func TestVerifyInGo(t *testing.T) {
	t.Parallel()
	m := verifiedMock(t, mock.Options{Active: []string{"orders"}})
	one := 1
	expectations := []mock.Expectation{
		{Operation: "getOrder", When: map[string]any{"path": map[string]any{"id": 1}}, Exactly: &one},
		{Order: []mock.Expectation{{Operation: "getOrder"}, {Operation: "createOrder"}}},
	}
	session := "s1"
	for _, test := range []struct {
		scope mock.Scope
		want  []mock.Verified
	}{
		{mock.Scope{}, []mock.Verified{mock.VerifiedFail, mock.VerifiedPass}}, // two of them, of which one is in the session
		{mock.Scope{Session: &session}, []mock.Verified{mock.VerifiedPass, mock.VerifiedFail}},
		{mock.Scope{After: 3}, []mock.Verified{mock.VerifiedPass, mock.VerifiedFail}},
	} {
		v, err := m.Verify(t.Context(), expectations, test.scope)
		if err != nil {
			t.Fatal(err)
		}
		var got []mock.Verified
		for _, r := range v.Results {
			got = append(got, r.Outcome)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || v.Outcome != mock.VerifiedFail {
			t.Errorf("%+v: %s: %s", test.scope, v.Outcome, diff)
		}
	}
	_, err := m.Verify(t.Context(), []mock.Expectation{{Operation: "getOrde"}}, mock.Scope{})
	if err == nil || !strings.Contains(err.Error(), `did you mean "getOrder"?`) {
		t.Error(err)
	}
}

// TestVerifyOfDropped holds that what depends on requests that are gone is never
// decided.
func TestVerifyOfDropped(t *testing.T) {
	t.Parallel()
	m := verifiedMock(t, mock.Options{Active: []string{"orders"}, JournalEntries: 4})
	two := "{operation: getOrder, atLeast: 2}"
	for text, want := range map[string]mock.Verified{
		two:                                 mock.VerifiedPass, // four are left
		"{operation: getOrder, exactly: 0}": mock.VerifiedFail,
		"{operation: getOrder, atLeast: 9}": mock.VerifiedIncomplete,
		"{operation: getOrder, atMost: 9}":  mock.VerifiedIncomplete,
		"{operation: createOrder}":          mock.VerifiedIncomplete,
		"{order: [{operation: createOrder}, {operation: getOrder}]}":          mock.VerifiedIncomplete,
		"{order: [{operation: getOrder}, {operation: getOrder}]}":             mock.VerifiedPass,
		"{order: [{operation: getOrder, exactly: 1}, {operation: getOrder}]}": mock.VerifiedIncomplete,
	} {
		v, err := m.VerifyText(t.Context(), "test", []byte(text), mock.Scope{})
		if err != nil || v.Outcome != want || !v.Dropped {
			t.Errorf("%s: %v, %v, want %s", text, v, err, want)
		}
	}
	session := "s1" // of which nothing has gone
	if v, err := m.VerifyText(t.Context(), "test", []byte("{operation: getOrder, exactly: 1}"), mock.Scope{Session: &session}); err != nil || v.Outcome != mock.VerifiedPass || v.Dropped {
		t.Errorf("%v, %v", v, err)
	}
	if v, err := m.VerifyText(t.Context(), "test", []byte("{operation: createOrder}"), mock.Scope{After: 8}); err != nil || v.Outcome != mock.VerifiedFail || v.Dropped {
		t.Errorf("behind what has gone: %v, %v", v, err)
	}
	off := newMock(t, mock.Options{JournalEntries: -1}, nil)
	if _, err := off.VerifyText(t.Context(), "test", []byte(two), mock.Scope{}); !errors.Is(err, mock.ErrJournalOff) {
		t.Error(err)
	}
}

// TestVerifyOfCutBodies holds that a body of which a part is kept decides nothing.
func TestVerifyOfCutBodies(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, nil)
	long, err := json.Marshal(map[string]string{"sku": strings.Repeat("a", 70_000)})
	if err != nil {
		t.Fatal(err)
	}
	send1(m, "POST /orders "+string(long))
	send1(m, `POST /orders {"sku":"b"}`)
	for text, want := range map[string]mock.Verified{
		"{operation: createOrder, exactly: 2}":                         mock.VerifiedPass,
		"{operation: createOrder, when: {body: {sku: b}}}":             mock.VerifiedPass,
		"{operation: createOrder, when: {body: {sku: b}}, exactly: 1}": mock.VerifiedIncomplete,
		"{operation: createOrder, when: {body: {sku: b}}, atMost: 2}":  mock.VerifiedPass,
		"{operation: createOrder, when: {body: {sku: c}}, atLeast: 1}": mock.VerifiedIncomplete,
		"{operation: createOrder, when: {body: {sku: c}}, atLeast: 2}": mock.VerifiedFail,
		"{order: [{operation: createOrder, when: {body: {sku: c}}}]}":  mock.VerifiedIncomplete,
	} {
		v, err := m.VerifyText(t.Context(), "test", []byte(text), mock.Scope{})
		if err != nil || v.Outcome != want {
			t.Errorf("%s: %v, %v, want %s", text, v, err, want)
		}
	}
	found, err := m.FindRequests(t.Context(), mock.Pattern{Operation: "createOrder", When: map[string]any{"body": map[string]any{"sku": "b"}}}, mock.Scope{}, 1)
	if err != nil || found.Count != 1 || found.Undecided != 1 || len(found.Requests) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

// verdictOf gives the verdict of a mock or a session.
func verdictOf(t *testing.T, of interface {
	Verdict(context.Context, mock.VerdictOptions) (mock.Verdict, error)
}, opts mock.VerdictOptions) mock.Verdict {
	t.Helper()
	v, err := of.Verdict(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestUnmatched holds which requests are told as unmatched, and what came close.
func TestUnmatched(t *testing.T) {
	t.Parallel()
	m := verifiedMock(t, mock.Options{Active: []string{"orders"}})
	page, err := m.UnmatchedRequests(t.Context(), mock.UnmatchedQuery{PassedOver: true})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, u := range page.Requests {
		b.WriteString(u.Request.Method + " " + strings.TrimPrefix(u.Request.URL, "http://example.com") + ": " + string(u.Gap) + "\n")
		for _, name := range append(u.Operations, u.Known...) {
			b.WriteString("  " + name + "\n")
		}
		for _, c := range u.Stubs {
			b.WriteString("  " + string(c.Step) + " " + c.Stub + ": " + c.Failed + "\n")
		}
	}
	testenv.Golden(t, "testdata/expectations/unmatched.golden", b.String())
	without, err := m.UnmatchedRequests(t.Context(), mock.UnmatchedQuery{Query: mock.JournalQuery{Limit: 3}})
	if err != nil || len(without.Requests) != 3 || without.Next == 0 {
		t.Errorf("%+v, %v", without, err)
	}
	rest, err := m.UnmatchedRequests(t.Context(), mock.UnmatchedQuery{Query: mock.JournalQuery{Before: without.Next}})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range append(without.Requests, rest.Requests...) {
		if u.Gap == "passed-over" {
			t.Errorf("%s is told as unmatched", u.Request.URL)
		}
	}
}

// TestVerdict holds what makes a session fail, and what does not.
func TestVerdict(t *testing.T) {
	t.Parallel()
	m := verifiedMock(t, mock.Options{Active: []string{"orders"}})
	v := verdictOf(t, m, mock.VerdictOptions{})
	testenv.Golden(t, "testdata/expectations/verdict.golden", withoutFolder(runIDs(v.String())))
	testenv.Golden(t, "testdata/expectations/verdict.json.golden", withoutFolder(stable(t, v)))
	// What the journal drops or deletes changes nothing.
	small := verifiedMock(t, mock.Options{Active: []string{"orders"}, JournalEntries: 1})
	other := verdictOf(t, small, mock.VerdictOptions{})
	if other.Broke.Count != v.Broke.Count || other.Unmatched.Count != v.Unmatched.Count || other.KeptTo.Count != v.KeptTo.Count || len(other.Unused) != len(v.Unused) || other.Passed {
		t.Errorf("with a small journal: %s", other.String())
	}
	if _, err := m.DeleteRequests(t.Context(), mock.JournalFilter{}); err != nil {
		t.Fatal(err)
	}
	if other := verdictOf(t, m, mock.VerdictOptions{}); other.Requests != v.Requests || other.Broke.Count != v.Broke.Count {
		t.Errorf("behind a deletion: %s", other.String())
	}
	if err := m.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if other := verdictOf(t, m, mock.VerdictOptions{}); other.Requests != 0 || other.Broke.Count != 0 || len(other.Unused) != 3 || other.Passed {
		t.Errorf("behind a reset: %s", other.String())
	}
}

func withoutFolder(text string) string {
	at := strings.Index(text, "/orders.yaml")
	for ; at >= 0; at = strings.Index(text, "/orders.yaml") {
		start := strings.LastIndexAny(text[:at], " \"") + 1
		text = text[:start] + text[at+1:]
	}
	return text
}

// TestVerdictOfSessions goes through a session's life.
func TestVerdictOfSessions(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, map[string]string{
		"one": "operations: {getOrder: [{name: a, when: {path: {id: 1}}, respond: {status: 404}}, {name: b, respond: {status: 404}}]}",
		"two": "operations: {createOrder: 422}",
	})
	s, err := m.MakeSession(t.Context(), "s", mock.SessionStart{Scenarios: []string{"one"}})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, passed bool, unused ...string) {
		t.Helper()
		v := verdictOf(t, s, mock.VerdictOptions{})
		var names []string
		for _, u := range v.Unused {
			names = append(names, u.Scenario+" "+u.Stub)
		}
		if diff := cmp.Diff(unused, names); diff != "" || v.Passed != passed {
			t.Errorf("%s: passed %t: %s%s", what, v.Passed, diff, v.String())
		}
	}
	check("nothing was sent", false, "one a", "one b")
	send1(m, "GET /__session/s/orders/1")
	check("one stub of two", false, "one b")
	send1(m, "GET /orders/2") // outside of the session
	check("another session", false, "one b")
	send1(m, "GET /__session/s/orders/2")
	check("both", true)
	if err := s.Activate(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	check("activated later", false, "two two/createOrder#1")
	if err := s.Deactivate(t.Context(), "two"); err != nil {
		t.Fatal(err)
	}
	check("released without use", false, "two two/createOrder#1")
	if err := m.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("a reload of the same text", false, "two two/createOrder#1")
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("reset", false, "one a", "one b")
	if err := s.Delete(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Verdict(t.Context(), mock.VerdictOptions{AllowNoRequests: true}); v.Passed || !errors.Is(err, mock.ErrNoSession) {
		t.Errorf("deleted: %s %v", v.String(), err)
	}
}

var harVolatile = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`"startedDateTime": "[^"]*"`), `"startedDateTime": "TIME"`},
	{regexp.MustCompile(`"(time|wait|receive)": [0-9.]+`), `"$1": 0`},
}

// TestHAR writes the journal as an archive.
func TestHAR(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{Redact: []string{"pin"}})
	req := httptest.NewRequest("PUT", "/items/7?api_key=topsecret&page=2&x=a%20b", strings.NewReader(`{"name":"me","pin":"1"}`))
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer abcdefghijkl"}}
	m.ServeHTTP(httptest.NewRecorder(), req)
	req = httptest.NewRequest("PUT", "/items/1?api_key=k&page=10", strings.NewReader("\xff\x00"))
	req.Header.Set("Content-Type", "text/plain")
	m.ServeHTTP(httptest.NewRecorder(), req)
	var b strings.Builder
	if err := m.WriteHAR(t.Context(), &b, mock.JournalFilter{}); err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
	doc.(map[string]any)["log"].(map[string]any)["creator"].(map[string]any)["version"] = "VERSION"
	text := stable(t, doc)
	for _, v := range harVolatile {
		text = v.pattern.ReplaceAllString(text, v.with)
	}
	testenv.Golden(t, filepath.Join("testdata", "journal", "har.golden"), text)
}

// TestVerifyOrder holds which sequences of requests fulfil an order. A letter is a
// request: a reads, b orders, x breaks the contract.
func TestVerifyOrder(t *testing.T) {
	t.Parallel()
	const a, b = "{operation: getOrder, when: {valid: true}", "{operation: createOrder"
	for _, test := range []struct {
		order string
		pass  []string
		fail  []string
	}{
		{a + "}, " + b + "}", []string{"ab", "aab", "bab", "axb", "abab"}, []string{"", "a", "b", "ba"}},
		{a + "}, " + a + "}", []string{"aa", "aba"}, []string{"a", "ba"}},
		{a + ", atLeast: 2}, " + b + "}", []string{"aab", "abab"}, []string{"ab", "aba", "ba"}},
		{a + ", exactly: 1}, " + b + "}", []string{"ab", "abab", "abb"}, []string{"aab", "b"}},
		{a + "}, " + b + ", exactly: 1}", []string{"ab", "baab", "bab"}, []string{"abb", "abab", "a"}},
		{a + ", atMost: 1}, " + b + "}", []string{"b", "ab", "bab"}, []string{"aab", "a"}},
		{b + "}, {operation: '*', when: {valid: false}, exactly: 0}, " + a + "}", []string{"ba", "bba", "xba", "bax"}, []string{"bxa", "bbxa", "ab"}},
		{b + "}, {operation: '*', when: {valid: false}, exactly: 0}", []string{"b", "xba"}, []string{"bx", "bax", "x"}},
		{a + "}, " + b + "}, " + a + "}", []string{"aba", "abba"}, []string{"ab", "ba", "aab"}},
	} {
		for outcome, words := range map[mock.Verified][]string{mock.VerifiedPass: test.pass, mock.VerifiedFail: test.fail} {
			for _, word := range words {
				m := newMock(t, mock.Options{}, nil)
				for _, letter := range word {
					send1(m, map[rune]string{'a': "GET /orders/1", 'b': `POST /orders {"sku":"b"}`, 'x': "GET /orders/1?page=0"}[letter])
				}
				v, err := m.VerifyText(t.Context(), "test", []byte("order: ["+test.order+"]"), mock.Scope{})
				if err != nil || v.Outcome != outcome {
					t.Errorf("%s with %q: %v, %v, want %s", test.order, word, v, err, outcome)
				}
			}
		}
	}
}

// TestDocumentedExpectations reads the example of docs/journal.md.
func TestDocumentedExpectations(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/journal.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, found := strings.Cut(string(text), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	m := newMock(t, mock.Options{}, nil)
	send1(m, "GET /orders/1")
	send1(m, `POST /orders {"sku":"b"}`)
	if v, err := m.VerifyText(t.Context(), "docs/journal.md", []byte(example), mock.Scope{}); !found || err != nil || v.Outcome != mock.VerifiedPass || len(v.Results) != 2 {
		t.Errorf("%v, %v", v, err)
	}
}
