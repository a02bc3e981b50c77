package journal

import (
	"cmp"
	"context"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Unmatched is a request that was not answered as it was meant, with what came close.
type Unmatched struct {
	Record
	// Operations are the closest of the contract, nearest first, for a request that it
	// has no operation for: "GET /orders/{id}".
	Operations []string `json:"closestOperations,omitempty"`
	// Stubs are those that came closest, the ones first that lack the fewest
	// conditions, MaxNear at most.
	Stubs []Candidate `json:"closestStubs,omitempty"`
	// Known are the names that there are, where the request prefers an unknown one.
	Known []string `json:"known,omitempty"`
}

// MaxNear bounds the stubs that an Unmatched names.
const MaxNear = 10

// maxJudged bounds the stubs that are looked at for one Unmatched.
const maxJudged = 1_000

// UnmatchedPage is a part of the unmatched requests, the newest first.
type UnmatchedPage struct {
	Requests []Unmatched `json:"requests"`
	// Next is the cursor of the next page, 0 for the last one.
	Next uint64 `json:"next,omitempty"`
	// Dropped counts the entries, of all sessions, that there is no room for any more.
	Dropped uint64 `json:"dropped"`
	// Incomplete is as in Page.
	Incomplete string `json:"incomplete,omitempty"`
}

// UnmatchedQuery asks for a page of the unmatched requests, the newest first.
type UnmatchedQuery struct {
	// Query chooses among them; its Matched has no say.
	Query
	// PassedOver adds those that the contract has answered because every stub of the
	// active scenarios refused them.
	PassedOver bool
}

// Unmatched gives a page of the requests that have a Gap. Those with GapPassedOver are
// among them where q.PassedOver is set.
func (j *Journal) Unmatched(ctx context.Context, q UnmatchedQuery) (page UnmatchedPage, err error) {
	no := false
	q.Matched = &no
	skip := func(v *view) bool { return !q.PassedOver && v.gap() == GapPassedOver }
	page.Requests, page.Next, err = pageOf(ctx, j, &q.Query, skip, (*view).unmatched, func(r *reading) { page.Dropped, page.Incomplete = r.dropped, r.missing })
	return page, err
}

// unmatched says what came close to an entry's request; nothing where it has no Gap.
func (v *view) unmatched(redactor *Redactor) Unmatched {
	u := Unmatched{Record: v.record(redactor)}
	if u.Gap == "" {
		return u
	}
	real := v.real()
	shown := v.shown(real, redactor)
	problem := shown.Answer.Problem
	switch {
	case u.Gap == GapOperation && problem != nil:
		u.Operations = problem.Known
	case u.Gap == GapPreference && problem != nil:
		u.Known = problem.Known
	case real.Decision.Considered != nil:
		u.Stubs = nearest(real, shown)
	}
	return u
}

// nearest names the stubs that came closest to answering.
func nearest(real, shown *exchange.Exchange) []Candidate {
	type judged struct {
		exchange.Tried
		exchange.Judged
	}
	var list []judged
	n := 0
	for t := range real.Decision.Considered.Tried(real) {
		if j := t.Judge(); j.Held < j.Conditions {
			list = append(list, judged{t, j})
		}
		if n++; n == maxJudged {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b judged) int {
		return cmp.Or((a.Conditions-a.Held)-(b.Conditions-b.Held), b.Held-a.Held)
	})
	var named []Candidate
	for _, t := range list[:min(MaxNear, len(list))] {
		named = append(named, candidate(&t.Tried, t.Judged, shown))
	}
	return named
}
