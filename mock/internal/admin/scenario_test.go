package admin_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// activeList is the answer of what changes the active scenarios.
type activeList struct {
	Active []struct{ Scenario, By string }
}

func (p *plane) active(a *answer) []string {
	p.t.Helper()
	a.want(p.t, 200, "")
	var list activeList
	a.into(p.t, &list)
	names := []string{}
	for _, entry := range list.Active {
		names = append(names, entry.Scenario)
	}
	return names
}

func TestActivate(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"ci=token"}})
	p.headers = []string{"Authorization: Bearer token"}
	want := func(a *answer, names ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, names...), p.active(a)); diff != "" {
			t.Error(diff)
		}
	}
	want(p.do("POST /scenarios/outage/activate", ""), "outage")
	if got := p.status("GET", "/orders"); got != 500 {
		t.Errorf("with the outage: %d", got)
	}
	want(p.do("POST /scenarios/orders%2F404/activate", "{}"), "orders/404", "outage")
	if got := p.status("GET", "/orders/1"); got != 404 {
		t.Errorf("with a name that has a slash: %d", got)
	}
	want(p.do("POST /scenarios/outage/activate", ""), "outage", "orders/404")
	want(p.do("POST /scenarios/outage/deactivate", ""), "orders/404")
	want(p.do("POST /scenarios/outage/deactivate", ""), "orders/404")
	a := p.do("POST /scenarios/outtage/activate", "")
	a.want(t, 404, "SCENARIO_NOT_FOUND")
	var problem struct {
		Detail string
		Known  []string
	}
	a.into(t, &problem)
	if problem.Detail != `There is no scenario "outtage": did you mean "outage"?` || len(problem.Known) != len(shopScenarios) {
		t.Errorf("%+v", problem)
	}
	p.do("POST /reset", "").want(t, 200, "")
	if got := p.status("GET", "/orders/1"); got != 200 {
		t.Errorf("after the reset: %d", got)
	}
	var log struct {
		Changes []struct{ By, Action, Scenario string }
	}
	p.do("GET /changes", "").into(t, &log)
	var told []string
	for _, c := range log.Changes {
		if c.By != "ci" {
			t.Errorf("by %q", c.By)
		}
		told = append(told, c.Action+" "+c.Scenario)
	}
	if diff := cmp.Diff([]string{"reset ", "deactivate outage", "deactivate outage", "activate outage", "activate orders/404", "activate outage"}, told); diff != "" {
		t.Error(diff)
	}
}

// TestActivateForATime ends by itself, unless another activation takes its place or the
// mock is stopped.
func TestActivateForATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlane(t, mock.Options{})
		status := func(want int) {
			t.Helper()
			synctest.Wait()
			if got := p.status("GET", "/orders"); got != want {
				t.Errorf("%d, want %d", got, want)
			}
		}
		p.do("POST /scenarios/outage/activate", `{"for": "30m"}`).want(t, 200, "")
		time.Sleep(30*time.Minute - 1)
		status(500)
		time.Sleep(time.Nanosecond)
		status(200)
		// again, which begins the time anew, and then without an end
		p.do("POST /scenarios/outage/activate", "for: 10m", "Content-Type: application/yaml").want(t, 200, "")
		time.Sleep(5 * time.Minute)
		p.do("POST /scenarios/outage/activate", `{"for": "10m"}`).want(t, 200, "")
		time.Sleep(9 * time.Minute)
		status(500)
		p.do("POST /scenarios/outage/activate", "").want(t, 200, "")
		time.Sleep(time.Hour)
		status(500)
		p.do("POST /reset", "").want(t, 200, "")
		status(200)
		for _, body := range []string{`{"for": "-1m"}`, `{"for": "soon"}`, `{"for": 30}`, `{"fro": "30m"}`, `{`, `[]`} {
			p.wrong("POST /scenarios/outage/activate", body).want(t, 400, "CONTROL_REQUEST_INVALID")
		}
		for _, body := range []string{`{"for": "0s"}`, `{"for": "721h"}`} {
			p.do("POST /scenarios/outage/activate", body).want(t, 400, "CONTROL_REQUEST_INVALID")
		}
		status(200)
		p.do("POST /scenarios/outage/activate", `{"for": "1m"}`).want(t, 200, "")
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		status(500)
	})
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{Active: []string{"outage"}})
	var list struct {
		Scenarios []struct {
			Name, Description, By string
			Tags                  []string
			Default, Active       bool
			StubCount             int
		}
	}
	p.do("GET /scenarios", "").into(t, &list)
	var names []string
	for _, s := range list.Scenarios {
		names = append(names, s.Name)
		if s.Default != (s.Name == "always") || s.Active != (s.Name == "outage") {
			t.Errorf("%+v", s)
		}
	}
	if diff := cmp.Diff([]string{"always", "life", "orders/404", "outage", "steps"}, names); diff != "" {
		t.Error(diff)
	}
	if s := list.Scenarios[3]; s.Description != "Nothing works." || s.StubCount != 2 || len(s.Tags) != 1 || s.By != "start" {
		t.Errorf("%+v", s)
	}
	var one struct {
		Text  string
		Stubs []struct {
			Name, Operation, AtEnd string
			Statuses               []string
			Line, Steps            int
		}
		States []struct {
			Name   string
			Values []string
			Keyed  bool
		}
	}
	p.do("GET /scenarios/steps", "").into(t, &one)
	if one.Text != shopScenarios["steps"] || len(one.Stubs) != 1 || one.Stubs[0].Name != "three" || one.Stubs[0].Operation != "getOrders" ||
		one.Stubs[0].Steps != 3 || one.Stubs[0].AtEnd != "stay" || one.Stubs[0].Line != 2 || !cmp.Equal(one.Stubs[0].Statuses, []string{"500", "404", "200"}) {
		t.Errorf("%+v", one)
	}
	p.do("GET /scenarios/life", "").into(t, &one)
	if len(one.States) != 2 || one.States[0].Name != "order" || !one.States[0].Keyed || one.States[1].Keyed || !cmp.Equal(one.States[1].Values, []string{"closed", "busy"}) {
		t.Errorf("%+v", one.States)
	}
	p.do("GET /scenarios/orders%2F404", "").want(t, 200, "")
	p.do("GET /scenarios/orders", "").want(t, 404, "SCENARIO_NOT_FOUND")
	p.send(p.request("GET /scenarios/orders/404", "", nil)).want(t, 404, "CONTROL_PATH_UNKNOWN")
}
