package journal

import (
	"context"
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Verified is what came of an expectation.
type Verified string

// What may come of an expectation.
const (
	Pass Verified = "pass"
	Fail Verified = "fail"
	// Incomplete: whether it passes depends on requests that the journal does not
	// have any more, or on bodies of which it keeps only a part.
	Incomplete Verified = "incomplete"
)

// Verification is what came of expectations.
type Verification struct {
	// Outcome is Fail where one has failed, else Incomplete where one is, else Pass.
	Outcome Verified `json:"outcome"`
	// Requests counts the requests that were looked at.
	Requests int `json:"requests"`
	// Dropped tells that there were others that the journal does not have any more, for
	// lack of room or because they were deleted.
	Dropped bool `json:"dropped"`
	// Incomplete says why requests of other replicas may be missing, "" where none are.
	Incomplete string `json:"incomplete,omitempty"`
	// Results are in the order of the expectations.
	Results []Result `json:"results"`
}

// Result is what came of one expectation.
type Result struct {
	Outcome Verified `json:"outcome"`
	// Name is the one that was given to the expectation.
	Name string `json:"name,omitempty"`
	// Expectation is the pattern, and Expected how often such requests are expected;
	// both are empty for an order.
	Expectation string `json:"expectation,omitempty"`
	Expected    string `json:"expected,omitempty"`
	// Found counts the requests that match; of a step those that it was given.
	Found int `json:"found"`
	// Undecided counts the requests of which the journal does not keep enough of the
	// body to tell.
	Undecided int `json:"undecided,omitempty"`
	// Why says what is wrong, or why it cannot be told; "" for a pass.
	Why string `json:"why,omitempty"`
	// Matching are requests that match where there are too many, Closest those that
	// came close where there are too few; a few of them.
	Matching []Seen `json:"matching,omitempty"`
	Closest  []Seen `json:"closest,omitempty"`
	// Steps are those of an order.
	Steps []Result `json:"steps,omitempty"`
}

// Verify compares the requests of a scope with expectations. The error is ErrOff or
// that of ctx; what is wrong with the requests is no error.
func (j *Journal) Verify(ctx context.Context, list *scenario.Expectations, scope Scope) (*Verification, error) {
	read, err := j.read(ctx)
	if err != nil {
		return nil, err
	}
	// Asked before and behind, because requests go on arriving.
	missing := read.incomplete(ctx, &scope)
	all, err := read.look(ctx, &scope)
	if err != nil {
		return nil, err
	}
	if missing == "" {
		missing = read.incomplete(ctx, &scope)
	}
	v := &verifying{ctx: ctx, all: all, dropped: missing != "", missing: missing, redactor: j.redactor.Load()}
	result := &Verification{Outcome: Pass, Requests: len(all), Dropped: v.dropped, Results: make([]Result, 0, len(list.List))}
	if missing != droppedWhy {
		result.Incomplete = missing
	}
	for i := range list.List {
		r := v.verify(&list.List[i])
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		result.Results = append(result.Results, r)
		switch {
		case r.Outcome == Fail:
			result.Outcome = Fail
		case r.Outcome == Incomplete && result.Outcome == Pass:
			result.Outcome = Incomplete
		}
	}
	return result, nil
}

// verifying is a verification under way.
type verifying struct {
	ctx      context.Context
	all      []looked // oldest first
	dropped  bool
	missing  string // why dropped
	redactor *Redactor
}

func (v *verifying) verify(e *scenario.Expectation) Result {
	if e.Pattern == nil {
		return v.order(e)
	}
	return v.count(e)
}

// match is what a request is to a pattern.
type match uint8

const (
	differs match = iota
	matches
	undecided
)

// classify tells what each request is to a pattern. When the context ends it stops,
// and what it gives is not to be used.
func (v *verifying) classify(p *scenario.Pattern) []match {
	kinds := make([]match, len(v.all))
	for i := range v.all {
		if v.ctx.Err() != nil {
			break
		}
		j, ok := p.Judge(v.all[i].real)
		switch {
		case !ok:
		case v.all[i].is(bodyDropped) && p.AsksBody():
			kinds[i] = undecided
		case j.Held == j.Conditions:
			kinds[i] = matches
		}
	}
	return kinds
}

// count verifies how many requests match.
func (v *verifying) count(e *scenario.Expectation) Result {
	r := Result{Name: e.Name, Expectation: e.Pattern.Written, Expected: e.Count()}
	kinds := v.classify(e.Pattern)
	for _, kind := range kinds {
		switch kind {
		case matches:
			r.Found++
		case undecided:
			r.Undecided++
		}
	}
	enough := r.Found >= e.Least
	tooMany := e.Most >= 0 && r.Found > e.Most
	mayGrow := v.dropped || r.Undecided > 0
	switch {
	case tooMany:
		r.Outcome = Fail
		r.Matching = v.matching(e.Pattern, kinds, 0, len(kinds))
	case enough && (e.Most < 0 || !v.dropped && r.Found+r.Undecided <= e.Most):
		r.Outcome = Pass
		return r
	case mayGrow && (enough || v.dropped || r.Found+r.Undecided >= e.Least):
		r.Outcome = Incomplete
		r.Why = fmt.Sprintf("expected %s, found %d: %s", r.Expected, r.Found, v.gaps(r.Undecided))
		return r
	default:
		r.Outcome = Fail
		r.Closest = closest(v.all, e.Pattern, v.redactor)
	}
	r.Why = fmt.Sprintf("expected %s, found %d", r.Expected, r.Found)
	if len(v.all) == 0 {
		r.Why += ": there were no requests at all"
	}
	return r
}

// gaps says why something cannot be told.
func (v *verifying) gaps(undecided int) string {
	var reasons []string
	if v.dropped {
		reasons = append(reasons, v.missing)
	}
	if undecided > 0 {
		reasons = append(reasons, fmt.Sprintf("of %d requests it keeps a part of the body only", undecided))
	}
	return strings.Join(reasons, ", and ")
}

// matching names the newest of the requests between two places that match a pattern.
func (v *verifying) matching(p *scenario.Pattern, kinds []match, from, to int) []Seen {
	var named []Seen
	for i := to - 1; i >= from && len(named) < maxSeen; i-- {
		if kinds[i] == matches {
			j, _ := p.Judge(v.all[i].real)
			named = append(named, v.all[i].seen(v.redactor, j))
		}
	}
	return named
}

// String is the verification as people read it.
func (v *Verification) String() string {
	var b strings.Builder
	passed := 0
	for i := range v.Results {
		if v.Results[i].Outcome == Pass {
			passed++
		}
	}
	fmt.Fprintf(&b, "%s: %d of %d expectations hold for %s\n", v.Outcome, passed, len(v.Results), source.Count(v.Requests, "request"))
	for i := range v.Results {
		v.Results[i].write(&b, "  ")
	}
	return b.String()
}

func (r *Result) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s: %s\n", indent, r.Outcome, r.title())
	if r.Outcome == Pass {
		return
	}
	if r.Why != "" {
		fmt.Fprintf(b, "%s  %s\n", indent, r.Why)
	}
	for _, list := range []struct {
		what string
		seen []Seen
	}{{"matches", r.Matching}, {"closest", r.Closest}} {
		for i := range list.seen {
			fmt.Fprintf(b, "%s  %s %s\n", indent, list.what, list.seen[i].String())
		}
	}
	for i := range r.Steps {
		r.Steps[i].write(b, indent+"  ")
	}
}

func (r *Result) title() string {
	title := r.Name
	if r.Expectation != "" {
		if title != "" {
			title += ", "
		}
		title += r.Expectation
	}
	if title == "" {
		title = "an order"
	}
	return title
}
