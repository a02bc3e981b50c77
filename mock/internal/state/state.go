// Package state keeps what changes between requests: which scenarios are active,
// how far sequences have come and where state machines stand.
//
// A decision is made over a View and takes effect by Commit, which applies all of
// its effects or, when something that the view showed has changed meanwhile, none.
//
// The tests of Memory are those of package shared, which hold every Store to the same, but
// for what cannot be seen from outside.
package state

import (
	"context"
	"errors"
	"time"
)

// Cell names one value of a session. State is "" for a sequence's position, and
// Key then is the stub's name; else State names a state machine of the scenario
// and Key is the rendered key. Revision identifies the text of the stub or state.
type Cell struct {
	Scenario, State, Key, Revision string
}

// Value is what a cell holds. The zero Value is that of a cell never written.
type Value struct {
	// Count is the number of answers that a sequence has given.
	Count int
	// Text is the current value of a state machine.
	Text string
}

// View is what a session's cells held when it was taken, in the order of the
// cells that were asked for. The zero View shows nothing, and fits any session.
type View struct {
	Cells  []Cell
	Values []Value
	// Version is that of the Active for which it was taken, 0 for any.
	Version int64
	// Degraded tells that it shows, or a commit has changed, the state of this process
	// alone, because the shared one could not be reached.
	Degraded bool
	// Local is for the store that made the view: it shows the state of this process.
	Local bool
}

// Activation is a scenario that is active.
type Activation struct {
	Scenario string
	// By says who has activated it, Since when.
	By    string
	Since time.Time
	// Until is when it is taken out again, zero for never. Memory leaves that to its
	// caller.
	Until time.Time
}

// Active is what is active for a request.
type Active struct {
	// Own are the scenarios of the session, Global those of everybody, each newest
	// first. They are read-only.
	Own, Global []string
	// Version changes with Own, and is never 0 for a session.
	Version int64
	// Degraded tells that it may be out of date, because the shared state could not be
	// reached.
	Degraded bool
}

// Value gives what the view holds of a cell, the zero Value for one that it does
// not show.
func (v *View) Value(c Cell) Value {
	for i := range v.Cells {
		if v.Cells[i] == c {
			return v.Values[i]
		}
	}
	return Value{}
}

// Effect sets a cell.
type Effect struct {
	Cell  Cell
	Value Value
}

// Errors of a Store.
var (
	// ErrFull is returned by Commit when a session holds MaxCells cells already, and by a
	// Memory for what would be more than its Room, also without the sessions that have
	// expired.
	ErrFull = errors.New("the session, or all of them together, hold too many states")
	// ErrTooManySessions is returned when MaxSessions sessions exist already: none is
	// given up for a new one.
	ErrTooManySessions = errors.New("there are too many sessions")
	// ErrNoSession is returned for a session that does not exist, or not any more.
	ErrNoSession = errors.New("there is no such session")
)

// Limits of a Store.
const (
	// MaxCells bounds the cells of one session.
	MaxCells = 100_000
	// MaxHeld is what Memory.Room is where nothing else is said.
	MaxHeld = 1_000_000
	// MaxSessions bounds the sessions that exist at one time.
	MaxSessions = 10_000
)

// Start is what a session, or everybody, begins with and Reset returns to.
type Start struct {
	// Scenarios are active from the start; the last is the newest.
	Scenarios []string
	// Idle is how long a session lives after it was last used, 0 for until it is
	// deleted. It means nothing for everybody.
	Idle time.Duration
}

// Session is what a Store knows of a session.
type Session struct {
	ID string
	// Made and Used are when it was made and last used.
	Made, Used time.Time
	Start      Start
	// Active are its own active scenarios, newest first; read-only.
	Active []string
	// Cells counts the values that it holds.
	Cells int
}

// Written is a cell with its value.
type Written struct {
	Cell  Cell
	Value Value
}

// Store keeps sessions. The session "" is the one that requests without an id
// share; it always exists. Implementations are safe for concurrent use.
type Store interface {
	// Enter marks a session as used and tells whether it exists; create makes it
	// where it does not. The id is that of the request that uses the session, whose Commit
	// follows: a store may then answer by what it remembers, and Commit finds out. With ""
	// it never does.
	Enter(ctx context.Context, session, id string, create bool) (bool, error)
	// Make makes a session with a start of its own, in place of one of that name,
	// and tells whether there was none. by has activated what it begins with.
	Make(ctx context.Context, session string, start Start, by string) (bool, error)
	// Sessions lists the sessions in the order of their ids, without "".
	Sessions(ctx context.Context) ([]Session, error)
	// Session gives a session, ErrNoSession for one that does not exist.
	Session(ctx context.Context, session string) (Session, error)
	// Delete forgets a session, ErrNoSession for one that does not exist.
	Delete(ctx context.Context, session string) error
	// Reset returns a session to its start: the active scenarios are those that it
	// began with, and it holds no values. For "" the globally active scenarios are
	// those of Begin again; other sessions keep their values.
	Reset(ctx context.Context, session, by string) error
	// Begin activates scenarios for everybody, the last on top, and makes them what
	// Reset returns to.
	Begin(ctx context.Context, scenarios []string, by string) error

	// Active tells what is active for a request of a session, ErrNoSession for one that
	// does not exist.
	Active(ctx context.Context, session string) (Active, error)
	// View gives cells of a session for a decision over what is active. A store may give
	// what it remembers.
	View(ctx context.Context, session string, a *Active, cells []Cell) (View, error)
	// Commit applies all effects if every cell of the view still holds what the view
	// says, and the session has still the view's version; else it changes nothing and
	// gives false, and Active and View then show what it has found. A request is answered
	// after it alone, also one without effects: what Enter, Active and View remember may
	// be out of date. ErrNoSession is returned where the session has ended meanwhile. What
	// was committed for a request is not committed for it again: the id is the request's,
	// "" for none.
	Commit(ctx context.Context, session, id string, v *View, effects []Effect) (bool, error)
	// Values lists what a session holds, in no order.
	Values(ctx context.Context, session string) ([]Written, error)

	// Activate puts scenarios on top of a session's active ones, the last on top, and
	// restarts them; for "" on top of those of everybody, and every session's values of
	// them start anew.
	Activate(ctx context.Context, session string, list ...Activation) error
	// Deactivate takes scenarios out of a session, for "" out of those of everybody, and
	// forgets their values.
	Deactivate(ctx context.Context, session string, scenarios ...string) error
	// Activations lists what is active in a session, for "" for everybody, newest first.
	// The slice is read-only.
	Activations(ctx context.Context, session string) ([]Activation, error)
	// Forget drops the values of every cell that keep does not want, in all sessions.
	Forget(ctx context.Context, keep func(Cell) bool) error
}
