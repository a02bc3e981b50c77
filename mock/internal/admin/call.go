package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
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

// maxBody bounds the body of a request, in bytes, where it is no scenario.
const maxBody = 1 << 20

// read reads the body, JSON or YAML, into value; an absent body leaves it. Members that
// value does not have are refused.
func (c *call) read(value any) error {
	data, err := c.readBody(maxBody)
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return err
	}
	root, found := source.Parse(&source.File{Name: "body", Data: data}, source.Options{})
	if err := found.Err(); err != nil {
		return invalid("The body cannot be read: %s", found[0].Error())
	}
	if !root.Is(source.Object) {
		return invalid("The body must be an object.")
	}
	decoder := json.NewDecoder(bytes.NewReader(root.AppendJSON(nil)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return invalid("The body cannot be used: %s.", explainJSON(err))
	}
	return nil
}

// explainJSON says what is wrong with a body in the words of those who wrote it.
func explainJSON(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return wrong.Field + " must be of another type than " + wrong.Value
	}
	return trimJSON(err.Error())
}

// readBody reads the body whole, up to limit bytes.
func (c *call) readBody(limit int64) ([]byte, error) {
	if c.Body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(http.MaxBytesReader(nil, c.Body, limit))
	var large *http.MaxBytesError
	var full *exchange.Problem
	switch {
	case errors.As(err, &full): // there is no room for the body
		return nil, full
	case errors.As(err, &large):
		return nil, &exchange.Problem{Code: exchange.ProblemTooLarge, Status: http.StatusRequestEntityTooLarge, Detail: sizeDetail(limit)}
	case err != nil:
		return nil, &exchange.Problem{Code: exchange.ProblemBodyUnreadable, Status: http.StatusBadRequest, Detail: "The request body could not be read: " + err.Error() + "."}
	}
	return data, nil
}

// session is the session that the path names, "" for everybody.
func (c *call) session() string { return c.vars["session"] }
