package mock

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/source"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// maxChanges bounds the changes that are remembered.
const maxChanges = 1000

// changes remembers what was changed for everybody. The zero value is ready to use.
type changes struct {
	mu   sync.Mutex
	list []admin.Change // oldest first
}

// Those who change a mock and are not of the control plane.
const (
	byStart   = "start"   // what it was started with
	byProgram = "program" // through this package
	byFiles   = "files"   // by changing what is watched
	byTimer   = "timer"   // because a time is over
)

// changer says who asks for a change.
func changer(ctx context.Context) string {
	if name := admin.Actor(ctx); name != "" {
		return name
	}
	return byProgram
}

// changed notes a change and tells those who listen. Changes of a session are told alone.
func (m *Mock) changed(c admin.Change) {
	c.Time = time.Now()
	m.events.Tell("change", c.Session, c)
	if c.Session != "" {
		return
	}
	m.changes.mu.Lock()
	defer m.changes.mu.Unlock()
	if len(m.changes.list) >= maxChanges {
		m.changes.list = append(m.changes.list[:0], m.changes.list[1:]...)
	}
	m.changes.list = append(m.changes.list, c)
}

// Changes implements admin.Mock.
func (c control) Changes() []admin.Change {
	c.changes.mu.Lock()
	defer c.changes.mu.Unlock()
	list := slices.Clone(c.changes.list)
	slices.Reverse(list)
	return list
}

func addedChange(by, session, name string) admin.Change {
	return admin.Change{By: by, Action: admin.Added, Session: session, Scenario: name}
}

func removedChange(by, session, name string) admin.Change {
	return admin.Change{By: by, Action: admin.Removed, Session: session, Scenario: name}
}

func deletedChange(by string, f JournalFilter, n int) admin.Change {
	c := admin.Change{By: by, Action: admin.Deleted, Detail: source.Count(n, "exchange")}
	if f.Session != nil {
		c.Session = *f.Session
	}
	return c
}

func movedChange(by, session string, cell state.Cell, value state.Value) admin.Change {
	c := admin.Change{By: by, Action: admin.Moved, Session: session, Scenario: cell.Scenario}
	switch {
	case cell.State == "":
		c.Detail = fmt.Sprintf("%s at %d", cell.Key, value.Count)
	case cell.Key == "":
		c.Detail = fmt.Sprintf("%s is %s", cell.State, value.Text)
	default:
		c.Detail = fmt.Sprintf("%s of %s is %s", cell.State, cell.Key, value.Text)
	}
	return c
}

// sessionEvent is what listeners are told of a session.
type sessionEvent struct {
	ID string `json:"id"`
	// Action is "made" or "ended".
	Action string `json:"action"`
}
