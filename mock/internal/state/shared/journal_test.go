package shared_test

import (
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock/internal/state"
	"github.com/understudy-mock/understudy/mock/internal/state/shared"
)

// TestJournalAppendsOnce appends batches beyond the bounds, of which some have no entries,
// such as one that only says how an answer has ended. Each is there once, and what goes is
// counted once.
func TestJournalAppendsOnce(t *testing.T) {
	t.Parallel()
	j := openRedis(t, testenv.NewRedis(t), shared.Options{}).Journal()
	bounds := state.JournalBounds{Entries: 4, Bytes: 1 << 20}
	for n := uint64(1); n <= 20; n++ {
		b := &state.JournalBatch{First: n, Last: n, Data: []byte("d"), Entries: int(n % 2), Bytes: 10 * int64(n%2), Newest: n}
		for range 2 { // as after an answer of the server that got lost
			if last, err := j.Append(t.Context(), b, bounds); err != nil || last != n {
				t.Fatalf("item %d: appended up to %d, %v", n, last, err)
			}
		}
	}
	read, err := j.Read(t.Context(), state.JournalPosition{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(read.Parts); n != 9 || read.Dropped != 6 || read.Appended != 20 {
		t.Errorf("%d parts, %d entries dropped, appended up to %d", n, read.Dropped, read.Appended)
	}
}
