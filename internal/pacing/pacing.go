// Package pacing sets how often the process collects garbage.
//
// The runtime starts a collection when the heap has grown by GOGC percent. A mock's heap
// is small, so that under load this is every few milliseconds, and each collection takes
// processors away from requests. With a floor, collections are at least so many bytes
// apart. A larger heap than the floor is left to the runtime's own rule.
package pacing

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Floor is for servers: memory that a process takes beyond what it needs, while it is
// under load, for fewer collections.
const Floor = 64 << 20

const (
	usual = 100 // the runtime's own percentage
	// smallest is the heap below which the runtime collects nothing at the usual
	// percentage. A larger percentage raises it in proportion.
	smallest = 4 << 20
)

// Start has floor bytes allocated, at the least, from the end of a collection to the next.
// Where the environment says something of GOGC, that is left as it is; GOMEMLIMIT goes
// before the floor. It is for main: there is one setting for a process. stop brings back
// the runtime's own rule.
func Start(floor uint64) (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	p := &pacer{floor: floor, sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/globals:bytes"}, {Name: "/gc/scan/stack:bytes"}}}
	p.set(p.most())
	p.await()
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stopped = true
		debug.SetGCPercent(usual)
	}
}

type pacer struct {
	floor  uint64
	sample []metrics.Sample

	mu      sync.Mutex
	percent int
	stopped bool
}

// await has adjust called behind the next collection, in which what nobody refers to ends.
func (p *pacer) await() {
	runtime.AddCleanup(&struct{ p *pacer }{p}, (*pacer).adjust, p)
}

func (p *pacer) adjust() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return
	}
	metrics.Read(p.sample)
	// The percentage is of what the collector had to look at.
	seen := uint64(0)
	for _, s := range p.sample {
		seen += s.Value.Uint64()
	}
	p.set(min(p.most(), max(usual, int(p.floor*100/max(1, seen)))))
	p.await()
}

// most is the percentage at which the runtime collects nothing below the floor.
func (p *pacer) most() int { return max(usual, int(p.floor*100/smallest)) }

// set leaves small changes: each stops all goroutines for a moment.
func (p *pacer) set(percent int) {
	if d := percent - p.percent; d > p.percent/8 || -d > p.percent/8 {
		p.percent = percent
		debug.SetGCPercent(percent)
	}
}
