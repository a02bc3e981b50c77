package mock

import (
	"context"
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/coverage"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// shareCounts has what coverage and verdicts count added up in the shared state. What is
// told of it then is the sum of all replicas. It comes before the journal, which may have so
// much to write that there is no time left for numbers.
func (m *Mock) shareCounts() {
	if m.shared != nil {
		m.shared.OnCount(m.takeCounts)
	}
}

// takeCounts gives what was counted since it was last called.
func (m *Mock) takeCounts() []shared.Difference {
	var list []shared.Difference
	for _, p := range m.coverage.Take() {
		list = append(list, shared.Difference{Session: p.Session, Kind: shared.OfCoverage, Counts: p.Counts})
	}
	for _, p := range m.journal.Take() {
		list = append(list, shared.Difference{Session: p.Session, Kind: shared.OfVerdicts, Counts: p.Counts, Lists: p.Examples})
	}
	return list
}

// sum gives what all replicas have counted of a session, "" for everybody. missing says why
// that is perhaps not all, "" where it is.
func (m *Mock) sum(ctx context.Context, session string, kind shared.Kind) (all *shared.Counted, missing string, err error) {
	return m.written(ctx, session, kind, m.shared.Flush(ctx))
}

// written is sum of what the replicas have written; failed is why they have not written all.
func (m *Mock) written(ctx context.Context, session string, kind shared.Kind, failed error) (all *shared.Counted, missing string, err error) {
	if all, err = m.shared.Counted(ctx, session, kind); err != nil {
		return nil, "", err
	}
	switch {
	case failed != nil:
		missing = failed.Error()
	case all.Full:
		missing = "there was more to count than there is room for"
	case len(all.Lost) > 0:
		missing = all.Lost[0].String()
	}
	return all, missing, nil
}

// covered tells what a session has used of the contract, "" for everybody. The error is
// state.ErrNoSession for one that does not exist.
func (m *Mock) covered(ctx context.Context, session string) (*coverage.Report, error) {
	if session != "" {
		if _, err := m.store.Session(ctx, session); err != nil {
			return nil, err
		}
	}
	switch left := m.left.Load(); {
	case m.shared == nil && session == "":
		return m.coverage.Report(), nil
	case m.shared == nil:
		return m.coverage.SessionReport(session), nil
	case left != nil && session == "":
		return left, nil
	}
	all, missing, err := m.sum(ctx, session, shared.OfCoverage)
	return m.summed(session, all, missing, err)
}

func (m *Mock) summed(session string, all *shared.Counted, missing string, err error) (*coverage.Report, error) {
	if err != nil {
		return nil, err
	}
	r := m.coverage.Sum(session, all.Counts)
	r.Incomplete, r.Missing = missing != "", missing
	return r, nil
}

// coveredSoFar is covered for everybody, with what there is where the shared state cannot
// be reached: nothing, and why. When asking is over the other replicas are waited for no
// longer: it is what they have written by themselves, and this one until writing is over.
func (m *Mock) coveredSoFar(asking, writing context.Context) *coverage.Report {
	r, err := m.covered(asking, "")
	if over := asking.Err(); err != nil && over != nil {
		if failed := m.shared.Write(writing); failed != nil {
			over = failed
		}
		all, missing, failed := m.written(context.WithoutCancel(writing), "", shared.OfCoverage, fmt.Errorf("there was no time to ask other replicas: %w", over))
		r, err = m.summed("", all, missing, failed)
	}
	if err != nil {
		r = m.coverage.Sum("", nil)
		r.Incomplete, r.Missing = true, err.Error()
	}
	return r
}

// verdict gives the verdict of a session, "" for requests without one.
func (m *Mock) verdict(ctx context.Context, session string, opts journal.VerdictOptions) (journal.Verdict, error) {
	snap := m.engine.Snapshot()
	find := func(name string) *scenario.Scenario { return snap.Find(session, name) }
	if m.shared == nil {
		return m.journal.Verdict(session, find, opts), nil
	}
	all, missing, err := m.sum(ctx, session, shared.OfVerdicts)
	if err != nil {
		return journal.Verdict{Session: session, Incomplete: err.Error()}, err
	}
	return m.journal.Sum(journal.Part{Session: session, Counts: all.Counts, Examples: all.Lists}, missing, find, opts), nil
}

// erase takes the requests of a session out of the journal and has its counts begin anew, ""
// for requests without one, on all replicas. What everybody has covered stays.
func (m *Mock) erase(ctx context.Context, session string) error {
	m.journal.Forget(session)
	m.coverage.Forget(session)
	if m.shared == nil {
		return nil
	}
	kinds := []shared.Kind{shared.OfVerdicts}
	if session != "" {
		kinds = append(kinds, shared.OfCoverage)
	}
	flushed := m.shared.Flush(ctx) // once for both: what others tell later would be of before
	m.journal.Forgotten(session, flushed == nil)
	return errors.Join(flushed, m.shared.Uncount(ctx, session, kinds...))
}
