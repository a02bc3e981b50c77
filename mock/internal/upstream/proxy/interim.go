package proxy

import (
	"context"
	"fmt"
	"net/http/httptrace"
	"net/textproto"
)

// maxInterim bounds the informational answers (RFC 9110 section 15.2) to one request. Each
// is passed on, and a real API may send them without ever sending the answer.
const maxInterim = 100

// interim ends a request whose real API sends too many informational answers.
func (t *trip) interim(ctx context.Context) context.Context {
	n := 0
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error {
		if n++; n > maxInterim {
			return fmt.Errorf("it sends more than %d informational answers", maxInterim)
		}
		return nil
	}})
}
