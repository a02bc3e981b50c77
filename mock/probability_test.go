package mock_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

const flaky = "operations:\n  getOrder:\n    - {probability: 0.2, respond: {status: 404}}\n    - {probability: 0.5, when: {query: {page: 2}}, respond: {status: 200, example: large}}\n"

// statuses gives what a mock answers to the same request sent n times.
func statuses(t *testing.T, m *mock.Mock, n int, request string, headers ...string) []int {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	list := make([]int, n)
	for i := range list {
		req := httptest.NewRequest(method, path, nil)
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			req.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, req)
		list[i] = w.Code
	}
	return list
}

func share(list []int, status int) int {
	n := 0
	for _, s := range list {
		if s == status {
			n++
		}
	}
	return n
}

// TestProbability holds that a stub answers its share of the calls, and the same
// calls again under the same seed.
func TestProbability(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) []int {
		m := newMock(t, mock.Options{Seed: seed, Active: []string{"flaky"}}, map[string]string{"flaky": flaky})
		return statuses(t, m, 2000, "GET /orders/1")
	}
	first := run(7)
	if n := share(first, 404); n < 320 || n > 480 {
		t.Errorf("%d of 2000 calls, want about 400", n)
	}
	if diff := cmp.Diff(first, run(7)); diff != "" {
		t.Error("the same seed gives other answers")
	}
	if cmp.Equal(first, run(8)) {
		t.Error("another seed gives the same answers")
	}
}

// TestProbabilityOfPreferred holds that what chance leaves is answered as if the
// scenario had no such stub, and that a status that is asked for is no matter of chance.
func TestProbabilityOfPreferred(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{}, map[string]string{"flaky": flaky})
	list := statuses(t, m, 500, "GET /orders/1", "Prefer: scenario=flaky")
	if gone, ok := share(list, 404), share(list, 200); gone < 60 || gone+ok != 500 {
		t.Errorf("%d times 404 and %d times 200 of 500", gone, ok)
	}
	if n := share(statuses(t, m, 50, "GET /orders/1", "Prefer: scenario=flaky, code=404"), 404); n != 50 {
		t.Errorf("code=404 was honoured %d times of 50", n)
	}
	if n := share(statuses(t, m, 500, "HEAD /orders/1", "Prefer: scenario=flaky"), 404); n < 60 || n > 140 {
		t.Errorf("HEAD got 404 %d times of 500, want about 100", n)
	}
}

// TestProbabilityIsTold holds that the answer says what chance has decided.
func TestProbabilityIsTold(t *testing.T) {
	t.Parallel()
	m := newMock(t, mock.Options{Active: []string{"flaky"}}, map[string]string{"flaky": flaky})
	told := map[string]bool{}
	for range 200 {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest("GET", "/orders/1?page=2", nil))
		told[w.Header().Get("Understudy-Why")] = true
	}
	want := map[string]bool{
		"active-scenario: stub flaky/getOrder#1; probability 0.2, stub flaky/getOrder#1 answers":                                                                         true,
		"active-scenario: stub flaky/getOrder#2; probability 0.2, stub flaky/getOrder#1 passes; probability 0.5, stub flaky/getOrder#2 answers":                          true,
		"contract: no stub answers, and 200 is the contract's own success; probability 0.2, stub flaky/getOrder#1 passes; probability 0.5, stub flaky/getOrder#2 passes": true,
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}
