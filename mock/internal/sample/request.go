package sample

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Call is a request that keeps to the contract.
type Call struct {
	Method string
	// Path is escaped and has the base path in front; RawQuery has no "?".
	Path, RawQuery string
	Header         http.Header
	// Body is nil for none.
	Body []byte
	// ClientCertificate tells that the request must come with one.
	ClientCertificate bool
}

// maxCalls bounds the requests that are made until one has no violation.
const maxCalls = 6

// Request makes a request for an operation, with all required parameters, a body where
// one is described, and credentials. The contract finds no violation in it.
func Request(op *contract.Operation, o Options) (*Call, error) { return RequestAs(op, "", o) }

// RequestAs is Request with a body of a media type or range, by the name that the
// contract gives it; "" stands for the first one that can be made.
func RequestAs(op *contract.Operation, mediaType string, o Options) (*Call, error) {
	var first error
	for salt := range uint64(maxCalls) {
		call, err := newCall(op, mediaType, o, salt, Edit{})
		if err == nil {
			if err = call.check(op); err == nil {
				return call, nil
			}
		}
		if first == nil {
			first = err
		}
	}
	return nil, fmt.Errorf("%s: %w", op.Name(), first)
}

// caller puts a request together.
type caller struct {
	*Call
	op   *contract.Operation
	edit Edit
	// mediaType is that of the body, "" for any.
	mediaType string
	opts      Options
	salt      uint64
	path      map[string]string
	query     []string
	cookies   []string
}

func newCall(op *contract.Operation, mediaType string, o Options, salt uint64, edit Edit) (*Call, error) {
	c := &caller{mediaType: mediaType, Call: &Call{Method: op.Method, Header: http.Header{}}, op: op, opts: o, salt: salt, path: map[string]string{}, edit: edit}
	for _, d := range op.Parameters() {
		if edit.Parameter == nil && (!d.Required || ownHeader(d)) {
			continue
		}
		if err := c.parameter(d); err != nil {
			return nil, fmt.Errorf("%s parameter %q: %w", d.In, d.Name, err)
		}
	}
	c.credentials()
	if err := c.body(); err != nil {
		return nil, err
	}
	c.finish()
	if edit.Call != nil {
		edit.Call(c.Call)
	}
	return c.Call, nil
}

// finish completes the request out of what was collected.
func (c *caller) finish() {
	c.join()
	c.route()
}

func (c *caller) join() {
	c.RawQuery = strings.Join(c.query, "&")
	if len(c.cookies) > 0 {
		c.Header.Set("Cookie", strings.Join(c.cookies, "; "))
	}
}

func (c *caller) parameter(d *param.Decoder) error {
	pairs, err := c.pairs(d)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		switch {
		case d.In == exchange.Path:
			c.path[d.Name] = p.RawValue
		case d.Whole && d.MediaType != "":
			c.query = append(c.query, p.RawValue)
		case d.In == exchange.Query:
			c.query = append(c.query, queryName(p.Name)+"="+p.RawValue)
		case d.In == exchange.Header:
			c.Header.Set(d.Name, p.RawValue)
		case d.In == exchange.Cookie:
			c.cookies = append(c.cookies, p.Name+"="+p.RawValue)
		}
	}
	return nil
}

// pairs gives a parameter as it is sent, nil for one that is left out.
func (c *caller) pairs(d *param.Decoder) ([]param.Pair, error) {
	var compiled *schema.Schema
	if d.Schema != nil {
		var err error
		if compiled, err = c.op.Contract().RequestSchema(d.Schema); err != nil {
			return nil, err
		}
	}
	opts, salt := c.opts, c.salt
	if c.edit.SameParameters {
		opts, salt = Options{}, 0
	}
	if c.edit.Parameter == nil {
		_, pairs, err := parameter(d, compiled, opts, salt)
		return pairs, err
	}
	n, err := c.edit.Parameter(d, func() (*source.Node, error) {
		if ownHeader(d) {
			return nil, nil
		}
		n, _, err := parameter(d, compiled, opts, salt)
		return n, err
	})
	if err != nil || n == nil {
		return nil, err
	}
	return d.Write(n), nil
}

// queryName leaves brackets readable, as everybody writes them.
func queryName(name string) string {
	return strings.NewReplacer("%5B", "[", "%5D", "]").Replace(param.Escape(name))
}

// route fills the template, below a base path under which it leads to the operation.
func (c *caller) route() {
	filled := c.op.Template
	for name, raw := range c.path {
		filled = strings.ReplaceAll(filled, "{"+name+"}", raw)
	}
	for _, base := range append(c.op.Contract().Bases, "") {
		c.Path = base + filled
		if m := c.op.Contract().Route(c.Method, c.Path, false); m.Op == c.op {
			return
		}
	}
}

// check asks the contract about the request.
func (c *Call) check(op *contract.Operation) error {
	ex, err := c.Exchange(op)
	if err == nil && len(ex.Violations) > 0 {
		err = fmt.Errorf("no request was found that keeps to the contract: %s", ex.Violations[0])
	}
	return err
}

// body adds a body of the first media type for which one can be made, JSON and text
// before others.
func (c *caller) body() error {
	media := c.op.RequestBody()
	var first error
	for _, known := range []bool{true, false} {
		for _, m := range media {
			t := m.Type.Nearest()
			if (t.IsJSON() || t.IsText()) != known || c.mediaType != "" && m.Name != c.mediaType {
				continue
			}
			err := c.bodyOf(m, t)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
	}
	return first
}

func (c *caller) bodyOf(m contract.RequestMedia, t contract.MediaType) error {
	make := func() ([]byte, error) {
		if !c.opts.Dynamic && c.salt == 0 {
			if body, ok := exampleBody(m, t); ok {
				return body, nil
			}
		}
		return requestBodyAs(m, t, c.opts, c.salt)
	}
	body, err := []byte(nil), error(nil)
	if c.edit.Body != nil {
		body, err = c.edit.body(m, t, make)
		if err == nil && body == nil {
			return nil
		}
	} else {
		body, err = make()
	}
	if err != nil {
		return err
	}
	c.Body = append([]byte{}, body...) // not nil, which stands for no body
	c.Header.Set("Content-Type", t.String())
	return nil
}

// exampleBody gives the first example of a media type that fits.
func exampleBody(m contract.RequestMedia, t contract.MediaType) (body []byte, ok bool) {
	for _, e := range m.Examples {
		if body, broken := m.EncodeAs(t, e); len(broken) == 0 {
			return body, true
		}
	}
	return nil, false
}

// requestBodyAs makes a request body; bytes of which nothing is said are some text.
func requestBodyAs(m contract.RequestMedia, t contract.MediaType, o Options, salt uint64) ([]byte, error) {
	body, err := bodyAs(m, t, o, task{types: schema.AnyType, salt: salt})
	if text := []byte("sample"); errors.Is(err, ErrMediaType) && len(m.CheckBytesAs(t, text)) == 0 {
		return text, nil
	} else if errors.Is(err, ErrMediaType) {
		return nil, nil
	}
	return body, err
}
