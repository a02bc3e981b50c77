package engine

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

const byStatusAPI = `
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /told: {get: {operationId: told, responses: {"200": {description: ok}, default: {description: no, content: {application/problem+json: {schema: {type: object, required: [status], properties: {status: {type: integer}}}}}}}}}
  /range: {get: {operationId: range, responses: {"200": {description: ok}, 4XX: {description: no, content: {application/problem+json: {schema: {type: object, required: [status], properties: {status: {type: integer}}}}}}}}}
  /broken: {get: {operationId: broken, parameters: [{name: a, in: query, required: true, schema: {type: integer}}], responses: {"200": {description: ok}, default: {description: no, content: {application/problem+json: {schema: {type: object, required: [status], properties: {status: {type: integer}}}}}}}}}
  /never: {get: {operationId: never, responses: {"200": {description: ok}, default: {description: no, content: {application/problem+json: {schema: {type: object, required: [a], properties: {a: {type: string, minLength: 5, maxLength: 2}}}}}}}}}
`

func byStatusEngine(t *testing.T) (*Engine, *byStatus) {
	t.Helper()
	e, snap := New(&state.Memory{}, Options{}), loadSnapshot(t, byStatusAPI, nil)
	e.Swap(snap)
	return e, &snap.generated.byStatus
}

// held counts the bodies that are kept.
func (b *byStatus) held() (n int) {
	for range b.bodies.Range {
		n++
	}
	return n
}

// TestBodiesByStatus holds that bodies which depend on the status are made once for each,
// and that so is it found out that there is none.
func TestBodiesByStatus(t *testing.T) {
	t.Parallel()
	e, kept := byStatusEngine(t)
	for _, test := range []struct {
		path, code string
		status     int
		made       bool
	}{
		{"/told", "404", 404, true},
		{"/told", "409", 409, true},
		{"/told", "404", 404, false},
		{"/told", "default", 503, true},
		{"/told", "503", 503, false},
		{"/range", "404", 404, true},
		{"/never", "404", 0, true},
		{"/never", "404", 0, false},
		{"/never", "409", 0, true},
	} {
		before := kept.size
		ex := handled(t.Context(), e, test.path, exchange.Prefer{Code: test.code})
		name, p := test.path+" "+test.code, ex.Answer.Problem
		if test.status == 0 && (p == nil || p.Code != exchange.ProblemNoBody) {
			t.Errorf("%s: %d %s", name, ex.Answer.Status, ex.Answer.Body)
		}
		if want := fmt.Sprintf(`{"status":%d}`, test.status); test.status > 0 && (ex.Answer.Status != test.status || string(ex.Answer.Body) != want) {
			t.Errorf("%s: %d %s, want %s", name, ex.Answer.Status, ex.Answer.Body, want)
		}
		if made := kept.size > before; made != test.made {
			t.Errorf("%s: was it made: %v", name, made)
		}
	}
	if kept.held() != 6 {
		t.Errorf("%d are kept", kept.held())
	}
}

// TestFailuresByStatus holds that it is the same failure that requests get.
func TestFailuresByStatus(t *testing.T) {
	t.Parallel()
	e, _ := byStatusEngine(t)
	op := e.Snapshot().APIs[0].Operation("never")
	response, _, _ := op.Respond("404")
	m := response.Content()[0]
	fail := func(status int) error {
		ex := &exchange.Exchange{Answer: exchange.Answer{Status: status}}
		h := handling{Engine: e, ctx: t.Context(), ex: ex, snap: e.Snapshot(), op: op}
		defer h.vacate()
		_, err := h.generateBody(m, m.Type, generation{})
		if err == nil {
			t.Fatal("there is a body")
		}
		return err
	}
	if first := fail(404); first != fail(404) || first == fail(409) {
		t.Error("failures are not kept by status")
	}
}

