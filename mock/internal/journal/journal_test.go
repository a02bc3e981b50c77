package journal

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
	"weak"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// entered makes a complete entry.
func entered(j *Journal, fill func(ex *exchange.Exchange)) *Entry {
	e := &Entry{}
	e.Exchange.Time = time.Now()
	e.Exchange.Answer = exchange.Answer{Status: 200, Header: http.Header{}}
	e.Exchange.Decision.Step = exchange.StepContract
	if fill != nil {
		fill(&e.Exchange)
	}
	j.Enter(e)
	e.Begin(true)
	e.End(OutcomeSent, len(e.Exchange.Answer.Body), nil)
	return e
}

// TestReadersWaitForTheEnd reads while the last bytes of an answer are under way.
func TestReadersWaitForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		j := New(Options{Entries: 10, Bytes: DefaultBytes})
		e := &Entry{}
		e.Exchange.ID = "a"
		j.Enter(e)
		e.Begin(true)
		go func() {
			time.Sleep(30 * time.Millisecond)
			e.End(OutcomeSent, 0, nil)
		}()
		began := time.Now()
		if r, ok, _ := j.Get(t.Context(), "a"); !ok || r.Response.Outcome != OutcomeSent {
			t.Errorf("%t, %s", ok, r.Response.Outcome)
		}
		if waited := time.Since(began); waited > 31*time.Millisecond {
			t.Errorf("waited %s", waited)
		}
		// A client that does not read keeps nobody waiting for long, however many they are.
		for range 5 {
			stuck := &Entry{}
			j.Enter(stuck)
			stuck.Begin(true)
		}
		began = time.Now()
		page, err := j.List(t.Context(), Query{})
		if waited := time.Since(began); err != nil || len(page.Requests) != 6 || page.Requests[0].Response.Outcome != OutcomePending || waited < maxReadWait || waited > maxReadWait+2*time.Millisecond {
			t.Errorf("%d entries after %s, %v", len(page.Requests), waited, err)
		}
		// One that waits for its first byte is not waited for.
		waits := New(Options{Entries: 10, Bytes: DefaultBytes})
		waits.Enter(&Entry{})
		began = time.Now()
		if _, err := waits.List(t.Context(), Query{}); err != nil || time.Since(began) != 0 {
			t.Errorf("waited %s, %v", time.Since(began), err)
		}
	})
}

