package journal

import (
	"hash/fnv"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// sharing is the part of a Journal that shares its entries. Requests put items into a
// bounded queue, from which appending takes them.
type sharing struct {
	stream   Stream
	bounds   state.JournalBounds // of the stream
	batch    state.JournalBounds
	slot     uint64 // tells numbers of replicas apart that enter at the same time
	redactor func() *Redactor

	mu       sync.Mutex // guards the fields below
	queue    []item     // entered and not known to be appended, oldest first
	bytes    int64
	number   uint64 // the highest that was given
	appended uint64 // items that are known to be appended
	dropped  uint64 // entries that there was no room for, as far as that was not told
	lost     map[string]uint64

	wake      chan struct{} // the queue has enough for a batch
	appending appending
	merged    merged
	following following
}

func newSharing(stream Stream, bounds state.JournalBounds, redactor func() *Redactor) *sharing {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(stream.Replica()))
	s := &sharing{
		stream: stream, bounds: bounds, batch: batchBounds(bounds), slot: hash.Sum64(), redactor: redactor,
		lost: map[string]uint64{}, wake: make(chan struct{}, 1),
	}
	stream.OnFlush(s.flush)
	return s
}

// minQueue is for how many entries the queue has room at least: a burst must not lose what a
// small journal would keep.
const minQueue = 1_000

// enter numbers an entry and queues it. Where there is no room for it, it counts as lost.
func (s *sharing) enter(k *kept, session string) {
	it := item{kind: itemEntered, carried: carried{kept: k, made: s.stream.Made(session)}}
	now := s.stream.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	k.number = s.nextLocked(now)
	if len(s.queue) >= s.room() || s.bytes+k.size > s.bounds.Bytes {
		s.dropped++
		lose(s.lost, lostToAll, k.number)
		return
	}
	s.queueLocked(it)
}

// nextLocked gives a number that is higher than those before it.
func (s *sharing) nextLocked(now time.Time) uint64 {
	s.number = max(state.JournalNumber(now, s.slot), state.NextJournalNumber(s.number))
	return s.number
}

func (s *sharing) queueLocked(it item) {
	s.queue = append(s.queue, it)
	s.bytes += it.size()
	if len(s.queue)%s.batch.Entries == 0 {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// room is for how many entries the queue has room.
func (s *sharing) room() int { return max(minQueue, s.bounds.Entries) }

// tell queues what is no new entry, also where there is no room for those: people ask for
// it. There is room for as many again; what is lost beyond that makes all that is read
// incomplete.
func (s *sharing) tell(it item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) >= 2*s.room() {
		lose(s.lost, lostToAll, s.nextLocked(s.stream.Now()))
		return
	}
	if it.kind == itemForgotten {
		it.from = s.nextLocked(s.stream.Now())
		if it.unsure {
			after := state.NextJournalNumber(it.from)
			it.lost = map[string]uint64{lostToSession + it.of: after, lostToTotals: after}
		}
	}
	s.queueLocked(it)
}

// unsent are the entries that are not known to be appended.
func (s *sharing) unsent() (list []*kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.queue {
		if s.queue[i].kind == itemEntered {
			list = append(list, s.queue[i].kept)
		}
	}
	return list
}

// losing is what is to be told of entries that are lost.
type losing struct {
	dropped uint64
	lost    map[string]uint64
}

// next gives the first items of the queue, the number of the first and of the last of all,
// and what is lost.
func (s *sharing) next() (items []item, first, last uint64, l losing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queue[:min(len(s.queue), s.batch.Entries)]), s.appended + 1, s.appended + uint64(len(s.queue)), losing{s.dropped, maps.Clone(s.lost)}
}

// done takes those items off the queue that are appended, and what was told to be lost.
func (s *sharing) done(last uint64, told losing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropped -= told.dropped
	for to, n := range told.lost {
		if s.lost[to] <= n {
			delete(s.lost, to)
		}
	}
	if last <= s.appended {
		return
	}
	n := min(int(last-s.appended), len(s.queue))
	for i := range s.queue[:n] {
		s.bytes -= s.queue[i].size()
	}
	s.queue = append([]item(nil), s.queue[n:]...) // what is appended is not kept in memory
	s.appended = last
}
