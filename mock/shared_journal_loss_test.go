package mock_test

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// verified verifies that nothing was created, and that there were so many reads.
func verified(t *testing.T, m *mock.Mock, reads int, scope mock.Scope) *mock.Verification {
	t.Helper()
	none := 0
	v, err := m.Verify(t.Context(), []mock.Expectation{{Operation: "createOrder", Exactly: &none}, {Operation: "getOrder", Exactly: &reads}}, scope)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestNoRoomToWait has more requests wait for the server than there is room for.
func TestNoRoomToWait(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t, testenv.Durable...)
	replicas := replicasOf(t, 2, mock.Options{State: server.URL(), JournalEntries: 16})
	send1(replicas[0], "GET /orders/1")
	if v := verified(t, replicas[1], 1, mock.Scope{}); v.Outcome != mock.VerifiedPass {
		t.Error(v)
	}
	server.Kill()
	for range 1100 {
		send1(replicas[0], "GET /orders/1")
	}
	server.Restart()
	var v *mock.Verification
	testenv.Eventually(t, "the server is reached again", func() bool {
		v = verified(t, replicas[1], 1101, mock.Scope{})
		return v.Incomplete == ""
	})
	if v.Outcome != mock.VerifiedIncomplete || !v.Dropped || v.Results[0].Outcome != mock.VerifiedIncomplete || v.Requests < 8 || v.Requests > 16 {
		t.Errorf("%d requests: %s", v.Requests, v)
	}
	page, err := replicas[1].Journal(t.Context(), mock.JournalQuery{})
	if err != nil || int(page.Dropped)+len(page.Requests) != 1101 {
		t.Errorf("%d requests, %d dropped, %v", len(page.Requests), page.Dropped, err)
	}
	// Who begins behind that is not concerned.
	time.Sleep(150 * time.Millisecond) // the clocks may differ by less
	session := "later"
	send1(replicas[0], "GET /__session/later/orders/1")
	if v := verified(t, replicas[1], 1, mock.Scope{Session: &session}); v.Outcome != mock.VerifiedPass {
		t.Error(v)
	}
}

// TestOldestGoFirst enters more than the journal of all replicas keeps.
func TestOldestGoFirst(t *testing.T) {
	t.Parallel()
	replicas := replicasOf(t, 2, mock.Options{State: testenv.NewRedis(t).URL(), JournalEntries: 16})
	for i := range 40 {
		send1(replicas[i%2], "GET /orders/1")
		if i%4 == 3 { // both append now: what one appends late goes behind what is newer
			records(t, replicas[0], mock.JournalQuery{})
		}
	}
	for i, m := range replicas {
		page, err := m.Journal(t.Context(), mock.JournalQuery{})
		if n := len(page.Requests); err != nil || n > 16 || n < 12 || int(page.Dropped)+n != 40 {
			t.Errorf("replica %d: %d requests, %d dropped, %v", i, n, page.Dropped, err)
		}
		if v := verified(t, m, 40, mock.Scope{}); v.Outcome != mock.VerifiedIncomplete {
			t.Error(v)
		}
		if v := verified(t, m, 4, mock.Scope{After: page.Requests[4].Number}); v.Outcome != mock.VerifiedPass {
			t.Error(v)
		}
	}
}

// TestSessionsMadeAnew asks for a session that has ended by itself and was made anew.
func TestSessionsMadeAnew(t *testing.T) {
	t.Parallel()
	replicas := replicasOf(t, 2, mock.Options{State: testenv.NewRedis(t).URL()})
	if _, err := replicas[0].MakeSession(t.Context(), "short", mock.SessionStart{Idle: time.Second}); err != nil { // real: the server ends it, but not before it is used
		t.Fatal(err)
	}
	send1(replicas[0], "GET /__session/short/orders/1")
	records(t, replicas[1], mock.JournalQuery{}) // it knows of it
	testenv.Eventually(t, "the session ends", func() bool {
		all, err := replicas[1].Sessions(t.Context())
		return err == nil && len(all) == 0
	})
	w := send1(replicas[1], "GET /__session/short/orders/2")
	session := "short"
	for _, m := range replicas {
		all := records(t, m, mock.JournalQuery{Filter: mock.JournalFilter{Session: &session}})
		if len(all) != 1 || all[0].ID != w.Header().Get("Understudy-Request-Id") {
			t.Errorf("%+v", all)
		}
	}
}

// TestEventsOfOtherReplicas listens to one replica and calls another.
func TestEventsOfOtherReplicas(t *testing.T) {
	t.Parallel()
	replicas := replicasOf(t, 2, mock.Options{State: testenv.NewRedis(t).URL()})
	server := httptest.NewServer(replicas[1])
	t.Cleanup(server.Close)
	res, err := http.Get(server.URL + "/__admin/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(res.Body); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		for range lines { // until it ends
		}
	})
	calls := time.NewTicker(50 * time.Millisecond) // what is entered before the first look is not told
	defer calls.Stop()
	kind, late := "", time.After(20*time.Second)
	for {
		select {
		case <-calls.C:
			send1(replicas[0], "GET /__session/s/orders/7")
		case <-late:
			t.Fatal("nothing is told")
		case line := <-lines:
			if name, ok := strings.CutPrefix(line, "event: "); ok {
				kind = name
			}
			if kind == "exchange" && strings.Contains(line, `"path":"/orders/7"`) && strings.Contains(line, `"session":"s"`) {
				res.Body.Close()
				return
			}
		}
	}
}
