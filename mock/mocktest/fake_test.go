package mocktest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// fakeT is a test that may fail without the real one failing. Its methods are those of
// testing.T which Start and what it gives use.
type fakeT struct {
	testing.TB // for what is not overridden
	name       string

	mu       sync.Mutex // guards the fields below
	text     strings.Builder
	failed   bool
	skipped  bool
	cleanups []func()
}

func (f *fakeT) Name() string             { return f.name }
func (f *fakeT) Helper()                  {}
func (f *fakeT) Skipped() bool            { return f.skipped }
func (f *fakeT) Context() context.Context { return context.Background() }

func (f *fakeT) Cleanup(cleanup func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cleanups = append(f.cleanups, cleanup)
}

func (f *fakeT) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failed = true
	fmt.Fprintf(&f.text, format+"\n", args...)
}

func (f *fakeT) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	runtime.Goexit()
}

// run runs a test with its cleanups, and gives what it has reported.
func (f *fakeT) run(test func(testing.TB)) string {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for i := len(f.cleanups) - 1; i >= 0; i-- {
				f.cleanups[i]()
			}
		}()
		test(f)
	}()
	<-done
	return f.text.String()
}
