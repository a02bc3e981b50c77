package proxy

import (
	"errors"
	"io"
	"net/http"
)

// noTrailers are the fields that must not stand behind a body (RFC 9110 section 6.5.1):
// they tell where a message goes, how it is read, or who sends it, and whoever takes
// trailers for headers would read it in another way than we did.
var noTrailers = map[string]bool{
	"Authorization": true, "Cache-Control": true, "Connection": true, "Content-Encoding": true, "Content-Length": true,
	"Content-Range": true, "Content-Type": true, "Cookie": true, "Expect": true, "Host": true, "Keep-Alive": true,
	"Max-Forwards": true, "Proxy-Authenticate": true, "Proxy-Authorization": true, "Proxy-Connection": true, "Range": true,
	"Set-Cookie": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true, "Www-Authenticate": true,
}

// passableTrailers gives the trailers without those that must not be.
func passableTrailers(trailer http.Header) http.Header {
	var left http.Header
	for name, lines := range trailer {
		if noTrailers[name] {
			continue
		}
		if left == nil {
			left = http.Header{}
		}
		left[name] = lines
	}
	return left
}

// trailing is the body of an answer, behind which stand trailers.
type trailing struct {
	io.ReadCloser
	res *http.Response
}

func (b *trailing) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.res.Trailer = passableTrailers(b.res.Trailer)
	}
	return n, err
}
