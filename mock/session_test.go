package mock_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

const sessionScenarios = `
state:
  order: {key: "${path.id}", values: [open, shipped]}
operations:
  getOrder:
    - when: {state: {order: open}}
      respond: {status: 404}
      set: {order: shipped}
    - when: {state: {order: shipped}}
      respond: {status: 200, example: large}
`

// sessionMock has scenarios that contradict each other.
func sessionMock(t *testing.T, change func(*mock.Options)) *mock.Mock {
	t.Helper()
	f := newFiles(t)
	f.write("scenarios/states.yaml", sessionScenarios)
	f.write("scenarios/steps.yaml", "operations:\n  getOrder: {respond: [{status: 404, times: 3}, {status: 200, times: 2}], atEnd: restart}\n")
	f.write("scenarios/gone.yaml", "operations: {getOrder: 404}\n")
	f.write("scenarios/moved.yaml", `
operations:
  createOrder:
    - {when: {body: {sku: path}}, respond: {status: 201, headers: {Location: "/orders/1?a=b%20c"}}}
    - {when: {body: {sku: host}}, respond: {status: 201, headers: {Location: "http://example.com/orders/1"}}}
    - {when: {body: {sku: other}}, respond: {status: 201, headers: {Location: "https://other.example/orders/1"}}}
    - {when: {body: {sku: relative}}, respond: {status: 201, headers: {Location: "orders/1"}}}
    - {when: {body: {sku: inside}}, respond: {status: 201, headers: {Location: "/__session/a/orders/1"}}}
`)
	opts := f.options()
	if change != nil {
		change(&opts)
	}
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSessionsNeverMeet runs 500 sessions with three stories at the same time on one
// mock: each sees its own story and nothing of the others.
func TestSessionsNeverMeet(t *testing.T) {
	t.Parallel()
	stories := []struct {
		scenario string
		want     []int
	}{
		{"steps", []int{404, 404, 404, 200, 200, 404, 404, 404, 200, 200, 404, 404, 404, 200, 200, 404, 404, 404, 200, 200}},
		{"states", []int{404, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
		{"gone", []int{404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404}},
		{"", []int{200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}},
	}
	m := sessionMock(t, nil)
	var wait sync.WaitGroup
	for n := range 500 {
		wait.Go(func() {
			story := stories[n%len(stories)]
			s, err := m.Session(t.Context(), fmt.Sprint("test-", n))
			if err == nil && story.scenario != "" {
				err = s.Activate(t.Context(), story.scenario)
			}
			if err != nil {
				t.Error(err)
				return
			}
			var got []int
			for range story.want {
				got = append(got, statusOf(m, "GET", "/__session/"+s.ID()+"/orders/7"))
			}
			if diff := cmp.Diff(story.want, got); diff != "" {
				t.Errorf("%s with %q: %s", s.ID(), story.scenario, diff)
			}
		})
	}
	wait.Wait()
	if all, err := m.Sessions(t.Context()); err != nil || len(all) != 500 {
		t.Errorf("%d sessions, %v", len(all), err)
	}
	if got := statusOf(m, "GET", "/orders/7"); got != 200 {
		t.Errorf("without a session: %d", got)
	}
}

// TestCarriers sends a session's id in every way.
func TestCarriers(t *testing.T) {
	t.Parallel()
	m := sessionMock(t, nil)
	a, err := m.MakeSession(t.Context(), "a", mock.SessionStart{Scenarios: []string{"gone"}})
	if err != nil {
		t.Fatal(err)
	}
	send := func(target string, headers ...string) *http.Response {
		r := httptest.NewRequest("GET", target, nil)
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			r.Header.Add(name, value)
		}
		answer := httptest.NewRecorder()
		m.ServeHTTP(answer, r)
		return answer.Result()
	}
	for name, test := range map[string]struct {
		got     *http.Response
		status  int
		session string
		problem string
	}{
		"none":                          {send("/orders/1"), 200, "", ""},
		"path":                          {send("/__session/a/orders/1"), 404, "a", ""},
		"header":                        {send("/orders/1", "Understudy-Session: a"), 404, "a", ""},
		"query":                         {send("/orders/1?__session=a&page=2"), 404, "a", ""},
		"cookie":                        {send("/orders/1", "Cookie: understudy_session=a"), 404, "a", ""},
		"a cookie makes none":           {send("/orders/1", "Cookie: understudy_session=stale"), 200, "", ""},
		"contradiction":                 {send("/__session/a/orders/1", "Understudy-Session: b"), 400, "a", "INVALID_SESSION"},
		"no admin in it":                {send("/__session/a/__admin/health"), 404, "a", "RESERVED_PATH"},
		"none within another":           {send("/__session/a/__session/a/orders/1"), 404, "a", "RESERVED_PATH"},
		"validation sees the bare path": {send("/__session/a/orders/x"), 400, "a", "UNPROCESSABLE_ENTITY"},
	} {
		if test.got.StatusCode != test.status || test.got.Header.Get("Understudy-Error") != test.problem {
			t.Errorf("%s: %d %q, want %d %q", name, test.got.StatusCode, test.got.Header.Get("Understudy-Error"), test.status, test.problem)
		}
		if got := test.got.Header.Get("Understudy-Session"); test.problem == "" && got != test.session {
			t.Errorf("%s: answered in session %q", name, got)
		}
	}
	all, err := m.Sessions(t.Context())
	if err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	if err := a.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	if err := a.Activate(t.Context(), "gone"); !errors.Is(err, mock.ErrNoSession) {
		t.Error(err)
	}
	if got := send("/__session/a/orders/1"); got.StatusCode != 200 {
		t.Errorf("made anew by use: %d", got.StatusCode)
	}
}

// TestRedirectsStayInTheSession looks at the Location of answers.
func TestRedirectsStayInTheSession(t *testing.T) {
	t.Parallel()
	m := sessionMock(t, func(o *mock.Options) { o.Active = []string{"moved"} })
	for sku, want := range map[string][2]string{
		"path":     {"/orders/1?a=b%20c", "/__session/a/orders/1?a=b%20c"},
		"host":     {"http://example.com/orders/1", "http://example.com/__session/a/orders/1"},
		"other":    {"https://other.example/orders/1", "https://other.example/orders/1"},
		"relative": {"orders/1", "orders/1"},
		"inside":   {"/__session/a/orders/1", "/__session/a/orders/1"},
	} {
		for i, base := range []string{"", "/__session/a"} {
			r := httptest.NewRequest("POST", base+"/orders", strings.NewReader(fmt.Sprintf(`{"sku": %q}`, sku)))
			r.Header.Set("Content-Type", "application/json")
			answer := httptest.NewRecorder()
			m.ServeHTTP(answer, r)
			if got := answer.Header().Get("Location"); got != want[i] {
				t.Errorf("%s below %q: %d %q, want %q", sku, base, answer.Code, got, want[i])
			}
		}
	}
}

func TestRequireSession(t *testing.T) {
	t.Parallel()
	m := sessionMock(t, func(o *mock.Options) { o.RequireSession = true })
	if got := statusOf(m, "GET", "/orders/1"); got != 400 {
		t.Errorf("without a session: %d", got)
	}
	if got := statusOf(m, "GET", "/__session/a/orders/1"); got != 200 {
		t.Errorf("in a session: %d", got)
	}
	r := httptest.NewRequest("OPTIONS", "/orders/1", nil)
	r.Header.Set("Origin", "http://app.example")
	r.Header.Set("Access-Control-Request-Method", "GET")
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, r)
	if answer.Code != 204 {
		t.Errorf("a preflight: %d", answer.Code)
	}
	stale := httptest.NewRequest("GET", "/orders/1", nil)
	stale.Header.Set("Cookie", "understudy_session=gone")
	answer = httptest.NewRecorder()
	m.ServeHTTP(answer, stale)
	if answer.Code != 400 || answer.Header().Get("Understudy-Error") != "SESSION_REQUIRED" {
		t.Errorf("with the cookie of a session that is gone: %d", answer.Code)
	}
}

// TestSessionReset changes everything in a session and returns to its start.
func TestSessionReset(t *testing.T) {
	t.Parallel()
	m := sessionMock(t, nil)
	if _, err := m.MakeSession(t.Context(), "a", mock.SessionStart{Scenarios: []string{"stepz"}}); err == nil || !strings.Contains(err.Error(), `did you mean "steps"?`) {
		t.Error(err)
	}
	s, err := m.MakeSession(t.Context(), "a", mock.SessionStart{Scenarios: []string{"steps"}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(want ...int) {
		t.Helper()
		for _, status := range want {
			if got := statusOf(m, "GET", "/__session/a/orders/1"); got != status {
				t.Errorf("%d, want %d", got, status)
			}
		}
	}
	ask(404, 404, 404, 200)
	if err := s.Activate(t.Context(), "gone", "states"); err != nil {
		t.Fatal(err)
	}
	ask(404, 200, 200)
	if err := s.Activate(t.Context(), "steps", "nothing"); err == nil {
		t.Error("an unknown scenario was activated")
	}
	ask(200) // and nothing has changed
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	ask(404, 404, 404, 200, 200)
	info, err := s.Info(t.Context())
	if err != nil || !cmp.Equal(info.Active, []string{"steps"}) {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestScenariosEndWithTheSession deletes a session while a scenario is added to it: nothing
// of it may be left to the next session of that id.
func TestScenariosEndWithTheSession(t *testing.T) {
	t.Parallel()
	reloading, goOn := make(chan bool), make(chan bool)
	m := sessionMock(t, func(o *mock.Options) { o.OnReload = func(mock.Reloaded) { reloading <- true; <-goOn } })
	s, err := m.Session(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() { _ = m.Reload(t.Context()) })
	<-reloading
	wait.Go(func() { // what is added waits for the reload
		if _, err := s.AddScenario(t.Context(), "b", []byte("default: true\noperations: {getOrder: 404}\n")); !errors.Is(err, mock.ErrNoSession) {
			t.Errorf("added to a session that has ended: %v", err)
		}
	})
	time.Sleep(20 * time.Millisecond) // else it may find that the session has ended before it waits
	if err := s.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	close(goOn)
	wait.Wait()
	if got := statusOf(m, "GET", "/__session/a/orders/1"); got != 200 {
		t.Errorf("the next session answers %d", got)
	}
}
