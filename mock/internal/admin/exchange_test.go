package admin_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

type exchangeList struct {
	Requests []struct {
		ID       string
		Number   uint64
		Session  string
		Gap      string
		Response struct{ Status int }
		Request  struct{ Path string }

		ClosestOperations []string
		ClosestStubs      []struct{ Stub, Failed string }
	}
	Next    uint64
	Count   int
	Deleted int
}

func (l exchangeList) paths() (paths []string) {
	for _, r := range l.Requests {
		paths = append(paths, r.Request.Path)
	}
	return paths
}

func (p *plane) list(request, body string) (l exchangeList) {
	p.t.Helper()
	a := p.do(request, body)
	a.want(p.t, 200, "")
	a.into(p.t, &l)
	return l
}

// visited is a mock that has had some requests.
func visited(t *testing.T, opts mock.Options) *plane {
	p := newPlane(t, opts)
	for n := range 5 {
		p.status("GET", fmt.Sprintf("/orders/%d", n+1))
	}
	p.status("GET", "/orders/7")             // the default scenario's
	p.status("GET", "/orders/x")             // breaks the contract
	p.status("GET", "/oders")                // no operation
	p.status("GET", "/__session/a/orders/1") // of a session
	p.status("GET", "/__session/a/orders", "Prefer: scenario=always")
	return p
}

