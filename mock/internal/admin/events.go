package admin

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"
)

// Limits on listeners.
const (
	// maxListeners bounds those who listen at one time to everything, and those who listen
	// to sessions: whoever knows a session must not keep others out.
	maxListeners = 100
	// maxEvent bounds the data of an event, in bytes. A larger one is told without.
	maxEvent = 64 << 10
	// maxPath and maxMethod bound what an event says of a request, in bytes.
	maxPath, maxMethod = 1000, 50
	// maxQueue bounds the events that wait for a listener. Further ones are lost to him,
	// and he is told how many.
	maxQueue = 256
	// maxRecent bounds the events that are kept for listeners who come back.
	maxRecent = 256
	// recallFor is how long events go on being kept behind the last listener.
	recallFor = 30 * time.Second
	// beat is the time after which a listener gets a sign of life.
	beat = 15 * time.Second
	// stalled is the time after which a listener who takes nothing is given up.
	stalled = 10 * time.Second
)

// Events tells listeners what happens. While nobody listens, it costs one comparison.
// It is safe for concurrent use.
type Events struct {
	// until is when events need no longer be told: nil for never, the zero Time while
	// somebody listens.
	until atomic.Pointer[time.Time]
	// unheard is set when something has happened and nobody wanted to know.
	unheard atomic.Bool

	mu        sync.Mutex // guards the fields below, and lost of listeners
	silence   uint64     // the last event before something was unheard, where silent
	silent    bool
	last      uint64
	recent    []event // oldest first
	listeners map[*listener]struct{}
	ended     chan struct{} // closed by End
}

// event is something that has happened.
type event struct {
	number  uint64
	kind    string
	session string // "" for what concerns everybody
	data    []byte
	lost    uint64 // events before it that the listener does not get
}

// listener is one who listens.
type listener struct {
	session string // "" for one who hears everything
	queue   chan event
	lost    uint64 // since the last one that was queued
	// before is what he has missed before he came, and gap tells that it cannot be counted.
	before uint64
	gap    bool
}

// hears tells whether an event is for the listener.
func (l *listener) hears(e *event) bool { return l.session == "" || l.session == e.session }

// tell queues an event, with the number of those that were lost before it.
func (l *listener) tell(next event) {
	next.lost = l.lost
	select {
	case l.queue <- next:
		l.lost = 0
	default:
		l.lost++
	}
}

// lostBy takes how many a listener has lost who has heard all others, so that he is told
// also where nothing more happens.
func (e *Events) lostBy(l *listener) uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(l.queue) > 0 {
		return 0 // the next one will say it
	}
	lost := l.lost
	l.lost = 0
	return lost
}

// Wanted tells whether somebody listens, or may come back. now is the current time. It is
// to be asked when something has happened.
func (e *Events) Wanted(now time.Time) bool {
	until := e.until.Load()
	wanted := until != nil && (until.IsZero() || now.Before(*until))
	if !wanted && !e.unheard.Load() {
		e.unheard.Store(true)
	}
	return wanted
}

// noteSilenceLocked keeps in mind that something was unheard behind the last event.
func (e *Events) noteSilenceLocked() {
	if e.unheard.Swap(false) {
		e.silent, e.silence = true, e.last
	}
}

// Tell tells listeners what has happened: value as JSON, which is made only for them.
// session is "" for what concerns everybody.
func (e *Events) Tell(kind, session string, value any) {
	if !e.Wanted(time.Now()) {
		return
	}
	data, err := json.Marshal(value)
	if err != nil {
		return // what is told here always has a form in JSON
	}
	if len(data) > maxEvent {
		data = []byte("{}")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.noteSilenceLocked()
	e.last++
	next := event{number: e.last, kind: kind, session: session, data: data}
	if len(e.recent) >= maxRecent {
		e.recent = append(e.recent[:0], e.recent[1:]...)
	}
	e.recent = append(e.recent, next)
	for l := range e.listeners {
		if !l.hears(&next) {
			continue
		}
		l.tell(next)
	}
}

// listen adds a listener, with what has happened behind an event that he has heard, nil
// for one who asks for nothing past; ok is false where there is no room. leave is to be
// called at the end.
func (e *Events) listen(session string, heard *uint64) (l *listener, ended <-chan struct{}, leave func(), ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	others := 0
	for other := range e.listeners {
		if (other.session == "") == (session == "") {
			others++
		}
	}
	if others >= maxListeners {
		return nil, nil, nil, false
	}
	e.noteSilenceLocked()
	if e.listeners == nil {
		e.listeners = map[*listener]struct{}{}
	}
	l = &listener{session: session, queue: make(chan event, maxQueue)}
	if heard != nil {
		e.recallLocked(l, *heard)
	}
	e.listeners[l] = struct{}{}
	e.until.Store(new(time.Time))
	return l, e.endedLocked(), func() { e.leave(l) }, true
}

// recallLocked queues what has happened behind an event, 0 for one of another run, as far
// as it is still known.
func (e *Events) recallLocked(l *listener, heard uint64) {
	l.gap = heard == 0 || e.silent && heard <= e.silence
	for _, past := range e.recent {
		if past.number > heard && heard > 0 && l.hears(&past) {
			l.queue <- past // there is room for all that are kept
		}
	}
	switch {
	case l.gap || len(e.recent) == 0 || e.recent[0].number <= heard+1:
	case l.session != "": // how many of them were the session's is not known any more
		l.gap = true
	default:
		l.before = e.recent[0].number - heard - 1
	}
}

func (e *Events) leave(l *listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.listeners, l)
	if len(e.listeners) == 0 {
		until := time.Now().Add(recallFor)
		e.until.Store(&until)
	}
}

func (e *Events) endedLocked() chan struct{} {
	if e.ended == nil {
		e.ended = make(chan struct{})
	}
	return e.ended
}

// End sends all listeners away. Those who come later can listen again.
func (e *Events) End() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.endedLocked())
	e.ended = nil
}
