package journal

import (
	"context"
	"sync"
)

// appending appends what is queued: when replicas are asked to write, see Stream.OnFlush,
// and in between when there is enough for a batch.
type appending struct {
	mu      sync.Mutex // one at a time; guards the field below
	pending []item     // entries that were appended before they were complete
}

// flush appends everything that was entered before the call.
func (s *sharing) flush(ctx context.Context) error {
	s.appending.mu.Lock()
	defer s.appending.mu.Unlock()
	s.completedLocked()
	for end := uint64(0); ; {
		items, first, last, told := s.next()
		if end == 0 {
			end = last // those that come meanwhile need not be waited for
		}
		if len(items) == 0 || first > end {
			return nil
		}
		if err := s.appendLocked(ctx, items, first, told); err != nil {
			return err
		}
	}
}

// keepAppending appends batches as soon as they are full, until ctx ends.
func (s *sharing) keepAppending(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
			_ = s.flush(ctx) // it is tried again
		}
	}
}

// completedLocked queues the entries again that have come to their end.
func (s *sharing) completedLocked() {
	a := &s.appending
	left := a.pending[:0]
	for _, it := range a.pending {
		if it.now() != done {
			left = append(left, it)
			continue
		}
		it.kind = itemCompleted
		s.tell(it)
	}
	clear(a.pending[len(left):])
	a.pending = left
}

// appendLocked appends one batch. Entries whose last bytes are under way are waited for.
func (s *sharing) appendLocked(ctx context.Context, items []item, first uint64, told losing) error {
	var p patience
	phases := make([]phase, len(items))
	for i := range items {
		if k := items[i].kept; k != nil {
			k.await(&p)
			phases[i] = k.now() // before it is carried, so that no end is missed
		}
	}
	batch, taken := batchOf(items, first, s.batch.Bytes, s.redactor())
	batch.Dropped += told.dropped
	for to, n := range told.lost {
		lose(batch.Lost, to, n)
	}
	last, err := s.stream.Append(ctx, batch, s.bounds)
	if err != nil {
		return err
	}
	again := last != batch.Last // it was sent before, as it was then
	if again {
		told = losing{}
	}
	s.done(last, told)
	for i := range items[:min(taken, int(last+1-first))] {
		if items[i].kind == itemEntered && (again || phases[i] != done) {
			s.appending.pending = append(s.appending.pending, items[i])
		}
	}
	return nil
}