// TestSizeIsHonest compares what entries are reckoned to take with what they take.
func TestSizeIsHonest(t *testing.T) { // not parallel: it measures memory
	for name, fill := range map[string]func(i int, ex *exchange.Exchange){
		"headers": func(i int, ex *exchange.Exchange) {
			for n := range 10 {
				ex.Request.Header["X-"+strconv.Itoa(n)] = []string{strings.Repeat("v", 20) + strconv.Itoa(i)}
			}
		},
		"body": func(i int, ex *exchange.Exchange) {
			ex.Request.Body = []byte(strings.Repeat("x", 2000) + strconv.Itoa(i))
		},
		"decoded": func(i int, ex *exchange.Exchange) {
			text := `{"id": ` + strconv.Itoa(i) + `, "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}, {"sku": "c", "n": 3}], "more": {"a": {"b": {"c": [1, 2, 3, 4, 5, 6, 7, 8, 9, true, null]}}}}`
			ex.Request.Body = []byte(text)
			ex.Body = exchange.Unread(ex.Request.Body, jsonvalue.Again)
		},
		"large objects": func(i int, ex *exchange.Exchange) {
			object := map[string]any{}
			for n := range 100 {
				object[strconv.Itoa(n*1000+i)] = true
			}
			ex.Body = exchange.Decoded(object)
		},
		"violations": func(i int, ex *exchange.Exchange) {
			for n := range 5 {
				ex.Violate(exchange.Violation{In: exchange.Body, Pointer: "/a/" + strconv.Itoa(i), Got: strings.Repeat("g", 30) + strconv.Itoa(n), Fix: fmt.Sprint("send ", i)})
			}
		},
	} {
		before := inUse()
		j := New(Options{Entries: 3000, Bytes: 1 << 30})
		for i := range 3000 {
			entered(j, func(ex *exchange.Exchange) {
				ex.Request.Header = http.Header{}
				fill(i, ex)
			})
		}
		took, reckoned := inUse()-before, j.ring.bytes.Load()
		t.Logf("%s: %d bytes each, reckoned %d", name, took/3000, reckoned/3000)
		if ratio := float64(took) / float64(reckoned); ratio > 1.3 || ratio < 0.5 {
			t.Errorf("%s: entries take %d bytes and are reckoned to take %d: %.2f", name, took, reckoned, ratio)
		}
		runtime.KeepAlive(j)
	}
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestSettleLetsGo holds that what is settled does not keep contracts and scenarios in
// memory, and is told as before.
func TestSettleLetsGo(t *testing.T) {
	t.Parallel()
	j := New(Options{Entries: 10, Bytes: DefaultBytes})
	held := weak.Make(enterEvidence(j))
	before, _, _ := j.Get(t.Context(), "a")
	before.Violations[0].Violation.Contract = nil
	j.Settle()
	runtime.GC()
	if held.Value() != nil {
		t.Error("the evidence is still in memory")
	}
	settled, ok, _ := j.Get(t.Context(), "a")
	if !ok || settled.Violations[0].Contract != "api.yaml:1:2" || settled.Decision.MoreCandidates != 30 {
		t.Errorf("%t, %+v", ok, settled.Violations)
	}
	if got := settled.Decision.Candidates[1]; got != (Candidate{Step: exchange.StepSession, Scenario: "s", Stub: "stub 1", Held: 1, Conditions: 3, Failed: "failed 1"}) {
		t.Errorf("%+v", got)
	}
	size := j.ring.bytes.Load()
	j.Settle() // again changes nothing
	if got := j.ring.bytes.Load(); got != size {
		t.Errorf("%d bytes, then %d", size, got)
	}
}

// evidence tells of fifty stubs.
type evidence struct{ place string }

func (e *evidence) String() string { return e.place }

func (e *evidence) Tried(*exchange.Exchange) iter.Seq[exchange.Tried] {
	return func(yield func(exchange.Tried) bool) {
		for i := range 50 {
			text := fmt.Sprintf("failed %d", i)
			if !yield(exchange.Tried{Step: exchange.StepSession, Scenario: "s", Stub: fmt.Sprintf("stub %d", i), Judge: func() exchange.Judged {
				return exchange.Judged{Held: 1, Conditions: 3, Failed: func(*exchange.Exchange) string {
					runtime.KeepAlive(e)
					return text
				}}
			}}) {
				return
			}
		}
	}
}

func (e *evidence) Size() int { return 0 }

//go:noinline
func enterEvidence(j *Journal) *evidence {
	v := &evidence{"api.yaml:1:2"}
	entered(j, func(ex *exchange.Exchange) {
		ex.ID, ex.Operation = "a", "op"
		ex.Decision.Considered = v
		ex.Violate(exchange.Violation{In: exchange.Query, Name: "q", Rule: "type", Contract: v})
	})
	return v
}

// TestSessionsAreBounded counts more sessions than there is room for.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	j := New(Options{})
	began := time.Now()
	for i := range MaxSessions + 50 {
		entered(j, func(ex *exchange.Exchange) {
			ex.Session = strconv.Itoa(i)
			ex.Time = began.Add(time.Duration(i) * time.Millisecond)
			ex.Answer.Problem = &exchange.Problem{Code: exchange.ProblemNoPath}
		})
	}
	if j.tallies.count > MaxSessions {
		t.Errorf("%d sessions are counted", j.tallies.count)
	}
	if n := j.tallies.examples.Load(); n > maxAllExamples {
		t.Errorf("%d examples", n)
	}
	set := &scenario.Set{}
	if v := j.Verdict(strconv.Itoa(MaxSessions+49), set.Scenario, VerdictOptions{}); v.Requests != 1 || v.Unmatched.Count != 1 || v.Incomplete != "" {
		t.Errorf("the newest: %+v", v)
	}
	if v := j.Verdict("0", set.Scenario, VerdictOptions{AllowNoRequests: true}); v.Incomplete == "" || v.Passed {
		t.Errorf("the one that was given up: %+v", v)
	}
}

// TestVerdictExamples holds that counts go on where examples end.
func TestVerdictExamples(t *testing.T) {
	t.Parallel()
	j := New(Options{Redact: []string{"pin"}})
	for i := range MaxExamples + 5 {
		entered(j, func(ex *exchange.Exchange) {
			ex.ID, ex.Request.Path, ex.Request.Method = strconv.Itoa(i), "/"+strings.Repeat("é", 200), "GET"
			ex.Violate(exchange.Violation{In: exchange.Query, Name: "pin", Rule: "type", Expected: "an integer", Got: "1234"})
		})
	}
	v := j.Verdict("", new(scenario.Set).Scenario, VerdictOptions{})
	if v.Broke.Count != MaxExamples+5 || len(v.Broke.Examples) != MaxExamples || v.Passed {
		t.Errorf("%d, %d examples", v.Broke.Count, len(v.Broke.Examples))
	}
	e := v.Broke.Examples[0]
	if e.Why != `query "pin" must be an integer, got [redacted]` || len(e.Path) > maxExampleText+len("…") || !strings.HasSuffix(e.Path, "é…") {
		t.Errorf("%+v", e)
	}
	j.Forget("")
	if n := j.tallies.examples.Load(); n != 0 {
		t.Errorf("%d examples are left", n)
	}
}

