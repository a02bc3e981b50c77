package contract

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Response is one described response of an operation. Its content is compiled
// when it is first needed, once.
type Response struct {
	// Status is as described: a number, a range in capitals, or default.
	Status string

	once        sync.Once
	content     []*Media
	headers     []*ResponseHeader
	op          *Operation
	entry       *source.Node
	description string
	found       source.Diagnostics
}

// ResponseHeader is one described header of a response, or of a part of a multipart body.
type ResponseHeader struct {
	Name     string
	Required bool
	decoder  *param.Decoder
	contract *Contract
	dir      schema.Direction
}

// At is where the response begins in the description.
func (r *Response) At() source.Span { return r.entry.KeyAt() }

// Operation is the operation that describes the response.
func (r *Response) Operation() *Operation { return r.op }

// Description is the response's own text.
func (r *Response) Description() string { return r.compiled().description }

// Content lists the described media types in file order; none means that the
// response has no body.
func (r *Response) Content() []*Media { return r.compiled().content }

// Headers lists the described headers in file order.
func (r *Response) Headers() []*ResponseHeader { return r.compiled().headers }

func (r *Response) compiled() *Response {
	r.once.Do(func() {
		c := r.op.contract
		n, err := c.docs.Follow(r.entry)
		if err != nil {
			return
		}
		p := &planner{op: r.op}
		r.description = n.Get("description").Str()
		if c.swagger {
			r.content = p.content2(r, n)
		} else {
			r.content = p.content(r, n.Get("content"))
		}
		r.headers = p.headers(n.Get("headers"), schema.Response)
		r.found = p.found
	})
	return r
}

// findings tells what the response describes and Understudy does not enforce.
// Unlike serving, it looks at every schema.
func (r *Response) findings() source.Diagnostics {
	p := &planner{op: r.op, findings: findings{slices.Clone(r.compiled().found)}}
	for _, m := range r.content {
		p.checkMedia(m)
	}
	return p.found
}

func (p *planner) headers(list *source.Node, dir schema.Direction) []*ResponseHeader {
	var all []*ResponseHeader
	for name, entry := range list.Members() {
		n, err := p.op.contract.docs.Follow(entry)
		// The specification says that a described Content-Type is ignored.
		if err != nil || strings.EqualFold(name, "Content-Type") {
			continue
		}
		m, ok := model[openapi3.Parameter](&p.findings, n)
		if !ok {
			continue
		}
		m.In = openapi3.ParameterInHeader
		spec := param.Spec{In: exchange.Header, Name: name, Required: m.Required, Schema: p.op.contract.follow(n.Get("schema")), Node: n}
		spec.Style, spec.Explode = serialization(&m)
		if p.op.contract.swagger {
			spec.Required, spec.Schema = false, n
			spec.Style, spec.Explode = collectionFormat(exchange.Header, n.Get("collectionFormat").Scalar())
		}
		for mediaType, content := range n.Get("content").Members() {
			spec.MediaType, spec.Schema = mediaType, p.op.contract.follow(content.Get("schema"))
			break
		}
		decoder, found := param.Compile(spec, p.op.contract.schemas, dir)
		p.found = append(p.found, found...)
		all = append(all, &ResponseHeader{Name: name, Required: spec.Required, decoder: decoder, contract: p.op.contract, dir: dir})
	}
	return all
}

// CheckHeaders gives the violations of a response's described headers.
// Headers that are not described are allowed.
func (r *Response) CheckHeaders(h http.Header) []exchange.Violation {
	var found []exchange.Violation
	in := param.Input{Header: h}
	for _, header := range r.Headers() {
		var out exchange.Parameter
		found = append(found, header.decoder.Decode(&in, &out)...)
	}
	return found
}

// ValidateResponse gives every way in which an answer departs from the contract: a status
// that nothing describes, headers, media type and body.
func (op *Operation) ValidateResponse(status int, h http.Header, body []byte) []exchange.Violation {
	r, found := op.described(status)
	if r == nil {
		return found
	}
	content := r.Content()
	if exchange.Bodiless(status) {
		content = nil
	}
	found = append(r.CheckHeaders(h), checkContent(content, h, body, r.At())...)
	exchange.Shorten(found)
	return found
}

// ValidateHead gives the ways in which status, headers and media type of an answer depart
// from the contract, for one whose body is not there: the answer to a HEAD, and one that
// is still being sent.
func (op *Operation) ValidateHead(status int, h http.Header) []exchange.Violation {
	r, found := op.described(status)
	if r == nil {
		return found
	}
	found = r.CheckHeaders(h)
	content := r.Content()
	if len(content) == 0 || exchange.Bodiless(status) {
		return found
	}
	contentType, broken, ok := contentTypeOf(h, r.At())
	if found = append(found, broken...); ok && contentType != "" && MediaFor(content, contentType) == nil {
		found = append(found, undescribedMedia(content, contentType, r.At()))
	}
	return found
}

// described finds the response for a status, or the violation that there is none.
func (op *Operation) described(status int) (*Response, []exchange.Violation) {
	text := strconv.Itoa(status)
	if r, _, ok := op.Respond(text); ok {
		return r, nil
	}
	return nil, []exchange.Violation{{In: exchange.Status, Rule: exchange.RuleStatus, Expected: "one of " + strings.Join(op.Statuses(), ", "), Got: text, Contract: op.at}}
}
