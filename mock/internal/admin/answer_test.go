package admin_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// forcedOperation is what the tests look at of an operation.
type forcedOperation struct {
	ID     string
	Answer *struct{ Status, Example, MediaType, Scenario, For, By, Below string }
}

// forced tells what an operation was made to answer, as a scope sees it.
func (p *plane) forced(scope, id string) string {
	p.t.Helper()
	var list struct{ Operations []forcedOperation }
	p.do("GET "+scope+"/operations", "").into(p.t, &list)
	for _, op := range list.Operations {
		if op.ID == id && op.Answer != nil {
			return strings.TrimSpace(fmt.Sprint(op.Answer.Status, " ", op.Answer.For, " ", op.Answer.Below))
		}
	}
	return ""
}

// TestForceAnswer makes an operation answer what the contract describes, for everybody and
// in sessions, and takes it back.
func TestForceAnswer(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{AdminTokens: []string{"qa=token"}})
	p.headers = []string{"Authorization: Bearer token"}
	check := func(when, everybody, session string, status, inSession int) {
		t.Helper()
		if got := p.forced("", "getOrder"); got != everybody {
			t.Errorf("%s: everybody has %q, want %q", when, got, everybody)
		}
		if got := p.forced("/sessions/s", "getOrder"); got != session {
			t.Errorf("%s: the session has %q, want %q", when, got, session)
		}
		if got := p.status("GET", "/orders/none"); got != status {
			t.Errorf("%s: a request got %d, want %d", when, got, status)
		}
		if got := p.status("GET", "/__session/s/orders/none"); got != inSession {
			t.Errorf("%s: a request in the session got %d, want %d", when, got, inSession)
		}
	}
	p.do("PUT /sessions/s", "").want(t, 201, "")
	check("at first", "", "", 400, 400)
	p.do("PUT /operations/getOrder/answer", `{"status": 404}`).want(t, 200, "")
	check("forced", "404 everybody", "404 everybody", 404, 404)
	p.do("PUT /operations/getOrder/answer", `{"status": "500"}`).want(t, 200, "")
	check("replaced", "500 everybody", "500 everybody", 500, 500)
	p.do("PUT /sessions/s/operations/getOrder/answer", `{"status": "404"}`).want(t, 200, "")
	check("in the session", "500 everybody", "404 session", 500, 404)
	p.do("DELETE /operations/getOrder/answer", "").want(t, 204, "")
	check("released for everybody", "", "404 session", 400, 404)
	p.do("POST /sessions/s/scenarios/outage/activate", "").want(t, 200, "")
	check("below another scenario", "", "404 session outage", 400, 404) // the outage answers valid requests
	p.do("DELETE /sessions/s/operations/getOrder/answer", "").want(t, 204, "")
	check("released in the session", "", "", 400, 400)
	p.do("DELETE /sessions/s/operations/getOrder/answer", "").want(t, 404, "ANSWER_NOT_FOUND")

	var log struct {
		Changes []struct{ By, Action, Scenario string }
	}
	p.do("GET /changes", "").into(t, &log)
	var told []string
	for _, c := range log.Changes {
		told = append(told, c.By+" "+c.Action+" "+c.Scenario)
	}
	want := []string{"qa deactivate forced/getOrder", "qa remove forced/getOrder", "qa activate forced/getOrder", "qa add forced/getOrder", "qa activate forced/getOrder", "qa add forced/getOrder"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// TestForcedAnswerIsAScenario finds it in the list, as people read it.
func TestForcedAnswerIsAScenario(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.do("PUT /operations/getOrders/answer", `{"status": 200, "mediaType": "application/json"}`).want(t, 200, "")
	var sc struct {
		Description, Origin, Text string
		Active                    bool
	}
	p.do("GET /scenarios/forced%2FgetOrders", "").into(t, &sc)
	want := `description: "getOrders answers 200, as application/json."
tags: [forced]
operations:
  "getOrders":
    - when: {valid: any}
      respond: {status: 200, mediaType: "application/json"}
`
	if sc.Text != want || !sc.Active || sc.Origin != "added" {
		t.Errorf("%+v", sc)
	}
	p.do("POST /scenarios/forced%2FgetOrders/deactivate", "").want(t, 200, "")
	if got := p.forced("", "getOrders"); got != "" {
		t.Errorf("deactivated and still told as %q", got)
	}
}

func TestAnswersThatCannotBeForced(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.do("PUT /operations/getOder/answer", `{"status": 404}`).want(t, 404, "OPERATION_NOT_FOUND")
	p.do("PUT /operations/getOrder/answer", `{"status": 418}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.do("PUT /operations/getOrder/answer", `{"status": "so"}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	if a := p.do("PUT /operations/getOrder/answer", `{"status": 101}`); !strings.Contains(string(a.Body), "status 101 cannot be sent: only 200 to 599 can") {
		t.Errorf("of 101 it says %s", a.Body)
	}
	p.wrong("PUT /operations/getOrder/answer", `{}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.wrong("PUT /operations/getOrder/answer", `{"status": 404, "code": 1}`).want(t, 400, "CONTROL_REQUEST_INVALID")
	p.do("PUT /operations/getOrder/answer", `{"status": 200, "example": "none\"}: ]"}`).want(t, 422, "SCENARIO_REFUSED")
	p.do("PUT /operations/getOrder/answer", `{"status": 404, "mediaType": "application/json"}`).want(t, 422, "SCENARIO_REFUSED")
	if got := p.forced("", "getOrder"); got != "" {
		t.Errorf("it answers %q", got)
	}
}

// TestForceAnswerByPath names operations that have no id, and whose names a scenario
// cannot have.
func TestForceAnswerByPath(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	p.write("shop.yaml", strings.ReplaceAll(shop, "      operationId: getOrder\n", ""))
	p.write("scenarios/outage.yaml", "operations: {getOrders: 500}\n")
	for _, name := range []string{"orders/404", "always", "life"} {
		p.write("scenarios/"+name+".yaml", "operations: {getOrders: 404}\n")
	}
	p.do("POST /reload", "").want(t, 200, "")
	a := p.do("PUT /operations/GET%20%2Forders%2F%7Bid%7D/answer", `{"status": 500}`)
	a.want(t, 200, "")
	var told struct{ Scenario string }
	a.into(t, &told)
	if !strings.HasPrefix(told.Scenario, "forced/GET-orders-id-") {
		t.Errorf("the scenario is %q", told.Scenario)
	}
	if got := p.forced("", "GET /orders/{id}"); got != "500 everybody" || p.status("GET", "/orders/1") != 500 {
		t.Errorf("told as %q", got)
	}
}

// TestOperationHasARequest gives one that keeps to the contract.
func TestOperationHasARequest(t *testing.T) {
	t.Parallel()
	p := newPlane(t, mock.Options{})
	var op struct {
		Responses []struct {
			Status string
			Sends  int
		}
		Request struct{ Method, Path string }
	}
	p.do("GET /operations/getOrder", "").into(t, &op)
	if len(op.Responses) != 3 || op.Responses[1].Sends != 404 {
		t.Errorf("%+v", op.Responses)
	}
	if got := p.status(op.Request.Method, op.Request.Path); got != 200 {
		t.Errorf("%+v is answered with %d", op.Request, got)
	}
	p.do("GET /operations/getOder", "").want(t, 404, "OPERATION_NOT_FOUND")
}

// TestForceFromManySides forces and releases at the same time, for everybody and in a
// session: each call succeeds or says that there is nothing to release, and what is told is
// what is answered.
func TestForceFromManySides(t *testing.T) {
	t.Parallel()
	t.Run("one mock", func(t *testing.T) {
		t.Parallel()
		p := newPlane(t, mock.Options{})
		p.do("PUT /sessions/s", "").want(t, 201, "")
		forceFromManySides(t, 10, p, p)
	})
	t.Run("shared state", func(t *testing.T) {
		t.Parallel()
		opts := mock.Options{State: testenv.NewRedis(t).URL()}
		a, b := newPlane(t, opts), newPlane(t, opts)
		a.do("PUT /sessions/s", "").want(t, 201, "")
		forceFromManySides(t, 3, a, b)
	})
}

func forceFromManySides(t *testing.T, rounds int, planes ...*plane) {
	var all sync.WaitGroup
	for i := range 8 {
		p, path := planes[i%2], []string{"", "/sessions/s"}[i/2%2]+"/operations/getOrder/answer"
		all.Go(func() {
			for range rounds {
				w := httptest.NewRecorder()
				p.mock.ServeHTTP(w, p.request("PUT "+path, fmt.Sprintf(`{"status": %d}`, []int{200, 404, 500}[i%3]), nil))
				if w.Code != 200 {
					t.Errorf("forced: %d %s", w.Code, w.Body)
				}
				w = httptest.NewRecorder()
				p.mock.ServeHTTP(w, p.request("DELETE "+path, "", nil))
				if w.Code != 204 && w.Code != 404 {
					t.Errorf("released: %d %s", w.Code, w.Body)
				}
			}
		})
	}
	all.Wait()
	for i, p := range planes {
		other := planes[1-i]
		p.do("PUT /operations/getOrder/answer", `{"status": 500}`).want(t, 200, "")
		p.do("PUT /sessions/s/operations/getOrder/answer", `{"status": 404}`).want(t, 200, "")
		if got := other.forced("", "getOrder"); got != "500 everybody" || other.status("GET", "/orders/1") != 500 {
			t.Errorf("for everybody it is told as %q", got)
		}
		status := other.status("GET", "/__session/s/orders/1") // a mock takes over what a session has when it is used
		if got := other.forced("/sessions/s", "getOrder"); got != "404 session" || status != 404 {
			t.Errorf("in the session it is told as %q, and %d is sent", got, status)
		}
		p.do("DELETE /operations/getOrder/answer", "").want(t, 204, "")
		p.do("DELETE /sessions/s/operations/getOrder/answer", "").want(t, 204, "")
		status = other.status("GET", "/__session/s/orders/1")
		if got := other.forced("", "getOrder") + other.forced("/sessions/s", "getOrder"); got != "" || status != 200 && status != 400 {
			t.Errorf("released, and told as %q; %d is sent", got, status)
		}
	}
}
