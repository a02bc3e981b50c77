package mock_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// countsOf writes what was counted of a session so that mocks can be compared.
func countsOf(t *testing.T, m *mock.Mock, session string) string {
	t.Helper()
	var all strings.Builder
	path := "/__admin"
	if session != "" {
		path += "/sessions/" + session
	}
	for _, what := range []string{"/coverage", "/verdict"} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+path+what, nil))
		if w.Code != http.StatusOK {
			t.Fatalf("%s%s: %d %s", path, what, w.Code, w.Body)
		}
		all.WriteString(alike(t, m, json.RawMessage(w.Body.Bytes())))
	}
	return all.String()
}

// TestSharedCountsAreLikeThoseInMemory sends the same requests to one mock, and to three
// that share state in turn: each of these gives the coverage and the verdict of all.
func TestSharedCountsAreLikeThoseInMemory(t *testing.T) {
	t.Parallel()
	alone := newMock(t, mock.Options{Active: []string{"orders"}}, shopScenarios)
	replicas := replicasOf(t, 3, mock.Options{Active: []string{"orders"}, State: testenv.NewRedis(t).URL()})
	for i, request := range []string{
		"GET /orders/1", "GET /orders/2?page=0", "POST /orders {\"sku\": \"A\"}", "GET /orders/3?page=1", "GET /order/1",
		"GET /__session/s1/orders/1", "GET /__session/s1/orders/2?page=0", "GET /__session/s1/orders/1", "GET /__session/s2/orders/1",
	} {
		send1(alone, request)
		send1(replicas[i%3], request)
	}
	for _, session := range []string{"", "s1", "s2"} {
		want := countsOf(t, alone, session)
		for i, m := range replicas {
			if diff := cmp.Diff(want, countsOf(t, m, session)); diff != "" {
				t.Errorf("session %q, replica %d: %s", session, i, diff)
			}
		}
	}
	if c := coverageOf(t, replicas[1]); c.Requests != 9 || c.Incomplete {
		t.Errorf("%d requests, %t %s", c.Requests, c.Incomplete, c.Missing)
	}

	// Resets are for all replicas, and for the session alone.
	for _, m := range []*mock.Mock{alone, replicas[2]} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("POST", "http://localhost/__admin/sessions/s1/reset", nil))
		if w.Code >= 300 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	send1(alone, "GET /__session/s1/orders/7")
	send1(replicas[0], "GET /__session/s1/orders/7")
	for _, session := range []string{"", "s1", "s2"} {
		want := countsOf(t, alone, session)
		for i, m := range replicas {
			if diff := cmp.Diff(want, countsOf(t, m, session)); diff != "" {
				t.Errorf("after the reset, session %q, replica %d: %s", session, i, diff)
			}
		}
	}
}

// TestSharedCountsWithoutAServer has the server go: no verdict is passed by what is missing.
func TestSharedCountsWithoutAServer(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t, testenv.Durable...)
	replicas := replicasOf(t, 2, mock.Options{State: server.URL()})
	for i := range 4 {
		send1(replicas[i%2], "GET /orders/1")
	}
	if v := verdictOf(t, replicas[0], mock.VerdictOptions{}); v.Requests != 4 || v.Incomplete != "" {
		t.Errorf("%s", &v)
	}
	server.Kill()
	send1(replicas[1], "GET /orders/1")
	if v, err := replicas[0].Verdict(t.Context(), mock.VerdictOptions{AllowNoRequests: true}); err == nil || v.Passed || v.Incomplete == "" {
		t.Errorf("%s %v", &v, err)
	}
	if c, err := replicas[0].Coverage(t.Context()); err == nil {
		t.Errorf("%+v", c)
	}
	w := httptest.NewRecorder()
	replicas[0].ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/__admin/verdict", nil))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "state_unavailable") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	server.Restart()
	testenv.Eventually(t, "the server is reached again", func() bool {
		v, err := replicas[0].Verdict(t.Context(), mock.VerdictOptions{})
		return err == nil && v.Incomplete == "" && v.Requests == 5
	})

	// What a mock that has left tells is what all had covered until then.
	if err := replicas[1].Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	send1(replicas[0], "GET /orders/1")
	if c := coverageOf(t, replicas[1]); c.Requests != 5 || c.Incomplete {
		t.Errorf("%d requests, %s", c.Requests, c.Missing)
	}
	if c := coverageOf(t, replicas[0]); c.Requests != 6 || c.Incomplete {
		t.Errorf("%d requests, %s", c.Requests, c.Missing)
	}
}

// TestResetThatIsNotConfirmed holds what is told where a replica that lives has not told
// what it had counted before a reset.
func TestResetThatIsNotConfirmed(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("the reset is made, but: %w", errors.Join(&shared.UnflushedError{Replicas: 3, Behind: 1}))
	var problem *exchange.Problem
	if !errors.As(mock.ProblemOf(err), &problem) || problem.Code != exchange.ProblemUnconfirmed || !strings.HasPrefix(problem.Detail, "The reset is made, but: 1 of 3 replicas") {
		t.Errorf("%+v", problem)
	}
}

// TestCountsAreWaitedForAsLongAsTheContextLasts ends a context before the answer is there.
func TestCountsAreWaitedForAsLongAsTheContextLasts(t *testing.T) {
	t.Parallel()
	m := replicasOf(t, 1, mock.Options{State: testenv.NewRedis(t).URL()})[0]
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := m.Verdict(ctx, mock.VerdictOptions{AllowNoRequests: true}); !errors.Is(err, context.Canceled) || v.Passed {
		t.Errorf("%s %v", v.String(), err)
	}
	if _, err := m.Coverage(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := m.Record(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
