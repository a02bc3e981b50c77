package coverage

import (
	"strings"
	"sync/atomic"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// MaxReachedBy bounds the sessions that are named for a row.
const MaxReachedBy = 10

// maxDepartures bounds the answers off the contract that are told apart for an
// operation, by status and reason.
const maxDepartures = 50

// counters are the counts of one operation; first those to which most requests add.
type counters struct {
	requests atomic.Uint64
	// changed tells that something was counted since it was last taken.
	changed    atomic.Bool
	cells      []cell
	parameters []parameterCount
	security   []atomic.Uint64
	spoke      atomic.Uint64
	failed     atomic.Uint64
	departures growing[*departure]
	// otherDepartures are those for which there was no room.
	otherDepartures atomic.Uint64
	// reachedBy are the sessions that have reached a cell, nil where nobody asks.
	reachedBy []reachedBy
}

// cell counts a row.
type cell struct{ conforming, broken atomic.Uint64 }

// parameterCount counts a declared parameter.
type parameterCount struct{ valid, invalid, absent atomic.Uint64 }

// departure counts the answers with one status and one reason for which the contract
// was left.
type departure struct {
	status int
	reason string
	count  atomic.Uint64
}

// reachedBy is some of the sessions that have reached a row.
type reachedBy struct {
	sessions growing[string]
	more     atomic.Bool
	taken    int // how many of them Take has given; its own
}

func (c *counters) begin(s *shape, named bool) {
	c.cells = make([]cell, s.cells)
	c.parameters = make([]parameterCount, len(s.Parameters))
	c.security = make([]atomic.Uint64, len(s.Security))
	if named {
		c.reachedBy = make([]reachedBy, s.cells)
	}
}

// size estimates the memory of the counters of a session, in bytes.
func (s *shape) size() int64 {
	return int64(200 + s.cells*16 + len(s.Parameters)*24 + len(s.Security)*8)
}

func (c *counters) count(ex *exchange.Exchange, h hit) {
	c.requests.Add(1)
	for i := range ex.Parameters {
		switch p := &ex.Parameters[i]; {
		case !p.Present:
			c.parameters[i].absent.Add(1)
		case p.Valid:
			c.parameters[i].valid.Add(1)
		default:
			c.parameters[i].invalid.Add(1)
		}
	}
	if ex.Security > 0 {
		c.security[ex.Security-1].Add(1)
	}
	if reason := ex.Answer.OffContract; reason != "" && ex.Answer.Problem == nil {
		c.depart(ex.Answer.Status, reason)
	}
	switch h.outcome {
	case spoke:
		c.spoke.Add(1)
	case failed:
		c.failed.Add(1)
	case departed:
		if ex.Answer.OffContract == "" {
			c.depart(ex.Answer.Status, "")
		}
	case conformed:
		c.cells[h.cell].conforming.Add(1)
		c.note(h.cell, ex.Session)
	case broke:
		c.cells[h.cell].broken.Add(1)
		c.note(h.cell, ex.Session)
	}
	set(&c.changed)
}

// set writes only where it changes something: requests meet here.
func set(flag *atomic.Bool) {
	if !flag.Load() {
		flag.Store(true)
	}
}

// note names a session as one that has reached a row.
func (c *counters) note(cell int, session string) {
	if session == "" || c.reachedBy == nil {
		return
	}
	by := &c.reachedBy[cell]
	list := by.sessions.all()
	for _, known := range list {
		if known == session {
			return
		}
	}
	if len(list) >= MaxReachedBy {
		set(&by.more)
		return
	}
	own := strings.Clone(session) // what it was cut out of is longer
	if _, ok := by.sessions.add(own, MaxReachedBy, func(known string) bool { return known == own }); !ok {
		by.more.Store(true)
	}
}

func (c *counters) depart(status int, reason string) {
	for _, d := range c.departures.all() {
		if d.status == status && d.reason == reason {
			d.count.Add(1)
			return
		}
	}
	d, ok := c.departures.add(&departure{status: status, reason: strings.Clone(reason)}, maxDepartures, func(other *departure) bool {
		return other.status == status && other.reason == reason
	})
	if !ok {
		c.otherDepartures.Add(1)
		return
	}
	d.count.Add(1)
}
