package proxy

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
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

// decode takes the content codings off a body (RFC 9110 section 8.4). reason says why that
// cannot be done, "" where it was.
func decode(h http.Header, data []byte, limit int64) (plain []byte, reason string) {
	if len(data) == 0 {
		return data, ""
	}
	codings := strings.Split(strings.Join(h["Content-Encoding"], ","), ",")
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
			data, err = io.ReadAll(io.LimitReader(r, limit+1))
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
