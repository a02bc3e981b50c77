package journal

import "sync/atomic"

// losses are the entries that the bounds have pushed out.
type losses struct {
	count  atomic.Uint64
	number atomic.Uint64 // the highest number of them
	time   atomic.Int64  // when the newest of them arrived, in nanoseconds of Unix time
}

func (l *losses) add(e *Entry) {
	l.count.Add(1)
	for highest := l.number.Load(); e.number > highest; highest = l.number.Load() {
		if l.number.CompareAndSwap(highest, e.number) {
			break
		}
	}
	at := e.Exchange.Time.UnixNano()
	for newest := l.time.Load(); at > newest; newest = l.time.Load() {
		if l.time.CompareAndSwap(newest, at) {
			break
		}
	}
}

// within tells whether an entry of a scope may be among them.
func (l *losses) within(s *Scope) bool {
	return l.count.Load() > 0 && l.number.Load() > s.After && (s.Since.IsZero() || l.time.Load() >= s.Since.UnixNano())
}
