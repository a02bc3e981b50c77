package upstream

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Decode takes the content codings off a body (RFC 9110 section 8.4), of which at most
// limit bytes are read. reason says why that cannot be done, "" where it was.
func Decode(h http.Header, data []byte, limit int64) (plain []byte, reason string) {
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
