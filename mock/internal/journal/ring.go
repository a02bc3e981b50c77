package journal

import (
	"iter"
	"sync/atomic"
)

// ring keeps the newest entries within two bounds, their number and their memory. It
// has no lock: an entry takes a number, makes room for itself by taking out those
// with the lowest numbers, and is put into the slot of its number. At every moment
// the entries in the slots are within both bounds.
type ring struct {
	slots    []atomic.Pointer[kept]
	maxBytes int64
	dropped  func(*kept) // called for entries that the bounds push out

	last   atomic.Uint64 // number of the newest entry; they begin with 1
	oldest atomic.Uint64 // below it there are no entries
	// bytes counts the entries in the slots, and those that are being put there.
	bytes atomic.Int64
}

func newRing(entries int, bytes int64, dropped func(*kept)) *ring {
	r := &ring{slots: make([]atomic.Pointer[kept], entries), maxBytes: bytes, dropped: dropped}
	r.oldest.Store(1)
	return r
}

func (r *ring) slot(number uint64) *atomic.Pointer[kept] {
	return &r.slots[number%uint64(len(r.slots))]
}

// add numbers an entry and puts it into the ring. It stays out where it alone is
// larger than the bound, and where so many newer ones are put in at the same time
// that they leave no room.
func (r *ring) add(k *kept) {
	k.number = r.last.Add(1)
	r.put(k)
}

// put makes room for a numbered entry and puts it into its slot, if it can.
func (r *ring) put(k *kept) {
	slot := r.slot(k.number)
	// The one of a round before goes first, also where this one stays out.
	if before := slot.Load(); before != nil && before.number < k.number && slot.CompareAndSwap(before, nil) {
		r.release(before)
	}
	r.bytes.Add(k.size)
	for r.bytes.Load() > r.maxBytes {
		if k.size > r.maxBytes || !r.dropOldest(k.number) {
			r.release(k)
			return
		}
	}
	for {
		before := slot.Load()
		if before != nil && before.number >= k.number {
			r.release(k) // a newer one was faster by a whole round
			return
		}
		if !slot.CompareAndSwap(before, k) {
			continue
		}
		if before != nil {
			r.release(before)
		}
		break
	}
	// One that pushes this out has raised oldest before it looked into the slot.
	if r.oldest.Load() > k.number && slot.CompareAndSwap(k, nil) {
		r.release(k)
	}
}

// release gives the memory of an entry back that the bounds push or keep out.
func (r *ring) release(k *kept) {
	r.bytes.Add(-k.size)
	r.dropped(k)
}

// dropOldest takes the oldest entry below a number out. It gives false where there
// is none.
func (r *ring) dropOldest(below uint64) bool {
	number := r.oldest.Load()
	if round := uint64(len(r.slots)); below > round && number < below-round {
		// Older ones have been overwritten; another goroutine may be as far already.
		r.oldest.CompareAndSwap(number, below-round)
		return true
	}
	if number >= below {
		return false
	}
	if !r.oldest.CompareAndSwap(number, number+1) {
		return true // another goroutine takes it out
	}
	slot := r.slot(number)
	if k := slot.Load(); k != nil && k.number == number && slot.CompareAndSwap(k, nil) {
		r.release(k)
	}
	return true
}

// newest gives the entries below a number from the newest to the oldest; 0 gives all.
// Those that are put in meanwhile may be missing.
func (r *ring) newest(below uint64) iter.Seq[*kept] {
	return func(yield func(*kept) bool) {
		last := r.last.Load()
		number := last
		if below > 0 && below <= last {
			number = below - 1
		}
		for ; number > 0 && number >= r.oldest.Load() && number+uint64(len(r.slots)) > last; number-- {
			if k := r.slot(number).Load(); k != nil && k.number == number && !yield(k) {
				return
			}
		}
	}
}

// remove takes an entry out on request, so that it does not count as dropped. It
// gives false where it is gone already.
func (r *ring) remove(k *kept) bool {
	if !r.slot(k.number).CompareAndSwap(k, nil) {
		return false
	}
	r.bytes.Add(-k.size)
	return true
}

// replace puts another version of an entry in its place, which has its number. The
// entry stays where that has no room.
func (r *ring) replace(k, with *kept) {
	more := with.size - k.size
	r.bytes.Add(more)
	for r.bytes.Load() > r.maxBytes {
		if !r.dropOldest(k.number) {
			r.bytes.Add(-more)
			return
		}
	}
	if !r.slot(k.number).CompareAndSwap(k, with) {
		r.bytes.Add(-more) // it was dropped meanwhile
	}
}
