package replay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// calls sends the calls of a set-up or a tear-down one after the other. The error is that
// of the first that is not answered, or by a status of 400 or more.
func (r *runner) calls(ctx context.Context, list []scenario.ProviderCall) error {
	for i := range list {
		if err := r.call(ctx, &list[i]); err != nil {
			return fmt.Errorf("%s (%s): %w", &list[i], list[i].At, err)
		}
	}
	return nil
}

func (r *runner) call(ctx context.Context, c *scenario.ProviderCall) error {
	q, err := r.callRequest(c)
	if err != nil {
		return err
	}
	a, err := r.send(ctx, q, func(status int) bool { return status < 400 })
	switch {
	case err != nil:
		return err
	case a.status >= 400:
		return errors.New(answered(a))
	}
	return nil
}

// maxAnswerText bounds what is told of the answer to a call that failed, in bytes.
const maxAnswerText = 300

func answered(a *answer) string {
	text := fmt.Sprintf("it was answered with %d %s", a.status, http.StatusText(a.status))
	if body := strings.TrimSpace(strings.ToValidUTF8(string(a.body[:min(len(a.body), 2*maxAnswerText)]), "")); body != "" {
		text += ": " + source.Cut(body, maxAnswerText)
	}
	return text
}

// callRequest makes the request of a call. One that names an operation, or whose path
// leads to one, has its credentials.
func (r *runner) callRequest(c *scenario.ProviderCall) (request, error) {
	op := c.Operation
	call := &sample.Call{Method: c.Method, Header: http.Header{}}
	if op != nil {
		made, err := sample.Draft(op, "", 0, sample.Edit{})
		if err != nil {
			return request{}, err
		}
		call = made
	} else {
		call.Path, call.RawQuery, _ = strings.Cut(c.Path, "?")
		op = r.operationAt(c.Method, call.Path)
	}
	for name, lines := range c.Header {
		call.Header[name] = lines
	}
	if c.Body != nil {
		body, contentType, err := callBody(op, c.Header.Get("Content-Type"), c.Body)
		if err != nil {
			return request{}, err
		}
		call.Body = body
		call.Header.Set("Content-Type", contentType)
	}
	if op != nil {
		call = r.authorize(call, op, func(in exchange.Location, name string) bool {
			return in == exchange.Header && len(c.Header.Values(name)) > 0
		})
	}
	return request{Call: call, op: c.Operation}, nil
}

// operationAt finds the operation that a path leads to, below the contract's base path or
// the target, nil for none.
func (r *runner) operationAt(method, path string) *contract.Operation {
	for _, api := range r.APIs {
		if m := api.Route(method, path, true); m.Op != nil {
			return m.Op
		}
	}
	return nil
}
