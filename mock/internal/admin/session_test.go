package admin_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

type sessionInfo struct {
	ID, Path, Idle    string
	Scenarios, Active []string
	Values            int
}

func (p *plane) session(a *answer, status int) (s sessionInfo) {
	p.t.Helper()
	a.want(p.t, status, "")
	a.into(p.t, &s)
	return s
}

// TestSessions needs a token for the list of sessions, and none for what happens in one.
func TestSessions(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"token"}})
	p.do("GET /sessions/a", "").want(t, 404, "SESSION_NOT_FOUND")
	got := p.session(p.do("PUT /sessions/a", `{"scenarios": ["steps", "outage"], "idle": "30m"}`), 201)
	want := sessionInfo{"a", "/__session/a", "30m0s", []string{"steps", "outage"}, []string{"outage", "steps"}, 0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := p.status("GET", "/__session/a/orders/1"); got != 500 {
		t.Errorf("within it: %d", got)
	}
	if got := p.status("GET", "/orders/1"); got != 200 {
		t.Errorf("without: %d", got)
	}
	if names := p.active(p.do("POST /sessions/a/scenarios/outage/deactivate", "")); !cmp.Equal(names, []string{"steps"}) {
		t.Error(names)
	}
	if got := p.status("GET", "/__session/a/orders"); got != 500 {
		t.Errorf("the first step: %d", got)
	}
	if got := p.status("GET", "/__session/a/orders"); got != 404 {
		t.Errorf("the second step: %d", got)
	}
	if got := p.session(p.do("GET /sessions/a", ""), 200); got.Values != 1 || !cmp.Equal(got.Active, []string{"steps"}) {
		t.Errorf("%+v", got)
	}
	p.do("POST /sessions/a/reset", "").want(t, 200, "")
	if got := p.session(p.do("GET /sessions/a", ""), 200); got.Values != 0 || !cmp.Equal(got.Active, []string{"outage", "steps"}) {
		t.Errorf("after the reset: %+v", got)
	}
	// a name counts where it is newest, as where scenarios are activated
	p.do("PUT /sessions/twice", `{"scenarios": ["outage", "steps", "outage"]}`).want(t, 201, "")
	if got := p.session(p.do("GET /sessions/twice", ""), 200); !cmp.Equal(got.Scenarios, []string{"steps", "outage"}) || !cmp.Equal(got.Active, []string{"outage", "steps"}) {
		t.Errorf("named twice: %+v", got)
	}
	p.do("DELETE /sessions/twice", "", "Authorization: Bearer token").want(t, 204, "")
	// made anew, and by use
	if got := p.session(p.do("PUT /sessions/a", ""), 200); len(got.Active) != 0 || got.Idle != "" {
		t.Errorf("made anew: %+v", got)
	}
	if names := p.active(p.do("POST /sessions/b/scenarios/orders%2F404/activate", "")); !cmp.Equal(names, []string{"orders/404"}) {
		t.Error(names)
	}
	p.do("GET /sessions", "").want(t, 401, "TOKEN_REQUIRED")
	var list struct{ Sessions []sessionInfo }
	p.do("GET /sessions", "", "Authorization: Bearer token").into(t, &list)
	if len(list.Sessions) != 2 || list.Sessions[0].ID != "a" || list.Sessions[1].ID != "b" {
		t.Errorf("%+v", list)
	}
	p.do("DELETE /sessions/a", "").want(t, 204, "")
	for _, request := range []string{"DELETE /sessions/a", "POST /sessions/a/reset", "GET /sessions/a/scenarios", "GET /sessions/a/scenarios/outage", "POST /sessions/a/scenarios/outage/deactivate"} {
		p.do(request, "").want(t, 404, "SESSION_NOT_FOUND")
	}
}

func TestSessionsRefused(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.do("PUT /sessions/a", `{"scenarios": ["nothing"]}`).want(t, 404, "SCENARIO_NOT_FOUND")
	p.do("PUT /sessions/a", `{"idle": "0s"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("PUT /sessions/a", `{"idle": 7}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	for body, want := range map[string]string{
		`{"ttl": "30m"}`:       `The body cannot have \"ttl\": did you mean \"idle\"?`,
		`{"scenario": ["a"]}`:  `The body cannot have \"scenario\": did you mean \"scenarios\"? There are idle, scenarios.`,
		`{"Idle": "30m"}`:      `did you mean \"idle\"?`,
		`{"colour": "yellow"}`: `The body cannot have \"colour\". There are idle, scenarios.`,
		`{"idle": "a while"}`:  `\"a while\" is no duration: write a number with a unit, such as 300ms or 30m.`,
	} {
		a := p.wrong("PUT /sessions/a", body)
		if a.want(t, 400, "CONTROL_REQUEST_INVALID"); !strings.Contains(a.Body, want) {
			t.Errorf("%s: %s", body, a.Body)
		}
	}
	p.wrong("PUT /sessions/a%20b", "").want(t, 400, "INVALID_SESSION")
	p.wrong("PUT /sessions/"+strings.Repeat("a", 129), "").want(t, 400, "INVALID_SESSION")
	for _, dots := range []string{".", "..", "%2E", "%2e."} {
		p.wrong("PUT /sessions/"+dots, "").want(t, 400, "INVALID_SESSION")
	}
	p.do("PUT /sessions/...", "").want(t, 201, "")
	p.do("GET /sessions/a", "").want(t, 404, "SESSION_NOT_FOUND")
	p.do("POST /sessions/a/scenarios/nothing/activate", "").want(t, 404, "SCENARIO_NOT_FOUND")
}

// TestSessionEnds takes all that a session has with it: its timers, its scenarios.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		p.session(p.do("PUT /sessions/a", `{"idle": "10m"}`), 201)
		p.do("POST /sessions/a/scenarios/outage/activate", `{"for": "5m"}`).want(t, 200, "")
		p.do("POST /sessions/a/scenarios?name=mine", `{"operations": {"getOrder": 404}}`).want(t, 201, "")
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		p.do("GET /sessions/a", "").want(t, 404, "SESSION_NOT_FOUND")
		p.session(p.do("PUT /sessions/a", ""), 201)
		p.do("GET /sessions/a/scenarios/mine", "").want(t, 404, "SCENARIO_NOT_FOUND")
		p.do("POST /sessions/a/scenarios/outage/activate", "").want(t, 200, "")
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := p.status("GET", "/__session/a/orders"); got != 500 {
			t.Errorf("the timer of the session before has ended the scenario: %d", got)
		}
	})
}
