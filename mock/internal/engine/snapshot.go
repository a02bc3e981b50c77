package engine

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// Snapshot is the contracts and scenarios that answer. It is immutable but for the
// scenarios of single sessions, and safe for concurrent use.
type Snapshot struct {
	APIs []*contract.Contract
	// Scenarios are those of everybody.
	Scenarios *scenario.Set

	// defaults are the scenarios that are always active.
	defaults defaults
	// last is the evidence of each operation's last decision, for the next.
	last *contract.ByOperation[atomic.Pointer[evidence]]
	*ofContracts
}

// ofContracts is what snapshots of the same contracts have in common.
type ofContracts struct {
	// generated is what was generated so far.
	generated generated
	// own are the scenarios that a session alone has.
	own      sync.Map     // id → *own
	sessions atomic.Int64 // how many of them there are
}

// defaults are default scenarios in name order, by the operations for which they have
// stubs.
type defaults map[*contract.Operation][]*scenario.Scenario

func findDefaults(apis []*contract.Contract, scenarios *scenario.Set) defaults {
	d := defaults{}
	for _, sc := range scenarios.Scenarios {
		if !sc.Default {
			continue
		}
		for _, c := range apis {
			for _, op := range c.Operations {
				if len(sc.Stubs(op)) > 0 {
					d[op] = append(d[op], sc)
				}
			}
		}
	}
	return d
}

// own is the scenarios that a session alone has.
type own struct {
	set      *scenario.Set
	defaults defaults
}

// NewSnapshot puts a snapshot together from what was loaded and proved.
func NewSnapshot(apis []*contract.Contract, scenarios *scenario.Set) *Snapshot {
	return newSnapshot(apis, scenarios, &ofContracts{})
}

// With gives a snapshot of the same contracts with other scenarios for everybody, which
// were proved against them. The scenarios of single sessions are those of both.
func (s *Snapshot) With(scenarios *scenario.Set) *Snapshot {
	return newSnapshot(s.APIs, scenarios, s.ofContracts)
}

func newSnapshot(apis []*contract.Contract, scenarios *scenario.Set, of *ofContracts) *Snapshot {
	return &Snapshot{
		APIs:        apis,
		Scenarios:   scenarios,
		defaults:    findDefaults(apis, scenarios),
		last:        contract.NewByOperation[atomic.Pointer[evidence]](apis),
		ofContracts: of,
	}
}

// Same tells whether both snapshots have the same contracts, so that what was proved
// for one fits the other.
func (s *Snapshot) Same(other *Snapshot) bool { return s.ofContracts == other.ofContracts }

// SetOwn gives a session scenarios that it alone has, proved against the snapshot's
// contracts, in place of those before; nil takes them away. In the session they hide
// those of everybody that have the same names.
func (s *Snapshot) SetOwn(session string, set *scenario.Set) {
	if set == nil {
		if _, known := s.own.LoadAndDelete(session); known {
			s.sessions.Add(-1)
		}
		return
	}
	if _, known := s.own.Swap(session, &own{set, findDefaults(s.APIs, set)}); !known {
		s.sessions.Add(1)
	}
}

// Own gives the scenarios that a session alone has, nil for none.
func (s *Snapshot) Own(session string) *scenario.Set {
	if o := s.ownOf(session); o != nil {
		return o.set
	}
	return nil
}

func (s *Snapshot) ownOf(session string) *own {
	if session == "" || s.sessions.Load() == 0 {
		return nil
	}
	if o, ok := s.own.Load(session); ok {
		return o.(*own)
	}
	return nil
}

// Find gives a scenario as a session sees it, "" for one without; nil for an unknown
// name.
func (s *Snapshot) Find(session, name string) *scenario.Scenario {
	return s.ownOf(session).find(s, name)
}

// find looks among a session's own scenarios first; o may be nil.
func (o *own) find(s *Snapshot, name string) *scenario.Scenario {
	if o != nil {
		if sc := o.set.Scenario(name); sc != nil {
			return sc
		}
	}
	return s.Scenarios.Scenario(name)
}

// Visible lists the scenarios that a session sees, "" for one without, in name order.
func (s *Snapshot) Visible(session string) []*scenario.Scenario {
	o := s.ownOf(session)
	if o == nil {
		return s.Scenarios.Scenarios
	}
	return o.over(s.Scenarios.Scenarios, o.set.Scenarios)
}

// Names lists the names of Visible.
func (s *Snapshot) Names(session string) []string {
	visible := s.Visible(session)
	names := make([]string, len(visible))
	for i, sc := range visible {
		names[i] = sc.Name
	}
	return names
}

// over puts scenarios of the session over those of everybody, in name order.
func (o *own) over(everybody, mine []*scenario.Scenario) []*scenario.Scenario {
	list := slices.DeleteFunc(slices.Clone(everybody), func(sc *scenario.Scenario) bool { return o.set.Scenario(sc.Name) != nil })
	list = append(list, mine...)
	slices.SortFunc(list, func(a, b *scenario.Scenario) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// defaultsFor lists the default scenarios for an operation, in name order.
func (o *own) defaultsFor(s *Snapshot, op *contract.Operation) []*scenario.Scenario {
	if o == nil {
		return s.defaults[op]
	}
	return o.over(s.defaults[op], o.defaults[op])
}

// Holder gives a function that tells whether a cell belongs to a scenario of everybody
// or of any session.
func (s *Snapshot) Holder() func(scenario.Cell) bool {
	sets := []*scenario.Set{s.Scenarios}
	s.own.Range(func(_, o any) bool {
		sets = append(sets, o.(*own).set)
		return true
	})
	return scenario.Holder(sets...)
}
