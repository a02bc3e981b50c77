package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Limits on listeners.
const (
	// maxListeners bounds those who listen at one time.
	maxListeners = 100
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
	// until is when events need no longer be told, in Unix nanoseconds.
	until atomic.Int64

	mu        sync.Mutex // guards the fields below
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
	lost    atomic.Uint64 // since the last one that was queued
}

// hears tells whether an event is for the listener.
func (l *listener) hears(e *event) bool { return l.session == "" || l.session == e.session }

// tell queues an event, with the number of those that were lost before it.
func (l *listener) tell(next event) {
	next.lost = l.lost.Load()
	select {
	case l.queue <- next:
		l.lost.Store(0)
	default:
		l.lost.Add(1)
	}
}

// Wanted tells whether somebody listens, or may come back. now is the current time.
func (e *Events) Wanted(now time.Time) bool { return now.UnixNano() < e.until.Load() }

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
	e.mu.Lock()
	defer e.mu.Unlock()
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

// listen adds a listener, with what has happened behind an event that he has heard; ok
// is false where there is no room. leave is to be called at the end.
func (e *Events) listen(session string, heard uint64) (l *listener, ended <-chan struct{}, leave func(), ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.listeners) >= maxListeners {
		return nil, nil, nil, false
	}
	if e.listeners == nil {
		e.listeners = map[*listener]struct{}{}
	}
	l = &listener{session: session, queue: make(chan event, maxQueue)}
	for _, past := range e.recent {
		if heard > 0 && past.number > heard && l.hears(&past) {
			l.queue <- past // there is room for all that are kept
		}
	}
	e.listeners[l] = struct{}{}
	e.until.Store(1<<63 - 1)
	return l, e.endedLocked(), func() { e.leave(l) }, true
}

func (e *Events) leave(l *listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.listeners, l)
	if len(e.listeners) == 0 {
		e.until.Store(time.Now().Add(recallFor).UnixNano())
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

// events sends what happens as an event stream, everything or what happens in a session.
func (h *Handler) events(c *call) (any, error) {
	heard := h.heard(c.Header.Get("Last-Event-ID"))
	l, ended, leave, ok := h.happenings.listen(c.session(), heard)
	if !ok {
		return nil, &exchange.Problem{Code: exchange.ProblemListeners, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("%d clients listen already.", maxListeners)}
	}
	return &reply{stream: func(w http.ResponseWriter) {
		defer leave()
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		if c.Method != http.MethodHead {
			h.stream(c, w, l, ended)
		}
	}}, nil
}

// heard reads the number of an event that a listener has heard, 0 for none of this run.
func (h *Handler) heard(id string) uint64 {
	text, ok := strings.CutPrefix(id, h.run+"-")
	if !ok {
		return 0
	}
	n, _ := strconv.ParseUint(text, 10, 64) // 0 for what is none
	return n
}

func (h *Handler) stream(c *call, w http.ResponseWriter, l *listener, ended <-chan struct{}) {
	out := http.NewResponseController(w)
	send := func(text string) bool {
		_ = out.SetWriteDeadline(time.Now().Add(stalled)) // where w has none, it does not stall
		if _, err := w.Write([]byte(text)); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !send(": listening\n\n") {
		return
	}
	beats := time.NewTicker(beat)
	defer beats.Stop()
	for {
		alive := true
		select {
		case <-c.Context().Done():
			return
		case <-ended:
			return
		case <-beats.C:
			alive = send(": alive\n\n")
		case e := <-l.queue:
			if e.lost > 0 {
				alive = send(fmt.Sprintf("event: lost\ndata: {\"count\":%d}\n\n", e.lost))
			}
			alive = alive && send(fmt.Sprintf("id: %s-%d\nevent: %s\ndata: %s\n\n", h.run, e.number, e.kind, e.data))
		}
		if !alive {
			return
		}
	}
}

// Exchanged is what listeners are told of an answered request. The journal has the
// rest.
type Exchanged struct {
	ID        string        `json:"id"`
	Session   string        `json:"session,omitempty"`
	Method    string        `json:"method"`
	Path      string        `json:"path"`
	Operation string        `json:"operation,omitempty"`
	Status    int           `json:"status"`
	Valid     bool          `json:"valid"`
	Step      exchange.Step `json:"step"`
	Scenario  string        `json:"scenario,omitempty"`
	Stub      string        `json:"stub,omitempty"`
	Problem   string        `json:"problem,omitempty"`
	// AnswerBreaks counts the breaches of the real API's answer.
	AnswerBreaks int    `json:"answerBreaks,omitempty"`
	Fault        string `json:"fault,omitempty"`
}

// TellExchange tells listeners of an exchange that was decided.
func (e *Events) TellExchange(ex *exchange.Exchange) {
	told := Exchanged{
		ID: ex.ID, Session: ex.Session, Method: ex.Request.Method, Path: ex.Request.Path, Operation: ex.Operation,
		Status: ex.Answer.Status, Valid: ex.Operation != "" && len(ex.Violations) == 0, Step: ex.Decision.Step,
		Scenario: ex.Decision.Scenario, Stub: ex.Decision.Stub, Fault: string(ex.Answer.Fault),
		AnswerBreaks: len(ex.Answer.Violations),
	}
	if ex.Answer.Problem != nil {
		told.Problem = string(ex.Answer.Problem.Code)
	}
	e.Tell("exchange", ex.Session, told)
}
