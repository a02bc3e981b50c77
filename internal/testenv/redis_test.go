package testenv

import (
	"fmt"
	"strings"
	"testing"
)

// fatal is a testing.TB that keeps what it was failed with.
type fatal struct {
	*testing.T
	said string
}

func (f *fatal) Helper() {}
func (f *fatal) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

// TestBadArguments starts a server that cannot start.
func TestBadArguments(t *testing.T) {
	t.Parallel()
	NeedsTool(t, redisProgram())
	f := &fatal{T: t}
	func() {
		defer func() {
			if r := recover(); r != f {
				t.Errorf("it was not failed: %v", r)
			}
		}()
		NewRedis(f, "--appendfsync", "sometimes")
	}()
	if !strings.Contains(f.said, "sometimes") || !strings.Contains(f.said, "argument") {
		t.Errorf("the server's words are not among these: %s", f.said)
	}
}