// TestManyBodiesByStatus holds what is kept of them.
func TestManyBodiesByStatus(t *testing.T) {
	t.Parallel()
	e, kept := byStatusEngine(t)
	e.opts.Room = func(int64) bool { return true }
	ask := func(code int) *exchange.Exchange {
		return handled(t.Context(), e, "/told", exchange.Prefer{Code: fmt.Sprint(code)})
	}
	const first, statuses = 400, contract.MaxStatus + 1 - 400
	for code := range statuses {
		ask(first + code)
	}
	if want := statuses * (costByStatus + len(`{"status":404}`)); kept.held() != statuses || kept.size != want {
		t.Errorf("%d bodies of %d bytes are kept, want %d of %d", kept.held(), kept.size, statuses, want)
	}
	kept.size = maxByStatus - 2*costByStatus
	if ask(404); kept.held() != statuses {
		t.Errorf("%d are kept when one was there", kept.held())
	}
	handled(t.Context(), e, "/range", exchange.Prefer{Code: "404"})
	if kept.held() != statuses+1 || kept.size > maxByStatus {
		t.Errorf("%d of %d bytes are kept below the bound", kept.held(), kept.size)
	}
	if ex := handled(t.Context(), e, "/range", exchange.Prefer{Code: "409"}); kept.held() != 0 || kept.size != 0 || string(ex.Answer.Body) != `{"status":409}` {
		t.Errorf("beyond the bound %d are kept, %d bytes: %s", kept.held(), kept.size, ex.Answer.Body)
	}
	if ex := ask(404); string(ex.Answer.Body) != `{"status":404}` || kept.held() != 1 || ex.Held != int64(len(ex.Answer.Body)) {
		t.Errorf("afterwards %d are kept: %s, which holds %d", kept.held(), ex.Answer.Body, ex.Held)
	}
}

// TestMakingByStatus holds that such bodies are made in the places that there are, and that
// what is there waits for none.
func TestMakingByStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, kept := byStatusEngine(t)
		ask := func(code string) int {
			return handled(t.Context(), e, "/told", exchange.Prefer{Code: code}).Answer.Status
		}
		code := map[string]string{"/range": "404"}
		ask("404")
		for range maxMaking {
			e.slots <- struct{}{}
		}
		if status := ask("404"); status != 404 {
			t.Errorf("what is there: %d", status)
		}
		done := make(chan int)
		go func() { done <- ask("409") }()
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan *exchange.Exchange)
		for _, path := range []string{"/range", "/broken"} { // the answer, and the fault of the request
			go func() { gone <- handled(ctx, e, path, exchange.Prefer{Code: code[path]}) }()
		}
		synctest.Wait()
		cancel()
		isGone(t, <-gone)
		isGone(t, <-gone)
		if kept.held() != 1 {
			t.Error("one was made beyond the places")
		}
		<-e.slots
		if status := <-done; status != 409 || len(e.slots) != maxMaking-1 {
			t.Errorf("%d, %d places are taken in the end", status, len(e.slots))
		}
	})
}

// TestOnce holds that what many ask for at first is made once, and again only where making
// it has ended in a panic.
func TestOnce(t *testing.T) {
	t.Parallel()
	var m sync.Map
	var made atomic.Int64
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 100 {
		all.Go(func() {
			<-begin
			header, err := once(&m, "a", func() (http.Header, error) {
				made.Add(1)
				for range 100 {
					runtime.Gosched() // lets the others come
				}
				return http.Header{"A": nil}, sample.ErrMediaType
			})
			if len(header) != 1 || err != sample.ErrMediaType {
				t.Errorf("got %v, %v", header, err)
			}
		})
	}
	close(begin)
	if all.Wait(); made.Load() != 1 {
		t.Errorf("it was made %d times", made.Load())
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = once(&m, "b", func() (int, error) { panic("a mistake") })
	}()
	if n, err := once(&m, "b", func() (int, error) { return 2, nil }); n != 2 || err != nil {
		t.Errorf("after a panic: %d, %v", n, err)
	}
}