func TestExchanges(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	for query, want := range map[string][]string{
		"":                                    {"/orders", "/orders/1", "/oders", "/orders/x", "/orders/7", "/orders/5", "/orders/4", "/orders/3", "/orders/2", "/orders/1"},
		"?session=a":                          {"/orders", "/orders/1"},
		"?session=&limit=2":                   {"/oders", "/orders/x"},
		"?operation=getOrder&valid=false":     {"/orders/x"},
		"?operation=shop.getOrders":           {"/orders"},
		"?operation=GET+/orders":              {"/orders"},
		"?matched=false":                      {"/orders", "/oders", "/orders/x"},
		"?scenario=always":                    {"/orders/7"},
		"?stub=always/getOrder%231":           {"/orders/7"},
		"?status=404&path=/orders*":           {"/orders", "/orders/7"},
		"?status=4XX&method=get&path=/oders":  {"/oders"},
		"?violates=path%20id":                 {"/orders/x"},
		"?text=oders":                         {"/oders"},
		"?after=8":                            {"/orders", "/orders/1"},
		"?before=3":                           {"/orders/2", "/orders/1"},
		"?until=2020-01-01T00:00:00Z":         nil,
		"?since=2020-01-01T00:00:00Z&limit=1": {"/orders"},
	} {
		l := p.list("GET /exchanges"+query, "")
		if diff := cmp.Diff(want, l.paths()); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
		if strings.Contains(query, "limit") {
			continue
		}
		if got := p.list("GET /exchanges/count"+query, "").Count; got != len(want) {
			t.Errorf("%s: counted %d, want %d", query, got, len(want))
		}
	}
	// pages
	var all []string
	for cursor := uint64(0); ; {
		query := "?limit=3"
		if cursor > 0 {
			query += fmt.Sprint("&before=", cursor)
		}
		page := p.list("GET /exchanges"+query, "")
		all = append(all, page.paths()...)
		if cursor = page.Next; cursor == 0 {
			break
		}
	}
	if diff := cmp.Diff(p.list("GET /exchanges", "").paths(), all); diff != "" {
		t.Error(diff)
	}
	// one, in its session and in another
	id := p.list("GET /exchanges?session=a&limit=1", "").Requests[0].ID
	for path, status := range map[string]int{"/exchanges/" + id: 200, "/sessions/a/exchanges/" + id: 200, "/sessions/b/exchanges/" + id: 404, "/exchanges/none": 404} {
		if a := p.do("GET "+path, ""); a.Status != status {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

func TestExchangesRefused(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "before=-1", "valid=yes", "since=today", "status=abc", "sesion=a", "limit=1&limit=2", "after=1.5"} {
		p.wrong("GET /exchanges?"+query, "").want(t, 400, "CONTROL_REQUEST_INVALID")
	}
	for request, want := range map[string]string{
		"GET /exchanges?sesion=a":  `There is no query parameter \"sesion\" here: did you mean \"session\"? There are after, before, limit, matched, method, operation, path, scenario, session, since, status, stub, text, until, valid, violates.`,
		"GET /verdict?session=a":   `There is no query parameter \"session\" here. There are allowNoRequests.`,
		"GET /changes?limit=1":     `There is no query parameter \"limit\" here, and no other.`,
		"POST /verify?operation=a": `There is no query parameter \"operation\" here. There are after, session, since.`,
	} {
		if a := p.wrong(request, ""); !strings.Contains(a.Body, want) {
			t.Errorf("%s: %s", request, a.Body)
		}
	}
	p.do("GET /exchanges?violates=nothing", "").want(t, 400, "CONTROL_REQUEST_INVALID")
	for _, request := range []string{"GET /exchanges", "DELETE /exchanges", "GET /exchanges.har", "GET /exchanges/count", "GET /exchanges/unmatched", "GET /exchanges/summaries"} {
		a := p.do(request+"?operation=getOder", "")
		if a.want(t, 404, "OPERATION_NOT_FOUND"); !strings.Contains(a.Body, `There is no operation \"getOder\": did you mean \"getOrder\"?`) {
			t.Errorf("%s: %s", request, a.Body)
		}
	}
	p.do("GET /exchanges?operation=", "").want(t, 200, "")
	p.wrong("GET /sessions/a/exchanges?session=b", "").want(t, 400, "CONTROL_REQUEST_INVALID")
	off := newPlane(t, mock.Options{JournalEntries: -1})
	for _, request := range []string{"GET /exchanges", "GET /exchanges/count", "GET /exchanges/x", "GET /exchanges.har", "DELETE /exchanges", "GET /exchanges/unmatched"} {
		off.do(request, "").want(t, 409, "JOURNAL_OFF")
	}
	off.do("POST /verify", `[]`).want(t, 422, "PATTERN_REFUSED")
	off.do("POST /verify", `{"operation": "getOrder"}`).want(t, 409, "JOURNAL_OFF")
	off.do("POST /exchanges/find", `{"operation": "getOrder"}`).want(t, 409, "JOURNAL_OFF")
	for _, request := range []string{"GET /requests", "GET /requests/unmatched"} {
		if a := off.do(request, ""); a.Status != 200 || !strings.Contains(a.Body, `"requestJournalDisabled": true`) {
			t.Errorf("%s: %d %s", request, a.Status, a.Body)
		}
	}
}

func TestUnmatched(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	l := p.list("GET /exchanges/unmatched?path=/oders", "")
	if len(l.Requests) != 1 || l.Requests[0].Gap != "no-operation" || !slices.Contains(l.Requests[0].ClosestOperations, "GET /orders") {
		t.Errorf("%+v", l)
	}
	if l := p.list("GET /sessions/a/exchanges/unmatched", ""); len(l.Requests) != 1 || l.Requests[0].Gap != "no-stub" {
		t.Errorf("%+v", l)
	}
	p.do("POST /scenarios/life/activate", "").want(t, 200, "")
	p.status("GET", "/orders")
	if l := p.list("GET /exchanges/unmatched?operation=getOrders&session=", ""); len(l.Requests) != 0 {
		t.Errorf("%+v", l)
	}
	if l := p.list("GET /exchanges/unmatched?operation=getOrders&session=&passedOver=true", ""); len(l.Requests) != 1 || len(l.Requests[0].ClosestStubs) != 1 || l.Requests[0].ClosestStubs[0].Failed == "" {
		t.Errorf("%+v", l)
	}
}

func TestDeleteExchanges(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	if l := p.list("DELETE /exchanges?path=/orders/1&session=", ""); l.Deleted != 1 {
		t.Errorf("%+v", l)
	}
	if l := p.list("DELETE /sessions/a/exchanges", ""); l.Deleted != 2 {
		t.Errorf("%+v", l)
	}
	if l := p.list("DELETE /exchanges", ""); l.Deleted != 7 {
		t.Errorf("%+v", l)
	}
	p.do("DELETE /requests", "").want(t, 200, "") // there are none
	// Who has deleted what is told, as each change for everybody is.
	var list struct {
		Changes []struct{ Action, By, Detail string }
	}
	p.do("GET /changes", "").into(t, &list)
	var told []string
	for _, c := range list.Changes {
		told = append(told, c.Action+" "+c.Detail+" "+c.By)
	}
	if diff := cmp.Diff([]string{"delete 7 exchanges anonymous (192.0.2.1)", "delete 1 exchange anonymous (192.0.2.1)"}, told); diff != "" {
		t.Error(diff)
	}
}

// TestUnknownSessions have no exchanges and no verdict: a misspelt id must not pass.
func TestUnknownSessions(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	for _, request := range []string{
		"GET /sessions/b/verdict", "GET /sessions/b/exchanges", "GET /sessions/b/exchanges/count", "GET /sessions/b/exchanges.har", "GET /sessions/b/exchanges/unmatched",
		"GET /sessions/b/exchanges/x", "DELETE /sessions/b/exchanges", "GET /exchanges?session=b", "GET /exchanges/count?session=b", "DELETE /exchanges?session=b",
	} {
		p.do(request, "").want(t, 404, "SESSION_NOT_FOUND")
	}
	const never = `{"operation": "getOrder", "exactly": 0}`
	for _, path := range []string{"/sessions/b/verify", "/verify?session=b", "/sessions/b/exchanges/find", "/exchanges/find?session=b"} {
		p.do("POST "+path, never).want(t, 404, "SESSION_NOT_FOUND")
	}
	p.list("GET /exchanges?session=", "")
}

// TestDeletedExchanges make expectations incomplete, except for those who have deleted
// all that they speak of.
func TestDeletedExchanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ deleted, all, a, none string }{
		{"/exchanges", "pass", "incomplete", "incomplete"},
		{"/requests", "pass", "incomplete", "incomplete"},
		{"/exchanges?method=GET", "incomplete", "incomplete", "incomplete"},
		{"/exchanges?session=a", "incomplete", "pass", "fail"},
		{"/sessions/a/exchanges", "incomplete", "pass", "fail"},
		{"/sessions/a/exchanges?path=/orders/1", "incomplete", "incomplete", "fail"},
	} {
		p := visited(t, mock.Options{})
		p.do("DELETE "+test.deleted, "").want(t, 200, "")
		outcome := func(path string) string {
			var v struct{ Outcome string }
			p.do("POST "+path, `{"operation": "getOrder", "when": {"path": {"id": 1}}, "exactly": 0}`).into(t, &v)
			return v.Outcome
		}
		got := []string{outcome("/verify"), outcome("/sessions/a/verify"), outcome("/verify?session=")}
		if got[0] == "fail" { // those of others are still there
			got[0] = "incomplete"
		}
		if diff := cmp.Diff([]string{test.all, test.a, test.none}, got); diff != "" {
			t.Errorf("%s: %s", test.deleted, diff)
		}
		if a := p.do("GET /exchanges", ""); !strings.Contains(a.Body, `"dropped": 0`) {
			t.Errorf("%s: what was deleted counts as dropped", test.deleted)
		}
	}
}

