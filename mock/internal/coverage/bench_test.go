package coverage_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestCountAllocatesNothing holds that counting what was counted before allocates
// nothing, with and without a session, also for a Content-Type that is no name.
func TestCountAllocatesNothing(t *testing.T) {
	c := loadContract(t, shop, contract.Options{})
	r := recorder(c, false, "outage")
	for _, session := range []string{"", "a"} {
		for _, contentType := range []string{"application/json", "application/json; charset=utf-8"} {
			ex, op := exchanged(t, c, "POST /orders?dryRun=true X-Client:a Content-Type:application/json {}", session, sent(201, contentType))
			ex.Decision.Scenario = "outage"
			if n := testing.AllocsPerRun(100, func() {
				use := r.Locate(ex, op)
				use.Count()
			}); n > 0 {
				t.Errorf("session %q, %s: %v allocations", session, contentType, n)
			}
		}
	}
}

// BenchmarkCount measures what counting adds to a request.
func BenchmarkCount(b *testing.B) {
	c := loadContract(b, shop, contract.Options{})
	r := recorder(c, false, "outage")
	for name, session := range map[string]string{"shared": "", "session": "a"} {
		ex, op := exchanged(b, c, "POST /orders?dryRun=true X-Client:a Content-Type:application/json {}", session, sent(201, "application/json"))
		ex.Decision.Scenario = "outage"
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				use := r.Locate(ex, op)
				use.Count()
			}
		})
		b.Run(name+"/parallel", func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					use := r.Locate(ex, op)
					use.Count()
				}
			})
		})
	}
}
