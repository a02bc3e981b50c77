package replay

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// replayed replays a scenario named "test" against a handler.
func replayed(t *testing.T, text string, h http.Handler, change func(*Options)) *Result {
	t.Helper()
	opts := replaying(t, text, h)
	if change != nil {
		change(&opts)
	}
	r, err := Run(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// replaying gives the options to replay a scenario named "test" against a handler.
func replaying(t *testing.T, text string, h http.Handler) Options {
	t.Helper()
	api := loadAPI(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	target, err := upstream.ParseTarget(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport, err := upstream.NewTransport(target, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(transport.CloseIdle)
	return Options{Transport: transport, APIs: []*contract.Contract{api}, Scenarios: loadScenario(t, api, text), Timeout: 10 * time.Second}
}

func loadAPI(t *testing.T) *contract.Contract {
	t.Helper()
	api, err := contract.Load(t.Context(), "../../../../testdata/provider/openapi.yaml", contract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// loadScenario loads a scenario named "test" from its text.
func loadScenario(t *testing.T, api *contract.Contract, text string) []*scenario.Scenario {
	t.Helper()
	set, err := scenario.LoadFiles([]*source.File{{Name: "test.yaml", Data: []byte(text)}}, []*contract.Contract{api}, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set.Scenarios
}

const health = "operations: {health: 200}"

func up(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, "ok")
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for retries, want := range []Outcome{Differs, Passed} {
		var asked atomic.Int32
		r := replayed(t, health, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if asked.Add(1) == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			up(w)
		}), func(o *Options) { o.Retries = retries })
		if r.Checks[0].Outcome != want || int(asked.Load()) != retries+1 {
			t.Errorf("%d retries: %s after %d requests", retries, r.Checks[0].Outcome, asked.Load())
		}
	}
	// A status that is expected is no reason to ask again.
	var asked atomic.Int32
	r := replayed(t, "operations: {listOrders: {when: {query: {status: paid}}, respond: {status: 503}}}", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"code":"DOWN","message":""}`)
	}), func(o *Options) { o.Retries = 3 })
	if r.Checks[0].Outcome != Passed || asked.Load() != 1 {
		t.Errorf("%+v after %d requests", r.Checks[0], asked.Load())
	}
}

// TestConcurrency holds that three requests are under way together, and never four.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("operations:\n  listOrders:\n")
	for i := range 9 {
		fmt.Fprintf(&text, "    - {when: {query: {limit: %d}}, respond: {status: 200}}\n", i+1)
	}
	var mu sync.Mutex
	here, most := 0, 0
	three := make(chan struct{})
	replayed(t, text.String(), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		here++
		if most = max(most, here); here == 3 && most == 3 {
			select {
			case <-three:
			default:
				close(three)
			}
		}
		mu.Unlock()
		select {
		case <-three:
		case <-r.Context().Done():
		}
		mu.Lock()
		here--
		mu.Unlock()
	}), func(o *Options) { o.Concurrency = 3 })
	if most != 3 {
		t.Errorf("at most %d requests under way", most)
	}
}

func TestPacer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := pacer{rate: 4}
		for i, want := range []time.Duration{0, 250 * time.Millisecond, 500 * time.Millisecond} {
			if got := p.next(); got != want {
				t.Errorf("request %d waits %s, want %s", i+1, got, want)
			}
		}
		time.Sleep(time.Minute)
		if got := p.next(); got != 0 {
			t.Errorf("after a pause: %s", got)
		}
		if p.end(); p.next() != 0 {
			t.Error("there is a wait after the end")
		}
		if got := new(pacer).next(); got != 0 {
			t.Errorf("without a rate: %s", got)
		}
	})
}

// TestEndlessStream holds that of an event stream counts what came.
func TestEndlessStream(t *testing.T) {
	t.Parallel()
	r := replayed(t, "operations: {orderEvents: 200}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: one\n\ndata: tw")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}), func(o *Options) { o.Timeout = 50 * time.Millisecond })
	if r.Checks[0].Outcome != Passed {
		t.Errorf("%+v", r.Checks[0])
	}
	if got := string(lastEvent([]byte("data: one\n\ndata: tw"))); got != "data: one\n\n" {
		t.Errorf("%q", got)
	}
}

// TestOrder holds in which order the requests of a scenario are sent, and why others are
// not.
func TestOrder(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"what changes nothing comes first": {`
state: {order: {values: [new, paid]}}
operations:
  changeOrder:
    - {name: pay, when: {state: {order: new}}, respond: {status: 200}, set: {order: paid}}
    - {name: too-late, when: {state: {order: paid}}, respond: {status: 409}}
  getOrder:
    - {name: before, when: {state: {order: new}}, respond: {status: 200}}
    - {name: after, when: {state: {order: paid}}, respond: {status: 304}}
`, []string{"before", "pay", "too-late", "after"}},
		"a way back is found": {`
state: {door: {values: [shut, open]}}
operations:
  changeOrder:
    - {name: open, when: {state: {door: shut}, body: {status: new}}, respond: {status: 200}, set: {door: open}}
    - {name: shut, when: {state: {door: open}, body: {status: paid}}, respond: {status: 200}, set: {door: shut}}
    - {name: break, when: {state: {door: open}, body: {status: sent}}, respond: {status: 409}, set: {door: shut}}
`, []string{"open", "shut", "open (on the way)", "break"}},
		"an answer after the other": {`
operations:
  getOrder:
    - name: polled
      when: {headers: {X-Poll: "1"}}
      respond: [{status: 404, times: 2}, {status: 200}]
      atEnd: pass
    - {name: then, when: {headers: {X-Poll: "1"}}, respond: {status: 304}}
`, []string{"polled, answer 1 of 3", "polled, answer 2 of 3", "polled, answer 3 of 3", "then"}},
		"no way there": {`
state: {order: {values: [new, lost]}}
operations:
  getOrder:
    - {name: found, when: {state: {order: new}}, respond: {status: 200}}
    - {name: missed, when: {state: {order: lost}}, respond: {status: 404}}
  deleteOrder:
    - {name: lose, when: {state: {order: new}}, respond: {fault: EMPTY_RESPONSE}, set: {order: lost}}
`, []string{
			"lose: it breaks the connection (EMPTY_RESPONSE), which no provider promises", "found",
			`missed: state "order" is "new", expected "lost", and no stub of the scenario brings that about`,
		}},
		"a sequence that its own change ends": {`
state: {order: {values: [new, paid]}}
operations:
  changeOrder:
    - name: pay
      when: {state: {order: new}}
      respond: [{status: 200}, {status: 409}]
      set: {order: paid}
`, []string{
			"pay, answer 1 of 2",
			`pay, answer 2 of 2: after the answer before it, the stub does not answer any more: state "order" is "paid", expected "new", and no stub of the scenario brings that about`,
		}},
		"the first of two with the same conditions": {`
operations:
  getOrder:
    - {name: one, when: {headers: {X-A: "1"}}, respond: {status: 404}}
    - {name: other, when: {headers: {X-A: {startsWith: "1"}}}, respond: {status: 304}}
`, []string{"one", "other"}},
		"chance": {`
operations:
  getOrder:
    - {name: rarely, probability: 0.1, respond: {status: 404}}
    - {name: mostly, respond: {status: 200}}
`, []string{"rarely: it answers a share of 0.1 of the calls, by chance", "mostly: the stub rarely before it answers some of the same requests, by chance"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &runner{Options: Options{Scenarios: loadScenario(t, loadAPI(t), test.text)}}
			var got []string
			for _, s := range r.plan() {
				for _, c := range s.chapters {
					for _, scene := range c.scenes {
						line := scene.check.Title()
						if scene.support {
							line += " (on the way)"
						}
						if scene.check.Reason != "" {
							line += ": " + scene.check.Reason
						}
						got = append(got, line)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
