package admin_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

type added struct {
	Name     string
	Replaced bool
	Findings []struct{ Code string }
	Active   []struct{ Scenario string }
}

func (p *plane) add(request, body string, status int, headers ...string) (got added) {
	p.t.Helper()
	a := p.do("POST "+request, body, headers...)
	a.want(p.t, status, "")
	if a.Status == status {
		a.into(p.t, &got)
	}
	return got
}

const asYAML = "Content-Type: application/yaml"

// TestAddScenario adds, replaces and removes a scenario of everybody.
func TestAddScenario(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	got := p.add("/scenarios?name=by-hand/one", "operations: {getOrder: 404}\n", 201, asYAML)
	if got.Name != "by-hand/one" || got.Replaced || len(got.Active) != 1 || got.Active[0].Scenario != "by-hand/one" {
		t.Errorf("%+v", got)
	}
	status := func(target string, want int, headers ...string) {
		t.Helper()
		if got := p.status("GET", target, headers...); got != want {
			t.Errorf("%s: %d, want %d", target, got, want)
		}
	}
	status("/orders/1", 404)
	status("/__session/any/orders/1", 404)
	if got := p.add("/scenarios?name=by-hand/one", `{"operations": {"getOrder": 500}}`, 200); !got.Replaced {
		t.Errorf("%+v", got)
	}
	status("/orders/1", 500)
	status("/orders/1", 500, "Prefer: scenario=by-hand/one")
	one := p.do("GET /scenarios/by-hand%2Fone", "")
	for _, want := range []string{`"origin": "added"`, `"active": true`, `"text": "{\"operations\": {\"getOrder\": 500}}"`} {
		if !strings.Contains(one.Body, want) {
			t.Errorf("no %s in %s", want, one.Body)
		}
	}
	// A removal takes it away.
	p.do("DELETE /scenarios/by-hand%2Fone", "").want(t, 204, "")
	status("/orders/1", 200)
	status("/orders/1", 404, "Prefer: scenario=by-hand/one") // there is none
	p.do("DELETE /scenarios/by-hand%2Fone", "").want(t, 404, "SCENARIO_NOT_FOUND")
	// Names are made where none is given, and each of them once.
	for _, want := range []string{"added-1", "added-2"} {
		a := p.do("POST /scenarios", `{"operations": {"getOrders": 404}}`)
		if got := a.Header.Get("Location"); a.Status != 201 || got != "/__admin/scenarios/"+want {
			t.Errorf("%d %s", a.Status, got)
		}
	}
}

// TestAddScenarioRefused changes nothing and tells all that is wrong.
func TestAddScenarioRefused(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	a := p.do("POST /scenarios?name=bad", "operations:\n  getOrderss: 404\n  getOrder: {respond: {staus: 404}}\n", asYAML)
	a.want(t, 422, "SCENARIO_REFUSED")
	var problem struct {
		Detail, Text string
		Findings     []struct {
			Code, File, Hint string
			Line, Col        int
		}
	}
	a.into(t, &problem)
	if len(problem.Findings) != 2 || problem.Findings[0].Code != "unknown-operation" || problem.Findings[0].File != "bad.yaml" || problem.Findings[0].Line != 2 || problem.Findings[1].Hint != `did you mean "status"?` {
		t.Errorf("%+v", problem)
	}
	if !strings.Contains(problem.Text, "bad.yaml:3:24") || !strings.Contains(problem.Text, "^^^^^") {
		t.Errorf("%s", problem.Text)
	}
	p.wrong("POST /scenarios?name=x", "").want(t, 422, "SCENARIO_REFUSED")
	p.add("/scenarios?name=default", "default: true\noperations: {getOrder: {when: {path: {id: 8}}, respond: {status: 404}}, getOrders: 404}\n", 201, asYAML)
	for body, code := range map[string]string{
		"operations: {getOrder: {respond: {status: 200, file: ../../shop.yaml}}}": "body-file-outside",
		"operations: {getOrder: {respond: {status: 201}}}":                        "undocumented-status",
		"default: true\noperations: {getOrders: 500}\n":                           "duplicate-default",
		"a: [":      "syntax",
		"# nothing": "empty-scenario",
	} {
		a := p.do("POST /scenarios?name=x", body, asYAML)
		if a.want(t, 422, "SCENARIO_REFUSED"); !strings.Contains(a.Body, `"code": "`+code+`"`) {
			t.Errorf("no %s in %s", code, a.Body)
		}
	}
	p.wrong("POST /scenarios?name=x", "{").want(t, 422, "SCENARIO_REFUSED")
	const good = `{"operations": {"getOrder": 404}}`
	p.do("POST /scenarios?name=outage", good).want(t, 409, "SCENARIO_FROM_FILE")
	p.do("DELETE /scenarios/outage", "").want(t, 409, "SCENARIO_FROM_FILE")
	for _, name := range []string{"../x", ".x", "a//b", "/a", "a/", "a/../b"} {
		p.do("POST /scenarios?name="+name, good).want(t, 400, "CONTROL_REQUEST_INVALID")
	}
	p.wrong("POST /scenarios?name=a%20b", good).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("POST /scenarios?nam=a", good).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("POST /scenarios?name="+strings.Repeat("a", 201), good).want(t, 400, "CONTROL_REQUEST_INVALID")
	var list struct{ Scenarios []struct{ Name string } }
	p.do("GET /scenarios", "").into(t, &list)
	if len(list.Scenarios) != len(shopScenarios)+1 {
		t.Errorf("something was added: %+v", list)
	}
}

