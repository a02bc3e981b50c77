package journal

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// reading is what one question looks at: the ring, or what the replicas that share a
// journal had entered when it was asked.
type reading struct {
	journal *Journal
	entries []*kept // of a shared journal, by number
	dropped uint64
	// lost are the highest numbers of entries that are missing, by to whom; begun are the
	// numbers at which sessions were begun anew.
	lost, begun map[string]uint64
	losses      []state.Loss
	appended    uint64 // the last item of this replica that the server has
	// missing says why entries may be missing that nobody knows of, "" where none are.
	missing string
}

// read begins a question. Whoever asks after a call sees the call, on whatever replica it
// was made.
func (j *Journal) read(ctx context.Context) (*reading, error) {
	switch {
	case j.sharing != nil:
		r, err := j.sharing.read(ctx)
		if err != nil {
			return nil, err
		}
		r.journal = j
		return r, nil
	case j.ring == nil:
		return nil, ErrOff
	}
	return &reading{journal: j, dropped: j.dropped.Load()}, nil
}

// read has every replica append what it has entered, and takes it over. The error is that
// of ctx alone: what cannot be had is said to be missing.
func (s *sharing) read(ctx context.Context) (*reading, error) {
	s.mu.Lock()
	appended := s.appended
	s.mu.Unlock()
	failed := s.stream.Flush(ctx)
	if err := s.merged.catchUp(ctx, s.stream); failed == nil {
		failed = err
	}
	losses, err := s.stream.Losses(ctx)
	if failed == nil {
		failed = err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := s.merged.snapshot()
	r.losses = losses
	switch {
	case failed != nil:
		r.missing = failed.Error()
		r.add(s.unsent())
	case r.appended < appended: // and the next batch will say so to everybody
		r.missing = "the server of the shared state has lost requests"
	}
	return r, nil
}

// add adds entries of this replica that are not in the stream yet.
func (r *reading) add(unsent []*kept) {
	known := make(map[uint64]bool, len(r.entries))
	for _, k := range r.entries {
		known[k.number] = true
	}
	for _, k := range unsent {
		if !known[k.number] {
			r.entries = append(r.entries, k)
		}
	}
	slices.SortStableFunc(r.entries, func(a, b *kept) int { return cmp.Compare(a.number, b.number) })
}

// newest gives the entries below a number, the newest first; 0 gives all. Those that
// are about to be complete are waited for.
func (r *reading) newest(below uint64) iter.Seq[*kept] {
	all := r.backward(below)
	if r.journal.sharing == nil {
		all = r.journal.ring.newest(below)
	}
	return func(yield func(*kept) bool) {
		var p patience
		for k := range all {
			k.await(&p)
			if !yield(k) {
				return
			}
		}
	}
}

func (r *reading) backward(below uint64) iter.Seq[*kept] {
	return func(yield func(*kept) bool) {
		for _, k := range slices.Backward(r.entries) {
			if (below == 0 || k.number < below) && !yield(k) {
				return
			}
		}
	}
}

// droppedWhy says that entries are missing for an ordinary reason.
const droppedWhy = "the journal does not have all requests any more: some were dropped or deleted"

// incomplete says why entries of a scope are missing, or may be; "" where none are.
func (r *reading) incomplete(ctx context.Context, s *Scope) string {
	if r.journal.sharing == nil {
		if r.journal.incomplete(s) {
			return droppedWhy
		}
		return ""
	}
	switch {
	case r.missing != "":
		return r.missing
	case s.Session == nil && s.within(r.lost[lostToTotals]):
		return droppedWhy
	case s.Session != nil:
		if n := r.lost[lostToSession+*s.Session]; n > r.begun[*s.Session] && s.within(n) {
			return droppedWhy
		}
	}
	for i := range r.losses {
		if l := &r.losses[i]; r.mayMiss(ctx, s, state.JournalNumber(l.Last.Add(state.LiveFor), 0)) {
			return l.String()
		}
	}
	if r.mayMiss(ctx, s, r.lost[lostToAll]) {
		return droppedWhy
	}
	return ""
}

// within tells whether an entry with a number is in the scope.
func (s *Scope) within(number uint64) bool {
	return number > s.After && (s.Since.IsZero() || !state.JournalTime(number).Before(s.Since))
}

// clocksApart is by how much the clocks of replicas and of the server may differ unnoticed
// where a loss is compared with the beginning of a session.
const clocksApart = 100 * time.Millisecond

// mayMiss tells whether a scope may miss entries of which only the highest number is known.
func (r *reading) mayMiss(ctx context.Context, s *Scope, number uint64) bool {
	if number == 0 || !s.within(number) {
		return false
	}
	if s.Session == nil {
		return true
	}
	last := state.JournalTime(number).Add(clocksApart)
	if n := r.begun[*s.Session]; n > 0 && last.Before(state.JournalTime(n)) {
		return false
	}
	if *s.Session == sharedSession {
		return true
	}
	began, err := r.journal.sharing.stream.Began(ctx, *s.Session)
	return err != nil || !last.Before(began)
}
