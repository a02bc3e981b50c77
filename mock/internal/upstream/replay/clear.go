package replay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/upstream"
)

// ClearWithin bounds the time for the calls that clear up after an interrupted replay.
const ClearWithin = 10 * time.Second

// InterruptedError is the error of a replay whose context has ended before it was over.
type InterruptedError struct {
	// Cleared counts the tear-downs that were called because of what had been set up.
	Cleared int
	// Troubles are those of them that failed, or for which there was no time.
	Troubles []string
	// Err is why the context has ended.
	Err error
}

// Error says what was cleared up and what was not.
func (e *InterruptedError) Error() string {
	text := "it was interrupted: " + e.Err.Error()
	switch e.Cleared {
	case 0:
	case 1:
		text += "; 1 tear-down has cleared up"
	default:
		text += fmt.Sprintf("; %d tear-downs have cleared up", e.Cleared)
	}
	return text + uncleared(e.Troubles)
}

func uncleared(troubles []string) string {
	if len(troubles) == 0 {
		return ""
	}
	return "; not cleared up:\n" + strings.Join(troubles, "\n")
}

// Unwrap gives why the context has ended.
func (e *InterruptedError) Unwrap() error { return e.Err }

// clearing gives the context of the calls that clear up: it goes on for ClearWithin when ctx
// has ended, but not where the API cannot be reached. The result ends it.
func clearing(ctx context.Context) (context.Context, func()) {
	clear, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() {
		if !unreached(ctx) {
			_ = wait(clear, ClearWithin)
		}
		cancel()
	})
	return clear, func() {
		forget()
		cancel()
	}
}

// unreached tells whether ctx has ended because the API cannot be reached.
func unreached(ctx context.Context) bool {
	var f *upstream.Failure
	return errors.As(context.Cause(ctx), &f)
}

// clearUp calls a tear-down; what fails is a trouble.
func (r *runner) clearUp(ctx context.Context, name string, teardown []scenario.ProviderCall) {
	if len(teardown) == 0 || unreached(ctx) {
		return
	}
	if ctx.Err() != nil {
		r.pace.end() // the requests that were to come before will not be sent
	}
	err := r.calls(r.clearing, teardown)
	switch {
	case err != nil && r.clearing.Err() != nil:
		r.trouble(fmt.Sprintf("%stear-down: there was no time for it: %v", name, err))
	case err != nil:
		r.trouble(fmt.Sprintf("%stear-down: %v", name, err))
	case ctx.Err() != nil:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cleared++
	}
}

// interrupted is the error of a context that has ended.
func (r *runner) interrupted(ctx context.Context) error {
	if unreached(ctx) {
		return context.Cause(ctx)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return &InterruptedError{Cleared: r.cleared, Troubles: r.troubles, Err: context.Cause(ctx)}
}
