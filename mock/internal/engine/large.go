package engine

import "github.com/understudy-mock/understudy/mock/internal/exchange"

// A body of small values takes thirty times its length once it is taken apart. So of large
// ones few are judged at one time, and what was read of their JSON is forgotten with the
// decision: whoever asks again reads again.
const (
	// maxPlain is the length up to which a body waits for no other, in bytes.
	maxPlain = 1 << 20
	// maxLarge bounds the requests with larger bodies that are decided at one time.
	maxLarge = 2
)

// runLarge is run for a request with a large body.
func (h *handling) runLarge() *exchange.Problem {
	if !h.large.acquire(h.ctx) {
		return noRoom()
	}
	defer h.large.release()
	defer h.ex.Body.Forget()
	return h.run()
}
