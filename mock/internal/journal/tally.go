package journal

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

const (
	// MaxSessions bounds the sessions that are counted at one time. Beyond it those
	// that were used the longest ago are given up.
	MaxSessions = 10_000
	// MaxExamples bounds the requests that are noted for each flaw of a session, and
	// maxAllExamples those of all sessions.
	MaxExamples    = 10
	maxAllExamples = 10_000
)

// tallies are the counts of all sessions. They do not depend on what the ring keeps.
type tallies struct {
	shared   atomic.Pointer[tally] // of requests without a session
	sessions sync.Map              // id → *tally

	mu       sync.Mutex // guards making and giving up of tallies, and count, givenUp and left
	count    int
	givenUp  bool
	left     []Part // of sessions that were given up, until it is taken
	examples atomic.Int64

	collected atomic.Bool // Take is called
}

// tally is the counts of one session.
type tally struct {
	requests atomic.Uint64
	flaws    [len(flaws)]atomic.Uint64
	used     sync.Map     // Stub.Key of those that have answered
	touched  atomic.Int64 // when the newest request arrived, in nanoseconds of Unix time
	changed  atomic.Bool  // something was counted since it was last taken

	lost losses

	full [len(flaws)]atomic.Bool // there is no room for examples; requests of many processors meet here

	mu        sync.Mutex // guards the fields below
	examples  [len(flaws)][]Example
	activated []string // scenarios that were active in the session at some time
	ended     bool     // the session is not counted any more
	all       *tallies
}

// Example is a request that stands for others of its kind.
type Example struct {
	// ID is the request's, by which it can be asked for as long as it is kept.
	ID     string `json:"id"`
	Method string `json:"method"`
	// Path is without the query.
	Path      string `json:"path"`
	Operation string `json:"operation,omitempty"`
	// Why says in a line what is wrong with it.
	Why string `json:"why"`
}

func newTally(all *tallies) *tally {
	t := &tally{all: all}
	t.touched.Store(time.Now().UnixNano())
	return t
}

// session gives a session's tally, made when there is none.
func (t *tallies) session(id string) *tally {
	if known := t.find(id); known != nil {
		return known
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.find(id); known != nil {
		return known
	}
	made := newTally(t)
	if id == sharedSession {
		t.shared.Store(made)
		return made
	}
	if t.count >= MaxSessions {
		t.giveUpLocked(MaxSessions / 100)
	}
	t.sessions.Store(id, made)
	t.count++
	return made
}

// find gives a session's tally, nil where it has none.
func (t *tallies) find(id string) *tally {
	if id == sharedSession {
		return t.shared.Load()
	}
	if known, ok := t.sessions.Load(id); ok {
		return known.(*tally)
	}
	return nil
}

// giveUpLocked forgets the n sessions that were used the longest ago.
func (t *tallies) giveUpLocked(n int) {
	type used struct {
		id any
		at int64
	}
	var all []used
	for id, known := range t.sessions.Range {
		all = append(all, used{id, known.(*tally).touched.Load()})
	}
	slices.SortFunc(all, func(a, b used) int { return int(min(1, max(-1, a.at-b.at))) })
	for _, u := range all[:min(n, len(all))] {
		if known, ok := t.sessions.LoadAndDelete(u.id); ok {
			t.leaveLocked(u.id.(string), known.(*tally))
			known.(*tally).end()
			t.count--
		}
	}
}

// haveGivenUp tells whether sessions have been given up.
func (t *tallies) haveGivenUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.givenUp
}

// lacks says why a session may have been given up, "" where none was.
func (t *tallies) lacks() string {
	if !t.haveGivenUp() {
		return ""
	}
	return fmt.Sprintf("of more than %d sessions those that were used the longest ago are not counted any more, and this may be one of them", MaxSessions)
}

// forget begins the count of a session anew.
func (t *tallies) forget(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.find(id)
	if known == nil {
		return
	}
	known.end()
	if id == sharedSession {
		t.shared.Store(nil)
		return
	}
	t.sessions.Delete(id)
	t.count--
}

// count adds a request.
func (t *tally) count(ex *exchange.Exchange, redactor *Redactor) {
	t.requests.Add(1)
	t.touched.Store(ex.Time.UnixNano())
	if key := ex.Decision.StubKey; key != nil {
		if _, known := t.used.Load(key); !known {
			t.used.Store(key, struct{}{})
		}
	}
	if flaw := flawOf(ex); flaw != flawless {
		t.flaws[flaw].Add(1)
		t.note(flaw, ex, redactor)
	}
	t.change()
}

// change writes only where it changes something: requests meet here.
func (t *tally) change() {
	if !t.changed.Load() {
		t.changed.Store(true)
	}
}

// countLate adds the flaw of a request whose answer was found wrong when it was over. A
// request has one flaw at most.
func (t *tally) countLate(ex *exchange.Exchange, found []exchange.Violation, redactor *Redactor) {
	if flawOf(ex) != flawless {
		return
	}
	t.flaws[failed].Add(1)
	c := exchange.Exchange{ID: ex.ID, Request: ex.Request, Operation: ex.Operation, Parameters: ex.Parameters, Body: ex.Body}
	c.Answer.Header, c.Answer.Violations = ex.Answer.Header, found
	t.note(failed, &c, redactor)
	t.change()
}

// note keeps a request as an example of its flaw while there is room.
func (t *tally) note(flaw flaw, ex *exchange.Exchange, redactor *Redactor) {
	if t.full[flaw].Load() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended || len(t.examples[flaw]) >= MaxExamples || t.all.examples.Load() >= maxAllExamples {
		return
	}
	t.all.examples.Add(1)
	secrets := redactor.Of(ex)
	t.examples[flaw] = append(t.examples[flaw], Example{
		ID: ex.ID, Method: shorten(ex.Request.Method), Path: shorten(secrets.Path(ex.Request.Path)), Operation: ex.Operation, Why: shorten(flaw.why(ex, secrets)),
	})
	t.full[flaw].Store(len(t.examples[flaw]) == MaxExamples)
}

// end gives back what is bounded for all sessions together.
func (t *tally) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = true
	t.dropExamplesLocked()
}

func (t *tally) dropExamplesLocked() {
	for i := range t.examples {
		t.all.examples.Add(int64(-len(t.examples[i])))
		t.examples[i] = nil
		t.full[i].Store(false)
	}
}

// activate notes scenarios whose stubs are meant to answer in the session.
func (t *tally) activate(names []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range names {
		if !slices.Contains(t.activated, name) {
			t.activated = append(t.activated, name)
		}
	}
	t.changed.Store(true)
}

// maxExampleText bounds each text of an example, in bytes.
const maxExampleText = 200

// shorten cuts a text. What it gives is no part of the text, which may be as long as a
// request's line and would be kept with it.
func shorten(text string) string { return strings.Clone(source.Cut(text, maxExampleText)) }
