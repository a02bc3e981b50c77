package sample

import (
	"encoding/base64"
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
func Request(op *contract.Operation, o Options) (*Call, error) {
	var first error
	for salt := range uint64(maxCalls) {
		call, err := newCall(op, o, salt)
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
	op      *contract.Operation
	opts    Options
	salt    uint64
	path    map[string]string
	query   []string
	cookies []string
}

func newCall(op *contract.Operation, o Options, salt uint64) (*Call, error) {
	c := &caller{Call: &Call{Method: op.Method, Header: http.Header{}}, op: op, opts: o, salt: salt, path: map[string]string{}}
	for _, d := range op.Parameters() {
		if !d.Required || d.In == exchange.Header && own[http.CanonicalHeaderKey(d.Name)] {
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
	return c.Call, nil
}

// finish joins what was collected.
func (c *caller) finish() {
	c.RawQuery = strings.Join(c.query, "&")
	if len(c.cookies) > 0 {
		c.Header.Set("Cookie", strings.Join(c.cookies, "; "))
	}
	c.route()
}

func (c *caller) parameter(d *param.Decoder) error {
	var compiled *schema.Schema
	if d.Schema != nil {
		var err error
		if compiled, err = c.op.Contract().RequestSchema(d.Schema); err != nil {
			return err
		}
	}
	pairs, err := parameter(d, compiled, c.opts, c.salt)
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

// queryName leaves brackets readable, as everybody writes them.
func queryName(name string) string {
	return strings.NewReplacer("%5B", "[", "%5D", "]").Replace(escape(name))
}

// credentials adds what the operation's security wants to see. Nobody checks whether
// they are right.
func (c *caller) credentials() {
	for _, cred := range c.op.Credentials() {
		switch {
		case cred.In == "":
			c.ClientCertificate = true
		case cred.Scheme == "basic":
			c.Header.Set(cred.Name, "Basic "+base64.StdEncoding.EncodeToString([]byte("user:password")))
		case cred.Scheme != "":
			c.Header.Set(cred.Name, strings.ToUpper(cred.Scheme[:1])+cred.Scheme[1:]+" token")
		case cred.In == exchange.Header:
			c.Header.Set(cred.Name, "key")
		case cred.In == exchange.Query:
			c.query = append(c.query, queryName(cred.Name)+"=key")
		case cred.In == exchange.Cookie:
			c.cookies = append(c.cookies, cred.Name+"=key")
		}
	}
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
	m := op.Contract().Route(c.Method, c.Path, false)
	if m.Op != op {
		return fmt.Errorf("%s %s leads to another operation", c.Method, c.Path)
	}
	ex := &exchange.Exchange{Request: exchange.Request{Method: c.Method, Path: strings.TrimPrefix(c.Path, m.Base), RawQuery: c.RawQuery, Header: c.Header, Body: c.Body, HasBody: c.Body != nil, ClientCertificate: c.ClientCertificate}}
	op.Validate(ex, &m)
	if len(ex.Violations) > 0 {
		return fmt.Errorf("no request was found that keeps to the contract: %s", ex.Violations[0])
	}
	return nil
}

// body adds a body of the first media type for which one can be made, JSON and text
// before others.
func (c *caller) body() error {
	media := c.op.RequestBody()
	var first error
	for _, known := range []bool{true, false} {
		for _, m := range media {
			t := m.Type.Nearest()
			if (t.IsJSON() || t.IsText()) != known {
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
	var compiled *schema.Schema
	if m.SchemaNode != nil {
		var err error
		if compiled, err = c.op.Contract().RequestSchema(m.SchemaNode); err != nil {
			return err
		}
	}
	body, contentType, ok := []byte(nil), "", false
	if !c.opts.Dynamic && c.salt == 0 {
		body, contentType, ok = exampleBody(m, compiled, t)
	}
	if !ok {
		var err error
		if body, contentType, err = bodyOf(m, compiled, t, c.opts, c.salt); err != nil {
			return err
		}
	}
	c.Body = append([]byte{}, body...) // not nil, which stands for no body
	c.Header.Set("Content-Type", contentType)
	return nil
}

// exampleBody gives the first example of a media type that fits.
func exampleBody(m contract.RequestMedia, s *schema.Schema, t contract.MediaType) (body []byte, contentType string, ok bool) {
	for _, e := range m.Examples {
		if len(brokenRequestExample(m, s, t, e)) > 0 {
			continue
		}
		if !t.IsJSON() && !t.IsText() && e.Node.Is(source.Object) {
			body, contentType = other(e.Node, t)
			return body, contentType, true
		}
		body, _ = m.EncodeAs(t, e)
		return body, t.String(), true
	}
	return nil, "", false
}

// brokenRequestExample tells what is wrong with an example of a request body. The fields
// of forms are judged as the object that they stand for.
func brokenRequestExample(m contract.RequestMedia, s *schema.Schema, t contract.MediaType, e *contract.Example) []exchange.Violation {
	if s != nil && !t.IsJSON() && !t.IsText() && !t.IsXML() && !e.Serialized {
		return s.Validate(e.Node.Value())
	}
	_, broken := m.EncodeAs(t, e)
	return broken
}

// bodyOf makes a request body of a schema, nil for anything.
func bodyOf(m contract.RequestMedia, s *schema.Schema, t contract.MediaType, o Options, salt uint64) (body []byte, contentType string, err error) {
	work := task{types: schema.AnyType, salt: salt}
	switch {
	case t.IsJSON() || t.IsText():
		body, err = encodedFor(m.CheckBytesAs, s, t, o, work)
		return body, t.String(), err
	case s == nil:
		return []byte("sample"), t.String(), nil
	}
	v, err := build(s, o, work)
	if err != nil {
		return nil, "", err
	}
	body, contentType = other(&v.node, t)
	return body, contentType, nil
}
