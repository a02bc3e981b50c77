package admin

import (
	"net/http"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// session is a session as it is told.
type session struct {
	ID string `json:"id"`
	// Path is the base path under which the session's API is found.
	Path string    `json:"path"`
	Made time.Time `json:"made"`
	Used time.Time `json:"used"`
	// Start are the scenarios that it began with, the last is the newest.
	Start []string `json:"scenarios"`
	// Idle is how long it lives after it was last used, nil for until it is deleted.
	Idle *duration `json:"idle,omitempty"`
	// Active are its own active scenarios, newest first.
	Active []string `json:"active"`
	// Values counts the sequences and states that have moved.
	Values int `json:"values"`
}

func tell(s *state.Session) session {
	told := session{
		ID: s.ID, Path: exchange.SessionPath + s.ID, Made: s.Made, Used: s.Used,
		Start: some(s.Start.Scenarios), Active: some(s.Active), Values: s.Cells,
	}
	if s.Start.Idle > 0 {
		idle := duration(s.Start.Idle)
		told.Idle = &idle
	}
	return told
}

// some keeps an empty list from being null in JSON.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (h *Handler) sessions(c *call) (any, error) {
	all, err := h.mock.Sessions(c.Context())
	if err != nil {
		return nil, err
	}
	list := make([]session, len(all))
	for i := range all {
		list[i] = tell(&all[i])
	}
	return struct {
		Sessions []session `json:"sessions"`
	}{list}, nil
}

func (h *Handler) session(c *call) (any, error) {
	s, err := h.mock.Session(c.Context(), c.session())
	if err != nil {
		return nil, err
	}
	return tell(&s), nil
}

// makeSession makes a session anew.
func (h *Handler) makeSession(c *call) (any, error) {
	var wanted struct {
		Scenarios []string  `json:"scenarios"`
		Idle      *duration `json:"idle" also:"ttl timeToLive time_to_live lifetime timeout expires"`
	}
	if err := c.read(&wanted); err != nil {
		return nil, err
	}
	start := state.Start{Scenarios: wanted.Scenarios}
	if wanted.Idle != nil {
		if start.Idle = time.Duration(*wanted.Idle); start.Idle <= 0 {
			return nil, invalid("A session cannot live for %s.", start.Idle)
		}
	}
	made, err := h.mock.MakeSession(c.Context(), c.session(), start)
	if err != nil {
		return nil, err
	}
	told, err := h.session(c)
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	return &reply{status: status, value: told}, nil
}

func (h *Handler) deleteSession(c *call) (any, error) {
	if err := h.mock.DeleteSession(c.Context(), c.session()); err != nil {
		return nil, err
	}
	return done, nil
}
