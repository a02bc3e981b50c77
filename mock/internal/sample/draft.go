package sample

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Edit changes a request while it is made. A nil function leaves its part as it is.
type Edit struct {
	// Parameter gives the value of a declared parameter, nil to leave it out. make makes
	// the one that would be sent, if the parameter is required.
	Parameter func(d *param.Decoder, make func() (*source.Node, error)) (*source.Node, error)
	// Body gives the data of the body, nil to send none; make makes what would be sent.
	Body func(m contract.RequestMedia, make func() (*source.Node, error)) (*source.Node, error)
	// Call changes the request that was put together.
	Call func(c *Call)
	// SameParameters keeps to the parameters of the description's examples in all variants.
	SameParameters bool
}

// Draft makes a request for an operation as RequestAs does, but for what edit changes,
// and does not ask the contract about it. Another variant gives other values: 0 those of
// the description's examples, 1 values of the schemas, others such of any shape.
func Draft(op *contract.Operation, mediaType string, variant uint64, edit Edit) (*Call, error) {
	return newCall(op, mediaType, Options{Dynamic: variant > 1, Seed: variant}, variant, edit)
}

// Exchange gives the request as the contract sees it, with all violations. It fails for
// one that leads to another operation.
func (c *Call) Exchange(op *contract.Operation) (*exchange.Exchange, error) {
	m := op.Contract().Route(c.Method, c.Path, false)
	if m.Op != op {
		return nil, fmt.Errorf("%s %s leads to another operation", c.Method, c.Path)
	}
	ex := &exchange.Exchange{
		Operation: op.Name(), API: op.Contract().Name,
		Request: exchange.Request{
			Method: c.Method, Path: strings.TrimPrefix(c.Path, m.Base), RawQuery: c.RawQuery,
			Header: c.Header, Body: c.Body, HasBody: c.Body != nil, ClientCertificate: c.ClientCertificate,
		},
	}
	op.Validate(ex, &m)
	return ex, nil
}

// Clone gives a copy that shares nothing with c.
func (c *Call) Clone() *Call {
	copied := *c
	copied.Header = c.Header.Clone()
	if copied.Header == nil {
		copied.Header = http.Header{}
	}
	if c.Body != nil {
		copied.Body = append([]byte{}, c.Body...)
	}
	return &copied
}

// body lets the edit change a body, nil for none.
func (e *Edit) body(m contract.RequestMedia, t contract.MediaType, make func() ([]byte, error)) ([]byte, error) {
	n, err := e.Body(m, func() (*source.Node, error) {
		body, err := make()
		if err != nil {
			return nil, err
		}
		return dataOf(m, t, body)
	})
	if err != nil || n == nil {
		return nil, err
	}
	body, err := m.EncodeValue(t, n, PartHeader(Options{}))
	if err == nil && body == nil {
		body = []byte{}
	}
	return body, err
}

// dataOf reads the data of a body.
func dataOf(m contract.RequestMedia, t contract.MediaType, body []byte) (*source.Node, error) {
	text := body
	if !t.IsJSON() {
		value, ok := m.DecodeAs(t, body)
		if !ok {
			return nil, fmt.Errorf("%s: %w", m.Name, ErrMediaType)
		}
		var err error
		if text, err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	n, found := source.Parse(&source.File{Name: "body.json", Data: text}, source.Options{Lenient: true})
	if n == nil {
		return nil, found
	}
	return n, nil
}
