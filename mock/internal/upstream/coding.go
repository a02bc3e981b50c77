package upstream

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Decode takes the content codings off a body (RFC 9110 section 8.4), of which at most
// limit bytes are read. reason says why that cannot be done, "" where it was.
//
// hold takes memory for what a body has become without its coding, or none and gives false
// where there is no room; a negative number gives memory back. What is given as plain stays
// taken, where it is not data itself. nil counts nothing.
func Decode(h http.Header, data []byte, limit int64, hold func(n int64) bool) (plain []byte, reason string) {
	if len(data) == 0 {
		return data, ""
	}
	memory := taken{hold: hold}
	defer func() {
		if reason != "" {
			memory.resize(0)
		}
	}()
	codings := strings.Split(strings.Join(h["Content-Encoding"], ","), ",")
	if len(codings) > maxCodings {
		return nil, fmt.Sprintf("the body of the answer has %d content codings, of which no more than %d are read", len(codings), maxCodings)
	}
	for i := len(codings) - 1; i >= 0; i-- {
		coding := strings.ToLower(strings.TrimSpace(codings[i]))
		var r io.Reader
		var err error
		switch coding {
		case "", "identity":
			continue
		case "gzip", "x-gzip":
			r, err = gzip.NewReader(bytes.NewReader(data))
		case "deflate":
			r, err = zlib.NewReader(bytes.NewReader(data))
		default:
			return nil, fmt.Sprintf("the body of the answer has the content coding %q, which is not read here", coding)
		}
		if err == nil {
			before := memory.bytes
			data, err = io.ReadAll(&holding{io.LimitReader(r, limit+1), &memory})
			memory.resize(memory.bytes - before) // what was there with the coding is not needed any more
		}
		if errors.Is(err, errNoRoom) {
			return nil, NoRoom
		}
		if err != nil {
			return nil, fmt.Sprintf("the body of the answer is not %s, as it says it is", coding)
		}
		if int64(len(data)) > limit {
			return nil, fmt.Sprintf("the body of the answer is larger than %d bytes without its content coding", limit)
		}
	}
	return data, ""
}

// maxCodings bounds the codings of one body: each of them may make as much work as the
// first.
const maxCodings = 4

// NoRoom is why a body is not checked that would take more memory than there is.
const NoRoom = "there is no room for the body of the answer at the moment"

var errNoRoom = errors.New(NoRoom)

// taken is the memory that was taken for one body.
type taken struct {
	hold  func(n int64) bool // nil counts nothing
	bytes int64
}

// resize takes or gives back what the difference is.
func (t *taken) resize(n int64) bool {
	if t.hold != nil && n != t.bytes && !t.hold(n-t.bytes) {
		return false
	}
	t.bytes = n
	return true
}

// holding takes memory for what is read.
type holding struct {
	io.Reader
	memory *taken
}

func (r *holding) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if !r.memory.resize(r.memory.bytes + int64(n)) {
		return 0, errNoRoom
	}
	return n, err
}
