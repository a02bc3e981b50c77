package replay

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

const torn = `
provider: {setup: [{path: /set-up/scenario}], teardown: [{path: /clear/scenario}]}
operations:
  health:
    respond: {status: 200}
    provider: {setup: [{path: /set-up/stub}], teardown: [{path: /clear/stub}]}
`

// TestInterrupted ends the context at a request: what was set up by then is cleared up, and
// nothing else.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	before := []string{"/set-up/all", "/set-up/more", "/set-up/scenario", "/set-up/stub", "/health"}
	after := []string{"/clear/stub", "/clear/scenario", "/clear/all"}
	for i, at := range before {
		t.Run(at[1:], func(t *testing.T) {
			t.Parallel()
			want := append(append([]string{}, before[:i+1]...), after[min(2, max(0, 3-i)):]...)
			got, err := interruptAt(t, at)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			var interrupted *InterruptedError
			if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) || interrupted.Cleared != len(want)-i-1 || len(interrupted.Troubles) > 0 {
				t.Error(err)
			}
		})
	}
	t.Run("a tear-down fails", func(t *testing.T) {
		t.Parallel()
		_, err := interruptAt(t, "/health", "/clear/scenario")
		want := "it was interrupted: context canceled; 2 tear-downs have cleared up; not cleared up:\ntest: tear-down: GET /clear/scenario (test.yaml:2:58): it was answered with 500 Internal Server Error"
		if err == nil || err.Error() != want {
			t.Error(err)
		}
	})
}

// TestSetupFailsHalfWay holds that what the first calls have set up is cleared up where a
// later one fails.
func TestSetupFailsHalfWay(t *testing.T) {
	t.Parallel()
	want := []string{"/set-up/all", "/set-up/more", "/clear/all"}
	for _, failing := range [][]string{{"/set-up/more"}, {"/set-up/more", "/clear/all"}} {
		got, err := interruptAt(t, "", failing...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		text := "the set-up failed: GET /set-up/more (all.yaml:1:31): it was answered with 500 Internal Server Error"
		if len(failing) > 1 {
			text += "; not cleared up:\ntear-down: GET /clear/all (all.yaml:1:65): it was answered with 500 Internal Server Error"
		}
		var setup *SetupError
		if !errors.As(err, &setup) || len(setup.Troubles) != len(failing)-1 || err.Error() != text {
			t.Error(err)
		}
	}
}

// interruptAt replays torn, and ends the context when a path is asked for. It gives the
// paths that were asked for.
func interruptAt(t *testing.T, at string, failing ...string) (paths []string, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	opts := replaying(t, torn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths = append(paths, r.URL.Path)
		mu.Unlock()
		switch {
		case r.URL.Path == at:
			cancel()
			<-r.Context().Done()
		case slices.ContainsFunc(failing, func(end string) bool { return strings.HasSuffix(r.URL.Path, end) }):
			w.WriteHeader(http.StatusInternalServerError)
		default:
			up(w)
		}
	}))
	all, err := scenario.ReadProvider(&source.File{Name: "all.yaml", Data: []byte("{setup: [{path: /set-up/all}, {path: /set-up/more}], teardown: [{path: /clear/all}]}")}, opts.APIs)
	if err != nil {
		t.Fatal(err)
	}
	opts.Provider = *all
	_, err = Run(ctx, opts)
	mu.Lock()
	defer mu.Unlock()
	for i := range paths {
		paths[i] = strings.TrimPrefix(paths[i], opts.APIs[0].Bases[0])
	}
	return paths, err
}

// TestClearingIsBounded holds that nobody waits for longer than ClearWithin for calls that
// clear up, and not at all where the API cannot be reached.
func TestClearingIsBounded(t *testing.T) {
	t.Parallel()
	for want, cause := range map[time.Duration]error{ClearWithin: nil, 0: &upstream.Failure{}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, interrupt := context.WithCancelCause(t.Context())
			clear, end := clearing(ctx)
			defer end()
			time.Sleep(time.Hour)
			began := time.Now()
			interrupt(cause)
			<-clear.Done()
			if took := time.Since(began); took != want {
				t.Errorf("%v: %s, want %s", cause, took, want)
			}
		})
	}
}
