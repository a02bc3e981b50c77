package admin_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

type stateList struct {
	Machines []struct {
		Scenario, State string
		Values          []string
		Keyed           bool
		Instances       []struct{ Key, Value string }
	}
	Sequences []struct {
		Scenario, Operation, Stub, AtEnd string
		Position, Steps                  int
	}
}

// TestState reads and sets states and sequences, of requests without a session and of a
// session.
func TestState(t *testing.T) {
	t.Parallel()
	for _, scope := range []struct{ admin, api string }{{"", ""}, {"/sessions/a", "/__session/a"}} {
		p := newPlane(t, mock.Options{})
		if scope.admin != "" {
			p.do("PUT "+scope.admin, "").want(t, 201, "")
		}
		read := func() (s stateList) {
			t.Helper()
			a := p.do("GET "+scope.admin+"/state", "")
			a.want(t, 200, "")
			a.into(t, &s)
			return s
		}
		status := func(path string, want int) {
			t.Helper()
			if got := p.status("GET", scope.api+path); got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
		s := read()
		if len(s.Machines) != 2 || len(s.Sequences) != 1 || len(s.Machines[0].Instances) != 0 || s.Sequences[0].Position != 0 || s.Sequences[0].Steps != 3 || s.Sequences[0].Operation != "getOrders" {
			t.Fatalf("at the start: %+v", s)
		}
		p.do("POST "+scope.admin+"/scenarios/steps/activate", "").want(t, 200, "")
		p.do("POST "+scope.admin+"/scenarios/life/activate", "").want(t, 200, "")
		status("/orders/7", 404)
		status("/orders", 500)
		s = read()
		if diff := cmp.Diff([]struct{ Key, Value string }{{"7", "shipped"}}, s.Machines[0].Instances); diff != "" || s.Sequences[0].Position != 1 {
			t.Errorf("after one request each: %s %+v", diff, s.Sequences)
		}
		p.do("PUT "+scope.admin+"/state", `{"scenario": "life", "state": "order", "key": "8", "value": "shipped"}`).want(t, 204, "")
		p.do("PUT "+scope.admin+"/state", `{"scenario": "life", "state": "order", "key": "7", "value": "open"}`).want(t, 204, "")
		status("/orders/8", 200)
		status("/orders/7", 404)
		p.do("PUT "+scope.admin+"/state", `{"scenario": "steps", "stub": "three", "position": 2}`).want(t, 204, "")
		status("/orders", 200)
		p.do("PUT "+scope.admin+"/state", "{scenario: steps, stub: three, operation: getOrders, position: 0}", asYAML).want(t, 204, "")
		p.do("PUT "+scope.admin+"/state", `{"scenario": "life", "state": "shop", "value": "busy"}`).want(t, 204, "")
		status("/orders", 500) // by life, which is on top, and now that the shop is busy
		p.do("GET "+scope.admin+"/state?scenario=steps", "").into(t, &s)
		if len(s.Machines) != 0 || len(s.Sequences) != 1 || s.Sequences[0].Position != 0 {
			t.Errorf("of one scenario: %+v", s)
		}
		p.do("POST "+scope.admin+"/reset", "").want(t, 200, "")
		if s := read(); len(s.Machines[0].Instances) != 0 {
			t.Errorf("after the reset: %+v", s)
		}
	}
}

func TestStateRefused(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	for body, want := range map[string]string{
		`{"scenario": "live", "state": "order", "value": "open"}`:                        `404 did you mean \"life\"?`,
		`{"scenario": "life", "state": "ordre", "value": "open"}`:                        `404 did you mean \"order\"?`,
		`{"scenario": "life", "state": "order", "value": "open"}`:                        `400 has an instance for each key`,
		`{"scenario": "life", "state": "shop", "key": "1", "value": "busy"}`:             `400 has no key`,
		`{"scenario": "life", "state": "shop", "value": "bussy"}`:                        `400 did you mean \"busy\"?`,
		`{"scenario": "steps", "stub": "thre", "position": 1}`:                           `404 did you mean \"three\"?`,
		`{"scenario": "steps", "stub": "three", "position": 4}`:                          `400 positions from 0 to 3`,
		`{"scenario": "steps", "stub": "three", "operation": "getOrder", "position": 1}`: `404 no sequence`,
	} {
		a := p.do("PUT /state", body)
		if got := map[int]string{400: "400 ", 404: "404 "}[a.Status]; got != want[:4] || !strings.Contains(a.Body, want[4:]) {
			t.Errorf("%s: %d %s, want %s", body, a.Status, a.Body, want)
		}
	}
	for _, body := range []string{
		`{"scenario": "life"}`, `{"scenario": "steps", "stub": "three"}`, `{"scenario": "steps", "stub": "three", "position": -1}`,
		`{"scenario": "steps", "stub": "three", "state": "x", "position": 1}`, `{"scenario": "life", "state": "shop", "value": "busy", "position": 1}`,
		`{"scenario": "steps", "stub": "three", "key": "x", "position": 1}`, `{"scenario": "steps", "stub": "three", "position": 1.5}`,
	} {
		p.wrong("PUT /state", body).want(t, 400, "CONTROL_REQUEST_INVALID")
	}
	p.do("GET /sessions/none/state", "").want(t, 404, "SESSION_NOT_FOUND")
	p.do("PUT /sessions/none/state", `{"scenario": "life", "state": "shop", "value": "busy"}`).want(t, 404, "SESSION_NOT_FOUND")
}
