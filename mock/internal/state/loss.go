package state

import (
	"fmt"
	"time"
)

// LiveFor is how long a replica counts as one after it was last heard of.
const LiveFor = 3 * time.Second

// Loss is a replica that was not heard of any more and had not left.
type Loss struct {
	Replica string
	// Last is when it was last heard of.
	Last time.Time
	// Counted is how many requests it had counted until then that are not written. Those
	// that it has answered since are not known.
	Counted uint64
}

// String says what may be missing.
func (l Loss) String() string {
	return fmt.Sprintf("the replica %s was last heard of at %s, with %d requests that it had not told; what it answered behind that is not known either", l.Replica, l.Last.UTC().Format(time.RFC3339), l.Counted)
}
