// Package state keeps what changes between requests: which scenarios are active,
// how far sequences have come and where state machines stand.
//
// A decision is made over a View and takes effect by Commit, which applies all of
// its effects or, when something that the view showed has changed meanwhile, none.
package state

import (
	"context"
	"errors"
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
	// ErrTooManySessions is returned when MaxSessions sessions exist already.
	ErrTooManySessions = errors.New("there are too many sessions")
)

// Limits of a Store.
const (
	// MaxCells bounds the cells of one session.
	MaxCells = 100_000
	// MaxSessions bounds the sessions that exist at one time.
	MaxSessions = 10_000
)

// Store keeps sessions. The session "" is the one that requests without an id
// share. Implementations are safe for concurrent use.
type Store interface {
	// Active lists the scenarios that are active in a session and those that are
	// active for everybody, each newest first. The slices are read-only.
	Active(ctx context.Context, session string) (own, global []string, err error)
	// View reads cells of a session.
	View(ctx context.Context, session string, cells []Cell) (View, error)
	// Commit applies all effects if every cell of the view still holds what the view
	// says; else it changes nothing and gives false.
	Commit(ctx context.Context, session string, v View, effects []Effect) (bool, error)
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