// TestRefusedRequests are in the journal, and count for nobody.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminListen: "127.0.0.1:0"})
	p.status("GET", "/orders/1")
	p.status("GET", "/__session/a/orders/1")
	p.status("GET", "/__session/a%20b/orders/1")
	p.status("GET", "/orders/1?__session=a&__session=b")
	p.status("GET", "/__admin/health") // elsewhere
	p.status("GET", "/__session/a/__admin/health")
	ctx := t.Context()
	page, err := p.mock.Journal(ctx, mock.JournalQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []string
	for _, r := range page.Requests {
		gaps = append(gaps, string(r.Gap)+" "+string(r.Decision.Step)+" "+r.Session)
	}
	if diff := cmp.Diff([]string{"refused refused ", "refused refused ", "refused refused ", "refused refused ", " contract a", " contract "}, gaps); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"", "a"} {
		if n, err := p.mock.CountRequests(ctx, mock.JournalFilter{Session: &id}); n != 1 || err != nil {
			t.Errorf("%q: %d %v", id, n, err)
		}
	}
	s, err := p.mock.Session(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	for who, verdict := range map[string]func(context.Context, mock.VerdictOptions) (mock.Verdict, error){"": p.mock.Verdict, "a": s.Verdict} {
		if v, err := verdict(ctx, mock.VerdictOptions{}); err != nil || !v.Passed || v.Requests != 1 {
			t.Errorf("%q: %s %v", who, v.String(), err)
		}
	}
	if c, err := p.mock.Coverage(ctx); err != nil || c.Requests != 2 || c.WithoutOperation != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	two := 2
	v, err := p.mock.Verify(ctx, []mock.Expectation{{Operation: "*", Exactly: &two}}, mock.Scope{})
	if err != nil || v.Outcome != mock.VerifiedPass {
		t.Errorf("%v %v", v, err)
	}
	if found, err := p.mock.FindRequests(ctx, mock.Pattern{Operation: "*"}, mock.Scope{}, 10); err != nil || found.Count != 2 {
		t.Errorf("%d %v", found.Count, err)
	}
}

