package mock

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// wait gives false when the client has gone before the time was over.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// write sends the answer.
func (m *Mock) write(w http.ResponseWriter, r *http.Request, ex *exchange.Exchange) {
	a := &ex.Answer
	m.writeHeader(w, r, ex)
	switch {
	case exchange.Bodiless(a.Status) || r.Method == http.MethodHead:
	case a.Pieces != nil:
		writePieces(r.Context(), w, a.Pieces)
	case len(a.Body) > 0:
		_, _ = w.Write(a.Body) // an error means that the client has gone
	}
}

// writePieces sends a body piece by piece, until the client has gone. Where w cannot
// flush, the pieces are waited for all the same.
func writePieces(ctx context.Context, w http.ResponseWriter, pieces []exchange.Piece) {
	flusher := http.NewResponseController(w)
	_ = flusher.Flush() // the header does not wait for the first piece
	for _, piece := range pieces {
		if !wait(ctx, piece.Wait) {
			return
		}
		if _, err := w.Write(piece.Data); err != nil {
			return
		}
		_ = flusher.Flush() // if the client has gone, the next Write says so
	}
}

// writeHeader sends the status and the header.
func (m *Mock) writeHeader(w http.ResponseWriter, r *http.Request, ex *exchange.Exchange) {
	a, h := &ex.Answer, w.Header()
	for name, lines := range a.Header {
		h[name] = lines
	}
	h["Understudy-Request-Id"] = []string{ex.ID}
	if ex.Session != "" {
		h[exchange.SessionHeader] = []string{ex.Session}
		keepInSession(h, &ex.Request)
	}
	if exchange.AnnouncesLength(a.Status) && !a.Unsized {
		h["Content-Length"] = []string{strconv.Itoa(len(a.Body))}
	}
	if len(a.Body) == 0 && h["Content-Type"] == nil {
		h["Content-Type"] = nil // keeps net/http from guessing one
	}
	m.allowOrigin(h, r)
	w.WriteHeader(a.Status)
}
