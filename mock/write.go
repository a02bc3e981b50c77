package mock

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// wait waits until the time is over or hurried is closed, and gives false where the client
// has gone before.
func wait(ctx context.Context, hurried <-chan struct{}, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-hurried:
		return true
	case <-ctx.Done():
		return false
	}
}

// complete adds the headers that every answer has.
func (m *Mock) complete(r *http.Request, ex *exchange.Exchange) {
	a := &ex.Answer
	a.SetHeader("Understudy-Request-Id", ex.ID)
	if ex.Session != "" {
		a.SetHeader(exchange.SessionHeader, ex.Session)
		ex.KeepInSession()
	}
	passed := ex.Decision.Step == exchange.StepUpstream && a.Problem == nil // it has its own length
	if a.Fault == "" && exchange.AnnouncesLength(a.Status) && !a.Unsized && !passed {
		a.SetHeader("Content-Length", strconv.Itoa(len(a.Body)))
	}
	m.admitCalls(a.Header, ex)
	m.allowOrigin(a.Header, r)
}

// writeAnswer sends the answer and completes the entry.
func writeAnswer(w http.ResponseWriter, r *http.Request, entry *journal.Entry, a *exchange.Answer, hurried <-chan struct{}) {
	hasBody := len(a.Body) > 0 && !exchange.Bodiless(a.Status) && r.Method != http.MethodHead
	inPieces := hasBody && a.Pieces != nil
	entry.Begin(!inPieces)
	writeHeader(w, a)
	sent, ok := 0, true
	switch {
	case inPieces:
		sent, ok = writePieces(r.Context(), w, entry, a.Pieces, hurried)
	case hasBody:
		var err error
		sent, err = w.Write(a.Body)
		ok = err == nil
	}
	outcome := journal.OutcomeSent
	if !ok {
		outcome = journal.OutcomeCut // an error means that the client has gone
	}
	entry.End(outcome, sent, nil)
	if !ok {
		cut(w)
	}
}

// writePieces sends a body piece by piece, until the client has gone, and tells how
// many bytes were sent and whether that was all. Where w cannot flush, the pieces are
// waited for all the same.
func writePieces(ctx context.Context, w http.ResponseWriter, entry *journal.Entry, pieces []exchange.Piece, hurried <-chan struct{}) (sent int, ok bool) {
	flusher := http.NewResponseController(w)
	_ = flusher.Flush() // the header does not wait for the first piece
	for i, piece := range pieces {
		if !wait(ctx, hurried, piece.Wait) {
			return sent, false
		}
		if i == len(pieces)-1 {
			entry.Closing()
		}
		n, err := w.Write(piece.Data)
		if sent += n; err != nil {
			return sent, false
		}
		_ = flusher.Flush() // if the client has gone, the next Write says so
	}
	return sent, true
}

// writeHeader sends the status and the header.
func writeHeader(w http.ResponseWriter, a *exchange.Answer) {
	h := w.Header()
	for name, lines := range a.Header {
		h[name] = lines
	}
	if len(a.Body) == 0 && h["Content-Type"] == nil {
		h["Content-Type"] = nil // keeps net/http from guessing one
	}
	w.WriteHeader(a.Status)
}
