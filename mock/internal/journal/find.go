package journal

import (
	"context"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Matcher chooses requests by what was sent. It is safe for concurrent use.
type Matcher interface {
	// Matches looks at a request with all its headers, which only the caller uses.
	Matches(ex *exchange.Exchange) bool
	// AsksBody tells whether it looks at bodies.
	AsksBody() bool
}

var (
	_ Matcher = (*scenario.Pattern)(nil)
	_ Matcher = (*RequestPattern)(nil)
)

// Found are the requests that a Matcher chooses.
type Found struct {
	// Count is the number of all of them that the journal has.
	Count int `json:"count"`
	// Undecided counts those of which the journal does not keep enough of the body to
	// tell.
	Undecided int `json:"undecided,omitempty"`
	// Dropped tells that there were requests that the journal does not have any more.
	Dropped bool `json:"dropped"`
	// Incomplete says why requests of other replicas may be missing, "" where none are.
	Incomplete string `json:"incomplete,omitempty"`
	// Requests are the newest of them, as many as were asked for.
	Requests []Record `json:"requests"`
}

// Find counts the requests of a scope that m chooses, and gives at most limit of them,
// the newest first.
func (j *Journal) Find(ctx context.Context, m Matcher, scope Scope, limit int) (Found, error) {
	found := Found{Requests: []Record{}}
	read, err := j.read(ctx)
	if err != nil {
		return found, err
	}
	missing := read.incomplete(ctx, &scope)
	if found.Dropped = missing != ""; missing != droppedWhy {
		found.Incomplete = missing
	}
	redactor := j.redactor.Load()
	f := Filter{Session: scope.Session, After: scope.After, Since: scope.Since}
	for v, err := range read.chosen(ctx, &f, 0) {
		switch {
		case err != nil:
			return found, err
		case v.exchange.Refused():
		case v.is(bodyDropped) && m.AsksBody():
			found.Undecided++
		case m.Matches(v.real()):
			if found.Count++; len(found.Requests) < limit {
				found.Requests = append(found.Requests, v.record(redactor))
			}
		}
	}
	return found, nil
}
