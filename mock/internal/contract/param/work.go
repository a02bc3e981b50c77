package param

import "sync"

// work is the memory of one decoding, borrowed for its time so that requests do
// not make it anew. Nothing of it may be part of a value or violation.
type work struct {
	sent   sent
	reader reader
}

// sent is what a request holds for a parameter.
type sent struct {
	// raws are the values under the parameter's name, pieces the items or members
	// that they split into.
	raws, pieces []string
	// members are named pieces: the name is decoded, the value is as sent. Nil as
	// long as nobody looked for them.
	members []Pair
	// count is how many values there are: of exploded styles in one text, the pieces.
	count int
	// text is the first value, decoded; textOK is false where that failed.
	text   string
	textOK bool
}

var works = sync.Pool{New: func() any { return new(work) }}

func borrow() *work { return works.Get().(*work) }

// maxKept bounds the memory that is kept for the next request, in pieces.
const maxKept = 64

func (w *work) giveBack() {
	s := &w.sent
	if cap(s.raws) > maxKept || cap(s.pieces) > maxKept {
		return
	}
	clear(s.raws)
	clear(s.pieces)
	*w = work{sent: sent{raws: s.raws[:0], pieces: s.pieces[:0]}}
	works.Put(w)
}