// TestAddScenarioInSession is seen by that session alone.
func TestAddScenarioInSession(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"token"}})
	const steps = `{"operations": {"getOrders": {"respond": [{"status": 404}, {"status": 500}]}}}`
	p.do("POST /scenarios?name=mine", steps).want(t, 401, "TOKEN_REQUIRED")
	p.add("/sessions/a/scenarios?name=mine", steps, 201)
	p.add("/sessions/a/scenarios?name=outage", `{"default": true, "operations": {"getOrder": 404}}`, 201)
	status := func(target string, want int, headers ...string) {
		t.Helper()
		if got := p.status("GET", target, headers...); got != want {
			t.Errorf("%s %v: %d, want %d", target, headers, got, want)
		}
	}
	status("/__session/a/orders", 404)
	status("/__session/a/orders", 500)
	status("/orders", 200)
	status("/__session/b/orders", 200)
	status("/__session/a/orders", 500, "Prefer: scenario=mine")
	status("/orders", 404, "Prefer: scenario=mine")                 // there is none
	status("/__session/a/orders/1", 404)                            // by default
	status("/__session/a/orders/1", 404, "Prefer: scenario=outage") // its own, not everybody's
	status("/orders/1", 500, "Prefer: scenario=outage")
	names := func(path string) (names []string) {
		var list struct {
			Scenarios []struct{ Name, Origin string }
		}
		p.do("GET "+path, "", "Authorization: Bearer token").into(t, &list)
		for _, s := range list.Scenarios {
			names = append(names, s.Name+" "+s.Origin)
		}
		return names
	}
	if diff := cmp.Diff([]string{"always file", "life file", "mine session", "orders/404 file", "outage session", "steps file"}, names("/sessions/a/scenarios")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"always file", "life file", "orders/404 file", "outage file", "steps file"}, names("/scenarios")); diff != "" {
		t.Error(diff)
	}
	p.do("GET /sessions/b/scenarios/mine", "").want(t, 404, "SCENARIO_NOT_FOUND")
	p.do("DELETE /sessions/a/scenarios/mine", "").want(t, 204, "")
	p.do("DELETE /sessions/a/scenarios/steps", "").want(t, 404, "SCENARIO_NOT_FOUND")
	status("/__session/a/orders", 200)
	p.session(p.do("PUT /sessions/a", ""), 200)
	status("/__session/a/orders/1", 200)
}

