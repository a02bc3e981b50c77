package mock

import (
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/metrics"
)

// swap serves a snapshot from now on, and counts by it. Requests under way end with the one
// that they began with.
func (m *Mock) swap(next *engine.Snapshot) {
	m.coverage.Swap(next.APIs, next.Scenarios)
	if now := m.engine.Snapshot(); now == nil || !now.Same(next) {
		m.places.Store(contract.NewByOperation[metrics.Place](next.APIs))
	}
	m.engine.Swap(next)
}
