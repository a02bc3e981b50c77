package admin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

const (
	brokenOrder = `{"operations": {"getOrder": 500}}`
	brokenList  = `{"operations": {"getOrders": 500}}`
)

// TestKeptScenariosComeBackAsTheyWere restarts a mock again and again.
func TestKeptScenariosComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		active := func(p *plane, want ...string) {
			t.Helper()
			var list struct {
				Active []struct{ Scenario, By, Until string }
			}
			p.do("GET /scenarios", "").into(t, &list)
			var got []string
			for _, a := range list.Active {
				got = append(got, strings.TrimSpace(a.Scenario+" "+a.By+" "+a.Until))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		var p *plane
		start := func(tokens ...string) *plane {
			if p != nil {
				p.stop()
			}
			p = newPlane(t, mock.Options{Data: data, AdminTokens: tokens, Active: []string{"outage"}})
			return p
		}
		start("ci=token")
		p.headers = []string{"Authorization: Bearer token"}
		p.add("/scenarios?name=one", brokenOrder, 201)
		p.add("/scenarios?name=two", brokenOrder, 201)
		p.add("/scenarios?name=three", brokenOrder, 201)
		p.do("POST /scenarios/one/activate", `{"for": "1h"}`).want(t, 200, "")
		p.do("POST /scenarios/two/deactivate", "").want(t, 200, "")
		p.do("POST /scenarios/steps/activate", "").want(t, 200, "") // a file's, which is not kept

		// As they were: also by whom, and until when.
		start()
		until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		active(p, "one ci "+until, "three ci", "outage start")
		p.do("POST /scenarios/two/activate", "").want(t, 200, "")
		start()
		active(p, "two anonymous (192.0.2.1)", "one ci "+until, "three ci", "outage start")

		// The time goes on, and may be over before the next start.
		time.Sleep(30 * time.Minute)
		start()
		time.Sleep(31 * time.Minute)
		synctest.Wait()
		active(p, "two anonymous (192.0.2.1)", "three ci", "outage start")
		p.do("POST /scenarios/three/activate", `{"for": "1m"}`).want(t, 200, "")
		if err := p.mock.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		start()
		active(p, "two anonymous (192.0.2.1)", "outage start")

		// A reset returns to this start.
		p.do("POST /scenarios/two/deactivate", "").want(t, 200, "")
		p.do("POST /scenarios/one/activate", "").want(t, 200, "")
		p.do("POST /reset", "").want(t, 200, "")
		active(p, "two anonymous (192.0.2.1)", "outage anonymous (192.0.2.1)")
		active(start(), "two anonymous (192.0.2.1)", "outage start")

		// What cannot be read keeps nobody from starting.
		if err := os.WriteFile(filepath.Join(data, "active.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		active(start(), "outage start")
	})
}

// TestUnfitScenarios wait for a contract that they fit, and can be seen and removed.
func TestUnfitScenarios(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := newPlane(t, mock.Options{Data: data})
	p.add("/scenarios?name=list", brokenList, 201)
	p.add("/scenarios?name=asleep", brokenList, 201)
	p.add("/scenarios?name=order", brokenOrder, 201)
	p.do("POST /scenarios/asleep/deactivate", "").want(t, 200, "")
	for name, text := range map[string]string{"bad.yaml": "a: [", "empty.yaml": "", "outage.yaml": brokenOrder} {
		if err := os.WriteFile(filepath.Join(data, "scenarios", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	renamed := strings.Replace(shop, "operationId: getOrders", "operationId: listOrders", 1)
	unfit := func(p *plane, want ...string) {
		t.Helper()
		var ready struct {
			Ready bool
			Unfit []string
		}
		p.do("GET /readiness", "").into(t, &ready)
		if diff := cmp.Diff(want, ready.Unfit); diff != "" || !ready.Ready {
			t.Error(ready.Ready, diff)
		}
		var list struct {
			Scenarios []struct {
				Name, Unfit string
				Active      bool
			}
		}
		p.do("GET /scenarios", "").into(t, &list)
		var got []string
		for _, s := range list.Scenarios {
			if s.Unfit != "" {
				got = append(got, s.Name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	p.stop()
	again := newPlane(t, mock.Options{Data: data})
	for name := range shopScenarios {
		if name != "outage" {
			_ = os.Remove(filepath.Join(again.folder, "scenarios", filepath.FromSlash(name)+".yaml"))
		}
	}
	again.write("scenarios/outage.yaml", "operations: {getOrder: 500}\n")
	unfit(again, "bad", "empty", "outage")
	again.write("shop.yaml", renamed)
	again.do("POST /reload", "").want(t, 200, "")
	unfit(again, "asleep", "bad", "empty", "list", "outage")
	if got := again.status("GET", "/orders"); got != 200 {
		t.Errorf("what does not fit answers: %d", got)
	}
	again.do("POST /reload", "").want(t, 200, "")
	unfit(again, "asleep", "bad", "empty", "list", "outage")

	// They can be read, replaced and removed.
	again.do("POST /scenarios/list/activate", "").want(t, 409, "SCENARIO_UNFIT")
	if a := again.do("GET /scenarios/list", ""); a.Status != 200 || !strings.Contains(a.Body, `"unfit": "list.json:1:17: there is no operation`) || !strings.Contains(a.Body, `getOrders`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if got := again.add("/scenarios?name=bad", brokenOrder, 200, "X: y"); !got.Replaced {
		t.Errorf("%+v", got)
	}
	again.do("DELETE /scenarios/empty", "").want(t, 204, "")
	again.do("DELETE /scenarios/outage", "").want(t, 204, "") // not the file's
	again.do("GET /scenarios/outage", "").want(t, 200, "")
	again.do("DELETE /scenarios/outage", "").want(t, 409, "SCENARIO_FROM_FILE")
	unfit(again, "asleep", "list")

	// A restart changes nothing, and with a contract that they fit they are as they were.
	copied := filepath.Join(t.TempDir(), "data") // the folder itself is in use
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	later := newPlane(t, mock.Options{Data: copied})
	unfit(later)
	if got := later.status("GET", "/orders"); got != 500 {
		t.Errorf("it was active before: %d", got)
	}
	again.write("shop.yaml", shop)
	again.do("POST /reload", "").want(t, 200, "")
	unfit(again)
	if diff := cmp.Diff([]string{"list", "bad", "order"}, again.active(again.do("POST /deactivate", `{"scenarios": ["asleep"]}`))); diff != "" {
		t.Error(diff)
	}
}

// TestResetIsTheStart changes everything that a reset returns, for everybody and in a
// session.
func TestResetIsTheStart(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{Active: []string{"steps"}, Delay: time.Millisecond})
	start := func() string {
		t.Helper()
		s := p.do("GET /settings", "").Body + p.do("GET /state", "").Body + p.do("GET /exchanges/count?session=", "").Body + p.do("GET /verdict", "").Body
		var list struct {
			Scenarios []struct{ Name string }
			Active    []struct{ Scenario string }
		}
		p.do("GET /scenarios", "").into(t, &list)
		for _, one := range list.Scenarios {
			s += one.Name + " "
		}
		for _, one := range list.Active {
			s += one.Scenario + " "
		}
		return s
	}
	change := func(base, api string) {
		t.Helper()
		p.add(base+"/scenarios?name=added", brokenOrder, 201)
		p.add(base+"/scenarios?name=by-default", `{"default": true, "operations": {"getOrder": {"when": {"path": {"id": 99}}, "respond": {"status": 404}}}}`, 201)
		p.status("GET", api+"/orders")
		p.status("GET", api+"/orders/99")
		p.status("GET", api+"/nothing")
		p.do("POST "+base+"/deactivate", `{"scenarios": ["steps"]}`).want(t, 200, "")
		p.do("POST "+base+"/activate", `{"scenarios": ["life"]}`).want(t, 200, "")
		p.do("PUT "+base+"/state", `{"scenario": "life", "state": "shop", "value": "busy"}`).want(t, 204, "")
	}
	before := start()
	change("", "")
	p.do("PATCH /settings", `{"delay": "2ms"}`).want(t, 200, "")
	p.do("PUT /sessions/a", `{"scenarios": ["outage"]}`).want(t, 201, "")
	change("/sessions/a", "/__session/a")
	if start() == before {
		t.Error("nothing has changed")
	}
	p.do("POST /reset", "").want(t, 200, "")
	if diff := cmp.Diff(before, start()); diff != "" {
		t.Error(diff)
	}
	if got := p.status("GET", "/orders/99"); got != 200 {
		t.Errorf("an added default scenario answers: %d", got)
	}
	if got := p.session(p.do("GET /sessions/a", ""), 200); !cmp.Equal(got.Active, []string{"life", "added", "outage"}) || got.Values != 1 {
		t.Errorf("the session has changed: %+v", got)
	}
	p.do("POST /sessions/a/reset", "").want(t, 200, "")
	if got := p.session(p.do("GET /sessions/a", ""), 200); !cmp.Equal(got.Active, []string{"outage"}) || got.Values != 0 {
		t.Errorf("%+v", got)
	}
	p.do("GET /sessions/a/scenarios/added", "").want(t, 404, "SCENARIO_NOT_FOUND")
	if got := p.status("GET", "/__session/a/orders/99"); got != 500 {
		t.Errorf("its default scenario answers: %d", got)
	}
}
