package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// route is one operation of openapi.yaml.
type route struct {
	method, path string
	access       access
	// handle gives what to answer: a reply, or a value to send as JSON.
	handle func(*call) (any, error)
}

// routes lists all operations, as openapi.yaml does; a test holds them to each other.
func (h *Handler) routes() []route {
	return []route{
		{"GET", "/__admin/openapi.yaml", anyone, h.description},
		{"GET", "/__admin/health", anyone, h.health},
		{"GET", "/__admin/readiness", anyone, h.readiness},
		{"POST", "/__admin/login", anyone, h.login},
		{"POST", "/__admin/logout", anyone, h.logout},
		{"GET", "/__admin/operations", holders, h.operations},
		{"GET", "/__admin/settings", holders, h.settings},
		{"PATCH", "/__admin/settings", holders, h.changeSettings},
		{"POST", "/__admin/reload", holders, h.reload},
		{"GET", "/__admin/changes", holders, h.changes},
		{"POST", "/__admin/reset", holders, h.reset},
		{"GET", "/__admin/scenarios", holders, h.scenarios},
		{"GET", "/__admin/scenarios/{name}", holders, h.scenario},
		{"POST", "/__admin/scenarios/{name}/activate", holders, h.activate},
		{"POST", "/__admin/scenarios", holders, h.addScenario},
		{"DELETE", "/__admin/scenarios/{name}", holders, h.removeScenario},
		{"POST", "/__admin/scenarios/{name}/deactivate", holders, h.deactivate},
		{"POST", "/__admin/activate", holders, h.activateSeveral},
		{"POST", "/__admin/deactivate", holders, h.deactivateSeveral},
		{"GET", "/__admin/state", holders, h.state},
		{"PUT", "/__admin/state", holders, h.changeState},
		{"GET", "/__admin/sessions", holders, h.sessions},
		{"PUT", "/__admin/sessions/{session}", anyone, h.makeSession},
		{"GET", "/__admin/sessions/{session}", anyone, h.session},
		{"DELETE", "/__admin/sessions/{session}", anyone, h.deleteSession},
		{"POST", "/__admin/sessions/{session}/reset", anyone, h.reset},
		{"POST", "/__admin/sessions/{session}/activate", anyone, h.activateSeveral},
		{"POST", "/__admin/sessions/{session}/deactivate", anyone, h.deactivateSeveral},
		{"GET", "/__admin/sessions/{session}/state", anyone, h.state},
		{"PUT", "/__admin/sessions/{session}/state", anyone, h.changeState},
		{"GET", "/__admin/sessions/{session}/scenarios", anyone, h.scenarios},
		{"POST", "/__admin/sessions/{session}/scenarios", anyone, h.addScenario},
		{"GET", "/__admin/sessions/{session}/scenarios/{name}", anyone, h.scenario},
		{"DELETE", "/__admin/sessions/{session}/scenarios/{name}", anyone, h.removeScenario},
		{"POST", "/__admin/sessions/{session}/scenarios/{name}/activate", anyone, h.activate},
		{"POST", "/__admin/sessions/{session}/scenarios/{name}/deactivate", anyone, h.deactivate},
	}
}

// serve is the handler of a route.
func (h *Handler) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := callOf(req.Context())
		c.Request = req
		if problem := h.admit(c, r.access); problem != nil {
			h.refuse(w, c, problem)
			return
		}
		if err := c.decodeVars(mux.Vars(req)); err != nil {
			h.refuse(w, c, err)
			return
		}
		value, err := r.handle(c)
		if err != nil {
			h.refuse(w, c, err)
			return
		}
		h.send(w, c, value)
	})
}

// decodeVars reads the variables of the path, which are matched as they were sent, so
// that %2F is no slash.
func (c *call) decodeVars(vars map[string]string) error {
	c.vars = make(map[string]string, len(vars))
	for name, text := range vars {
		plain, err := url.PathUnescape(text)
		if err != nil {
			return invalid("The path has bad percent-encoding in %q.", text)
		}
		c.vars[name] = plain
	}
	if id, ok := c.vars["session"]; ok {
		if err := exchange.CheckSessionID(id); err != nil {
			return &exchange.Problem{Code: exchange.ProblemSession, Status: http.StatusBadRequest, Detail: fmt.Sprintf("The session in the path cannot be used: %v.", err)}
		}
	}
	return nil
}

func (h *Handler) notFound(w http.ResponseWriter, r *http.Request) {
	h.refuse(w, callOf(r.Context()), &exchange.Problem{
		Code: exchange.ProblemControlPath, Status: http.StatusNotFound,
		Detail: fmt.Sprintf("The control plane has nothing at %s. /__admin/openapi.yaml describes what it has; a slash in a name is written %%2F.", r.URL.EscapedPath()),
	})
}

func (h *Handler) notAllowed(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		var match mux.RouteMatch
		if h.router.Match(other, &match) && match.MatchErr == nil {
			allowed = append(allowed, method)
		}
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	h.refuse(w, callOf(r.Context()), &exchange.Problem{
		Code: exchange.ProblemControlMethod, Status: http.StatusMethodNotAllowed,
		Detail: fmt.Sprintf("%s takes %s, not %s.", r.URL.EscapedPath(), list, r.Method),
	})
}
