package admin_test

import (
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	if a := p.do("GET /settings", ""); !strings.Contains(a.Body, `"delay": "0s"`) {
		t.Errorf("at the start: %s", a.Body)
	}
	if a := p.do("PATCH /settings", `{"delay": "20ms"}`); !strings.Contains(a.Body, `"delay": "20ms"`) {
		t.Errorf("after the change: %s", a.Body)
	}
	p.do("PATCH /settings", "{}").want(t, 200, "")
	p.do("PATCH /settings", `{"delay": "6m"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("PATCH /settings", `{"delay": "-1s"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("PATCH /settings", `{"delays": "1s"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	if a := p.do("GET /settings", ""); !strings.Contains(a.Body, `"delay": "20ms"`) {
		t.Errorf("after what was refused: %s", a.Body)
	}
	large := `{"delay": "` + strings.Repeat("1", 1<<20) + `s"}`
	p.do("PATCH /settings", large).want(t, 413, "BODY_TOO_LARGE")
}

func TestOperations(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var list struct {
		Operations []struct {
			Name, API, Method, Path, Summary, Example string
			Statuses                                  []string
		}
	}
	p.do("GET /operations", "").into(t, &list)
	if len(list.Operations) != 2 {
		t.Fatalf("%+v", list)
	}
	op := list.Operations[0]
	if op.Name != "getOrder" || op.API != "shop" || op.Method != "GET" || op.Path != "/orders/{id}" || op.Summary != "One order" || len(op.Statuses) != 3 || !strings.HasPrefix(op.Example, "/orders/") {
		t.Errorf("%+v", op)
	}
}

// TestReload breaks a file and mends it.
func TestReload(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"token"}})
	token := "Authorization: Bearer token"
	ready := func() string { return p.do("GET /readiness", "", token).Body }
	if got := ready(); strings.Contains(got, "reload") || !strings.Contains(got, `"ready": true`) {
		t.Errorf("before: %s", got)
	}
	p.write("scenarios/outage.yaml", "operations: {getOrderss: 500}\n")
	a := p.do("POST /reload", "", token)
	a.want(t, 422, "")
	for name, text := range map[string]string{"the answer": a.Body, "readiness": ready(), "health": p.do("GET /health", "", token).Body} {
		if !strings.Contains(text, `"code": "unknown-operation"`) || !strings.Contains(text, `did you mean \"getOrders\"?`) || strings.Contains(text, `"ready": false`) {
			t.Errorf("%s: %s", name, text)
		}
	}
	// Those without a token see that it failed, and nothing of the files.
	if got := p.do("GET /readiness", "").Body; !strings.Contains(got, `"ok": false`) || strings.Contains(got, "getOrderss") {
		t.Errorf("without a token: %s", got)
	}
	p.write("scenarios/outage.yaml", "operations: {getOrders: 404}\n")
	p.do("POST /reload", "", token).want(t, 200, "")
	if got := ready(); !strings.Contains(got, `"ok": true`) {
		t.Errorf("mended: %s", got)
	}
	if got := p.do("GET /changes", "", token).Body; !strings.Contains(got, `"detail": "failed"`) || !strings.Contains(got, `"detail": "done"`) {
		t.Errorf("changes: %s", got)
	}
}

func TestDraining(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	if err := p.mock.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := p.do("GET /readiness", ""); a.Status != 503 || !strings.Contains(a.Body, `"draining": true`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	p.do("GET /health", "").want(t, 200, "")
}

// TestLastReload shows the file that could not be used as it was read.
func TestLastReload(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var told struct {
		Reload *struct {
			OK       bool
			Findings []struct {
				File string
				Line int
			}
		}
		Sources []struct{ File, Text string }
	}
	p.do("GET /reload", "").into(t, &told)
	if told.Reload != nil {
		t.Errorf("before the first: %+v", told.Reload)
	}
	const broken = "operations:\n  getOder: 500\n"
	p.write("scenarios/outage.yaml", broken)
	p.do("POST /reload", "").want(t, 422, "")
	p.do("GET /reload", "").into(t, &told)
	if told.Reload.OK || len(told.Sources) != 2 { // the other one has a warning
		t.Fatalf("%+v", told)
	}
	if got := told.Sources[1]; got.Text != broken || !strings.HasSuffix(got.File, "outage.yaml") {
		t.Errorf("%+v", got)
	}
	if last := told.Reload.Findings[len(told.Reload.Findings)-1]; last.File != told.Sources[1].File || last.Line != 2 {
		t.Errorf("%+v", last)
	}
}

// TestTransitions tells what stubs change of a state machine.
func TestTransitions(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var told struct {
		States []struct {
			Name        string
			Transitions []struct{ From, To, Operation, Stub string }
		}
	}
	p.do("GET /scenarios/life", "").into(t, &told)
	if len(told.States) != 2 || len(told.States[0].Transitions) != 1 || len(told.States[1].Transitions) != 0 {
		t.Fatalf("%+v", told)
	}
	if got := told.States[0].Transitions[0]; got.From != "open" || got.To != "shipped" || got.Operation != "getOrder" {
		t.Errorf("%+v", got)
	}
}
