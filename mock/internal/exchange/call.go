package exchange

import (
	"net/http"
	"time"
)

// Call is a request that the API makes by itself when its answer was sent: a callback
// or a webhook. It is data: only the HTTP adapter sends it.
type Call struct {
	// Kind is "callback" or "webhook", Name what the description calls it.
	Kind, Name string
	// Method is in capitals, URL absolute.
	Method, URL string
	// Header and Body are shared and read-only.
	Header http.Header
	Body   []byte
	// After is the wait behind the answer.
	After time.Duration
	// Held is what of Exchange.Held the call takes until it was sent, in bytes.
	Held int64
	// Refused says why the call is not sent, "" for one that is.
	Refused string
	// Shown is what logs tell of URL and Refused: the same without the request's secrets.
	Shown struct{ URL, Refused string }
}

// String is the call as people read it.
func (c *Call) String() string {
	text := c.Kind + " " + c.Name
	if c.Refused != "" {
		return text + " not sent: " + c.Refused
	}
	text += ": " + c.Method + " " + c.URL
	if c.After > 0 {
		text += " after " + c.After.String()
	}
	return text
}
