package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestWorking holds that a command says what it is at after a second, each second, and takes
// it away; and that a quick one says nothing.
func TestWorking(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		900 * time.Millisecond:  "",
		3500 * time.Millisecond: "\rproving … 1 s\rproving … 2 s\rproving … 3 s\r\x1b[K",
	} {
		synctest.Test(t, func(t *testing.T) {
			var out strings.Builder
			done := showWorking(&out, "proving")
			time.Sleep(d)
			done()
			if out.String() != want {
				t.Errorf("after %s: %q, want %q", d, out.String(), want)
			}
		})
	}
}

// TestWorkingNeedsATerminal holds that logs get none of it.
func TestWorkingNeedsATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		done := working(environment{stderr: &out, lookup: func(string) (string, bool) { return "xterm", true }}, "proving")
		time.Sleep(5 * time.Second)
		done()
		if out.Len() > 0 {
			t.Errorf("%q", out.String())
		}
	})
}
