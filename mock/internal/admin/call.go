package admin

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// call is one request to the control plane.
type call struct {
	*http.Request
	id   string
	vars map[string]string // of the path, decoded
	// query are the parameters of the query, each of which stands once at most.
	query map[string]string
	// token is whom the call comes from, nil for one who has shown none.
	token *Token
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// Actor says who asks for a change, for people: the name of the token, else where the
// request comes from. It gives "" for a context that is not of the control plane.
func Actor(ctx context.Context) string {
	c, ok := ctx.Value(callKey{}).(*call)
	switch {
	case !ok:
		return ""
	case c.token != nil:
		return c.token.Name
	}
	host, _, err := net.SplitHostPort(c.RemoteAddr)
	if err != nil {
		host = c.RemoteAddr
	}
	return "anonymous (" + host + ")"
}

// readBody reads the body whole, up to limit bytes.
func (c *call) readBody(limit int64) ([]byte, error) {
	if c.Body == nil {
		return nil, nil
	}
	tooLarge := &exchange.Problem{Code: exchange.ProblemTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: sizeDetail(limit)}
	if c.ContentLength > limit {
		return nil, tooLarge // there is no need to wait for it
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, c.Body, limit))
	var large *http.MaxBytesError
	var full *exchange.Problem
	switch {
	case errors.As(err, &full): // there is no room for the body
		return nil, full
	case errors.As(err, &large):
		return nil, tooLarge
	case err != nil:
		return nil, &exchange.Problem{Code: exchange.ProblemBodyUnreadable, Status: http.StatusBadRequest, Detail: "The request body could not be read: " + err.Error() + "."}
	}
	return data, nil
}

// session is the session that the path names, "" for everybody.
func (c *call) session() string { return c.vars["session"] }
