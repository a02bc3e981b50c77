// Package state keeps what changes between requests: which scenarios are active,
// how far sequences have come and where state machines stand.
//
// A decision is made over a View and takes effect by Commit, which applies all of
// its effects or, when something that the view showed has changed meanwhile, none.
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
// cells that were asked for.
type View struct {
	Cells  []Cell
	Values []Value
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
	// ErrFull is returned by Commit when a session holds MaxCells cells already.
	ErrFull = errors.New("the session holds too many states")
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
	// where it does not.
	Enter(ctx context.Context, session string, create bool) (bool, error)
	// Make makes a session with a start of its own, in place of one of that name,
	// and tells whether there was none.
	Make(ctx context.Context, session string, start Start) (bool, error)
	// Sessions lists the sessions in the order of their ids, without "".
	Sessions(ctx context.Context) ([]Session, error)
	// Session gives a session, ErrNoSession for one that does not exist.
	Session(ctx context.Context, session string) (Session, error)
	// Delete forgets a session, ErrNoSession for one that does not exist.
	Delete(ctx context.Context, session string) error
	// Reset returns a session to its start: its active scenarios are those that it
	// began with, and it holds no values. For "" the globally active scenarios are
	// those of Begin again; other sessions keep their values.
	Reset(ctx context.Context, session string) error
	// Begin activates scenarios for everybody and makes them what Reset returns to.
	Begin(ctx context.Context, scenarios []string) error

	// Active lists the scenarios that are active in a session and those that are
	// active for everybody, each newest first. The slices are read-only.
	Active(ctx context.Context, session string) (own, global []string, err error)
	// View reads cells of a session.
	View(ctx context.Context, session string, cells []Cell) (View, error)
	// Commit applies all effects if every cell of the view still holds what the view
	// says; else it changes nothing and gives false.
	Commit(ctx context.Context, session string, v View, effects []Effect) (bool, error)
	// Values lists what a session holds, in no order.
	Values(ctx context.Context, session string) ([]Written, error)

	// Activate puts a scenario on top of a session's active ones and restarts it.
	Activate(ctx context.Context, session, scenario string) error
	// ActivateGlobal does so for everybody; every session's values of it start anew.
	ActivateGlobal(ctx context.Context, scenario string) error
	// Deactivate takes a scenario out of a session and forgets its values.
	Deactivate(ctx context.Context, session, scenario string) error
	// DeactivateGlobal does so for everybody.
	DeactivateGlobal(ctx context.Context, scenario string) error
	// Forget drops the values of every cell that keep does not want, in all sessions.
	Forget(ctx context.Context, keep func(Cell) bool) error
}
