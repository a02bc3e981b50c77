package mock_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestHiddenPathParameter looks for the value of a path parameter that is to be hidden, which
// is too short to be taken out of texts, in all that is told of requests.
func TestHiddenPathParameter(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m := newMock(t, mock.Options{Redact: []string{"ID"}, Logger: logger, AdminHosts: []string{"example.com"}, Active: []string{"orders"}}, map[string]string{"orders": `
operations:
  getOrder:
    - {name: five, when: {path: {id: 5}}, respond: {status: 404}}
`})
	for _, request := range []string{"GET /orders/76543", "GET /orders/x7654y", "GET /orders/76543?page=0", "GET /orders/76543?__scenario=orders", "GET /orders/76543?__code=404", "GET /__session/s/orders/76543"} {
		send1(m, request)
	}
	told := map[string]string{"the log": log.String()}
	for _, request := range []string{
		"GET /__admin/exchanges", "GET /__admin/exchanges/summaries", "GET /__admin/exchanges/unmatched", "GET /__admin/exchanges.har", "GET /__admin/verdict", "GET /__admin/sessions/s/exchanges",
		"GET /__admin/requests", "GET /__admin/requests/unmatched", `POST /__admin/exchanges/find {"operation": "getOrder"}`, `POST /__admin/verify [{"operation": "getOrder", "when": {"path": {"id": 5}}}]`,
	} {
		told[request] = send1(m, request).Body.String()
	}
	for _, r := range records(t, m, mock.JournalQuery{Limit: 100}) {
		told["scenario of "+r.ID] = send1(m, "GET /__admin/exchanges/"+r.ID+"/scenario").Body.String()
	}
	for what, text := range told {
		if strings.Contains(text, "7654") || strings.Contains(text, "NOT_ALLOWED") || text == "" {
			t.Errorf("%s: %s", what, text)
		}
	}
	if !strings.Contains(told["the log"], "path=/__session/s/orders/[redacted] ") || strings.Count(told["GET /__admin/exchanges"], `"path": "/orders/[redacted]"`) != 6 {
		t.Error(told["the log"], told["GET /__admin/exchanges"])
	}
	// Matching looks at what was sent.
	v, err := m.Verify(t.Context(), []mock.Expectation{{Operation: "getOrder", When: map[string]any{"path": map[string]any{"id": 76543}}}}, mock.Scope{})
	if err != nil || v.Outcome != mock.VerifiedPass {
		t.Error(v, err)
	}
}
