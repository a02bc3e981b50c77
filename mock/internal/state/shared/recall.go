package shared

import (
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// maxRecalled bounds the values that a replica recalls.
const maxRecalled = 50_000

// recalled is what a replica has last seen of the cells of sessions. A decision is made
// over it, and Commit compares: what is missing, out of date or that of another session of
// the same name costs one more round trip and is never answered. The zero value is ready
// to use.
type recalled struct {
	mu       sync.Mutex // guards the fields below
	sessions map[string]map[state.Cell]state.Value
	count    int
}

// fill shows in v what is recalled of its cells, and the zero Value for others.
func (r *recalled) fill(session string, v *state.View) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := r.sessions[session]
	for i, c := range v.Cells {
		v.Values[i] = known[c]
	}
}

// note recalls the value of a cell. At the bound sessions are given up to make room.
func (r *recalled) note(session string, c state.Cell, v state.Value) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.sessions[session][c]; !known {
		for other := range r.sessions {
			if r.count < maxRecalled {
				break
			}
			r.forgetLocked(other)
		}
		r.count++
	}
	if r.sessions[session] == nil {
		if r.sessions == nil {
			r.sessions = map[string]map[state.Cell]state.Value{}
		}
		r.sessions[session] = map[state.Cell]state.Value{}
	}
	c.Key = strings.Clone(c.Key) // what it was cut out of is longer
	r.sessions[session][c] = v
}

// forget drops what is recalled of a session.
func (r *recalled) forget(session string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked(session)
}

func (r *recalled) forgetLocked(session string) {
	r.count -= len(r.sessions[session])
	delete(r.sessions, session)
}
