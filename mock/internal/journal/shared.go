package journal

import (
	"context"
	"slices"
)

// Share begins to share entries with other replicas as they come, and to hear of theirs,
// where the journal was made for that; until then they are shared when replicas are asked
// to write. Unshare ends it. Sharing what is shared does nothing.
func (j *Journal) Share() {
	if j.sharing == nil {
		return
	}
	f := &j.sharing.following
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	f.stop = cancel
	f.ended.Go(func() { j.sharing.keepAppending(ctx) })
	f.ended.Go(func() { j.sharing.follow(ctx) })
}

// Unshare ends what Share began.
func (j *Journal) Unshare() {
	if j.sharing == nil {
		return
	}
	f := &j.sharing.following
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop != nil {
		f.stop()
		f.ended.Wait()
		f.stop = nil
	}
}

// Erase does what Forget does, on all replicas: who asks any of them afterwards finds
// nothing of before.
func (j *Journal) Erase(ctx context.Context, session string) {
	j.Forget(session)
	if j.sharing != nil {
		j.Forgotten(session, j.sharing.stream.Flush(ctx) == nil)
	}
}

// Forgotten has all replicas take out what they know of a session, which this one has
// forgotten already. all tells that they have written what they had of it: what a replica
// appends later that has not confirmed may be of before.
func (j *Journal) Forgotten(session string, all bool) {
	if j.sharing != nil {
		j.sharing.tell(item{kind: itemForgotten, of: session, unsure: !all})
	}
}

// find gives the entry of a request, nil for one that is not kept.
func (s *sharing) find(ctx context.Context, id string) (*kept, error) {
	if k := s.merged.find(id); k != nil && k.now() == done {
		return k, nil
	}
	read, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range read.entries {
		if known, _ := k.head(); known == id {
			return k, nil
		}
	}
	if read.missing != "" {
		return nil, &IncompleteError{read.missing}
	}
	return nil, nil
}

// find gives an entry that was read, nil for none.
func (m *merged) find(id string) *kept {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.byID[id]; e != nil {
		return e.kept
	}
	return nil
}

// maxDeleted bounds the ids of one item.
const maxDeleted = 500

// delete takes entries out on all replicas, see Journal.Delete.
func (s *sharing) delete(ctx context.Context, read *reading, f *Filter, everything, ofSession bool) (int, error) {
	var ids []string
	lost := map[string]uint64{}
	for v, err := range read.chosen(ctx, f, 0) {
		if err != nil {
			return 0, err
		}
		if ids = append(ids, v.exchange.ID); v.exchange.Refused() {
			continue
		}
		if !everything {
			lose(lost, lostToTotals, v.number)
		}
		if !ofSession {
			lose(lost, lostToSession+v.exchange.Session, v.number)
		}
	}
	for part := range slices.Chunk(ids, maxDeleted) {
		s.tell(item{kind: itemDeleted, ids: part, lost: lost})
	}
	return len(ids), nil
}
