package mock

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// Reloaded tells what a reload did.
type Reloaded struct {
	// Time is when the reload was done.
	Time time.Time
	// Err is why the mock goes on with what it had, nil for a reload that succeeded.
	Err error
	// Undone is what has not followed where shared state has failed in the middle, nil for
	// nothing: what was loaded is served all the same.
	Undone error
	// Restarted are the sequences and states that start anew because their text has
	// changed, by scenario. All others go on where they were.
	Restarted []string
	// Missing are scenarios that are active for everybody and that there are not any
	// more; they answer again when their files are back.
	Missing []string
	// Dropped are the added scenarios that do not fit what is served now.
	Dropped []Dropped
	// Warnings are those of what is served now.
	Warnings []Finding
}

// Reload loads descriptions and scenarios anew and swaps them in at once when all
// of it is right. Sequences and states whose text has not changed go on where they
// were. On an error the mock goes on with what it has, except on one that says that the
// new files are served, see Reloaded.Undone.
func (m *Mock) Reload(ctx context.Context) error {
	done := m.reloadNow(ctx, changer(ctx))
	if done.Err != nil {
		return done.Err
	}
	return done.Undone
}

func (m *Mock) reloadNow(ctx context.Context, by string) *Reloaded {
	m.reload.Lock()
	defer m.reload.Unlock()
	l, err := load(ctx, m.settings)
	m.seen = l.seen
	done := &Reloaded{Time: time.Now(), Err: err}
	if err == nil {
		before := m.files
		m.hideKeys(l.snapshot.APIs)
		if done.Dropped, err = m.serve(ctx, l.snapshot); err != nil {
			done.Undone = fmt.Errorf("the new files are served, but: %w", err)
		}
		m.inspection.renew(l.snapshot)
		done.Missing = m.missing(ctx)
		done.Restarted, done.Warnings = l.snapshot.Scenarios.Restarted(before), findings(l.warnings)
		m.journal.Settle()
	}
	m.tell(done)
	m.metrics.Reload(done.Err == nil)
	m.events.Tell("reload", "", done.told())
	m.changed(admin.Change{By: by, Action: admin.Reloaded, Detail: done.summary()})
	return done
}

// summary says in a few words how a reload went.
func (r *Reloaded) summary() string {
	switch {
	case r.Err != nil:
		return "failed"
	case r.Undone != nil:
		return "done in part"
	case len(r.Dropped) > 0:
		return source.Count(len(r.Dropped), "added scenario") + " dropped"
	}
	return "done"
}

// missing lists the globally active scenarios that there are not.
func (m *Mock) missing(ctx context.Context) []string {
	active, err := m.active(ctx, "")
	if err != nil {
		return nil // requests are told
	}
	return slices.DeleteFunc(slices.Clone(active), func(name string) bool { return m.known("", name) == nil })
}

// tell reports a reload, a failure only when it is another than the one before: a
// file that is saved again as it was has nothing new to tell.
func (m *Mock) tell(done *Reloaded) {
	failure := ""
	if done.Err != nil {
		failure = done.Err.Error()
	}
	again := failure != "" && failure == m.failure
	m.failure = failure
	m.lastReload.Store(done)
	if m.settings.OnReload != nil && !again {
		m.settings.OnReload(*done)
	}
}

// watch reloads when files change, until ctx ends.
func (m *Mock) watch(ctx context.Context) {
	m.reload.Lock()
	seen := m.seen
	m.reload.Unlock()
	watch.Run(ctx, m.settings.watch, seen, m.settings.Logger, func(ctx context.Context) *watch.Seen {
		_ = m.reloadNow(ctx, byFiles) // OnReload has been told
		m.reload.Lock()
		defer m.reload.Unlock()
		return m.seen
	})
}

// Dropped is an added scenario that no longer fits the contract after a reload.
type Dropped struct {
	// Session is "" for one of everybody.
	Session, Scenario string
	// Err has what does not fit.
	Err error
}
