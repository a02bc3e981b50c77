package admin_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// asked is an answer of the mock itself.
func (p *plane) asked(method, target string, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, target, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	p.mock.ServeHTTP(w, r)
	return w
}

// compact is the body of an answer, without the blanks between the values of JSON.
func compact(w *httptest.ResponseRecorder) string {
	var b bytes.Buffer
	if json.Compact(&b, w.Body.Bytes()) != nil {
		return w.Body.String()
	}
	return b.String()
}

// TestWrittenScenario holds that a scenario which is written of an exchange is taken,
// and answers the same request in the same way.
func TestWrittenScenario(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for _, test := range []struct{ target, header, file, text string }{
		{"/orders/3", "", "getOrder-200.yaml", "    - when: {path: {id: 3}}\n      respond: {status: 200, body: {id: 1}}\n"},
		{"/orders/3", "Prefer: code=404", "getOrder-404.yaml", "    - when: {path: {id: 3}}\n      respond: {status: 404}\n"},
		{"/orders/7", "", "getOrder-404.yaml", "    - when: {path: {id: 7}}\n      respond: {status: 404}\n"},
		{"/orders/x", "", "getOrder-400.yaml", "    - when: {path: {id: x}, valid: false, violates: [path]}\n      respond:\n        status: 400\n        mediaType: application/problem+json\n"},
		{"/orders", "Prefer: code=500", "getOrders-500.yaml", "    - respond: {status: 500}\n"},
	} {
		first := p.asked("GET", test.target, test.header)
		id := first.Header().Get("Understudy-Request-Id")
		a := p.do("GET /exchanges/"+id+"/scenario", "")
		a.want(t, 200, "")
		if !strings.Contains(a.Body, test.text) {
			t.Errorf("%s has not\n%s\n%s", test.target, test.text, a.Body)
		}
		if want := `attachment; filename="` + test.file + `"`; a.Header.Get("Content-Disposition") != want {
			t.Errorf("%s, want %s", a.Header.Get("Content-Disposition"), want)
		}
		p.do("PUT /sessions/again", "{}").want(t, 201, "")
		p.do("POST /sessions/again/scenarios?name=mine", a.Body, "Content-Type: application/yaml").want(t, 201, "")
		again := p.asked("GET", test.target, "Understudy-Session: again")
		if again.Header().Get("Understudy-Scenario") != "mine" || again.Code != first.Code || compact(again) != compact(first) {
			t.Errorf("%s: %d %s by %q, before %d %s", test.target, again.Code, again.Body, again.Header().Get("Understudy-Scenario"), first.Code, first.Body)
		}
		p.do("DELETE /sessions/again", "").want(t, 204, "")
	}
}

func TestNotWritten(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	id := func(target string) string { return p.asked("GET", target).Header().Get("Understudy-Request-Id") }
	p.do("GET /exchanges/"+id("/oders")+"/scenario", "").want(t, 422, "SCENARIO_NOT_WRITTEN")
	p.do("GET /exchanges/none/scenario", "").want(t, 404, "EXCHANGE_NOT_FOUND")
	inSession := id("/__session/a/orders/1")
	p.do("GET /sessions/a/exchanges/"+inSession+"/scenario?name=x/y", "").want(t, 200, "")
	p.do("PUT /sessions/b", "{}").want(t, 201, "")
	p.do("GET /sessions/b/exchanges/"+inSession+"/scenario", "").want(t, 404, "EXCHANGE_NOT_FOUND")
	p.wrong("GET /exchanges/"+inSession+"/scenario?name=a%20b", "").want(t, 422, "SCENARIO_NOT_WRITTEN")
	off := newPlane(t, mock.Options{JournalEntries: -1})
	off.do("GET /exchanges/none/scenario", "").want(t, 409, "JOURNAL_OFF")
}

// TestSummaries holds that summaries are of the same exchanges as the records.
func TestSummaries(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	type row struct {
		Number                    uint64
		Method, URL, Session, Gap string
		Status                    int
		Valid                     bool
		Step, Scenario, Operation string
		Problem, Stub, API, ID    string
		Fault, Arrived            string
	}
	var page struct {
		Requests []row
		Next     uint64
	}
	for _, query := range []string{"?limit=4", "?valid=false", "?session=a", "?status=4XX"} {
		p.do("GET /exchanges/summaries"+query, "").into(t, &page)
		var records struct {
			Requests []struct {
				Number   uint64
				ID       string
				Gap      string
				Valid    bool
				Response struct{ Status int }
			}
			Next uint64
		}
		p.do("GET /exchanges"+query, "").into(t, &records)
		if len(page.Requests) != len(records.Requests) || page.Next != records.Next || len(page.Requests) == 0 {
			t.Fatalf("%s: %d and %d", query, len(page.Requests), len(records.Requests))
		}
		for i, r := range records.Requests {
			s := page.Requests[i]
			if s.Number != r.Number || s.ID != r.ID || s.Gap != r.Gap || s.Valid != r.Valid || s.Status != r.Response.Status {
				t.Errorf("%s: %+v of %+v", query, s, r)
			}
		}
		page.Requests, page.Next = nil, 0
	}
	p.do("GET /sessions/a/exchanges/summaries", "").into(t, &page)
	if len(page.Requests) != 2 {
		t.Errorf("%d in the session", len(page.Requests))
	}
}

// TestNearMissesOfOne holds that one exchange tells what came close.
func TestNearMissesOfOne(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var one struct {
		ClosestOperations []string
		ClosestStubs      []struct{ Stub, Failed string }
	}
	p.do("GET /exchanges/"+p.asked("GET", "/oders").Header().Get("Understudy-Request-Id"), "").into(t, &one)
	if diff := cmp.Diff([]string{"GET /orders", "GET /orders/{id}"}, one.ClosestOperations); diff != "" {
		t.Error(diff)
	}
	p.do("GET /exchanges/"+p.asked("GET", "/orders/1", "Prefer: scenario=always").Header().Get("Understudy-Request-Id"), "").into(t, &one)
	if len(one.ClosestStubs) != 1 || one.ClosestStubs[0].Stub != "always/getOrder#1" {
		t.Error(one.ClosestStubs)
	}
}
