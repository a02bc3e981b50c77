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
	effect       effect
	// handle gives what to answer: a reply, or a value to send as JSON.
	handle func(*call) (any, error)
	// query are the query parameters that there are.
	query []string
}

// routes lists all operations, as openapi.yaml does; a test holds them to each other.
func (h *Handler) routes() []route {
	list := []route{
		{"GET", "/__admin/openapi.yaml", anyone, reads, h.description, nil},
		{"GET", "/__admin/health", anyone, reads, h.health, nil},
		{"GET", "/__admin/readiness", anyone, reads, h.readiness, nil},
		{"POST", "/__admin/login", anyone, reads, h.login, nil},
		{"POST", "/__admin/logout", anyone, reads, h.logout, nil},
		{"GET", "/__admin/operations/{operation}", holders, reads, h.operation, []string{"mediaType"}},
		{"GET", "/__admin/settings", holders, reads, h.settings, nil},
		{"PATCH", "/__admin/settings", holders, writes, h.changeSettings, nil},
		{"GET", "/__admin/reload", holders, reads, h.lastReload, nil},
		{"POST", "/__admin/reload", holders, writes, h.reload, nil},
		{"GET", "/__admin/changes", holders, reads, h.changes, nil},
		{"GET", "/__admin/metrics", holders, reads, h.metrics, nil},
		{"GET", "/__admin/sessions", holders, reads, h.sessions, nil},
		{"PUT", "/__admin/sessions/{session}", members, writes, h.makeSession, nil},
		{"GET", "/__admin/sessions/{session}", members, reads, h.session, nil},
		{"DELETE", "/__admin/sessions/{session}", members, writes, h.deleteSession, nil},
		{"GET", "/__admin/requests", holders, reads, h.wireMockRequests, []string{"limit", "since"}},
		{"DELETE", "/__admin/requests", holders, writes, h.wireMockDelete, nil},
		{"GET", "/__admin/requests/unmatched", holders, reads, h.wireMockUnmatched, nil},
		{"POST", "/__admin/requests/count", holders, reads, h.wireMockCount, nil},
		{"POST", "/__admin/requests/find", holders, reads, h.wireMockFind, nil},
	}
	list = append(list, h.scoped("/__admin", holders)...)
	return append(list, h.scoped("/__admin/sessions/{session}", members)...)
}

// scoped lists the operations that there are for everybody and for each session.
func (h *Handler) scoped(base string, a access) []route {
	filters := filterNames
	scope := []string{"after", "since"}
	if a == holders { // of all sessions, or of one
		filters, scope = append([]string{"session"}, filters...), append([]string{"session"}, scope...)
	}
	page := append([]string{"before", "limit"}, filters...)
	return []route{
		{"POST", base + "/reset", a, writes, h.reset, nil},
		{"POST", base + "/activate", a, writes, h.activateSeveral, nil},
		{"POST", base + "/deactivate", a, writes, h.deactivateSeveral, nil},
		{"GET", base + "/operations", a, reads, h.operations, nil},
		{"PUT", base + "/operations/{operation}/answer", a, writes, h.force, nil},
		{"DELETE", base + "/operations/{operation}/answer", a, writes, h.release, nil},
		{"GET", base + "/state", a, reads, h.state, []string{"scenario"}},
		{"PUT", base + "/state", a, writes, h.changeState, nil},
		{"GET", base + "/scenarios", a, reads, h.scenarios, nil},
		{"POST", base + "/scenarios", a, writes, h.addScenario, []string{"name"}},
		{"GET", base + "/scenarios/{name}", a, reads, h.scenario, nil},
		{"DELETE", base + "/scenarios/{name}", a, writes, h.removeScenario, nil},
		{"POST", base + "/scenarios/{name}/activate", a, writes, h.activate, nil},
		{"POST", base + "/scenarios/{name}/deactivate", a, writes, h.deactivate, nil},
		{"GET", base + "/exchanges", a, reads, h.ofKnown(h.exchanges), page},
		{"DELETE", base + "/exchanges", a, writes, h.ofKnown(h.deleteExchanges), filters},
		{"GET", base + "/exchanges.har", a, reads, h.ofKnown(h.har), filters},
		{"GET", base + "/exchanges/count", a, reads, h.ofKnown(h.countExchanges), append([]string{"before"}, filters...)},
		{"POST", base + "/exchanges/find", a, reads, h.ofKnown(h.findExchanges), append([]string{"limit"}, scope...)},
		{"GET", base + "/exchanges/unmatched", a, reads, h.ofKnown(h.unmatched), append([]string{"passedOver"}, page...)},
		{"GET", base + "/exchanges/summaries", a, reads, h.ofKnown(h.summaries), page},
		{"GET", base + "/exchanges/{id}", a, reads, h.ofKnown(h.exchange), nil},
		{"GET", base + "/exchanges/{id}/scenario", a, reads, h.ofKnown(h.writeScenario), []string{"name"}},
		{"POST", base + "/verify", a, reads, h.ofKnown(h.verify), scope},
		{"GET", base + "/verdict", a, reads, h.ofKnown(h.verdict), []string{"allowNoRequests"}},
		{"GET", base + "/coverage", a, reads, h.coverage, nil},
		{"GET", base + "/events", a, reads, h.events, nil},
	}
}

// serve is the handler of a route.
func (h *Handler) serve(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := callOf(req.Context())
		c.Request = req
		if problem := guardBody(req); problem != nil {
			h.refuse(w, c, problem)
			return
		}
		if problem := h.admit(c, &r); problem != nil {
			h.refuse(w, c, problem)
			return
		}
		err := c.decodeVars(mux.Vars(req))
		if err == nil {
			err = c.decodeQuery(r.query)
		}
		if err != nil {
			h.refuse(w, c, err)
			return
		}
		h.opts.Logger.Debug("control plane", "request", c.id, "method", req.Method, "path", req.URL.Path, "by", Actor(req.Context()))
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
		c.vars[name] = strings.Clone(plain) // it may be kept, which the whole line must not be
	}
	if id, ok := c.vars["session"]; ok {
		if err := exchange.CheckSessionID(id); err != nil {
			return &exchange.Problem{Code: exchange.ProblemSession, Status: http.StatusBadRequest, Detail: fmt.Sprintf("The session in the path cannot be used: %v.", err)}
		}
	}
	return nil
}

func (h *Handler) notFound(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	detail := fmt.Sprintf("The control plane has nothing at %s. /__admin/openapi.yaml describes what it has; a slash in a name is written %%2F.", path)
	if rest, ok := strings.CutPrefix(path, Prefix+"/mappings"); ok && (rest == "" || rest[0] == '/') {
		detail += " What are stub mappings in WireMock are scenarios here: POST /__admin/scenarios adds one, and understudy import wiremock writes them of mappings."
	}
	h.refuse(w, callOf(r.Context()), &exchange.Problem{Code: exchange.ProblemControlPath, Status: http.StatusNotFound, Detail: detail})
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
