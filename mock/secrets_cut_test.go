package mock_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestSecretsThatWereCut repeats a secret where texts of requests are cut, and looks for its
// beginning in all that is told.
func TestSecretsThatWereCut(t *testing.T) {
	t.Parallel()
	const secret = "open-sesame-and-close-it-again"
	var log lockedBuffer
	m := newVault(t, mock.Options{Redact: []string{"pin"}, Logger: slog.New(slog.NewTextHandler(&log, nil)), AdminHosts: []string{"example.com"}})
	send := func(query, contentType, body string) {
		r := httptest.NewRequest("PUT", "/items/1?api_key=k"+query, strings.NewReader(body))
		r.Header = http.Header{"Content-Type": {contentType}, "Authorization": {"Bearer " + secret}}
		m.ServeHTTP(httptest.NewRecorder(), r)
	}
	// pad has some of the secret stand in front of a cut after n bytes.
	pad := func(n int) string { return strings.Repeat(".", n-len("open-ses")) + secret }
	for n := 55; n < 85; n++ {
		send("&page="+pad(n), "text/plain", "")
		send("", "application/json", `{"name": "`+pad(n)+`"}`)
		send("&x=%zz"+pad(n), "text/plain", "")
		send("", pad(n), "x")
	}
	send("&"+pad(4<<10)+"=%zz", "text/plain", "")
	send("", "application/json", `{"name": "long", "pin": "`+secret+`x"}`)
	send("", "text/plain", pad(64<<10))
	send("", "text/plain", "x "+secret)

	told := map[string]string{"the log": log.String()}
	for _, request := range []string{
		"GET /__admin/exchanges?limit=500", "GET /__admin/exchanges/summaries?limit=500", "GET /__admin/exchanges/unmatched?limit=500", "GET /__admin/exchanges.har", "GET /__admin/verdict",
		`POST /__admin/verify [{"operation": "putItem", "when": {"path": {"id": 5}}}]`, `POST /__admin/verify [{"operation": "putItem", "when": {"body": {"name": "x"}}}]`,
	} {
		told[request] = send1(m, request).Body.String()
	}
	for what, text := range told {
		if at := strings.Index(text, "open-"); at >= 0 {
			t.Errorf("%s: %s", what, text[max(0, at-300):at+20])
		}
		if !strings.Contains(text, "putItem") {
			t.Errorf("%s: %s", what, text)
		}
	}
	if !strings.Contains(told["the log"], "[redacted]…") || !strings.Contains(told["GET /__admin/verdict"], "[redacted]…") {
		t.Error(told["the log"], told["GET /__admin/verdict"])
	}
}

// TestSecretsInProblems hides a secret that is shorter than what stands in its place, and
// shows the whole problem.
func TestSecretsInProblems(t *testing.T) {
	t.Parallel()
	m := newVault(t, mock.Options{})
	r := httptest.NewRequest("PUT", "/items/1?api_key=k&page=shortish", nil)
	r.Header.Set("Cookie", "c=shortish")
	m.ServeHTTP(httptest.NewRecorder(), r)
	shown := records(t, m, mock.JournalQuery{})[0].Response.Body.Text
	if !strings.Contains(shown, "[redacted]") || !json.Valid([]byte(shown)) {
		t.Error(shown)
	}
}
