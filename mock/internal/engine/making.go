package engine

import (
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
)

// What expressions make, and bodies that are generated for one request, take memory by
// what a request says, and are held for as long as their client takes to read them. So few
// are made at one time, and what is made is counted before anything is committed.

// maxMaking bounds the answers that are made at one time, in which expressions or a
// generator may have a part.
const maxMaking = 8

// mayMake tells whether anything of the answer may be made for this request alone.
func (h *handling) mayMake() bool {
	if h.opts.Dynamic || h.ex.Prefer.Dynamic != "" || h.ex.Prefer.Seed != "" {
		return true
	}
	for _, l := range h.facts.layers {
		for _, stub := range l.stubs {
			if stub.Computes() {
				return true
			}
		}
	}
	return false
}

// occupy waits for one of the places in which answers are made, unless the request has one,
// and gives false for a client that has gone meanwhile. Each occupy is followed by a vacate.
func (h *handling) occupy() bool {
	if !h.making {
		h.making = h.slots.acquire(h.ctx)
	}
	return h.making
}

// vacate gives the place back, if the request has one.
func (h *handling) vacate() {
	if h.making {
		h.making = false
		h.slots.release()
	}
}

// hold takes room for what was made for this request alone, in place of what an answer that
// lost a race has taken.
func (h *handling) hold() *exchange.Problem {
	if h.opts.Room == nil {
		return nil
	}
	more := h.made - h.ex.Held
	if more != 0 && !h.opts.Room(more) {
		return noRoom()
	}
	h.ex.Held = h.made
	return nil
}

func noRoom() *exchange.Problem {
	return &exchange.Problem{Code: exchange.ProblemInFlight, Status: http.StatusServiceUnavailable, Detail: "The answers that were made for the requests under way take as much room as they may. Send the request again in a moment."}
}

// noteMade counts what a stub has made.
func (h *handling) noteMade(out *scenario.Outcome) {
	if !out.Static {
		h.made += int64(len(out.Body)) + sizeOf(out.Header)
	}
	for i := range out.Calls {
		if call := &out.Calls[i]; !call.Static {
			h.made += sizeOfCall(call)
		}
	}
}

func sizeOfCall(c *scenario.Call) int64 { return int64(len(c.Body)) + sizeOf(c.Header) }

func sizeOf(header http.Header) (n int64) {
	for name, lines := range header {
		for _, line := range lines {
			n += int64(len(name) + len(line))
		}
	}
	return n
}
