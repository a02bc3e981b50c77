package journal

import (
	"context"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Stream is where the replicas of a mock leave their entries for each other. It is safe for
// concurrent use. shared.Journal is one.
type Stream interface {
	// Replica names this replica.
	Replica() string
	// Now is the time that all replicas agree on, as far as this one knows; Made tells when
	// the session was made that requests of that id are in, 0 where it is not known. Both
	// ask nobody: requests call them.
	Now() time.Time
	Made(session string) uint64
	// OnFlush registers what appends the entries of this replica, see shared.Journal.OnFlush.
	OnFlush(write func(context.Context) error)
	// Flush returns when every replica has appended what it had entered before. The error
	// says that one has not.
	Flush(ctx context.Context) error
	// Losses lists the replicas that cannot append any more what they have entered.
	Losses(ctx context.Context) ([]state.Loss, error)
	// Append appends a batch and gives the last item of this replica that is appended; a
	// batch that begins with such an item is not taken.
	Append(ctx context.Context, b *state.JournalBatch, bounds state.JournalBounds) (uint64, error)
	// Read reads the parts behind a position, the oldest first.
	Read(ctx context.Context, after state.JournalPosition) (*state.JournalParts, error)
	// Began asks when a session was made, the zero Time for one that does not exist.
	Began(ctx context.Context, session string) (time.Time, error)
}

// Who misses entries that are lost, as state.JournalBatch names them.
const (
	lostToAll     = "*"
	lostToTotals  = "all" // who asks for all sessions together
	lostToSession = "s:"  // before the id
)