func TestFindAndVerify(t *testing.T) {
	t.Parallel()
	p := visited(t, mock.Options{})
	if l := p.list("POST /exchanges/find?limit=2", `{"operation": "getOrder", "when": {"path": {"id": {"greaterThan": 2}}}}`); l.Count != 4 || !cmp.Equal(l.paths(), []string{"/orders/7", "/orders/5"}) {
		t.Errorf("%+v", l)
	}
	if l := p.list("POST /sessions/a/exchanges/find", `{"operation": "*"}`); l.Count != 2 {
		t.Errorf("%+v", l)
	}
	outcome := func(path, body string, headers ...string) string {
		t.Helper()
		var v struct{ Outcome string }
		a := p.do("POST "+path, body, headers...)
		a.want(t, 200, "")
		a.into(t, &v)
		return v.Outcome
	}
	for _, test := range []struct{ path, body, want string }{
		{"/verify", `{"operation": "getOrder", "exactly": 8}`, "pass"},
		{"/verify?session=a", `{"operation": "getOrder", "exactly": 1}`, "pass"},
		{"/verify?after=5", `{"operation": "getOrder", "exactly": 3}`, "pass"},
		{"/sessions/a/verify", `[{"operation": "getOrder", "when": {"path": {"id": 1}}}, {"operation": "getOrders"}]`, "pass"},
		{"/sessions/a/verify", `[{"operation": "getOrders", "atMost": 0}]`, "fail"},
	} {
		if got := outcome(test.path, test.body); got != test.want {
			t.Errorf("%s %s: %s, want %s", test.path, test.body, got, test.want)
		}
	}
	if got := outcome("/verify", "- {operation: getOrder, when: {path: {id: 2}}, exactly: 1}\n", asYAML); got != "pass" {
		t.Error(got)
	}
	a := p.do("POST /verify", `{"operation": "getOrderss"}`)
	if a.want(t, 422, "PATTERN_REFUSED"); !strings.Contains(a.Body, `"code": "unknown-operation"`) {
		t.Error(a.Body)
	}
	p.wrong("POST /exchanges/find", `{"when": {}}`).want(t, 422, "PATTERN_REFUSED")
}

