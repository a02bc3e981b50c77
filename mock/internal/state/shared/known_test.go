package shared

import (
	"strconv"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// TestKnownSessions holds that a replica remembers a bounded number of sessions, the
// newest among them.
func TestKnownSessions(t *testing.T) {
	t.Parallel()
	r := Open(Options{Address: &Address{}})
	for i := range state.MaxSessions + 10 {
		r.remember(strconv.Itoa(i), &knownSession{own: state.NewActives(nil, 1)}, nil)
	}
	if len(r.known) != state.MaxSessions || r.find(strconv.Itoa(state.MaxSessions+9)) == nil {
		t.Errorf("%d sessions are remembered", len(r.known))
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRecalledValues holds that a replica recalls a bounded number of values, the newest
// among them, and that those of whole sessions go to make room.
func TestRecalledValues(t *testing.T) {
	t.Parallel()
	var r recalled
	sequence := func(n int) state.Cell { return state.Cell{Key: strconv.Itoa(n)} }
	const each = 100
	for n := range maxRecalled + each {
		r.note(strconv.Itoa(n/each), sequence(n), state.Value{Count: n})
		if most := maxRecalled; r.count > most {
			t.Fatalf("%d values are recalled", r.count)
		}
	}
	held := 0
	for _, values := range r.sessions {
		held += len(values)
	}
	if held != r.count || held <= maxRecalled-2*each {
		t.Errorf("%d values are recalled, and %d counted", held, r.count)
	}
	last := maxRecalled + each - 1
	view := state.View{Cells: []state.Cell{sequence(last)}, Values: make([]state.Value, 1)}
	if r.fill(strconv.Itoa(last/each), &view); view.Values[0].Count != last {
		t.Errorf("the newest value is %+v", view.Values[0])
	}
}
