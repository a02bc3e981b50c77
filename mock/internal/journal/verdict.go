package journal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Verdict says whether a session went as its scenarios and the contract want it. It is
// made of counts that do not depend on what the journal still has.
type Verdict struct {
	// Session is "" for requests without a session.
	Session string `json:"session,omitempty"`
	Passed  bool   `json:"passed"`
	// Incomplete says why the counts are not all that there was, "" where they are; such
	// a verdict is never passed.
	Incomplete string `json:"incomplete,omitempty"`
	// Requests counts all requests of the session. None is no pass, unless that was
	// said to be right.
	Requests uint64 `json:"requests"`
	// Unused are the stubs of the session's scenarios that have answered nothing.
	Unused []UnusedStub `json:"unusedStubs"`
	// Unmatched are requests that nothing was there to answer: without an operation of
	// the contract, or with a preference that nothing fulfils.
	Unmatched Flawed `json:"unmatched"`
	// Broke are requests that broke the contract and did not say so (Prefer:
	// expect=invalid); KeptTo said so and did not.
	Broke  Flawed `json:"brokeContract"`
	KeptTo Flawed `json:"keptToContract"`
	// Failed are requests that Understudy could not answer in the API's name for
	// another reason.
	Failed Flawed `json:"failed"`
}

// Flawed are the requests of a session with one flaw.
type Flawed struct {
	Count uint64 `json:"count"`
	// Examples are the first of them.
	Examples []Example `json:"examples,omitempty"`
}

// UnusedStub is a stub that has answered nothing.
type UnusedStub struct {
	Scenario  string `json:"scenario"`
	Stub      string `json:"stub"`
	Operation string `json:"operation"`
	// At is where it begins, file:line:col.
	At string `json:"at"`
	// Closest is the request that came closest to it, of those that the journal still
	// has; nil for none.
	Closest *Seen `json:"closest,omitempty"`
}

// VerdictOptions says what makes a session pass.
type VerdictOptions struct {
	// AllowNoRequests lets a session pass that had no request at all.
	AllowNoRequests bool
}

const (
	// maxExplained bounds the unused stubs for which the closest request is looked
	// for, and maxExplaining the requests that are looked at for it.
	maxExplained  = 20
	maxExplaining = 1_000
)

// Verdict gives the verdict of a session, "" for requests without one. find gives a
// scenario as the session sees it, nil for none.
func (j *Journal) Verdict(session string, find func(name string) *scenario.Scenario, opts VerdictOptions) Verdict {
	t, incomplete := j.tallies.find(session), ""
	if t == nil {
		t, incomplete = newTally(&j.tallies), j.tallies.lacks()
	}
	return j.judge(session, t, incomplete, find, opts)
}

// judge makes the verdict of a tally.
func (j *Journal) judge(session string, t *tally, incomplete string, find func(name string) *scenario.Scenario, opts VerdictOptions) Verdict {
	v := Verdict{Session: session, Incomplete: incomplete}
	v.Requests = t.requests.Load()
	v.Unused = j.unused(session, t, find)
	v.Broke, v.KeptTo, v.Unmatched, v.Failed = t.flawed(broke), t.flawed(keptTo), t.flawed(unmatched), t.flawed(failed)
	v.Passed = v.Incomplete == "" && len(v.Unused) == 0 && (v.Requests > 0 || opts.AllowNoRequests) &&
		v.Unmatched.Count == 0 && v.Broke.Count == 0 && v.KeptTo.Count == 0 && v.Failed.Count == 0
	return v
}

func (t *tally) flawed(f flaw) Flawed {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Flawed{t.flaws[f].Load(), slices.Clone(t.examples[f])}
}

// unused lists the stubs of the session's scenarios that have answered nothing.
func (j *Journal) unused(session string, t *tally, find func(name string) *scenario.Scenario) []UnusedStub {
	t.mu.Lock()
	names := slices.Clone(t.activated)
	t.mu.Unlock()
	list := []UnusedStub{}
	var seen []looked
	for _, name := range names {
		sc := find(name)
		if sc == nil {
			continue // a reload has taken it away
		}
		for _, entry := range sc.Entries() {
			if _, used := t.used.Load(entry.Key()); used {
				continue
			}
			u := UnusedStub{Scenario: name, Stub: entry.Name, Operation: entry.Operation, At: entry.At.String()}
			if len(list) < maxExplained {
				if seen == nil {
					seen = j.recent(session)
				}
				u.Closest = closestTo(entry.Stub, seen, j.redactor.Load())
			}
			list = append(list, u)
		}
	}
	return list
}

// recent gives the newest requests of a session, the newest first.
func (j *Journal) recent(session string) []looked {
	list := []looked{}
	read, err := j.read(context.Background()) // it waits for a while at most
	if err != nil {
		return list
	}
	for k := range read.newest(0) {
		if _, of := k.head(); of != session {
			continue
		}
		if v := k.seen(); !v.exchange.Refused() {
			list = append(list, looked{v, v.real()})
		}
		if len(list) == maxExplaining {
			break
		}
	}
	return list
}

// closestTo names the request that lacks the fewest conditions of a stub, nil where
// there is none of its operation.
func closestTo(st *scenario.Stub, seen []looked, redactor *Redactor) *Seen {
	best := -1
	var how scenario.Judgement
	for i := range seen {
		if !st.Speaks(seen[i].real) {
			continue
		}
		j := st.Judge(seen[i].real, nil)
		if best < 0 || j.Conditions-j.Held < how.Conditions-how.Held {
			best, how = i, j
		}
	}
	if best < 0 {
		return nil
	}
	named := seen[best].seen(redactor, how)
	if named.Failed == "" {
		named.Failed = "another stub has answered, or the state was another one"
	}
	return &named
}

// String is the verdict as people read it.
func (v Verdict) String() string {
	var b strings.Builder
	who, how := "requests without a session", "failed"
	if v.Session != "" {
		who = "session " + v.Session
	}
	if v.Passed {
		how = "passed"
	}
	fmt.Fprintf(&b, "%s: %s, %s\n", who, how, source.Count(v.Requests, "request"))
	if v.Incomplete != "" {
		fmt.Fprintf(&b, "  not all is known: %s\n", v.Incomplete)
	}
	if v.Requests == 0 && !v.Passed {
		fmt.Fprintf(&b, "  there were no requests at all\n")
	}
	for _, f := range []struct {
		what string
		Flawed
	}{
		{"broke the contract", v.Broke}, {"said expect=invalid and kept to the contract", v.KeptTo},
		{"found nothing to answer them", v.Unmatched}, {"could not be answered in the API's name", v.Failed},
	} {
		if f.Count > 0 {
			fmt.Fprintf(&b, "  %d %s\n", f.Count, f.what)
		}
		for i := range f.Examples {
			e := &f.Examples[i]
			fmt.Fprintf(&b, "    %s %s (%s): %s\n", e.Method, e.Path, e.ID, e.Why)
		}
	}
	if len(v.Unused) > 0 {
		fmt.Fprintf(&b, "  answered nothing: %s\n", source.Count(len(v.Unused), "stub"))
	}
	for i := range v.Unused {
		u := &v.Unused[i]
		fmt.Fprintf(&b, "    %s, stub %s of %s\n", u.At, u.Stub, u.Operation)
		if u.Closest != nil {
			fmt.Fprintf(&b, "      closest %s\n", u.Closest.String())
		}
	}
	return b.String()
}
