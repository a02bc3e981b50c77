package mock

import (
	"context"
	"sync"
	"time"
)

// hurry ends the waits before answers when a stop is near its end. The zero value is ready
// to use.
type hurry struct {
	mu   sync.Mutex // guards over
	over chan struct{}
}

// ended is closed when nothing is waited for any more.
func (h *hurry) ended() chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over == nil {
		h.over = make(chan struct{})
	}
	return h.over
}

// end ends all waits, also those to come.
func (h *hurry) end() {
	over := h.ended()
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-over:
	default:
		close(over)
	}
}

// begin lets answers wait again.
func (h *hurry) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = nil
}

// before ends the waits when three quarters of the time of ctx are over, so that what
// waited has time to be written. The result calls that off; without a deadline nothing
// ends.
func (h *hurry) before(ctx context.Context) func() bool {
	deadline, ok := ctx.Deadline()
	if !ok {
		return func() bool { return false }
	}
	return time.AfterFunc(time.Until(deadline)*3/4, h.end).Stop
}

// Drain has the control plane say that no requests should be sent here any more, while
// those that come are answered as before, each over a connection that is then closed. Who
// shares requests out can so turn to others before Stop.
func (m *Mock) Drain() { m.draining.Store(true) }
