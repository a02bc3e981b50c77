package exchange

import (
	"bytes"
	"io"
)

// Stored is a body that is kept outside of memory, in a temporary file. It can be read
// until the exchange is entered in the journal, by any number of goroutines.
type Stored interface {
	io.ReaderAt
	// Size is the length of the whole body in bytes.
	Size() int64
}

// ForgetBody lets go of what the request's body takes in memory, and of what was read of
// it. Whoever needs some of it has taken it down.
func (ex *Exchange) ForgetBody() {
	ex.Request.Body, ex.Request.Stored, ex.Body = nil, nil, Content{}
}

// BodySize is the length of the whole body in bytes, 0 for none.
func (r *Request) BodySize() int64 {
	if r.Stored != nil {
		return r.Stored.Size()
	}
	return int64(len(r.Body))
}

// OpenBody gives the whole body as it was sent, from its beginning. It may be opened
// several times, and is the only way to one that is not in memory. Closing it releases
// nothing; it can be read as long as Stored can.
func (r *Request) OpenBody() io.ReadCloser {
	if r.Stored != nil {
		return io.NopCloser(io.NewSectionReader(r.Stored, 0, r.Stored.Size()))
	}
	return io.NopCloser(bytes.NewReader(r.Body))
}
