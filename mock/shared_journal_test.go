package mock_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// replicasOf makes mocks that share a server.
func replicasOf(t testing.TB, n int, opts mock.Options) []*mock.Mock {
	t.Helper()
	list := make([]*mock.Mock, n)
	for i := range list {
		m := newMock(t, opts, shopScenarios)
		t.Cleanup(func() { _ = m.Stop(t.Context()) })
		list[i] = m
	}
	return list
}

// alike writes what was answered of the journals of different mocks so that it can be
// compared: requests are counted.
func alike(t *testing.T, m *mock.Mock, answer any) string {
	t.Helper()
	data, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for i, r := range records(t, m, mock.JournalQuery{Limit: 1000}) {
		text = strings.ReplaceAll(text, r.ID, fmt.Sprint("#", i+1))
		text = regexp.MustCompile(fmt.Sprintf(`("(number|next)":)%d\b`, r.Number)).ReplaceAllString(text, fmt.Sprint("${1}", i+1))
	}
	text = regexp.MustCompile(`[^\s"]*/(shop|orders|unused)\.yaml`).ReplaceAllString(text, "$1.yaml")
	return stable(t, json.RawMessage(text))
}

// TestSharedJournalIsLikeTheOneInMemory sends the same requests to one mock, and to three
// that share a journal in turn, and asks all of them the same.
func TestSharedJournalIsLikeTheOneInMemory(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	alone := newMock(t, mock.Options{Active: []string{"orders"}}, shopScenarios)
	replicas := replicasOf(t, 3, mock.Options{Active: []string{"orders"}, State: server.URL()})
	for i, request := range []string{
		"GET /orders/1", "GET /orders/2?page=0", "POST /orders {\"sku\": \"A\"}", "GET /orders/3?page=1", "GET /order/1", "DELETE /orders/1",
		"GET /orders/2?page=0&__expect=invalid", "GET /orders/2?__expect=invalid", "GET /orders/2?__scenario=orders", "GET /orders/2?__scenario=order",
		"GET /__session/s1/orders/1", "GET /nowhere?__expect=invalid", "GET /__session/s2/orders/1", "GET /__session/s%2F/orders/1", "POST /orders {\"sku\"",
		"POST /orders {\"sku\": \"" + strings.Repeat("long", 20_000) + "\"}",
	} {
		send1(alone, request)
		send1(replicas[i%3], request)
	}
	shop, err := os.ReadFile("testdata/expectations/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s1, shared, yes, no, three, one := "s1", "", true, false, 3, 1
	numberOf := func(m *mock.Mock, i int) uint64 { return records(t, m, mock.JournalQuery{Limit: 1000})[i].Number }
	questions := map[string]func(m *mock.Mock) (any, error){
		"list":       func(m *mock.Mock) (any, error) { return m.Journal(t.Context(), mock.JournalQuery{}) },
		"first page": func(m *mock.Mock) (any, error) { return m.Journal(t.Context(), mock.JournalQuery{Limit: 4}) },
		"second page": func(m *mock.Mock) (any, error) {
			return m.Journal(t.Context(), mock.JournalQuery{Limit: 4, Before: numberOf(m, 9)})
		},
		"filters": func(m *mock.Mock) (any, error) {
			var pages []mock.JournalPage
			for _, f := range []mock.JournalFilter{
				{Operation: "getOrder"}, {Session: &s1}, {Session: &shared}, {Status: "4XX"}, {Valid: &yes}, {Matched: &no}, {Scenario: "orders", Stub: "first"},
				{Method: "delete"}, {Path: "/orders/*"}, {Text: "SKU"}, {After: numberOf(m, 5)}, {Violates: "query page"},
			} {
				page, err := m.Journal(t.Context(), mock.JournalQuery{Filter: f})
				if err != nil {
					return nil, err
				}
				pages = append(pages, page)
			}
			return pages, nil
		},
		"record": func(m *mock.Mock) (any, error) {
			return m.Record(t.Context(), records(t, m, mock.JournalQuery{})[3].ID)
		},
		"unmatched": func(m *mock.Mock) (any, error) {
			return m.UnmatchedRequests(t.Context(), mock.UnmatchedQuery{PassedOver: true})
		},
		"count": func(m *mock.Mock) (any, error) {
			return m.CountRequests(t.Context(), mock.JournalFilter{Status: "404"})
		},
		"find": func(m *mock.Mock) (any, error) {
			return m.FindRequests(t.Context(), mock.Pattern{Operation: "createOrder", When: map[string]any{"body": map[string]any{"sku": "A"}}}, mock.Scope{}, 10)
		},
		"verify": func(m *mock.Mock) (any, error) { return m.VerifyText(t.Context(), "shop.yaml", shop, mock.Scope{}) },
		"verify session": func(m *mock.Mock) (any, error) {
			return m.VerifyText(t.Context(), "shop.yaml", shop, mock.Scope{Session: &s1})
		},
		"verify order": func(m *mock.Mock) (any, error) {
			return m.Verify(t.Context(), []mock.Expectation{
				{Order: []mock.Expectation{{Operation: "getOrder"}, {Operation: "createOrder"}, {Operation: "getOrder", Exactly: &three}}},
				{Order: []mock.Expectation{{Operation: "createOrder", AtLeast: &three}, {Operation: "getOrder"}}},
				{Operation: "*", Exactly: &one},
			}, mock.Scope{After: numberOf(m, 0)})
		},
		"HAR": func(m *mock.Mock) (any, error) {
			var b bytes.Buffer
			err := m.WriteHAR(t.Context(), &b, mock.JournalFilter{})
			return json.RawMessage(regexp.MustCompile(`"(time|wait|receive|send)": [0-9.]+`).ReplaceAll(regexp.MustCompile(`"startedDateTime": "[^"]*"`).ReplaceAll(b.Bytes(), []byte(`"startedDateTime": ""`)), []byte(`"$1": 0`))), err
		},
		"nothing": func(m *mock.Mock) (any, error) {
			_, err := m.Record(t.Context(), "nothing")
			return errors.Is(err, mock.ErrNoRecord), nil
		},
	}
	compare := func(t *testing.T, what string) {
		t.Helper()
		ask := questions[what]
		answer, err := ask(alone)
		if err != nil {
			t.Fatal(err)
		}
		want := alike(t, alone, answer)
		for i, m := range replicas {
			answer, err := ask(m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, alike(t, m, answer)); diff != "" {
				t.Errorf("replica %d (-memory +shared):\n%s", i, diff)
			}
		}
	}
	for what := range questions {
		t.Run(what, func(t *testing.T) { compare(t, what) })
	}
	again := func(t *testing.T) {
		for _, what := range []string{"list", "verify", "verify session", "verify order"} {
			compare(t, what)
		}
	}
	t.Run("a part is deleted", func(t *testing.T) {
		f := mock.JournalFilter{Method: "DELETE"}
		n, err := alone.DeleteRequests(t.Context(), f)
		m, err2 := replicas[0].DeleteRequests(t.Context(), f)
		if n != m || n == 0 || err != nil || err2 != nil {
			t.Error(n, m, err, err2)
		}
		again(t)
	})
	t.Run("a session is reset", func(t *testing.T) {
		for _, m := range []*mock.Mock{alone, replicas[2]} {
			s, err := m.Session(t.Context(), "s1")
			if err == nil {
				err = s.Reset(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		again(t)
	})
	t.Run("a session ends", func(t *testing.T) {
		for _, m := range []*mock.Mock{alone, replicas[1]} {
			s, err := m.Session(t.Context(), "s2")
			if err == nil {
				err = s.Delete(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		again(t)
	})
	t.Run("everything is deleted", func(t *testing.T) {
		for _, m := range []*mock.Mock{alone, replicas[1]} {
			if _, err := m.DeleteRequests(t.Context(), mock.JournalFilter{}); err != nil {
				t.Fatal(err)
			}
			send1(m, "GET /orders/1")
		}
		again(t)
	})
}

// TestWhoAsksAfterACallSeesIt calls one replica and asks another, again and again.
func TestWhoAsksAfterACallSeesIt(t *testing.T) {
	t.Parallel()
	replicas := replicasOf(t, 3, mock.Options{State: testenv.NewRedis(t).URL()})
	for i := range 60 {
		w := send1(replicas[i%3], fmt.Sprintf("GET /__session/s%d/orders/%d", i%2, i+1))
		id, other := w.Header().Get("Understudy-Request-Id"), replicas[(i+1)%3]
		r, err := other.Record(t.Context(), id)
		if err != nil || r.Response.Outcome != "sent" {
			t.Fatalf("call %d: %v, %s", i, err, r.Response.Outcome)
		}
		if got := records(t, other, mock.JournalQuery{Limit: 1}); got[0].ID != id {
			t.Fatalf("call %d is not the newest", i)
		}
	}
	pages, cursor := []uint64(nil), uint64(0)
	for i := 0; i == 0 || cursor != 0; i++ { // each page from another replica, while others come
		page, err := replicas[i%3].Journal(t.Context(), mock.JournalQuery{Limit: 7, Before: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Requests {
			pages = append(pages, r.Number)
		}
		cursor = page.Next
		send1(replicas[(i+1)%3], "GET /orders/1")
	}
	if n := len(slices.Compact(slices.Clone(pages))); n != 60 || len(pages) != 60 || !slices.IsSortedFunc(pages, func(a, b uint64) int { return int(min(1, int64(b)-int64(a))) }) {
		t.Errorf("%d entries, %d of them different", len(pages), n)
	}
}

// TestAnswersUnderWay asks another replica while an answer waits, and when it is over.
func TestAnswersUnderWay(t *testing.T) {
	t.Parallel()
	replicas := replicasOf(t, 2, mock.Options{State: testenv.NewRedis(t).URL()})
	over := make(chan struct{})
	go func() {
		defer close(over)
		send1(replicas[0], "GET /orders/1?__delay=500ms")
	}()
	outcome := func() mock.Outcome {
		all := records(t, replicas[1], mock.JournalQuery{})
		if len(all) == 0 {
			return ""
		}
		if len(all) != 1 {
			t.Fatalf("%d entries", len(all))
		}
		return all[0].Response.Outcome
	}
	for seen := outcome(); seen != "pending"; seen = outcome() {
		if seen != "" {
			t.Fatalf("the answer waits, and is said to be %s", seen)
		}
	}
	<-over
	if got := outcome(); got != "sent" {
		t.Error(got)
	}
}

// TestSharedJournalWithoutServer asks while the server is gone, and when it is back.
func TestSharedJournalWithoutServer(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t, testenv.Durable...)
	replicas := replicasOf(t, 2, mock.Options{State: server.URL()})
	send1(replicas[0], "GET /orders/1")
	records(t, replicas[1], mock.JournalQuery{})
	server.Kill()
	send1(replicas[0], "GET /orders/2")
	send1(replicas[1], "GET /orders/3")
	two, none := 2, 0
	v, err := replicas[1].Verify(t.Context(), []mock.Expectation{{Operation: "getOrder", Exactly: &two}, {Operation: "createOrder", Exactly: &none}}, mock.Scope{})
	if err != nil || v.Outcome != mock.VerifiedIncomplete || !strings.Contains(v.Incomplete, "cannot be reached") || v.Requests != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if !strings.Contains(v.Results[0].Why, "cannot be reached") {
		t.Error(v.Results[0].Why)
	}
	if n, err := replicas[1].CountRequests(t.Context(), mock.JournalFilter{}); err == nil {
		t.Errorf("%d requests are counted", n)
	}
	server.Restart()
	defer func() {
		if t.Failed() {
			t.Logf("in the end: %+v, %v", v, err)
		}
	}()
	testenv.Eventually(t, "all requests are there", func() bool {
		v, err = replicas[1].Verify(t.Context(), []mock.Expectation{{Operation: "getOrder"}}, mock.Scope{})
		return err == nil && v.Outcome == mock.VerifiedPass && v.Requests == 3 && v.Incomplete == ""
	})
}
