package watch_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/mock/internal/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func write(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(text), 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// changes are ways in which the files of a folder get other contents. Each is made
// in a folder with openapi.yaml, a link spec.yaml to current/spec.yaml, current
// being a link to the folder one, and the scenarios outage.yaml and sub/late.yaml.
var changes = map[string]func(t *testing.T, dir string){
	"written": func(t *testing.T, dir string) { write(t, dir+"/openapi.yaml", "changed") },
	"replaced by a rename": func(t *testing.T, dir string) {
		write(t, dir+"/openapi.yaml.new", "changed")
		must(t, os.Rename(dir+"/openapi.yaml.new", dir+"/openapi.yaml"))
	},
	"link to the folder swapped": func(t *testing.T, dir string) {
		must(t, os.Symlink("two", dir+"/next"))
		must(t, os.Rename(dir+"/next", dir+"/current"))
	},
	"written behind a link":   func(t *testing.T, dir string) { write(t, dir+"/one/spec.yaml", "changed") },
	"removed":                 func(t *testing.T, dir string) { must(t, os.Remove(dir+"/openapi.yaml")) },
	"scenario added":          func(t *testing.T, dir string) { write(t, dir+"/scenarios/new.yaml", "new") },
	"scenario removed":        func(t *testing.T, dir string) { must(t, os.Remove(dir+"/scenarios/outage.yaml")) },
	"scenario in new folders": func(t *testing.T, dir string) { write(t, dir+"/scenarios/a/b/new.yaml", "new") },
	"scenario below":          func(t *testing.T, dir string) { write(t, dir+"/scenarios/sub/late.yaml", "changed") },
	"missing file made":       func(t *testing.T, dir string) { write(t, dir+"/shared/missing.yaml", "made") },
	"folder made anew": func(t *testing.T, dir string) {
		must(t, os.Rename(dir+"/scenarios", dir+"/old"))
		write(t, dir+"/scenarios/outage.yaml", "other")
	},
}

func prepare(t *testing.T) string {
	dir := t.TempDir()
	write(t, dir+"/openapi.yaml", "first")
	write(t, dir+"/one/spec.yaml", "one")
	write(t, dir+"/two/spec.yaml", "two!")
	must(t, os.Symlink("one", dir+"/current"))
	must(t, os.Symlink("current/spec.yaml", dir+"/spec.yaml"))
	write(t, dir+"/scenarios/outage.yaml", "first")
	write(t, dir+"/scenarios/sub/late.yaml", "first")
	return dir
}

func look(dir string) *watch.Seen {
	seen := watch.Look(dir + "/scenarios")
	for _, name := range []string{"openapi.yaml", "spec.yaml", "shared/missing.yaml"} {
		seen.Add(filepath.Join(dir, name))
	}
	return seen
}

func TestSeesChanges(t *testing.T) {
	t.Parallel()
	for name, change := range changes {
		for _, mode := range []watch.Mode{watch.Events, watch.Poll} {
			t.Run(string(mode)+"/"+name, func(t *testing.T) {
				t.Parallel()
				dir := prepare(t)
				ctx, cancel := context.WithCancel(t.Context())
				reloaded, ended := make(chan bool), make(chan bool)
				seen := look(dir)
				go func() {
					defer close(ended)
					watch.Run(ctx, mode, seen, slog.New(slog.DiscardHandler), func(ctx context.Context) *watch.Seen {
						seen := look(dir)
						select {
						case reloaded <- true:
						case <-ctx.Done():
						}
						return seen
					})
				}()
				change(t, dir)
				<-reloaded
				// A second change shows that it goes on watching.
				write(t, dir+"/scenarios/outage.yaml", "again and longer")
				<-reloaded
				cancel()
				<-ended
			})
		}
	}
}

// TestPollsUntilSomethingChanges runs on a clock of its own: nothing is reloaded
// while nothing changes, nor for hidden files.
func TestPollsUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	dir := prepare(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var reloads atomic.Int32
		go watch.Run(ctx, watch.Poll, look(dir), slog.New(slog.DiscardHandler), func(context.Context) *watch.Seen {
			reloads.Add(1)
			return look(dir)
		})
		time.Sleep(time.Hour)
		write(t, dir+"/scenarios/.outage.yaml.swp", "an editor's")
		time.Sleep(time.Minute)
		if n := reloads.Load(); n != 0 {
			t.Errorf("%d reloads, and nothing has changed", n)
		}
		write(t, dir+"/openapi.yaml", "something else")
		time.Sleep(2 * watch.PollInterval)
		if n := reloads.Load(); n != 1 {
			t.Errorf("%d reloads after one change", n)
		}
		cancel()
		synctest.Wait()
	})
}

// TestMissesNothingWhileReading changes a file after it was seen and before anything
// is watched.
func TestMissesNothingWhileReading(t *testing.T) {
	t.Parallel()
	dir := prepare(t)
	seen := look(dir)
	write(t, dir+"/openapi.yaml", "changed meanwhile")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	watch.Run(ctx, watch.Events, seen, slog.New(slog.DiscardHandler), func(context.Context) *watch.Seen {
		cancel()
		return look(dir)
	})
}

func TestParseMode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"events", "poll", "off"} {
		if mode, err := watch.ParseMode(text); err != nil || string(mode) != text {
			t.Errorf("%q: %q, %v", text, mode, err)
		}
	}
	for _, text := range []string{"", "on", "Events"} {
		if _, err := watch.ParseMode(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
