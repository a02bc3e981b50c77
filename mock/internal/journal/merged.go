package journal

import (
	"context"
	"maps"
	"slices"
	"sort"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// merged is the journal of all replicas as this one has read it. It is brought up to date
// when somebody reads; a replica that nobody asks holds nothing. The zero value has read
// nothing yet.
type merged struct {
	mu      sync.Mutex // guards the fields below
	at      state.JournalPosition
	list    []*mergedEntry // by number, the lowest first
	byID    map[string]*mergedEntry
	parts   []mergedPart      // in the order in which they were appended
	newest  map[string]uint64 // by session, when the one was made whose entries count
	begun   map[string]uint64 // by session, the number at which it was begun anew
	unread  uint64            // the highest number of what could not be read
	lost    map[string]uint64 // as in state.JournalParts
	dropped uint64
	// heard is told of what other replicas have entered, nil while nobody listens.
	heard func(k *kept, breaks int)
	own   string // this replica
	// appended is the last item of this replica that the server has.
	appended uint64
}

// mergedEntry is an entry with where it is from.
type mergedEntry struct {
	carried
	replica string
}

// mergedPart is what is left of a part when it was read.
type mergedPart struct {
	position state.JournalPosition
	ids      []string // of its entries
}

// clearLocked forgets what was read.
func (m *merged) clearLocked() {
	m.at, m.list, m.parts = state.JournalPosition{}, nil, nil
	m.byID, m.newest, m.begun = map[string]*mergedEntry{}, map[string]uint64{}, map[string]uint64{}
}

// catchUp reads what was appended since.
func (m *merged) catchUp(ctx context.Context, stream Stream) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID == nil {
		m.clearLocked()
	}
	for {
		read, err := stream.Read(ctx, m.at)
		if err != nil {
			return err
		}
		if read.Newest.Before(m.at) { // the server has lost all, and its clock was set back
			m.clearLocked()
			if read.Newest != (state.JournalPosition{}) {
				continue
			}
		}
		for i := range read.Parts {
			m.takeLocked(&read.Parts[i])
		}
		m.lost, m.dropped, m.appended = read.Lost, read.Dropped, read.Appended
		m.dropLocked(read.Oldest)
		if !read.More {
			return nil
		}
	}
}

// takeLocked takes over one part.
func (m *merged) takeLocked(p *state.JournalPart) {
	m.at = p.Position
	part := mergedPart{position: p.Position}
	items, err := readBatch(p.Data)
	if err != nil {
		m.unread = max(m.unread, numberAt(p.Position))
	}
	for i := range items {
		it := &items[i]
		switch it.kind {
		case itemEntered:
			if e := m.addLocked(&it.carried, p.Replica); e != nil {
				part.ids = append(part.ids, e.id)
				m.tellLocked(e, 0)
			}
		case itemCompleted:
			m.replaceLocked(&it.carried)
		case itemDeleted:
			ids := make(map[string]bool, len(it.ids))
			for _, id := range it.ids {
				ids[id] = true
			}
			m.removeLocked(func(e *mergedEntry) bool { return ids[e.id] })
		case itemForgotten:
			if !it.own {
				m.begun[it.of] = max(m.begun[it.of], it.from)
			}
			m.removeLocked(func(e *mergedEntry) bool {
				return e.session == it.of && (!it.own || e.replica == p.Replica)
			})
		}
	}
	m.parts = append(m.parts, part)
}

// numberAt is the highest number of what was appended at a position.
func numberAt(p state.JournalPosition) uint64 { return state.JournalNumber(p.Moment(), 0) }

// addLocked puts an entry into its place. It gives nil where it is one of a session that was made
// anew since.
func (m *merged) addLocked(t *carried, replica string) *mergedEntry {
	if newest := m.newest[t.session]; t.made > 0 && t.made < newest {
		return nil
	} else if t.made > newest {
		if newest > 0 {
			m.removeLocked(func(e *mergedEntry) bool {
				return e.session == t.session && e.made > 0 && e.made < t.made
			})
		}
		m.newest[t.session] = t.made
	}
	e := &mergedEntry{*t, replica}
	for { // where two replicas have entered at the same time, both have a place
		i, taken := m.placeLocked(e.number)
		if !taken {
			m.list = slices.Insert(m.list, i, e)
			break
		}
		e.number++
	}
	m.byID[e.id] = e
	return e
}

// placeLocked is where an entry with a number is, or would be.
func (m *merged) placeLocked(number uint64) (int, bool) {
	return sort.Find(len(m.list), func(i int) int {
		switch n := m.list[i].number; {
		case number < n:
			return -1
		case number > n:
			return 1
		}
		return 0
	})
}

// replaceLocked puts an entry in the place of the same one as it was before. One that is
// gone stays away.
func (m *merged) replaceLocked(t *carried) {
	before := m.byID[t.id]
	if before == nil {
		return
	}
	known := len(before.seen().real().Answer.Violations)
	t.number = before.number
	before.kept = t.kept // who reads has the one of before
	if n := len(t.seen().real().Answer.Violations); n > known {
		m.tellLocked(before, n)
	}
}

// removeLocked takes entries out.
func (m *merged) removeLocked(gone func(*mergedEntry) bool) {
	m.list = slices.DeleteFunc(m.list, func(e *mergedEntry) bool {
		if !gone(e) {
			return false
		}
		delete(m.byID, e.id)
		return true
	})
}

// dropLocked drops what there is no room for any more. The zero position drops all.
func (m *merged) dropLocked(oldest state.JournalPosition) {
	n := 0
	for ; n < len(m.parts) && (oldest == (state.JournalPosition{}) || m.parts[n].position.Before(oldest)); n++ {
		for _, id := range m.parts[n].ids {
			delete(m.byID, id)
		}
	}
	if n == 0 {
		return
	}
	m.parts = append([]mergedPart(nil), m.parts[n:]...)
	m.list = slices.DeleteFunc(m.list, func(e *mergedEntry) bool { return m.byID[e.id] == nil })
	bound(m.newest)
	bound(m.begun)
}

// tellLocked tells of an entry of another replica; breaks counts the breaches of an answer
// that were found when it was over, 0 for an entry that is new.
func (m *merged) tellLocked(e *mergedEntry, breaks int) {
	if m.heard != nil && e.replica != m.own {
		m.heard(e.kept, breaks)
	}
}

// bound keeps what is known of sessions within their number. What is given up makes
// answers incomplete at worst.
func bound(bySession map[string]uint64) {
	for session := range bySession {
		if len(bySession) <= MaxSessions {
			return
		}
		delete(bySession, session)
	}
}

// snapshot is the journal as it was at one moment.
func (m *merged) snapshot() *reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := &reading{entries: make([]*kept, len(m.list)), dropped: m.dropped, lost: map[string]uint64{}, begun: maps.Clone(m.begun), appended: m.appended}
	for i, e := range m.list {
		r.entries[i] = e.kept
	}
	maps.Copy(r.lost, m.lost)
	if m.unread > 0 {
		lose(r.lost, lostToAll, m.unread)
	}
	return r
}