// TestExamplesOutliveTheirRequests is about texts that are parts of a request's line, which may
// be a megabyte: an example does not keep it.
func TestExamplesOutliveTheirRequests(t *testing.T) {
	t.Parallel()
	line := []byte("BREW /pot?and=much&more")
	text := unsafe.String(&line[0], len(line))
	j := New(Options{})
	entered(j, func(ex *exchange.Exchange) {
		ex.Request.Method, ex.Request.Path = text[:4], text[5:9]
		ex.Violate(exchange.Violation{In: exchange.Query, Name: "size", Rule: "type"})
	})
	clear(line)
	v := j.Verdict("", new(scenario.Set).Scenario, VerdictOptions{})
	if e := v.Broke.Examples[0]; e.Method != "BREW" || e.Path != "/pot" {
		t.Errorf("the example is a part of the line: %q %q", e.Method, e.Path)
	}
}

// TestJournalConcurrently enters, reads, deletes, settles and forgets at once.
func TestJournalConcurrently(t *testing.T) {
	t.Parallel()
	j := New(Options{Entries: 50, Bytes: 100_000})
	var all sync.WaitGroup
	stop := make(chan struct{})
	for w := range 4 {
		all.Go(func() {
			for i := range 1_000 {
				entered(j, func(ex *exchange.Exchange) {
					ex.ID, ex.Session = fmt.Sprint(w, "-", i), []string{"", "s"}[i%2]
					ex.Request.Header = http.Header{"Cookie": {"a=12345678"}, "X-Id": {ex.ID}}
					ex.Decision.Considered, ex.Decision.StubKey = &evidence{}, i%10
					if i%3 == 0 {
						ex.Violate(exchange.Violation{In: exchange.Body, Contract: &evidence{ex.ID}})
					}
				})
			}
		})
	}
	var readers sync.WaitGroup
	for _, do := range []func() error{
		func() error {
			page, err := j.List(t.Context(), Query{})
			for _, r := range page.Requests {
				if r.Request.Header.Get("X-Id") != r.ID || r.Request.Header.Get("Cookie") != exchange.Redacted {
					return fmt.Errorf("%s has the header of %s", r.ID, r.Request.Header)
				}
			}
			return err
		},
		func() error { j.Settle(); return nil },
		func() error { j.Verdict("s", new(scenario.Set).Scenario, VerdictOptions{}); return nil },
		func() error { j.Hide(exchange.Query, []string{"key"}); j.Forget("s"); return nil },
		func() error {
			_, err := j.Delete(t.Context(), Filter{Status: "404"})
			return err
		},
		func() error {
			_, err := j.Unmatched(t.Context(), UnmatchedQuery{Query: Query{Limit: 5}, PassedOver: true})
			return err
		},
	} {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := do(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	close(stop)
	readers.Wait()
	if got := j.ring.bytes.Load(); got > 100_000 || got < 0 {
		t.Errorf("%d bytes", got)
	}
}

func TestQueriesEndWithTheirContext(t *testing.T) {
	t.Parallel()
	j := New(Options{Entries: 10, Bytes: DefaultBytes})
	entered(j, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.List(ctx, Query{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for _, limit := range []int{-1, MaxLimit + 1} {
		if _, err := j.List(t.Context(), Query{Limit: limit}); err == nil {
			t.Errorf("a page of %d was given", limit)
		}
	}
}

func TestTraceparent(t *testing.T) {
	t.Parallel()
	const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for value, want := range map[string]string{
		good: good, " " + good + " ": good,
		"01" + good[2:] + "-more": "01" + good[2:] + "-more", // a later version may say more
		good + "-more":            "",
		"ff" + good[2:]:           "",
		strings.ToUpper(good):     "",
		good[:50]:                 "",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01": "",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01": "",
		"": "",
	} {
		if got := traceparent(http.Header{"Traceparent": {value}}); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	if got := traceparent(http.Header{"Traceparent": {good, good}}); got != "" {
		t.Errorf("two lines: %q", got)
	}
}
