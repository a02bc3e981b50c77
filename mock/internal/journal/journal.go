// Package journal keeps what a mock was asked and what it answered: a bounded
// record of exchanges, and for each session the counts that its verdict is made of.
//
// A request is entered once, when it has been decided and before a byte of the
// answer goes out; what is learned afterwards (how much was sent, when, what broke
// it off) completes the entry. Whoever asks after a call therefore sees the call,
// and an entry that is being completed at that moment is waited for. Entering takes
// no lock that requests share.
//
// Replicas share a journal through a Stream: entries are queued, which takes a lock for a
// moment, and appended behind the requests. Who reads has all replicas append first.
//
// What is read has secrets taken out; matching and counting look at the real values.
package journal

import (
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// Limits of a journal.
const (
	// DefaultEntries bounds the entries where nothing else is said.
	DefaultEntries = 10_000
	// DefaultBytes bounds the memory that they take, as Entry.size counts it.
	DefaultBytes = 64 << 20
	// MaxBody bounds what an entry keeps of a body, of the request and of the answer.
	MaxBody = 64 << 10
)

// Options sets how much a Journal keeps and what it hides.
type Options struct {
	// Entries bounds the entries; 0 keeps none, and only sessions are counted.
	Entries int
	// Bytes bounds the memory of the entries.
	Bytes int64
	// Redact are names of headers, parameters, cookies and properties of bodies
	// whose values are never shown, beside those that never are.
	Redact []string
	// Stream shares the entries with other replicas, nil for none.
	Stream Stream
	// Heard is called with the exchanges that other replicas have entered, with their path
	// without secrets, while Listening gives true. breaks counts the breaches of an answer
	// that were found when it was over; 0 is for an exchange that is new. Both are nil, or
	// safe for concurrent use.
	Heard     func(ex *exchange.Exchange, path string, breaks int)
	Listening func() bool
}

// Journal records exchanges. It is safe for concurrent use.
type Journal struct {
	ring     *ring    // nil where no entries are kept here
	sharing  *sharing // nil where they are not shared
	tallies  tallies
	redactor atomic.Pointer[Redactor]
	// lost is of all sessions, and refused of the requests that are nobody's.
	lost    losses
	refused tally
	dropped atomic.Uint64 // entries that the bounds have pushed out
	counted atomic.Uint64 // requests that other replicas are told of

	hiding sync.Mutex // one change of redactor at a time
}

// New makes an empty journal.
func New(opts Options) *Journal {
	j := &Journal{}
	switch {
	case opts.Entries <= 0 || opts.Bytes <= 0:
	case opts.Stream != nil:
		j.sharing = newSharing(opts.Stream, state.JournalBounds{Entries: opts.Entries, Bytes: opts.Bytes}, j.Redactor)
		j.hearing(&opts)
	default:
		j.ring = newRing(opts.Entries, opts.Bytes, func(k *kept) {
			j.dropped.Add(1)
			if k.tally != &j.refused {
				j.lost.add(k)
				k.tally.lost.add(k)
			}
		})
	}
	j.redactor.Store(newRedactor(opts.Redact))
	return j
}

// Kept tells whether entries are kept at all.
func (j *Journal) Kept() bool { return j.ring != nil || j.sharing != nil }

// Hide takes further names of headers or query parameters whose values are not to be
// shown, such as those of a contract's API keys. Names are never taken
// back, because entries of before may still hold their values.
func (j *Journal) Hide(in exchange.Location, names []string) {
	j.hiding.Lock()
	defer j.hiding.Unlock()
	j.redactor.Store(j.redactor.Load().with(in, names))
}

// Redactor is the one that is in force.
func (j *Journal) Redactor() *Redactor { return j.redactor.Load() }

// Enter records the exchange of an entry and counts it for its session, unless it was
// refused before it could have one. From then on others read what it has taken down.
// The exchange stays the caller's; its bodies, violations and problem are kept as they
// are and must not change.
func (j *Journal) Enter(e *Entry) {
	if e.tally = &j.refused; !e.Exchange.Refused() {
		e.tally = j.tallies.session(e.Exchange.Session)
		e.tally.count(&e.Exchange, j.redactor.Load())
	}
	if j.Kept() {
		e.kept = keep(&e.Exchange, e.Stream, e.tally)
		if j.sharing != nil {
			j.sharing.enter(e.kept, e.Exchange.Session)
		} else {
			j.ring.add(e.kept)
		}
	}
	if j.sharing != nil || j.tallies.collected.Load() && e.tally != &j.refused {
		j.counted.Add(1)
	}
}

// Counted tells how many requests were entered of which other replicas are told: of all
// where entries are shared, also those that there was no room for; else, since Take was
// first called, of those that count for verdicts.
func (j *Journal) Counted() uint64 { return j.counted.Load() }

// Settle makes texts of everything in the entries that refers to contracts and
// scenarios, so that those that are no longer served do not stay in memory. It is to
// be called after a reload.
func (j *Journal) Settle() {
	redactor := j.redactor.Load()
	for k := range j.entries() {
		if s := k.settled(redactor); s != nil {
			j.ring.replace(k, s)
		}
	}
}

// Activated notes scenarios whose stubs are meant to answer in a session, "" for
// requests without one. The verdict tells of those that never did.
func (j *Journal) Activated(session string, scenarios ...string) {
	if len(scenarios) > 0 {
		j.tallies.session(session).activate(scenarios)
	}
}

// Forget takes out all that this replica knows of sessions, "" for requests without one,
// as if they had not begun: entries, counts and activated scenarios.
func (j *Journal) Forget(sessions ...string) {
	gone := make(map[string]bool, len(sessions))
	for _, session := range sessions {
		gone[session] = true
		j.tallies.forget(session)
		if j.sharing != nil {
			j.sharing.tell(item{kind: itemForgotten, of: session, own: true})
		}
	}
	for k := range j.entries() {
		if _, session := k.head(); gone[session] {
			j.ring.remove(k)
		}
	}
}

// maxReadWait bounds the wait of a reader for entries whose answer is being sent at
// that moment.
const maxReadWait = 100 * time.Millisecond

// patience is how long one reader may still wait. The zero value has waited for
// nothing yet.
type patience struct{ deadline time.Time }

// await waits for the end of an entry whose last bytes are under way.
func (k *kept) await(p *patience) {
	for k.now() == closing {
		now := time.Now()
		if p.deadline.IsZero() {
			p.deadline = now.Add(maxReadWait)
		}
		if !now.Before(p.deadline) {
			return
		}
		time.Sleep(maxReadWait / 100)
	}
}

// entries gives all entries of the ring, the newest first, as far as they have come.
func (j *Journal) entries() iter.Seq[*kept] {
	if j.ring == nil {
		return func(func(*kept) bool) {}
	}
	return j.ring.newest(0)
}

// sharedSession is where requests count that belong to no session.
const sharedSession = ""
