package admin

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/journal"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Mock is what the control plane needs of the mock that it controls. Its methods may
// be called concurrently. An error that is an *exchange.Problem is answered as it is,
// any other with status 500. Where a session is asked for, "" stands for everybody, or
// for the requests that name none.
type Mock interface {
	// NewID makes the id of a request.
	NewID() string
	// Version is that of Understudy.
	Version() string
	// Condition tells how the mock is.
	Condition() Condition
	// Metrics serves what is counted.
	Metrics() http.Handler
	// Own is where the mock itself listens, nil where the control plane shares its
	// address, and whether by TLS.
	Own() (addr net.Addr, secure bool)
	// Snapshot is what is served now.
	Snapshot() *engine.Snapshot

	// Delay is the wait before answers that have none of their own.
	Delay() time.Duration
	// SetDelay changes it; what it may be is checked.
	SetDelay(ctx context.Context, d time.Duration) error
	// Reload reads all files anew. That it failed is told in its result.
	Reload(ctx context.Context) *Reload
	// Changes lists what was changed for everybody, newest first, as far as it is
	// remembered.
	Changes() []Change

	// Active lists the active scenarios, newest first.
	Active(ctx context.Context, session string) ([]Activation, error)
	// Activate puts scenarios on top, the last on top, for a time or, with 0, for good.
	Activate(ctx context.Context, session string, names []string, d time.Duration) error
	// Deactivate takes scenarios out.
	Deactivate(ctx context.Context, session string, names []string) error
	// Reset returns to the start.
	Reset(ctx context.Context, session string) error

	// Values lists the states and sequences that have moved.
	Values(ctx context.Context, session string) ([]state.Written, error)
	// SetValue moves one.
	SetValue(ctx context.Context, session string, cell state.Cell, value state.Value) error

	// Added tells whether a scenario was added while the mock runs, for everybody or
	// for the session alone.
	Added(session, name string) bool
	// Unfit lists the scenarios that were added for everybody and do not fit what is
	// served, in name order.
	Unfit() []Unfit
	// AddScenario adds a scenario, or replaces one that was added; "" asks for a name.
	// The text is that of a file with the extension.
	AddScenario(ctx context.Context, session, name, extension string, text []byte) (*Addition, error)
	// RemoveScenario takes out one that was added.
	RemoveScenario(ctx context.Context, session, name string) error

	// Findings gives findings in their JSON form.
	Findings(found source.Diagnostics) any
	// Journal has the exchanges, and DeleteExchanges takes some out of it.
	Journal() *journal.Journal
	DeleteExchanges(ctx context.Context, f journal.Filter) (int, error)
	// Verdict gives the verdict of a session, "" for requests without one.
	Verdict(ctx context.Context, session string, opts journal.VerdictOptions) (journal.Verdict, error)
	// Coverage tells what was used of the contract, in its JSON form.
	Coverage(ctx context.Context, session string) (any, error)

	// Sessions lists the sessions in the order of their ids.
	Sessions(ctx context.Context) ([]state.Session, error)
	// Session gives one.
	Session(ctx context.Context, session string) (state.Session, error)
	// MakeSession makes a session, in place of one of that id, and tells whether there
	// was none.
	MakeSession(ctx context.Context, session string, start state.Start) (bool, error)
	// DeleteSession ends one.
	DeleteSession(ctx context.Context, session string) error
}

// Addition is a scenario that was added.
type Addition struct {
	Name string `json:"name"`
	// Replaced tells that there was one of that name.
	Replaced bool `json:"replaced"`
	// Findings are the warnings about it, in their JSON form; nil for none.
	Findings any `json:"findings,omitempty"`
}

// Unfit is an added scenario that does not fit what is served.
type Unfit struct {
	Scenario string `json:"scenario"`
	// Text is why, as people read it.
	Text string       `json:"text,omitempty"`
	File *source.File `json:"-"`
}

// Condition is how a mock is.
type Condition struct {
	// Since is when it was made.
	Since time.Time
	// Draining tells that it is being stopped.
	Draining bool
	// LastReload is nil before the first.
	LastReload *Reload
	// Shared is how shared state is, nil for state in memory.
	Shared *SharedState
}

// SharedState is how the state is that several mocks share.
type SharedState struct {
	Reachable bool `json:"reachable"`
	// Degraded tells that requests go on with the state of this mock alone.
	Degraded bool `json:"degraded,omitempty"`
	// Since is since when it cannot be reached, Error why.
	Since *time.Time `json:"since,omitempty"`
	Error string     `json:"error,omitempty"`
	// Replica names this mock among those that share it, Replicas counts them, as far as it
	// is known.
	Replica  string `json:"replica"`
	Replicas int    `json:"replicas"`
	// Address is without a password.
	Address string `json:"address,omitempty"`
}

// Reload is what a reload did.
type Reload struct {
	Time time.Time `json:"time"`
	OK   bool      `json:"ok"`
	// Undone is what has not followed where shared state has failed in the middle, though
	// OK: what was read is served.
	Undone string `json:"undone,omitempty"`
	// Restarted are the sequences and states that started anew.
	Restarted []string `json:"restarted,omitempty"`
	// Missing are scenarios that are active for everybody and that there are not any more.
	Missing []string `json:"missing,omitempty"`
	// Text is why the mock goes on with what it had, as people read it, and Findings
	// the same for programs; what was told of the new files where OK.
	Text     string `json:"text,omitempty"`
	Findings any    `json:"findings,omitempty"`
	// Sources are the files that the findings are in where not OK.
	Sources []*source.File `json:"-"`
	// Dropped are the added scenarios that do not fit what is served now.
	Dropped []Dropped `json:"dropped,omitempty"`
}

// Dropped is an added scenario that no longer fits.
type Dropped struct {
	Session  string `json:"session,omitempty"`
	Scenario string `json:"scenario"`
	Text     string `json:"text"`
}

// Activation is one active scenario.
type Activation struct {
	Scenario string `json:"scenario"`
	// By and Since are who activated it and when; nothing where that is not known.
	By    string     `json:"by,omitempty"`
	Since *time.Time `json:"since,omitempty"`
	// Until is when it is taken out again, nil for never.
	Until *time.Time `json:"until,omitempty"`
}

// Change is one change of a mock while it runs.
type Change struct {
	Time time.Time `json:"time"`
	// By is the name of the token, or where the change came from.
	By     string `json:"by"`
	Action Action `json:"action"`
	// Session is "" for what was changed for everybody.
	Session  string     `json:"session,omitempty"`
	Scenario string     `json:"scenario,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
	// Detail says more, in a few words.
	Detail string `json:"detail,omitempty"`
}

// Action is a kind of change.
type Action string

// The kinds of changes.
const (
	Activated   Action = "activate"
	Deactivated Action = "deactivate"
	Reset       Action = "reset"
	Reloaded    Action = "reload"
	Set         Action = "settings"
	Added       Action = "add"
	Removed     Action = "remove"
	Moved       Action = "state"
	Deleted     Action = "delete" // exchanges of the journal
)
