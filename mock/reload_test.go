package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock"
)

// files is a folder with a description and scenarios that tests change.
type files struct {
	t      *testing.T
	folder string
}

func newFiles(t *testing.T) files {
	f := files{t, t.TempDir()}
	f.write("shop.yaml", shop)
	return f
}

func (f files) write(name, text string) {
	f.t.Helper()
	path := filepath.Join(f.folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f files) options() mock.Options {
	return mock.Options{
		Specs:     []mock.Spec{{Location: filepath.Join(f.folder, "shop.yaml")}},
		Scenarios: []string{filepath.Join(f.folder, "scenarios")},
	}
}

func statusOf(m http.Handler, method, target string) int {
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, httptest.NewRequest(method, target, nil))
	return answer.Code
}

// TestReloadKeepsCounters changes one of two sequences, and one of two states, in a
// file: those whose text stays go on, the others start anew and are named.
func TestReloadKeepsCounters(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	const steps = `
default: true
operations:
  getOrder:
    - {name: a, when: {path: {id: 1}}, respond: [{status: 404}, {status: 200}]}
    - {name: b, when: {path: {id: 2}}, respond: [{status: 404}, {status: 200}]}
`
	const states = `
default: true
state:
  door: {values: [open, closed]}
  lamp: {values: [off, lit]}
operations:
  getOrder:
    - {when: {path: {id: 3}, state: {door: open}}, respond: {status: 404}, set: {door: closed}}
    - {when: {path: {id: 4}, state: {lamp: off}}, respond: {status: 404}, set: {lamp: lit}}
`
	f.write("scenarios/steps.yaml", steps)
	f.write("scenarios/states.yaml", states)
	var told []mock.Reloaded
	opts := f.options()
	opts.OnReload = func(r mock.Reloaded) { told = append(told, r) }
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ask := func() (all []int) {
		for id := 1; id <= 4; id++ {
			all = append(all, statusOf(m, "GET", fmt.Sprintf("/orders/%d", id)))
		}
		return all
	}
	reload := func() {
		t.Helper()
		if err := m.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	want := func(statuses ...int) {
		t.Helper()
		if diff := cmp.Diff(statuses, ask()); diff != "" {
			t.Error(diff)
		}
	}
	want(404, 404, 404, 404)
	// The layout of a text and what stands around it do not count.
	f.write("scenarios/steps.yaml", "# a comment\n"+strings.Replace(steps, "{name: a, when", "{name:   a, when", 1))
	reload()
	want(200, 200, 200, 200)
	f.write("scenarios/steps.yaml", strings.Replace(steps, "{id: 2}}, respond: [{status: 404}", "{id: 2}}, respond: [{status: 404, times: 2}", 1))
	f.write("scenarios/states.yaml", strings.Replace(states, "[off, lit]", "[off, lit, broken]", 1))
	reload()
	want(200, 404, 200, 404)
	var restarted [][]string
	for _, r := range told {
		restarted = append(restarted, r.Restarted)
	}
	if diff := cmp.Diff([][]string{nil, {"states state lamp", "steps/b"}}, restarted); diff != "" {
		t.Error(diff)
	}
}

// TestFailureIsToldOnce saves a mistake twice, then another one, then mends it.
func TestFailureIsToldOnce(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	var told []bool
	opts := f.options()
	opts.OnReload = func(r mock.Reloaded) { told = append(told, r.Err == nil) }
	f.write("scenarios/a.yaml", "operations: {getOrder: 404}")
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"operations: {getOrder: 409}", "operations: {getOrder: 409}", "operation: {getOrder: 404}", "operations: {getOrder: 200}", "operations: {getOrder: 409}"} {
		f.write("scenarios/a.yaml", text)
		_ = m.Reload(t.Context()) // told
	}
	if diff := cmp.Diff([]bool{false, false, true, false}, told); diff != "" {
		t.Error(diff)
	}
}

// TestReloadDropsNothing reloads while requests are under way: each gets one of the
// two answers whole.
func TestReloadDropsNothing(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	text := func(n int) string {
		return fmt.Sprintf("default: true\noperations:\n  getOrder: {respond: {status: 404, headers: {X-Version: \"%d\"}, body: {error: \"%d\"}}}\n", n, n)
	}
	f.write("scenarios/a.yaml", text(0))
	m, err := mock.New(t.Context(), f.options())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(m)
	defer server.Close()
	done := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got := ask(t, server.URL, "GET /orders/1", "")
				if want := fmt.Sprintf(`{"error":%q}`, got.Header.Get("X-Version")); got.Status != 404 || got.Body != want {
					t.Errorf("%d %s, want %s", got.Status, got.Body, want)
					return
				}
			}
		})
	}
	for n := range 50 {
		f.write("scenarios/a.yaml", text(n+1))
		if err := m.Reload(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wait.Wait()
}

// TestWatchEndsWithTheMock starts and stops a mock that watches; goleak tells if
// something goes on.
func TestWatchEndsWithTheMock(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	f.write("scenarios/a.yaml", "operations: {getOrder: 404}")
	opts := f.options()
	reloaded := make(chan mock.Reloaded)
	opts.Watch, opts.Listen, opts.OnReload = "events", "127.0.0.1:0", func(r mock.Reloaded) { reloaded <- r }
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	f.write("scenarios/a.yaml", "operations: {getOrder: 200}")
	if r := <-reloaded; r.Err != nil {
		t.Error(r.Err)
	}
	if err := m.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestReloadTellsWhatMoved puts a stub before another one, renames a file, and takes
// an active scenario away.
func TestReloadTellsWhatMoved(t *testing.T) {
	t.Parallel()
	f := newFiles(t)
	const stub = "    - {when: {path: {id: 1}}, respond: [{status: 404}, {status: 200}]}\n"
	const head = "operations:\n  getOrder:\n"
	f.write("scenarios/a.yaml", head+stub)
	f.write("scenarios/b.yaml", head+stub)
	var told mock.Reloaded
	opts := f.options()
	opts.Active, opts.OnReload = []string{"a", "b"}, func(r mock.Reloaded) { told = r }
	m, err := mock.New(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	f.write("scenarios/a.yaml", head+"    - {when: {path: {id: 7}}, respond: {status: 404}}\n"+stub)
	if err := os.Rename(filepath.Join(f.folder, "scenarios", "b.yaml"), filepath.Join(f.folder, "scenarios", "c.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := m.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"a/getOrder#2", "c/getOrder#1"}, {"b"}}, [][]string{told.Restarted, told.Missing}); diff != "" {
		t.Error(diff)
	}
	if err := m.Deactivate(t.Context(), "b"); err != nil {
		t.Error(err)
	}
	if err := m.Reload(t.Context()); err != nil || len(told.Missing) > 0 {
		t.Error(told.Missing, err)
	}
}
