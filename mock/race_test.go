package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// rounds is how often calls that race are repeated: a store that is not exact is
// found out by a few of them.
const rounds = 1000

// racing sends sixteen requests at the same time and counts the statuses.
func racing(h http.Handler, request func() *http.Request) map[int]int {
	var wait sync.WaitGroup
	var mu sync.Mutex // guards counts
	counts := map[int]int{}
	begin := make(chan struct{})
	for range 16 {
		wait.Go(func() {
			req, w := request(), httptest.NewRecorder()
			<-begin
			h.ServeHTTP(w, req)
			mu.Lock()
			defer mu.Unlock()
			counts[w.Code]++
		})
	}
	close(begin)
	wait.Wait()
	return counts
}

// TestSixteenValidatesGiveOneSuccess holds that of the calls that validate one
// identification at the same time one succeeds.
func TestSixteenValidatesGiveOneSuccess(t *testing.T) {
	t.Parallel()
	m, err := mock.New(t.Context(), mock.Options{
		Specs:     []mock.Spec{{Location: "../openapi.yaml"}},
		Scenarios: []string{"../scenarios"},
		Active:    []string{"life-cycle"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for round := range rounds {
		path := fmt.Sprintf("/v1/orgs/yoigo/identifications/identity_document/%d/validate", round)
		counts := racing(m, func() *http.Request {
			req := httptest.NewRequest("POST", path, nil)
			for _, name := range []string{"x-installation_id", "x-fingerprint", "User-Agent"} {
				req.Header.Set(name, "x")
			}
			return req
		})
		if diff := cmp.Diff(map[int]int{204: 1, 409: 15}, counts); diff != "" {
			t.Fatalf("round %d: %s", round, diff)
		}
	}
}

// TestSequencesAreExact holds that an answer that is given twice is given twice,
// also when sixteen calls arrive at the same time, and again after a restart.
func TestSequencesAreExact(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, map[string]string{
		"outage": "operations:\n  getOrder:\n    - respond: [{status: 404, times: 2}, {status: 200}]\n",
	})
	for round := range rounds {
		if err := m.Activate(t.Context(), "outage"); err != nil {
			t.Fatal(err)
		}
		counts := racing(m, func() *http.Request { return httptest.NewRequest("GET", "/orders/1", nil) })
		if diff := cmp.Diff(map[int]int{404: 2, 200: 14}, counts); diff != "" {
			t.Fatalf("round %d: %s", round, diff)
		}
	}
}
