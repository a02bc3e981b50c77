package pacing

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
)

// room is what may be allocated from the end of the last collection to the next.
func room() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}

// TestFloor is not parallel: there is one setting for the process.
func TestFloor(t *testing.T) {
	t.Setenv("GOGC", "")
	stop := Start(Floor)
	defer stop()
	for _, live := range []int{0, 10 << 20, 200 << 20, 30 << 20, 0} {
		kept := make([]byte, live)
		least, most := uint64(Floor)*8/10, uint64(max(Floor, live))*3/2
		testenv.Eventually(t, "the floor is held", func() bool {
			runtime.GC()
			return least <= room() && room() <= most
		})
		runtime.KeepAlive(kept)
	}
	stop()
	if was := debug.SetGCPercent(usual); was != usual {
		t.Errorf("%d %% was left behind", was)
	}
}

func TestFloorLeavesWhatTheEnvironmentSays(t *testing.T) {
	t.Setenv("GOGC", "50")
	defer debug.SetGCPercent(debug.SetGCPercent(50))
	defer Start(Floor)()
	if was := debug.SetGCPercent(50); was != 50 {
		t.Errorf("GOGC=50 became %d", was)
	}
}
