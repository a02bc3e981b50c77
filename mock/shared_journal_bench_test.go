//go:build unix

package mock_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// BenchmarkSharedJournal measures what a request without a session costs with a journal in
// memory, with shared state and no journal, and with a shared journal, which is appended
// beside the requests: cpu-ns/op has all that the process does until the last is appended.
func BenchmarkSharedJournal(b *testing.B) {
	server := testenv.NewRedis(b)
	for name, opts := range map[string]mock.Options{
		"memory":     {},
		"no journal": {State: server.URL() + "?prefix=none", JournalEntries: -1},
		"shared":     {State: server.URL() + "?prefix=all"},
	} {
		b.Run(name, func(b *testing.B) {
			m := replicasOf(b, 1, opts)[0]
			before := processor(b)
			b.ResetTimer()
			for b.Loop() {
				send1(m, "GET /orders/1")
			}
			b.StopTimer()
			if opts.JournalEntries == 0 {
				if _, err := m.Journal(b.Context(), mock.JournalQuery{Limit: 1}); err != nil { // all is appended then, and read
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// processor is the time that this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
