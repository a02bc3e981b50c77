package journal

import (
	"context"
	"slices"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Scope says which requests an expectation speaks of. The zero Scope is all of them that
// were not refused before the API was reached.
type Scope struct {
	// Session is the session's id, pointing to "" for requests without one; nil is any.
	Session *string
	// After leaves out the entries up to a number, and Since those that arrived before.
	After uint64
	Since time.Time
}

// looked is a view with the exchange that is matched.
type looked struct {
	*view
	real *exchange.Exchange
}

// look gives the entries of a scope, the oldest first.
func (r *reading) look(ctx context.Context, s *Scope) ([]looked, error) {
	var list []looked
	f := Filter{Session: s.Session, After: s.After, Since: s.Since}
	for v, err := range r.chosen(ctx, &f, 0) {
		if err != nil {
			return nil, err
		}
		if !v.exchange.Refused() {
			list = append(list, looked{v, v.real()})
		}
	}
	slices.Reverse(list)
	return list, nil
}

// incomplete tells whether entries of a scope have been pushed out of the ring or deleted.
func (j *Journal) incomplete(s *Scope) bool {
	if s.Session == nil {
		return j.lost.within(s)
	}
	if known := j.tallies.find(*s.Session); known != nil {
		return known.lost.within(s)
	}
	return j.tallies.haveGivenUp() && j.lost.within(s)
}
