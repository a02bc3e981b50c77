package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// events sends what happens as an event stream, everything or what happens in a session.
func (h *Handler) events(c *call) (any, error) {
	var heard *uint64
	if id := c.Header.Get("Last-Event-ID"); id != "" {
		number := h.heard(id)
		heard = &number
	}
	l, ended, leave, ok := h.happenings.listen(c.session(), heard)
	if !ok {
		return nil, &exchange.Problem{Code: exchange.ProblemListeners, Status: http.StatusServiceUnavailable, Detail: fmt.Sprintf("%d clients listen already, to everything or to sessions.", maxListeners)}
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
	defer func() { _ = out.SetWriteDeadline(time.Time{}) }() // the connection may go on
	if !send(": listening\n\n") || l.gap && !send("event: lost\ndata: {}\n\n") {
		return
	}
	if l.before > 0 && !send(lost(l.before)) {
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
			if alive = send(": alive\n\n"); alive {
				if n := h.happenings.lostBy(l); n > 0 {
					alive = send(lost(n))
				}
			}
		case e := <-l.queue:
			if e.lost > 0 {
				alive = send(lost(e.lost))
			}
			alive = alive && send(fmt.Sprintf("id: %s-%d\nevent: %s\ndata: %s\n\n", h.run, e.number, e.kind, e.data))
		}
		if !alive {
			return
		}
	}
}

// lost tells a listener how many events he does not get.
func lost(count uint64) string { return fmt.Sprintf("event: lost\ndata: {\"count\":%d}\n\n", count) }
