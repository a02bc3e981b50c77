package journal

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// sums adds up what journals give, by session.
type sums map[string]*Part

func (s sums) add(parts []Part) {
	for _, part := range parts {
		if s[part.Session] == nil {
			s[part.Session] = &Part{Session: part.Session, Counts: map[string]int64{}, Examples: map[string][]string{}}
		}
		for name, n := range part.Counts {
			s[part.Session].Counts[name] += n
		}
		for name, texts := range part.Examples {
			s[part.Session].Examples[name] = append(s[part.Session].Examples[name], texts...)
		}
	}
}

// TestTaken counts with one journal and with two that take turns: what these give adds up
// to what the one has.
func TestTaken(t *testing.T) {
	t.Parallel()
	whole, parts, added := New(Options{}), []*Journal{New(Options{}), New(Options{})}, sums{}
	for _, j := range parts {
		added.add(j.Take())
	}
	for i := range 30 {
		for _, j := range []*Journal{whole, parts[i%2]} {
			entered(j, func(ex *exchange.Exchange) {
				ex.ID, ex.Session = strconv.Itoa(i), "s"
				if i%3 == 0 {
					ex.Violate(exchange.Violation{In: exchange.Body, Rule: "required", Got: strconv.Itoa(i)})
				}
			})
			if i == 4 {
				j.Activated("s", "b", "a")
			}
		}
		if i%9 == 0 {
			added.add(parts[i%2].Take())
		}
	}
	for _, j := range parts {
		added.add(j.Take())
		if again := j.Take(); len(again) != 0 {
			t.Errorf("given twice: %v", again)
		}
	}
	if n := parts[0].Counted() + parts[1].Counted(); n != 30 {
		t.Errorf("%d are counted", n)
	}
	none := new(scenario.Set).Scenario
	want, got := whole.Verdict("s", none, VerdictOptions{}), New(Options{}).Sum(*added["s"], "", none, VerdictOptions{})
	for _, v := range []*Verdict{&want, &got} { // the order of examples is that of their writing
		for i := range v.Broke.Examples {
			v.Broke.Examples[i] = Example{}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Requests != 30 || got.Broke.Count != 10 {
		t.Error(diff, got)
	}
	if v := whole.Sum(*added["s"], "a replica is gone", none, VerdictOptions{AllowNoRequests: true}); v.Passed || v.Incomplete != "a replica is gone" {
		t.Error(v)
	}
	if counts := added["s"].Counts; counts["activated:a"] != 1 || counts["activated:b"] != 1 {
		t.Error(counts)
	}
}

// TestTakenIsToldAgain forgets a session elsewhere: what is used again is given again, and
// there is room for examples again.
func TestTakenIsToldAgain(t *testing.T) {
	t.Parallel()
	j := New(Options{})
	key := scenario.Cell{Scenario: "s", Key: `st"ub`, Revision: "r"}
	for range 2 {
		entered(j, func(ex *exchange.Exchange) { ex.Decision.StubKey = any(key) })
		for range MaxExamples + 1 {
			entered(j, func(ex *exchange.Exchange) { ex.Violate(exchange.Violation{}) })
		}
		parts := j.Take()
		if len(parts) != 1 || len(parts[0].Examples["broke"]) != MaxExamples || parts[0].Counts["requests"] != MaxExamples+2 {
			t.Fatal(parts)
		}
		used := false
		for name := range parts[0].Counts {
			used = used || strings.HasPrefix(name, nameUsed) && strings.Contains(name, `st\"ub`)
		}
		if !used {
			t.Error(parts[0].Counts)
		}
	}
	if n := j.tallies.examples.Load(); n != 0 {
		t.Errorf("%d examples are reckoned", n)
	}
}

// TestTakenMeanwhile takes while requests are counted, more sessions than are counted at
// one time.
func TestTakenMeanwhile(t *testing.T) {
	t.Parallel()
	j, added := New(Options{}), sums{}
	added.add(j.Take())
	const workers, each = 4, 3000
	var counting sync.WaitGroup
	for i := range workers {
		counting.Go(func() {
			for n := range each {
				for _, id := range []string{"", fmt.Sprint(i, "-", n)} {
					j.Enter(&Entry{Exchange: exchange.Exchange{Time: time.Now(), Session: id}})
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { counting.Wait(); close(done) }()
	for taking := true; taking; {
		select {
		case <-done:
			taking = false
		default:
		}
		added.add(j.Take())
	}
	none := new(scenario.Set).Scenario
	if v := j.Sum(*added[""], "", none, VerdictOptions{}); v.Requests != workers*each {
		t.Error(v.Requests)
	}
	for i := range workers {
		for n := range each {
			if part := added[fmt.Sprint(i, "-", n)]; part == nil || part.Counts["requests"] != 1 {
				t.Fatal(i, n, part)
			}
		}
	}
	if v := j.Sum(Part{Session: "unknown"}, "", none, VerdictOptions{AllowNoRequests: true}); !v.Passed {
		t.Error(v)
	}
}
