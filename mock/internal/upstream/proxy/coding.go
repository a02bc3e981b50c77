package proxy

import (
	"io"
	"strconv"
	"strings"
	"sync"
)

// readable leaves of an Accept-Encoding (RFC 9110 section 12.5.3) what can be read here.
func readable(lines []string) string {
	var kept []string
	for part := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		switch name {
		case "*":
			name = "gzip" // any: one that can be read
		case "gzip", "x-gzip", "deflate", "identity":
		default:
			continue
		}
		if weight, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			if q, err := strconv.ParseFloat(weight, 64); err == nil && q == 0 && name == "gzip" && strings.Contains(part, "*") {
				continue // what is not named is not wanted, which goes without saying
			}
			name += ";q=" + weight
		}
		kept = append(kept, name)
	}
	if len(kept) == 0 {
		return "identity"
	}
	return strings.Join(kept, ", ")
}

// buffers are those through which bodies pass.
var buffers bufferPool

type bufferPool struct{ pool sync.Pool }

// Get implements httputil.BufferPool.
func (b *bufferPool) Get() []byte {
	if known, ok := b.pool.Get().(*[]byte); ok {
		return *known
	}
	return make([]byte, chunk)
}

// Put implements httputil.BufferPool.
func (b *bufferPool) Put(p []byte) { b.pool.Put(&p) }

// counted counts what is read, and keeps the error that ended it.
type counted struct {
	io.Reader
	n      int64
	err    error  // nil before the end, and for io.EOF
	length int64  // how much there is to read, -1 where that is not known
	last   func() // called when all of it was read; nil for nothing
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	if c.last != nil && n > 0 && c.n == c.length {
		c.last()
	}
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// closing reads from one and closes the other.
type closing struct {
	io.Reader
	io.Closer
}
