package importer

import "testing"

// TestManyStubs holds that an import makes no more stubs than MaxStubs, and says so once.
func TestManyStubs(t *testing.T) {
	t.Parallel()
	m := &maker{}
	for range MaxStubs + 10 {
		m.add(&stub{})
	}
	if len(m.stubs) > MaxStubs+1 || len(m.broken) != 1 {
		t.Errorf("%d stubs, %d findings", len(m.stubs), len(m.broken))
	}
}
