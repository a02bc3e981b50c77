package mock

import (
	"errors"
	"net/http"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestRoomForScenarios holds the bounds on the scenarios that are added: their number, and
// what they take; one in place of another of its name needs no new room.
func TestRoomForScenarios(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		count int
		taken int
		cost  int
		fits  bool
	}{
		"the last":           {MaxAdded - 1, 0, 1, true},
		"one too many":       {MaxAdded, 0, 1, false},
		"what there is":      {1, MaxAddedCost - 10, 10, true},
		"more than there is": {1, MaxAddedCost - 10, 11, false},
	} {
		a := &additions{count: test.count, cost: test.taken}
		err := a.room("s", "new", &addition{cost: test.cost})
		if (err == nil) != test.fits || err != nil && !errors.Is(err, ErrTooManyScenarios) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			continue
		}
		var problem *exchange.Problem
		if !errors.As(problemOf(err, "s"), &problem) || problem.Status != http.StatusServiceUnavailable || problem.Code != exchange.ProblemTooMany {
			t.Errorf("%s: %v", name, problemOf(err, "s"))
		}
	}
	a := &additions{}
	a.put("s", "known", &addition{cost: 5})
	a.count, a.cost = MaxAdded, MaxAddedCost
	if err := a.room("s", "known", &addition{cost: 5}); err != nil {
		t.Errorf("in place of another: %v", err)
	}
}