func TestVerdictAndCoverage(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.do("PUT /sessions/a", `{"scenarios": ["orders/404"]}`).want(t, 201, "")
	passed := func(path string) bool {
		t.Helper()
		var v struct{ Passed bool }
		p.do("GET "+path, "").into(t, &v)
		return v.Passed
	}
	if passed("/sessions/a/verdict") || passed("/verdict") {
		t.Error("a session without requests passes")
	}
	if !passed("/verdict?allowNoRequests=true") {
		t.Error("it does not where that is allowed")
	}
	p.status("GET", "/__session/a/orders/1")
	if !passed("/sessions/a/verdict") {
		t.Error(p.do("GET /sessions/a/verdict", "").Body)
	}
	// A scenario that the session alone has is looked at too.
	p.add("/sessions/a/scenarios?name=own", `{"operations": {"getOrders": 404}}`, 201)
	if a := p.do("GET /sessions/a/verdict", ""); !strings.Contains(a.Body, `"stub": "own/getOrders#1"`) {
		t.Error(a.Body)
	}
	for path, want := range map[string]string{"/coverage": `"requests": 1`, "/sessions/a/coverage": `"requests": 1`} {
		if a := p.do("GET "+path, ""); a.Status != 200 || !strings.Contains(a.Body, want) {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	p.do("GET /sessions/none/coverage", "").want(t, 404, "SESSION_NOT_FOUND")
	har := p.do("GET /exchanges.har?operation=getOrder", "")
	if har.want(t, 200, ""); !strings.Contains(har.Body, `"version": "1.2"`) || !strings.Contains(har.Body, "/__session/a/orders/1") {
		t.Error(har.Body)
	}
	p.do("GET /sessions/a/exchanges.har", "").want(t, 200, "")
}

// TestWireMock asks by WireMock's paths.
func TestWireMock(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	send := func(method, target string, headers ...string) {
		r := httptest.NewRequest(method, target, nil)
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			r.Header.Add(name, value)
		}
		p.mock.ServeHTTP(httptest.NewRecorder(), r)
	}
	send("GET", "/orders/1?page=2", "X-Client: one", "Accept: application/json")
	send("GET", "/orders/2", "X-Client: two", "Authorization: Bearer hidden")
	send("GET", "/nothing")
	send("GET", "/__session/a%20b/orders/1") // refused: none of them has it
	var all struct {
		Requests []struct {
			Request struct {
				URL, AbsoluteURL, Method, Host string
				Port                           int
				Headers                        map[string]string
			}
			Response   struct{ Status int }
			WasMatched bool
		}
		Meta struct{ Total int }
	}
	a := p.do("GET /requests", "")
	a.into(t, &all)
	if all.Meta.Total != 3 || len(all.Requests) != 3 || all.Requests[0].WasMatched || all.Requests[0].Response.Status != 404 {
		t.Errorf("%+v", all)
	}
	if r := all.Requests[2]; r.Request.URL != "/orders/1?page=2" || r.Request.AbsoluteURL != "http://example.com/orders/1?page=2" || r.Request.Port != 80 || r.Request.Headers["X-Client"] != "one" || !r.WasMatched {
		t.Errorf("%+v", r)
	}
	if strings.Contains(a.Body, "hidden") {
		t.Error("a secret is told")
	}
	p.do("GET /requests?limit=1", "").into(t, &all)
	if len(all.Requests) != 1 || all.Meta.Total != 3 {
		t.Errorf("%+v", all)
	}
	for body, want := range map[string]int{
		`{}`: 3, `{"method": "GET"}`: 3, `{"method": "POST"}`: 0, `{"url": "/orders/1?page=2"}`: 1, `{"url": "/orders/1"}`: 0, `{"urlPath": "/orders/1"}`: 1,
		`{"urlPattern": "/orders/1.page=."}`: 1, `{"urlPattern": "/orders/1"}`: 0, `{"urlPathPattern": "/orders/1"}`: 1, `{"urlPathPattern": "/orders/."}`: 2,
		`{"headers": {"x-client": {"equalTo": "one"}}}`: 1, `{"headers": {"X-Client": {"contains": "o"}}}`: 2, `{"headers": {"X-Client": {"matches": "t.*"}}}`: 1,
		`{"headers": {"Authorization": {"equalTo": "Bearer hidden"}}}`: 1,
	} {
		var got struct {
			Count    int
			Requests []struct{ URL string }
		}
		p.do("POST /requests/count", body).into(t, &got)
		p.do("POST /requests/find", body).into(t, &got)
		if got.Count != want || len(got.Requests) != want {
			t.Errorf("%s: %d and %d, want %d", body, got.Count, len(got.Requests), want)
		}
	}
	for body, key := range map[string]string{
		`{"urlPathTemplate": "/orders/{id}"}`: "urlPathTemplate", `{"headers": {"a": {"absent": true}}}`: "absent", `{"bodyPatterns": []}`: "bodyPatterns",
	} {
		for _, path := range []string{"count", "find"} {
			a := p.wrong("POST /requests/"+path, body)
			if a.want(t, 422, "PATTERN_REFUSED"); !strings.Contains(a.Body, key) {
				t.Errorf("%s does not name the key: %s", body, a.Body)
			}
		}
	}
	for _, path := range []string{"count", "find"} {
		a := p.do("POST /requests/"+path, `{"urlPathPattern": "/orders/("}`)
		if a.want(t, 422, "PATTERN_REFUSED"); !strings.Contains(a.Body, "urlPathPattern") || !strings.Contains(a.Body, "no regular expression of RE2") {
			t.Error(a.Body)
		}
	}
	var found struct{ Requests []struct{ URL string } }
	p.do("GET /requests/unmatched", "").into(t, &found)
	if len(found.Requests) != 1 || found.Requests[0].URL != "/nothing" {
		t.Errorf("%+v", found)
	}
	// The lists without a limit are not cut, and have the oldest first.
	for n := range 1100 {
		send("GET", fmt.Sprint("/none/", n))
	}
	p.do("GET /requests/unmatched", "").into(t, &found)
	if n := len(found.Requests); n != 1101 || found.Requests[1].URL != "/none/0" || found.Requests[1100].URL != "/none/1099" {
		t.Errorf("%d unmatched", n)
	}
	p.do("POST /requests/find", `{"method": "GET"}`).into(t, &found)
	if n := len(found.Requests); n != 1103 || found.Requests[0].URL != "/orders/1?page=2" {
		t.Errorf("%d found", n)
	}
	if a := p.do("DELETE /requests", ""); strings.TrimSpace(a.Body) != "{}" {
		t.Error(a.Body)
	}
	if l := p.list("GET /exchanges/count", ""); l.Count != 0 {
		t.Error(l.Count)
	}
	// what else WireMock has is not there, and its mappings have another name
	for path, scenarios := range map[string]bool{"/mappings": true, "/mappings/1": true, "/mappingsoup": false} {
		a := p.send(p.request("GET "+path, "", nil))
		a.want(t, 404, "CONTROL_PATH_UNKNOWN")
		if strings.Contains(a.Body, "POST /__admin/scenarios adds one") != scenarios {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
}
