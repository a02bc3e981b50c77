package journal

import "sync/atomic"

// losses are the entries of a scope that are not there any more and that an expectation
// may have meant.
type losses struct {
	number atomic.Uint64 // the highest number of them, 0 for none
	time   atomic.Int64  // when the newest of them arrived, in nanoseconds of Unix time
}

func (l *losses) add(k *kept) {
	for highest := l.number.Load(); k.number > highest; highest = l.number.Load() {
		if l.number.CompareAndSwap(highest, k.number) {
			break
		}
	}
	at := k.time.UnixNano()
	for newest := l.time.Load(); at > newest; newest = l.time.Load() {
		if l.time.CompareAndSwap(newest, at) {
			break
		}
	}
}

// within tells whether an entry of a scope may be among them.
func (l *losses) within(s *Scope) bool {
	return l.number.Load() > s.After && (s.Since.IsZero() || l.time.Load() >= s.Since.UnixNano())
}
