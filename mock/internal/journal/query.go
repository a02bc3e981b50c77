package journal

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// ErrOff is returned by what reads entries where none are kept.
var ErrOff = errors.New("the journal is turned off")

// Limits of a page.
const (
	// DefaultLimit is the length of a page where nothing else is asked for.
	DefaultLimit = 50
	// MaxLimit bounds the length of a page.
	MaxLimit = 1_000
)

// Query asks for a page of entries, the newest first.
type Query struct {
	Filter
	// Before is the cursor: only entries with a lower number are given. 0 begins with
	// the newest.
	Before uint64
	// Limit bounds the page; 0 means DefaultLimit.
	Limit int
}

// limit is the length of the page.
func (q *Query) limit() (int, error) {
	switch {
	case q.Limit < 0 || q.Limit > MaxLimit:
		return 0, fmt.Errorf("a page cannot have %d entries: %d are the most", q.Limit, MaxLimit)
	case q.Limit == 0:
		return DefaultLimit, nil
	}
	return q.Limit, nil
}

// Page is a part of the chosen entries, the newest first. Entries that arrive later
// never move what a cursor gives.
type Page struct {
	Requests []Record `json:"requests"`
	// Next is the cursor of the next page, 0 for the last one.
	Next uint64 `json:"next,omitempty"`
	// Dropped counts the entries, of all sessions, that there is no room for any more.
	Dropped uint64 `json:"dropped"`
	// Incomplete says why entries of other replicas may be missing, "" where none are.
	Incomplete string `json:"incomplete,omitempty"`
}

// List gives a page of entries.
func (j *Journal) List(ctx context.Context, q Query) (page Page, err error) {
	page.Requests, page.Next, err = pageOf(ctx, j, &q, nil, (*view).record, func(r *reading) { page.Dropped, page.Incomplete = r.dropped, r.missing })
	return page, err
}

// pageOf gives what is shown of the entries of a page, and the cursor of the next one.
// Those for which skip holds are left out; nil leaves none out. tell is called with what
// the page is of.
func pageOf[T any](ctx context.Context, j *Journal, q *Query, skip func(*view) bool, show func(*view, *Redactor) T, tell func(*reading)) (list []T, next uint64, err error) {
	list = []T{}
	limit, err := q.limit()
	if err != nil {
		return list, 0, err
	}
	read, err := j.read(ctx)
	if err != nil {
		return list, 0, err
	}
	tell(read)
	redactor := j.redactor.Load()
	var last uint64
	for v, err := range read.chosen(ctx, &q.Filter, q.Before) {
		if err != nil {
			return list, 0, err
		}
		if skip != nil && skip(v) {
			continue
		}
		if len(list) == limit {
			return list, last, nil
		}
		list, last = append(list, show(v, redactor)), v.number
	}
	return list, 0, nil
}

// whole begins a question whose answer has no place to say that something is missing:
// then it is an error.
func (j *Journal) whole(ctx context.Context) (*reading, error) {
	read, err := j.read(ctx)
	if err == nil && read.missing != "" {
		return nil, &IncompleteError{read.missing}
	}
	return read, err
}

// IncompleteError is returned where entries of other replicas may be missing, and the
// answer could not say so.
type IncompleteError struct{ Why string }

func (e *IncompleteError) Error() string { return "not all requests can be had: " + e.Why }

// All gives all entries that a filter chooses, the oldest first.
func (j *Journal) All(ctx context.Context, f Filter) ([]Record, error) {
	read, err := j.whole(ctx)
	if err != nil {
		return nil, err
	}
	var list []Record
	redactor := j.redactor.Load()
	for v, err := range read.chosen(ctx, &f, 0) {
		if err != nil {
			return nil, err
		}
		list = append(list, v.record(redactor))
	}
	slices.Reverse(list)
	return list, nil
}

// Get gives the entry of a request, with what came close where it has a Gap; false
// where it is not kept. The error says why that is not known.
func (j *Journal) Get(ctx context.Context, id string) (Unmatched, bool, error) {
	k, err := j.find(ctx, id)
	if k == nil {
		return Unmatched{}, false, err
	}
	k.await(&patience{})
	return k.seen().unmatched(j.redactor.Load()), true, nil
}

// find gives the entry of a request, nil for one that is not kept.
func (j *Journal) find(ctx context.Context, id string) (*kept, error) {
	if j.sharing != nil {
		return j.sharing.find(ctx, id)
	}
	for k := range j.entries() {
		if known, _ := k.head(); known == id {
			return k, nil
		}
	}
	return nil, nil
}

// Count counts the entries that a filter chooses, of those with a number below before; 0 is
// for all.
func (j *Journal) Count(ctx context.Context, f Filter, before uint64) (int, error) {
	read, err := j.whole(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, err := range read.chosen(ctx, &f, before) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// Delete takes the entries out that a filter chooses, and tells how many. The counts
// of sessions stay as they are, and what was deleted does not count as dropped. It
// counts as lost to expectations, except to those of whom it was deleted for: with no
// filter, all entries are, and with that of a session, those of the session.
func (j *Journal) Delete(ctx context.Context, f Filter) (int, error) {
	n := 0
	part := f
	part.Session = nil
	everything, ofSession := part == Filter{} && f.Session == nil, part == Filter{} && f.Session != nil
	read, err := j.whole(ctx)
	if err != nil {
		return 0, err
	}
	if j.sharing != nil {
		return j.sharing.delete(ctx, read, &f, everything, ofSession)
	}
	for v, err := range read.chosen(ctx, &f, 0) {
		if err != nil {
			return n, err
		}
		if !v.exchange.Refused() { // before it is gone, so that nobody misses both
			if !everything {
				j.lost.add(v.kept)
			}
			if !ofSession {
				v.tally.lost.add(v.kept)
			}
		}
		if j.ring.remove(v.kept) {
			n++
		}
	}
	return n, nil
}

// chosen gives the entries that a filter chooses below a number, the newest first. An
// error is the last that it gives.
func (r *reading) chosen(ctx context.Context, f *Filter, below uint64) iter.Seq2[*view, error] {
	return func(yield func(*view, error) bool) {
		if err := f.check(); err != nil {
			yield(nil, err)
			return
		}
		redactor := r.journal.redactor.Load()
		for k := range r.newest(below) {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if k.number <= f.After {
				return
			}
			if _, session := k.head(); f.Session != nil && session != *f.Session {
				continue
			}
			if v := k.seen(); f.admits(v, redactor) && !yield(v, nil) {
				return
			}
		}
	}
}
