package scenario

import (
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Dribble sends a body in equal pieces over a time.
type Dribble struct {
	// Chunks is the number of pieces, from 1 to maxChunks; a shorter body has one for
	// each byte.
	Chunks int
	// Over is the time from the header to the last piece.
	Over time.Duration
}

// maxChunks bounds the pieces of a body.
const maxChunks = 1000

// Cut gives the pieces of a body, nil for an empty one. Each has its wait before it,
// so that the body is complete when the time is over.
func (d *Dribble) Cut(body []byte) []exchange.Piece {
	n := min(d.Chunks, len(body))
	if n == 0 {
		return nil
	}
	pieces := make([]exchange.Piece, n)
	share := func(k int, of int64) int64 { return of * int64(k) / int64(n) }
	for i := range pieces {
		length, over := int64(len(body)), int64(d.Over)
		pieces[i].Data = body[share(i, length):share(i+1, length)]
		pieces[i].Wait = time.Duration(share(i+1, over) - share(i, over))
	}
	return pieces
}
