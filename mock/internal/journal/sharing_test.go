package journal

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// away is a Stream whose server cannot be reached.
type away struct{ Stream }

func (away) Replica() string                     { return "one" }
func (away) Now() time.Time                      { return time.Now() }
func (away) Made(string) uint64                  { return 0 }
func (away) OnFlush(func(context.Context) error) {}
func (away) Flush(context.Context) error         { return context.DeadlineExceeded }

// TestWaitingEntriesAreBounded holds how much waits for a server that cannot be reached, and
// that what is lost then is noted.
func TestWaitingEntriesAreBounded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		entries int
		bytes   int64
		room    int
	}{
		"as many as the journal keeps": {DefaultEntries, DefaultBytes, DefaultEntries},
		"of a small journal":           {10, DefaultBytes, minQueue},
		"as large as the journal":      {DefaultEntries, 1 << 20, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := New(Options{Entries: test.entries, Bytes: test.bytes, Stream: away{}})
			s := j.sharing
			for i := range max(test.room, 5_000) + 7 {
				entered(j, func(ex *exchange.Exchange) { ex.ID, ex.Session = strconv.Itoa(i), "s" })
			}
			switch {
			case s.bytes > test.bytes:
				t.Errorf("%d bytes wait", s.bytes)
			case test.room > 0 && (len(s.queue) != test.room || s.dropped != uint64(max(test.room, 5_000)+7-test.room)):
				t.Errorf("%d entries wait, %d are dropped", len(s.queue), s.dropped)
			case s.lost[lostToAll] == 0:
				t.Error("it is not noted that entries are lost")
			}
			before := s.lost[lostToAll]
			for range 2*s.room() - len(s.queue) {
				s.tell(item{kind: itemForgotten, of: "s", own: true})
			}
			if len(s.queue) != 2*s.room() || s.lost[lostToAll] != before {
				t.Errorf("%d items wait, %d", len(s.queue), s.lost[lostToAll])
			}
			s.tell(item{kind: itemForgotten, of: "s", own: true})
			if len(s.queue) != 2*s.room() || s.lost[lostToAll] == before {
				t.Errorf("one more: %d items wait, and the loss is not noted", len(s.queue))
			}
		})
	}
}
