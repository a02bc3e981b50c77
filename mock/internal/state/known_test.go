package state

import (
	"strconv"
	"testing"
)

// TestKnownSessions holds that a replica remembers a bounded number of sessions, the
// newest among them.
func TestKnownSessions(t *testing.T) {
	t.Parallel()
	r := Open(RedisOptions{Address: &Address{}})
	for i := range MaxSessions + 10 {
		r.remember(strconv.Itoa(i), &knownSession{own: newActives(nil, 1)}, nil)
	}
	if len(r.known) != MaxSessions || r.find(strconv.Itoa(MaxSessions+9)) == nil {
		t.Errorf("%d sessions are remembered", len(r.known))
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
