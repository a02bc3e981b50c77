//go:build unix

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain lets the test's own program be the servers.
func TestMain(m *testing.M) {
	if os.Getenv(childMark) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// TestMeasure holds that every case can be measured: Understudy and the bare handler
// answer each request with the status that the case names. It says nothing on speed.
func TestMeasure(t *testing.T) {
	t.Chdir("../..")
	text, err := measure(t.Context(), plan{only: regexp.MustCompile(""), rounds: 1, round: 30 * time.Millisecond, connections: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases() {
		if got := strings.Count(text, "| "+c.name+" |"); got != 2 {
			t.Errorf("%s stands in %d tables:\n%s", c.name, got, text)
		}
	}
}

// TestSoak holds that the long run can be made, and that the server lets go of what
// connections took. UNDERSTUDY_TEST_LONG=1 takes as many connections as the long run.
func TestSoak(t *testing.T) {
	t.Chdir("../..")
	idle, slow := 50, 10
	if os.Getenv("UNDERSTUDY_TEST_LONG") != "" {
		idle, slow = 5_000, 1_000
	}
	e, err := endure(t.Context(), 8_000, 4, idle, slow)
	if err != nil {
		t.Fatal(err)
	}
	if during := e.seen[0].Goroutines; e.last.Goroutines > during-idle-slow {
		t.Errorf("%d goroutines while there were %d connections, %d when they were closed", during, idle+slow, e.last.Goroutines)
	}
	if rows := strings.Count(e.table(), "\n| "); rows != samples+3 {
		t.Errorf("%d rows:\n%s", rows, e.table())
	}
}
