package engine

// A body of small values takes thirty times its length once it is taken apart. So of large
// ones few are judged at one time, and what was read of their JSON is forgotten with the
// decision: whoever asks again reads again.
const (
	// maxPlain is the length up to which a body waits for no other, in bytes.
	maxPlain = 1 << 20
	// maxLarge bounds the requests with larger bodies that are decided at one time.
	maxLarge = 2
)

// weigh waits until what a large body says may be looked at, and gives false for a client
// that has gone meanwhile. A body that is not large waits for none. Each weigh is followed by
// an unweigh.
//
// What is done between the two takes as long as the body makes it, which includes reading
// one that is stored in a file. Nothing there waits for the store: others with large bodies
// are not to wait for a server that does not answer.
func (h *handling) weigh() bool {
	if h.ex.Request.BodySize() <= maxPlain {
		return true
	}
	h.weighing = h.large.acquire(h.ctx)
	return h.weighing
}

// unweigh forgets what was read of a large body, and lets others go on.
func (h *handling) unweigh() {
	if h.weighing {
		h.weighing = false
		h.ex.Body.Forget()
		h.large.release()
	}
}
