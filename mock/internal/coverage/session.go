package coverage

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Bounds of what is counted for sessions. Beyond them those that were used the longest
// ago are given up; everybody's counts stay.
const (
	// MaxSessions bounds the sessions that are counted at one time.
	MaxSessions = 10_000
	// maxSessionBytes bounds the memory of their counters, as shape.size estimates it.
	maxSessionBytes = 64 << 20
)

// sessions are the counts of all sessions, in parts so that requests seldom meet.
type sessions struct {
	seed   maphash.Seed
	parts  [64]part
	bytes  atomic.Int64
	gaveUp atomic.Bool
	count  atomic.Int64
	// collected tells that Take is called, also for what a session had that is given up.
	collected atomic.Bool

	pruning sync.Mutex // one giving up at a time; guards left
	left    []Part     // of sessions that were given up, until it is taken
}

// part is the sessions with one hash.
type part struct {
	mu   sync.RWMutex // guards byID
	byID map[string]*session
}

// session is the counts of one session.
type session struct {
	outside atomic.Uint64
	used    atomic.Int64 // when its newest request arrived, in nanoseconds of Unix time
	changed atomic.Bool  // since it was last taken
	// counts are *plan → *counters and *scenarioCount → *atomic.Uint64.
	counts sync.Map

	mu    sync.Mutex // guards the fields below
	bytes int64
	ended bool // it is not in the list any more
}

func (s *sessions) begin() { s.seed = maphash.MakeSeed() }

func (s *sessions) part(id string) *part {
	return &s.parts[maphash.String(s.seed, id)%uint64(len(s.parts))]
}

// find gives a session's counts, nil for none.
func (s *sessions) find(id string) *session {
	p := s.part(id)
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.byID[id]
}

// enter gives the counts of an exchange's session, made where there are none.
func (s *sessions) enter(ex *exchange.Exchange) *session {
	known := s.find(ex.Session)
	if known == nil {
		known = s.make(ex.Session)
	}
	known.used.Store(ex.Time.UnixNano())
	return known
}

func (s *sessions) make(id string) *session {
	if s.count.Load() >= MaxSessions {
		s.giveUp(nil)
	}
	p := s.part(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.byID[id]; known != nil {
		return known
	}
	if p.byID == nil {
		p.byID = map[string]*session{}
	}
	made := &session{}
	p.byID[strings.Clone(id)] = made
	s.count.Add(1)
	return made
}

// counters gives a session's counts of an operation, made where there are none.
func (s *sessions) counters(of *session, p *plan) *counters {
	if known, ok := of.counts.Load(p); ok {
		return known.(*counters)
	}
	made := &counters{}
	made.begin(&p.shape, false)
	known, loaded := of.counts.LoadOrStore(p, made)
	if !loaded && s.take(of, p.size()) > maxSessionBytes {
		s.giveUp(of)
	}
	return known.(*counters)
}

// take reckons memory to a session and gives what all of them have.
func (s *sessions) take(of *session, bytes int64) int64 {
	of.mu.Lock()
	defer of.mu.Unlock()
	if of.ended {
		return 0
	}
	of.bytes += bytes
	return s.bytes.Add(bytes)
}

// answeredBy gives a session's count of a scenario's answers.
func (s *session) answeredBy(sc *scenarioCount) *atomic.Uint64 {
	if known, ok := s.counts.Load(sc); ok {
		return known.(*atomic.Uint64)
	}
	known, _ := s.counts.LoadOrStore(sc, new(atomic.Uint64))
	return known.(*atomic.Uint64)
}

// giveUp drops the hundredth of the sessions that were used the longest ago, at least
// one, but not spared.
func (s *sessions) giveUp(spared *session) {
	s.pruning.Lock()
	defer s.pruning.Unlock()
	if s.count.Load() < MaxSessions && s.bytes.Load() <= maxSessionBytes {
		return // another has made room
	}
	type used struct {
		id string
		at int64
	}
	var all []used
	for i := range s.parts {
		p := &s.parts[i]
		p.mu.RLock()
		for id, known := range p.byID {
			if known != spared {
				all = append(all, used{id, known.used.Load()})
			}
		}
		p.mu.RUnlock()
	}
	slices.SortFunc(all, func(a, b used) int { return cmp.Compare(a.at, b.at) })
	for _, u := range all[:min(len(all), 1+len(all)/100)] {
		s.leave(u.id, s.remove(u.id))
	}
}

// leave keeps what a session had that is given up where it can be collected; pruning is
// held.
func (s *sessions) leave(id string, given *session) {
	if given == nil {
		return
	}
	var counts map[string]int64
	if s.collected.Load() {
		if counts = given.take(); len(counts) == 0 {
			return
		}
	}
	if counts == nil || len(s.left) >= MaxSessions {
		s.gaveUp.Store(true)
		return
	}
	s.left = append(s.left, Part{id, counts})
}

func (s *sessions) forget(id string) { s.remove(id) }

// remove gives the counts of a session that are not there any more, nil for none.
func (s *sessions) remove(id string) *session {
	p := s.part(id)
	p.mu.Lock()
	known := p.byID[id]
	delete(p.byID, id)
	p.mu.Unlock()
	if known == nil {
		return nil
	}
	s.count.Add(-1)
	known.mu.Lock()
	defer known.mu.Unlock()
	known.ended = true
	s.bytes.Add(-known.bytes)
	return known
}

// keep drops the counts of all plans and scenarios that are not among those given.
func (s *sessions) keep(kept map[any]bool) {
	for i := range s.parts {
		p := &s.parts[i]
		p.mu.RLock()
		for _, known := range p.byID {
			s.prune(known, kept)
		}
		p.mu.RUnlock()
	}
}

func (s *sessions) prune(known *session, kept map[any]bool) {
	for key := range known.counts.Range {
		if kept[key] {
			continue
		}
		if _, loaded := known.counts.LoadAndDelete(key); loaded {
			if p, ok := key.(*plan); ok {
				s.take(known, -p.size())
			}
		}
	}
}