// TestAddedScenariosOverReload are compiled for the new contract; those that do not fit
// it are dropped and told.
func TestAddedScenariosOverReload(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := newPlane(t, mock.Options{Data: data})
	p.add("/scenarios?name=stays", `{"operations": {"getOrder": {"respond": [{"status": 404}, {"status": 500}]}}}`, 201)
	p.add("/scenarios?name=breaks", `{"operations": {"getOrders": 404}}`, 201)
	p.add("/scenarios?name=taken", `{"operations": {"getOrder": {"when": {"path": {"id": 3}}, "respond": {"status": 404}}}}`, 201)
	p.add("/sessions/a/scenarios?name=own", `{"operations": {"getOrder": 500}}`, 201)
	p.add("/sessions/a/scenarios?name=own-breaks", `{"operations": {"getOrders": 404}}`, 201)
	p.active(p.do("POST /scenarios/stays/activate", ""))
	status := func(target string, want int) {
		t.Helper()
		if got := p.status("GET", target); got != want {
			t.Errorf("%s: %d, want %d", target, got, want)
		}
	}
	status("/orders/1", 404)
	for name := range shopScenarios {
		if err := os.Remove(filepath.Join(p.folder, "scenarios", filepath.FromSlash(name)+".yaml")); err != nil {
			t.Fatal(err)
		}
	}
	p.write("scenarios/taken.yaml", "operations: {getOrder: 200}\n")
	p.write("shop.yaml", strings.Replace(shop, "operationId: getOrders", "operationId: listOrders", 1))
	a := p.do("POST /reload", "")
	a.want(t, 200, "")
	var done struct {
		Dropped []struct{ Session, Scenario, Text string }
	}
	a.into(t, &done)
	var dropped []string
	for _, d := range done.Dropped {
		dropped = append(dropped, d.Session+" "+d.Scenario+" "+d.Text[:strings.Index(d.Text, ":")])
	}
	if diff := cmp.Diff([]string{" breaks breaks.json", "a own-breaks own-breaks.json", " taken taken.json"}, dropped); diff != "" {
		t.Error(diff)
	}
	status("/orders/1", 500) // the sequence goes on
	status("/orders", 200)
	status("/__session/a/orders/1", 500)
	status("/__session/a/orders", 200)
	if names := p.active(p.do("POST /scenarios/taken/activate", "")); !cmp.Equal(names, []string{"taken", "stays"}) {
		t.Error(names)
	}
}

// TestKeptScenarios are there after a restart, as they were.
func TestKeptScenarios(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := newPlane(t, mock.Options{Data: data})
	p.add("/scenarios?name=a/b", "operations: {getOrder: 404} # one\n", 201, asYAML)
	p.add("/scenarios?name=a/b", `{"operations": {"getOrder": 500}}`, 200)
	p.add("/scenarios?name=gone", `{"operations": {"getOrder": 404}}`, 201)
	p.do("DELETE /scenarios/gone", "").want(t, 204, "")
	p.add("/sessions/s/scenarios?name=own", `{"operations": {"getOrder": 404}}`, 201)
	if err := os.WriteFile(filepath.Join(data, "scenarios", "stale.yaml"), []byte("operations: {noMore: 404}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var files []string
	err := filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(data, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if diff := cmp.Diff([]string{"active.json", "lock", "scenarios/a/b.json", "scenarios/stale.yaml"}, files); err != nil || diff != "" {
		t.Error(err, diff)
	}
	p.stop()
	again := newPlane(t, mock.Options{Data: data})
	if got := again.status("GET", "/orders/1"); got != 500 {
		t.Errorf("after the restart: %d", got)
	}
	if a := again.do("GET /scenarios/a%2Fb", ""); !strings.Contains(a.Body, `"origin": "added"`) {
		t.Error(a.Body)
	}
	again.do("DELETE /scenarios/a%2Fb", "").want(t, 204, "")
	if _, err := os.Stat(filepath.Join(data, "scenarios", "a", "b.json")); !os.IsNotExist(err) {
		t.Error(err)
	}
}

// TestAddScenariosTogether adds to many sessions and reloads at the same time: each
// session sees its own.
func TestAddScenariosTogether(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var wait sync.WaitGroup
	for n := range 50 {
		wait.Go(func() {
			s, err := p.mock.Session(t.Context(), fmt.Sprint("s", n))
			if err != nil {
				t.Error(err)
				return
			}
			status := 404 + n%2*96
			for range 3 {
				if _, err := s.AddScenario(t.Context(), "own", []byte(fmt.Sprintf("operations: {getOrder: %d}", status))); err != nil {
					t.Error(err)
				}
				if got := p.status("GET", "/__session/"+s.ID()+"/orders/1"); got != status {
					t.Errorf("%s: %d, want %d", s.ID(), got, status)
				}
			}
			if n%5 == 0 {
				if err := s.Delete(t.Context()); err != nil {
					t.Error(err)
				}
				if got := p.status("GET", "/__session/"+s.ID()+"/orders/1"); got != 200 {
					t.Errorf("%s made anew: %d", s.ID(), got)
				}
			}
		})
	}
	for range 10 {
		if err := p.mock.Reload(t.Context()); err != nil {
			t.Error(err)
		}
	}
	wait.Wait()
}
