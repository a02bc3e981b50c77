package state

import (
	"strconv"
	"time"
)

// JournalFor is how long a shared journal is kept after something was appended last.
const JournalFor = 24 * time.Hour

// JournalBatch is a part of what one replica has to tell, which is appended as a whole. The
// items of a replica are numbered from 1.
type JournalBatch struct {
	First, Last uint64
	Data        []byte
	// Entries counts the entries among the items, Bytes reckons their memory, Newest is the
	// highest number among them, 0 for none.
	Entries int
	Bytes   int64
	Newest  uint64
	// Dropped counts entries that never got here, and Lost has the highest number of those
	// that are missing: to everybody ("*"), to who asks for all sessions ("all"), or to who
	// asks for one ("s:ID").
	Dropped uint64
	Lost    map[string]uint64
}

// JournalBounds bounds what is kept of all replicas.
type JournalBounds struct {
	Entries int
	Bytes   int64
}

// JournalPart is a batch as it is read.
type JournalPart struct {
	// Position is behind those of all parts before it.
	Position JournalPosition
	Replica  string
	Data     string
}

// JournalPosition is a place in the order in which parts were appended. The zero value is
// before all of them.
type JournalPosition struct{ Time, Count uint64 }

// Before tells whether a position is before another.
func (p JournalPosition) Before(other JournalPosition) bool {
	return p.Time < other.Time || p.Time == other.Time && p.Count < other.Count
}

// String is the position as the server writes it.
func (p JournalPosition) String() string {
	return strconv.FormatUint(p.Time, 10) + "-" + strconv.FormatUint(p.Count, 10)
}

// Moment is when it was appended, to the millisecond that follows.
func (p JournalPosition) Moment() time.Time { return time.UnixMilli(int64(p.Time) + 1) }

// JournalParts is what was read.
type JournalParts struct {
	// Parts are the next ones, More tells that there may be others behind them.
	Parts []JournalPart
	More  bool
	// Oldest and Newest are the positions of the oldest and the newest part that is kept,
	// the zero value for none.
	Oldest, Newest JournalPosition
	// Dropped counts the entries that there is no room for any more or that never got here.
	Dropped uint64
	// Lost is as in JournalBatch.
	Lost map[string]uint64
	// Appended is the last item of the replica that reads.
	Appended uint64
}

// journalEpoch is where the numbers of entries begin.
var journalEpoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

const (
	// A number counts journalTick since the epoch, with room for journalSlots replicas that
	// enter at the same time. Numbers are exact in JavaScript (below 2^53) until 2043.
	journalTick  = 4 * time.Microsecond
	journalSlots = 64
)

// JournalNumber is the number of an entry of a moment; a slot tells replicas apart that
// enter at the same time.
func JournalNumber(at time.Time, slot uint64) uint64 {
	return uint64(max(0, at.Sub(journalEpoch)/journalTick))*journalSlots + slot%journalSlots
}

// NextJournalNumber is the one behind a number of the same slot.
func NextJournalNumber(number uint64) uint64 { return number + journalSlots }

// JournalTime is the moment of a number.
func JournalTime(number uint64) time.Time {
	return journalEpoch.Add(time.Duration(number/journalSlots) * journalTick)
}
