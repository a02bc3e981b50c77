package admin

import (
	"net/http"
	"time"
)

// description answers with openapi.yaml.
func (h *Handler) description(*call) (any, error) {
	return &reply{status: http.StatusOK, header: http.Header{"Content-Type": {"application/yaml"}}, text: Description}, nil
}

// metrics tells what was counted, in Prometheus's formats.
func (h *Handler) metrics(c *call) (any, error) {
	return &reply{stream: func(w http.ResponseWriter) { h.mock.Metrics().ServeHTTP(w, c.Request) }}, nil
}

// health tells that the process answers, in WireMock's form.
func (h *Handler) health(c *call) (any, error) {
	now := time.Now()
	condition := h.mock.Condition()
	message := "Understudy is ok"
	if condition.LastReload != nil && !condition.LastReload.OK {
		message = "The last reload failed: the mock goes on with what it had"
	}
	if s := condition.Shared; s != nil && !s.Reachable {
		message = "The shared state cannot be reached: requests that need it are refused"
		if s.Degraded {
			message = "The shared state cannot be reached: requests go on with the state of this mock alone"
		}
	}
	return struct {
		Status    string       `json:"status"`
		Message   string       `json:"message"`
		Version   string       `json:"version"`
		Uptime    int64        `json:"uptimeInSeconds"`
		Timestamp time.Time    `json:"timestamp"`
		Reload    *Reload      `json:"reload,omitempty"`
		State     *SharedState `json:"state,omitempty"`
	}{"healthy", message, h.mock.Version(), int64(now.Sub(condition.Since) / time.Second), now.UTC(), h.shown(c, condition.LastReload), h.shownState(c, condition.Shared)}, nil
}

// readiness tells whether requests should be sent here. A failed reload is no reason
// against it: the mock serves what it had.
func (h *Handler) readiness(c *call) (any, error) {
	condition := h.mock.Condition()
	status := http.StatusOK
	var unfit []string
	for _, u := range h.mock.Unfit() {
		unfit = append(unfit, u.Scenario)
	}
	if condition.Draining {
		status = http.StatusServiceUnavailable
	}
	return &reply{status: status, value: struct {
		Ready    bool    `json:"ready"`
		Draining bool    `json:"draining"`
		Reload   *Reload `json:"reload,omitempty"`
		// Unfit are added scenarios that do not fit what is served.
		Unfit []string `json:"unfit,omitempty"`
	}{!condition.Draining, condition.Draining, h.shown(c, condition.LastReload), unfit}}, nil
}

// shownState leaves out where the server is, where the caller has not shown who he is.
func (h *Handler) shownState(c *call, s *SharedState) *SharedState {
	if s == nil || h.known(c) {
		return s
	}
	return &SharedState{Reachable: s.Reachable, Degraded: s.Degraded, Since: s.Since, Replica: s.Replica, Replicas: s.Replicas}
}

// shown leaves out of a reload what quotes files, where the caller has not shown who
// he is.
func (h *Handler) shown(c *call, r *Reload) *Reload {
	if r == nil || h.known(c) {
		return r
	}
	return &Reload{Time: r.Time, OK: r.OK}
}
